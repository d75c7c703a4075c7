#include "tests/agreement/farm.hpp"

#include <boost/asio/awaitable.hpp>

#include "model/design_reader.hpp"
#include "model/steps/deployment.hpp"
#include "model/steps/failure.hpp"

namespace far_side {

namespace model = rehearse::model;
namespace real = rehearse::real;
namespace steps = rehearse::steps;

namespace {

const std::string design_head = R"({
  "name": "farm", "windows": "2019", "sql": "2019", "edition": "enterprise", "time_zone": "Europe/Paris",
  "cluster": {
    "name": "SSISCLU",
    "nodes": [{ "name": "SQL1", "site": "A" }, { "name": "SQL2", "site": "A" }],
    "networks": [{ "name": "Cluster Network 1", "subnet": "10.0.0.0/24", "site": "A" }],
    "quorum": { "witness": { "kind": "file_share", "path": "\\\\FS1\\witness" } },
    "properties": { "SameSubnetThreshold": 30 }
  },
  "fci": {
    "instance": "MSSQLSERVER", "network_name": "SQLFCI", "addresses": ["10.0.0.50"], "disks": ["Cluster Disk 1"],
    "HealthCheckTimeout": "30s", "FailureConditionLevel": 4, "ssisdb": { "in": "fci" }
  },)";

const std::string joint_part = R"(
  "scale_out": {
    "failover": "joint",
    "master": { "port": 8391, "account": "CORP\\svc-ssis", "certificate": "master",
                "depends_on": ["SQL Server", "SQL Network Name"], "RestartAction": 2,
                "settings": { "SqlServerName": "SQLFCI" } },
    "workers": [{ "name": "WRK", "count": 2, "account": "CORP\\svc-worker", "endpoint": "https://SQLFCI:8391",
                  "certificate": "worker" }]
  },
  "certificates": {
    "master": { "common_names": ["SQLFCI", "SQL1", "SQL2"], "not_before": "2026-11-01T00:00:00Z", "not_after": "2030-11-22T00:00:00Z",
                "installed": { "SQL1": ["Root+key"], "SQL2": ["Root+key"], "WRK*": ["Root"] } },)";

const std::string separate_part = R"(
  "scale_out": {
    "failover": "separate",
    "role": { "name": "SSIS Scale Out Master", "dns_host_name": "SSISMASTER", "address": "10.0.0.60" },
    "master": { "port": 8391, "account": "CORP\\svc-ssis", "certificate": "master",
                "depends_on": ["SSISMASTER"], "RestartAction": 2, "settings": { "SqlServerName": "SQLFCI" } },
    "workers": [{ "name": "WRK", "count": 2, "account": "CORP\\svc-worker", "endpoint": "https://SSISMASTER:8391",
                  "certificate": "worker" }]
  },
  "certificates": {
    "master": { "common_names": ["SSISMASTER", "SQL1", "SQL2"], "not_before": "2026-11-01T00:00:00Z", "not_after": "2030-11-22T00:00:00Z",
                "installed": { "SQL1": ["Root+key"], "SQL2": ["Root+key"], "WRK*": ["Root"] } },)";

const std::string design_tail = R"(
    "worker": { "common_names": ["WRK"], "not_before": "2026-11-01T00:00:00Z", "not_after": "2030-11-22T00:00:00Z",
                "installed": { "SQL1": ["Root"], "SQL2": ["Root"], "WRK*": ["My+key", "Root"] } }
  }
})";

/// "10.0.0.0/24" and 7 give "10.0.0.7".
std::string address_in(const std::string& subnet, int host) {
  const std::string network = subnet.substr(0, subnet.find('/'));
  return network.substr(0, network.rfind('.') + 1) + std::to_string(host);
}

/// Of the first network of that site, or of any.
std::string subnet_of(const model::Design& design, const std::string& site) {
  for (const model::Network& network : design.cluster.networks) {
    if (network.site == site) return network.subnet;
  }
  return design.cluster.networks.empty() ? "10.0.0.0/24" : design.cluster.networks.front().subnet;
}

}  // namespace

FarWorld bare_farm(const model::Design& design, const real::Site& site, Instant now) {
  BareMachines given;
  given.now = now;
  int host = 0;
  for (const model::Node& node : design.cluster.nodes) {
    given.machines.push_back({node.name, address_in(subnet_of(design, node.site), ++host)});
  }
  host = 100;
  for (const std::string& worker : design.worker_names()) {
    given.machines.push_back({worker, address_in(subnet_of(design, ""), ++host)});
  }
  std::vector<std::string> accounts = {site.sql_account, site.agent_account, site.installation_account,
                                       design.scale_out.master.account};
  for (const model::WorkerPool& pool : design.scale_out.workers) accounts.push_back(pool.account);
  for (const std::string& account : accounts) {
    if (account.starts_with("CORP\\")) given.accounts[account] = account.substr(5) + "'s word";
  }
  for (const std::string& administrators : site.sql_administrators) {
    given.groups[administrators] = {site.installation_account};
  }
  if (design.cluster.witness.kind == model::Witness::Kind::file_share) given.shares = {design.cluster.witness.path};
  given.media = site.media;
  return bare_world(given);
}

std::string farm_design_text(bool joint) {
  return design_head + (joint ? joint_part : separate_part) + design_tail;
}

namespace {

model::Design read(const std::string& text) {
  const model::DesignResult result = model::read_design(text, "farm.json", ".");
  for (const model::Diagnostic& diagnostic : result.diagnostics) {
    if (!result.design) throw std::logic_error("the farm's design: " + to_text(diagnostic));
  }
  return *result.design;
}

void replace(std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::logic_error("the farm's design has no " + from);
  text.replace(at, from.size(), to);
}

}  // namespace

model::Design farm_design(bool joint) {
  return read(farm_design_text(joint));
}

model::Design stretched_design(bool joint) {
  std::string text = farm_design_text(joint);
  replace(text, R"({ "name": "SQL2", "site": "A" })", R"({ "name": "SQL2", "site": "B" })");
  replace(text, R"("subnet": "10.0.0.0/24", "site": "A" })",
          R"("subnet": "10.0.0.0/24", "site": "A" },
             { "name": "Cluster Network 2", "subnet": "10.0.1.0/24", "site": "B" })");
  replace(text, R"("addresses": ["10.0.0.50"])", R"("addresses": ["10.0.0.50", "10.0.1.50"])");
  if (!joint) replace(text, R"("address": "10.0.0.60")", R"("addresses": ["10.0.0.60", "10.0.1.60"])");
  return read(text);
}

real::Site farm_site() {
  real::Site site;
  site.media = "\\\\FS1\\sql2019";
  site.sql_data_folder = "F:\\Data";
  site.sql_account = "CORP\\svc-sql";
  site.sql_administrators = {"CORP\\SQL Admins"};
  site.cluster_address = "10.0.0.40";
  site.installation_account = "CORP\\installer";
  return site;
}

/// Knows the password of every account of the domain; any other secret is a word.
struct Farm::Person : steps::Operator {
  explicit Person(const Farm& the_farm) : farm(the_farm) {}

  steps::Awaitable<steps::Answer> call(steps::OperatorRequest request) override {
    const auto* secret = std::get_if<steps::ask::ReadSecret>(&request);
    if (secret == nullptr) co_return steps::Answer(true);
    std::string text = "a Word of 12 letters";
    for (const auto& [account, password] : farm.world.domain.accounts) {
      if (secret->secret.find(account) == std::string::npos) continue;
      text = same_text(account, farm.wrong_password_of) ? "wrong" : password;
    }
    if (secret->secret.find("SQL Server") != std::string::npos) text = farm.world.domain.accounts.at("CORP\\svc-sql");
    steps::Secret found(secret->secret, text);
    co_return steps::Answer(std::move(found));
  }

  const Farm& farm;
};

Farm::Farm(bool joint) : Farm(farm_design(joint), farm_site(), bare_farm()) {}

Farm::Farm(model::Design the_design, real::Site the_site, FarWorld the_world)
    : design(std::move(the_design)),
      site(std::move(the_site)),
      world(std::move(the_world)),
      person_(std::make_unique<Person>(*this)),
      windows_(transport, *person_, design, site, {own_timers}),
      clocked_(clock, windows_),
      platform(clocked_.platform()) {}

Farm::~Farm() = default;

std::unique_ptr<steps::AnyPort> Farm::over(real::Transport& other) {
  struct Over final : steps::AnyPort {
    Over(Farm& farm, real::Transport& other)
        : windows(other, *farm.person_, farm.design, farm.site, {own_timers}), clocked(farm.clock, windows) {}
    steps::Awaitable<steps::Answer> call(steps::AnyRequest request) override {
      return clocked.call(std::move(request));
    }
    real::WindowsPlatform windows;
    WithFarClock clocked;
  };
  return std::make_unique<Over>(*this, other);
}

std::string Farm::perform(const std::vector<steps::StepPtr>& all) {
  const steps::Performance performance = run_on(clock, steps::perform_all(all, platform, {}));
  return performance.succeeded() ? "" : to_text(performance, all);
}

std::string Farm::deploy() {
  return perform(steps::deployment_steps(design));
}

FarWorld deployed_world(bool joint) {
  const auto deployed = [](bool placement) {
    Farm farm(placement);
    if (const std::string trouble = farm.deploy(); !trouble.empty()) throw std::logic_error(trouble);
    return farm.world;
  };
  static std::map<bool, FarWorld> ready;
  if (ready.count(joint) == 0) ready[joint] = deployed(joint);
  return ready[joint];
}

}  // namespace far_side

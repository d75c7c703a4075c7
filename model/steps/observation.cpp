#include "model/steps/observation.hpp"

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <set>
#include <utility>

#include "model/steps/certificates.hpp"
#include "model/steps/waiting.hpp"

namespace rehearse::steps {
namespace {

using Facts = std::vector<Fact>;

constexpr int sql_server_port = 1433;
const std::string failover_clustering = "Failover-Clustering";

/// Asks one question of a port and keeps what came of it.
template <class Port, class Request>
Awaitable<void> ask(Port& port, Request request, Facts& facts) {
  Fact fact{request, Failure(FailureCode::indeterminate, "not asked")};
  try {
    fact.outcome = co_await port.call(std::move(request));
  } catch (const Failure& failure) {
    fact.outcome = failure;
  }
  facts.push_back(std::move(fact));
}

const Answer* last_answer(const Facts& facts) {
  return facts.back().answer();
}
bool last_says_yes(const Facts& facts) {
  const Answer* answer = last_answer(facts);
  return answer != nullptr && answer->flag();
}
std::vector<std::string> last_list(const Facts& facts) {
  const Answer* answer = last_answer(facts);
  return answer != nullptr ? answer->list() : std::vector<std::string>();
}

/// For names that are a set: each platform has an order of its own.
std::vector<std::string> last_set(Facts& facts) {
  if (last_answer(facts) == nullptr) return {};
  std::vector<std::string> names = last_list(facts);
  std::sort(names.begin(), names.end());
  facts.back().outcome = Answer(names);
  return names;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& other) { return other == name; });
}

// ---------------------------------------------------------------------------------------------------- one machine

struct MachineToAsk {
  std::string name;
  bool is_node = false;
  const model::WorkerPool* pool = nullptr;  // of a worker's machine
};

Awaitable<void> observe_master(Host& host, CertificateStore& certificates, const model::Design& design,
                               const std::string& node, Facts& facts) {
  const std::string service = design.master_service();
  const int port = design.master_settings(node).port;
  co_await ask(host, host::ServiceInstalled(node, service), facts);
  if (last_says_yes(facts)) {
    co_await ask(host, host::QueryService(node, service), facts);
    co_await ask(host, host::QueryStartType(node, service), facts);
    co_await ask(host, host::ReadMasterSettings(node, service), facts);
  }
  co_await ask(certificates, certificate_store::Binding(node, port), facts);
  co_await ask(host, host::FirewallOpen(node, port), facts);
  co_await ask(host, host::FirewallOpen(node, sql_server_port), facts);
}

Awaitable<void> observe_worker(Host& host, CertificateStore& certificates, const model::Design& design,
                               const MachineToAsk& machine, Facts& facts) {
  const std::string service = design.worker_service();
  co_await ask(host, host::ServiceInstalled(machine.name, service), facts);
  if (!last_says_yes(facts)) co_return;
  co_await ask(host, host::QueryService(machine.name, service), facts);
  co_await ask(host, host::ReadWorkerSettings(machine.name, service), facts);
  const Answer* settings = last_answer(facts);
  if (settings == nullptr) co_return;
  const std::string thumbprint = settings->worker_settings().worker_certificate_thumbprint;
  if (thumbprint.empty()) co_return;
  std::string account = machine.pool->account.empty() ? "NT Service\\" + service : machine.pool->account;
  co_await ask(certificates, certificate_store::KeyAccess(machine.name, thumbprint, std::move(account)), facts);
}

Awaitable<void> observe_machine(Platform platform, const model::Design& design, AskForPatches patches,
                                MachineToAsk machine, Facts& facts) {
  co_await ask(platform.host, host::Answers(machine.name), facts);
  if (!last_says_yes(facts)) co_return;
  if (machine.is_node) {
    co_await ask(platform.host, host::FeatureInstalled(machine.name, failover_clustering), facts);
    co_await ask(platform.host, host::FciInstalled(machine.name, design.fci.instance), facts);
    co_await observe_master(platform.host, platform.certificates, design, machine.name, facts);
    if (patches == AskForPatches::yes) co_await ask(platform.host, host::QueryPatches(machine.name), facts);
  }
  if (machine.pool != nullptr) {
    co_await observe_worker(platform.host, platform.certificates, design, machine, facts);
  }
  co_await ask(platform.certificates, certificate_store::List(machine.name), facts);
}

std::vector<MachineToAsk> machines_of(const model::Design& design) {
  std::vector<MachineToAsk> machines;
  for (const model::Node& node : design.cluster.nodes) machines.push_back({node.name, true, nullptr});
  for (const model::WorkerPool& pool : design.scale_out.workers) {
    for (const std::string& worker : pool.worker_names()) {
      const auto same = std::find_if(machines.begin(), machines.end(),
                                     [&](const MachineToAsk& machine) { return machine.name == worker; });
      if (same == machines.end()) {
        machines.push_back({worker, false, &pool});
      } else {
        same->pool = &pool;
      }
    }
  }
  return machines;
}

// ---------------------------------------------------------------------------------------------------- the cluster

Awaitable<void> observe_role(Cluster& cluster, const model::Design& design, std::string role, Facts& facts) {
  co_await ask(cluster, cluster::QueryRole(role), facts);
  co_await ask(cluster, cluster::RoleOwner(role), facts);
  co_await ask(cluster, cluster::Resources(role), facts);
  const std::vector<std::string> resources = last_set(facts);
  for (const std::string& resource : resources) {
    co_await ask(cluster, cluster::QueryResource(resource), facts);
    if (resource == design.master_resource()) {
      co_await ask(cluster, cluster::Dependencies(resource), facts);
      last_set(facts);
      co_await ask(cluster, cluster::QueryProperty(resource, ResourceProperty::restart_action), facts);
    }
    if (resource != design.fci.sql_resource() || design.fci.availability_group) continue;
    if (design.fci.health_check_timeout) {
      co_await ask(cluster, cluster::QueryProperty(resource, ResourceProperty::health_check_timeout), facts);
    }
    if (design.fci.failure_condition_level) {
      co_await ask(cluster, cluster::QueryProperty(resource, ResourceProperty::failure_condition_level), facts);
    }
  }
}

/// Whether the instance's role is there and something of it may answer.
Awaitable<bool> observe_cluster(Cluster& cluster, const model::Design& design, Facts& facts) {
  std::vector<std::string> nodes;
  for (const model::Node& node : design.cluster.nodes) nodes.push_back(node.name);
  co_await ask(cluster, cluster::Exists(design.cluster.name), facts);
  if (!last_says_yes(facts)) {
    co_await ask(cluster, cluster::Validated(nodes), facts);
    co_return false;
  }
  co_await ask(cluster, cluster::Answers(), facts);
  if (!last_says_yes(facts)) co_return false;
  co_await ask(cluster, cluster::Nodes(), facts);
  const std::vector<std::string> members = last_set(facts);
  for (const std::string& node : members) co_await ask(cluster, cluster::QueryNode(node), facts);
  co_await ask(cluster, cluster::Quorum(), facts);
  for (const auto& [property, value] : design.cluster.properties) {
    co_await ask(cluster, cluster::Property(property), facts);
  }
  co_await ask(cluster, cluster::Roles(), facts);
  const std::vector<std::string> roles = last_set(facts);
  const bool sql = contains(roles, design.fci.role_name());
  if (sql) co_await observe_role(cluster, design, design.fci.role_name(), facts);
  if (design.scale_out.role && contains(roles, design.scale_out.role->name)) {
    co_await observe_role(cluster, design, design.scale_out.role->name, facts);
  }
  co_return sql;
}

// ---------------------------------------------------------------------------------------------------- the catalog

Awaitable<void> observe_catalog(Catalog& catalog, const model::Design& design, Facts& facts) {
  co_await ask(catalog, catalog::Exists(), facts);
  const bool exists = last_says_yes(facts);
  co_await ask(catalog, catalog::LogLoginEnabled(), facts);
  co_await ask(catalog, catalog::StartupProcedureSet(), facts);
  if (!exists) co_return;
  co_await ask(catalog, catalog::ScaleOutEnabled(), facts);
  if (design.scale_out.master.uses_domain_account()) {
    co_await ask(catalog, catalog::IsAdmin(design.scale_out.master.account), facts);
  }
  co_await ask(catalog, catalog::MasterAddress(), facts);
  const std::vector<std::string> workers = design.worker_names();
  for (const std::string& worker : workers) {
    co_await ask(catalog, catalog::WorkerLastOnline(worker), facts);
    if (const Answer* last = last_answer(facts)) facts.back().outcome = Answer(last->date() != Date());
    co_await ask(catalog, catalog::WorkerEnabled(worker), facts);
  }
}

// ---------------------------------------------------------------------------------------------------- certificates

/// A real Root store holds dozens of certificates that are nobody's business here.
void keep_certificates_of(const model::Design& design, Facts& facts) {
  std::set<std::string> named;
  for (const Fact& fact : facts) {
    const Answer* answer = fact.answer();
    if (answer == nullptr) continue;
    if (const auto* master = std::get_if<model::MasterSettings>(&answer->value())) {
      named.insert(master->certificate_thumbprint);
    } else if (const auto* worker = std::get_if<model::WorkerSettings>(&answer->value())) {
      named.insert(worker->master_certificate_thumbprint);
      named.insert(worker->worker_certificate_thumbprint);
    } else if (name_of(fact.question) == "CertificateStore.Binding" && !answer->list().empty()) {
      named.insert(answer->list().front());
    }
  }
  for (Fact& fact : facts) {
    const Answer* answer = fact.answer();
    if (answer == nullptr || !std::holds_alternative<std::vector<CertificateInfo>>(answer->value())) continue;
    std::vector<CertificateInfo> kept;
    for (const CertificateInfo& found : answer->certificates()) {
      const bool stated = std::any_of(
          design.certificates.begin(), design.certificates.end(), [&](const model::Certificate& certificate) {
            return source_of(certificate) != CertificateSource::setup && is_same(certificate, found);
          });
      if (stated || named.contains(found.thumbprint)) kept.push_back(found);
    }
    sort_copies(kept);
    fact.outcome = Answer(std::move(kept));
  }
}

}  // namespace

Awaitable<Observation> observe(Platform platform, model::Design design, AskForPatches patches) {
  const std::vector<MachineToAsk> machines = machines_of(design);
  std::vector<Facts> of_machines(machines.size());
  std::vector<std::string> names;
  for (const MachineToAsk& machine : machines) names.push_back(machine.name);
  HostAction look = [&](std::string name) {
    const auto index = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    return observe_machine(platform, design, patches, machines[index], of_machines[index]);
  };
  co_await for_all(names, std::move(look));

  Observation observation;
  for (Facts& facts : of_machines) {
    std::move(facts.begin(), facts.end(), std::back_inserter(observation.facts));
  }
  const bool instance = co_await observe_cluster(platform.cluster, design, observation.facts);
  if (instance) co_await observe_catalog(platform.catalog, design, observation.facts);
  keep_certificates_of(design, observation.facts);
  co_return observation;
}

void sort_copies(std::vector<CertificateInfo>& copies) {
  std::sort(copies.begin(), copies.end(), [](const CertificateInfo& a, const CertificateInfo& b) {
    return std::tie(a.store, a.thumbprint) < std::tie(b.store, b.thumbprint);
  });
}

}  // namespace rehearse::steps

#include "model/steps/worker_steps.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/asio/awaitable.hpp>

#include <utility>

#include "model/steps/certificates.hpp"
#include "model/steps/master_resource.hpp"
#include "model/steps/small_step.hpp"
#include "model/steps/waiting.hpp"

namespace rehearse::steps {
namespace {

const WantedCopy my_with_key{"My", true};
const WantedCopy root{"Root", false};

constexpr Duration time_to_register =
    std::chrono::minutes(15);  // "several minutes after the services are started" (S 1.3)
constexpr Duration asking_interval = std::chrono::seconds(10);

// What the steps of one worker need to know of the design.
struct WorkerOnHost {
  std::string host;
  std::string service;
  std::string account;
  bool has_password = false;
  MasterCertificate master;
  model::Certificate certificate;     // the worker's; without names and end where Setup makes it
  model::WorkerSettings settings;     // wanted; empty thumbprints stand for the certificates that are there
  std::vector<WantedCopy> own;        // copies of the worker's certificate on the worker
  std::vector<WantedCopy> of_master;  // copies of the master's certificate on the worker
  std::vector<std::pair<std::string, std::vector<WantedCopy>>> on_nodes;  // copies of the worker's certificate
};

model::Certificate certificate_of(const model::Design& design, const model::WorkerPool& pool,
                                  const std::string& worker) {
  model::Certificate certificate;
  if (const model::Certificate* stated = design.find_certificate(pool.certificate)) certificate = *stated;
  if (certificate.common_names.empty()) certificate.common_names = {worker};
  return certificate;
}

WorkerOnHost worker_on(const model::Design& design, const model::WorkerPool& pool, const std::string& worker) {
  WorkerOnHost result;
  result.host = worker;
  result.service = design.worker_service();
  result.account = pool.account.empty() ? "NT Service\\" + result.service : pool.account;
  result.has_password = !result.account.starts_with("NT Service\\");
  result.master = master_certificate_of(design);
  result.certificate = certificate_of(design, pool, worker);
  result.settings = pool.settings;
  result.settings.endpoint = worker_endpoint(design, pool);
  result.own = wanted_copies(result.certificate, worker, {my_with_key, root});
  result.of_master = wanted_copies(result.master.certificate, worker, {root});
  for (const model::Node& node : design.cluster.nodes) {
    result.on_nodes.emplace_back(node.name, wanted_copies(result.certificate, node.name, {root}));
  }
  return result;
}

std::vector<std::string> nodes_that_trust(const WorkerOnHost& worker) {
  std::vector<std::string> nodes;
  for (const auto& [node, copies] : worker.on_nodes) {
    if (!copies.empty()) nodes.push_back(node);
  }
  return nodes;
}

// The worker's own thumbprint: of the stated certificate in My, or of the one that Setup made.
Awaitable<std::string> own_thumbprint(Platform platform, WorkerOnHost worker) {
  std::string thumbprint;
  if (source_of(worker.certificate) != CertificateSource::setup) {
    thumbprint = co_await find_thumbprint(platform.certificates, worker.host, my_with_key, worker.certificate);
  }
  if (!thumbprint.empty()) co_return thumbprint;
  const model::WorkerSettings settings = co_await platform.host.worker_settings(worker.host, worker.service);
  co_return settings.worker_certificate_thumbprint;
}

// The settings file as it shall be: what the design leaves open comes from the certificates that are there.
Awaitable<model::WorkerSettings> wanted_settings(Platform platform, WorkerOnHost worker,
                                                 model::WorkerSettings present) {
  model::WorkerSettings wanted = worker.settings;
  if (wanted.agent_id.empty()) wanted.agent_id = present.agent_id;
  if (wanted.master_certificate_thumbprint.empty()) {
    wanted.master_certificate_thumbprint = co_await thumbprint_of(platform, worker.master);
  }
  if (wanted.worker_certificate_thumbprint.empty()) {
    wanted.worker_certificate_thumbprint = co_await own_thumbprint(platform, worker);
  }
  co_return wanted;
}

Awaitable<bool> every_node_trusts(Platform& platform, const WorkerOnHost& worker) {
  const std::string thumbprint = co_await own_thumbprint(platform, worker);
  for (const auto& [node, copies] : worker.on_nodes) {
    for (const WantedCopy& copy : copies) {
      const bool there = co_await has_copy(platform.certificates, node, thumbprint, copy);
      if (!there) co_return false;
    }
  }
  co_return true;
}

Awaitable<void> copy_to_node(Platform platform, const WorkerOnHost& worker, std::string thumbprint, std::string node) {
  for (const auto& [name, copies] : worker.on_nodes) {
    if (name == node) co_await copy_missing(platform.certificates, worker.host, node, thumbprint, copies);
  }
}

Awaitable<bool> has_registered(Platform platform, std::string worker) {
  const Date last = co_await platform.catalog.worker_last_online(std::move(worker));
  co_return last != Date();
}

struct Ports {
  std::vector<std::string> nodes;
  std::vector<int> ports;
};

Awaitable<void> open_ports(Host& host, const std::vector<int>& ports, std::string node) {
  for (const int port : ports) {
    const bool open = co_await host.firewall_open(node, port);
    if (!open) co_await host.open_firewall(node, port);
  }
}

struct WorkerService {
  std::string worker;
  std::string service;
};

}  // namespace

std::string worker_endpoint(const model::Design& design, const model::WorkerPool& pool) {
  if (!pool.settings.endpoint.empty()) return pool.settings.endpoint;
  return fmt::format("https://{}:{}", design.master_host_name(), design.scale_out.master.settings.port);
}

StepPtr open_firewall(std::vector<std::string> nodes, std::vector<int> ports) {
  StepInfo info{.name = "open_firewall",
                .section = "7",
                .hosts = nodes,
                .needs = "administrator rights on every node",
                .changes = fmt::format("TCP ports {} are open", fmt::join(ports, " and ")),
                .deadline = std::chrono::minutes(30)};
  return make_step(
      std::move(info), Ports{std::move(nodes), std::move(ports)},
      [](Platform& platform, const Ports& wanted) -> Awaitable<bool> {
        for (const std::string& node : wanted.nodes) {
          for (const int port : wanted.ports) {
            const bool open = co_await platform.host.firewall_open(node, port);
            if (!open) co_return false;
          }
        }
        co_return true;
      },
      [](Platform& platform, const Ports& wanted) -> Awaitable<void> {
        HostAction open = [&host = platform.host, &ports = wanted.ports](std::string node) {
          return open_ports(host, ports, std::move(node));
        };
        co_await for_all(wanted.nodes, std::move(open));
      });
}

StepPtr install_scale_out_worker(const model::Design& design, const model::WorkerPool& pool,
                                 const std::string& worker) {
  StepInfo info{.name = "install_scale_out_worker",
                .section = "7",
                .hosts = {worker},
                .needs = "SQL Server media on the worker",
                .changes = fmt::format("Integration Services and the service {} are installed for {}",
                                       design.worker_service(), worker_endpoint(design, pool)),
                .deadline = std::chrono::hours(2)};
  return make_step(
      std::move(info), worker_on(design, pool, worker),
      [](Platform& platform, const WorkerOnHost& wanted) -> Awaitable<bool> {
        co_return co_await platform.host.service_installed(wanted.host, wanted.service);
      },
      [](Platform& platform, const WorkerOnHost& wanted) -> Awaitable<void> {
        Secret password;
        if (wanted.has_password) password = co_await platform.person.secret(password_of(wanted.account));
        host::InstallWorker setup(wanted.host, wanted.service, wanted.account, std::move(password),
                                  wanted.settings.endpoint);
        co_await platform.host.install_worker(std::move(setup));
      });
}

bool states_worker_certificate(const model::Design& design, const model::WorkerPool& pool) {
  return source_of(certificate_of(design, pool, pool.name)) != CertificateSource::setup;
}

StepPtr create_worker_certificate(const model::Design& design, const model::WorkerPool& pool,
                                  const std::string& worker) {
  StepInfo info{.name = "create_worker_certificate",
                .section = "7",
                .hosts = {worker},
                .needs = "the worker's service account",
                .changes = "the worker's certificate lies in My with a key that its account can read, and in Root",
                .deadline = std::chrono::minutes(30)};
  return make_step(
      std::move(info), worker_on(design, pool, worker),
      [](Platform& platform, const WorkerOnHost& wanted) -> Awaitable<bool> {
        for (const WantedCopy& copy : wanted.own) {
          const std::string there =
              co_await find_thumbprint(platform.certificates, wanted.host, copy, wanted.certificate);
          if (there.empty()) co_return false;
        }
        const std::string thumbprint =
            co_await find_thumbprint(platform.certificates, wanted.host, my_with_key, wanted.certificate);
        if (thumbprint.empty()) co_return true;  // designed without a key: there is nothing to grant
        co_return co_await platform.certificates.key_access(wanted.host, thumbprint, wanted.account);
      },
      [](Platform& platform, const WorkerOnHost& wanted) -> Awaitable<void> {
        co_await make_certificate(platform, wanted.host, wanted.certificate, wanted.own);
        const std::string thumbprint =
            co_await find_thumbprint(platform.certificates, wanted.host, my_with_key, wanted.certificate);
        if (thumbprint.empty()) co_return;
        const bool granted = co_await platform.certificates.key_access(wanted.host, thumbprint, wanted.account);
        if (!granted) co_await platform.certificates.grant_key_access(wanted.host, thumbprint, wanted.account);
      });
}

StepPtr trust_master_certificate(const model::Design& design, const std::string& worker) {
  struct Trust {
    MasterCertificate master;
    std::string worker;
    std::vector<WantedCopy> wanted;
  };
  Trust trust{master_certificate_of(design), worker, {}};
  trust.wanted = wanted_copies(trust.master.certificate, worker, {root});
  StepInfo info{.name = "trust_master_certificate",
                .section = "7",
                .hosts = {worker},
                .needs = "the Scale Out Master's certificate on the first node",
                .changes = trust.wanted.empty() ? "nothing: the design leaves the master's certificate out here"
                                                : "the Scale Out Master's certificate lies in Root",
                .deadline = std::chrono::minutes(30)};
  return make_step(
      std::move(info), std::move(trust),
      [](Platform& platform, const Trust& wanted) -> Awaitable<bool> {
        const std::string thumbprint = co_await thumbprint_of(platform, wanted.master);
        for (const WantedCopy& copy : wanted.wanted) {
          const bool there = co_await has_copy(platform.certificates, wanted.worker, thumbprint, copy);
          if (!there) co_return false;
        }
        co_return true;
      },
      [](Platform& platform, const Trust& wanted) -> Awaitable<void> {
        std::string thumbprint = co_await thumbprint_of(platform, wanted.master);
        co_await copy_missing(platform.certificates, wanted.master.node, wanted.worker, std::move(thumbprint),
                              wanted.wanted);
      });
}

StepPtr trust_worker_certificate(const model::Design& design, const model::WorkerPool& pool,
                                 const std::string& worker) {
  WorkerOnHost wanted_worker = worker_on(design, pool, worker);
  std::vector<std::string> nodes = nodes_that_trust(wanted_worker);
  StepInfo info{.name = "trust_worker_certificate",
                .section = "8",
                .hosts = nodes,
                .needs = fmt::format("the certificate of {}", worker),
                .changes = fmt::format("the certificate of {} lies in Root", worker),
                .deadline = std::chrono::minutes(30)};
  return make_step(std::move(info), std::move(wanted_worker), &every_node_trusts,
                   [](Platform& platform, const WorkerOnHost& wanted) -> Awaitable<void> {
                     const std::string thumbprint = co_await own_thumbprint(platform, wanted);
                     HostAction copy = [&platform, &wanted, &thumbprint](std::string node) {
                       return copy_to_node(platform, wanted, thumbprint, std::move(node));
                     };
                     std::vector<std::string> all = nodes_that_trust(wanted);
                     co_await for_all(std::move(all), std::move(copy));
                   });
}

StepPtr configure_worker(const model::Design& design, const model::WorkerPool& pool, const std::string& worker) {
  StepInfo info{.name = "configure_worker",
                .section = "8",
                .hosts = {worker},
                .needs = "both certificates in place",
                .changes = "WorkerSettings.config is as designed, and the service runs with it",
                .deadline = std::chrono::minutes(30)};
  return make_step(
      std::move(info), worker_on(design, pool, worker),
      [](Platform& platform, const WorkerOnHost& wanted) -> Awaitable<bool> {
        const ServiceState state = co_await platform.host.service_state(wanted.host, wanted.service);
        if (state != ServiceState::running) co_return false;
        const model::WorkerSettings present = co_await platform.host.worker_settings(wanted.host, wanted.service);
        const model::WorkerSettings settings = co_await wanted_settings(platform, wanted, present);
        co_return settings == present;
      },
      [](Platform& platform, const WorkerOnHost& wanted) -> Awaitable<void> {
        const model::WorkerSettings present = co_await platform.host.worker_settings(wanted.host, wanted.service);
        model::WorkerSettings settings = co_await wanted_settings(platform, wanted, present);
        co_await platform.host.stop_service(wanted.host, wanted.service);
        if (!(settings == present)) {
          co_await platform.host.write_worker_settings(wanted.host, wanted.service, std::move(settings));
        }
        co_await platform.host.start_service(wanted.host, wanted.service);
      });
}

StepPtr restart_worker(const model::Design& design, const std::string& worker) {
  StepInfo info{.name = "restart_worker",
                .section = "8",
                .hosts = {worker},
                .needs = "the Scale Out Master online, open ports, mutual trust",
                .changes = "the worker has been started since the master can be reached, and registers",
                .deadline = std::chrono::hours(1)};
  return make_step(
      std::move(info), WorkerService{worker, design.worker_service()},
      [](Platform& platform, const WorkerService& wanted) -> Awaitable<bool> {
        co_return co_await has_registered(platform, wanted.worker);
      },
      [](Platform& platform, const WorkerService& wanted) -> Awaitable<void> {
        co_await platform.host.restart_service(wanted.worker, wanted.service);
        std::string what = "the first agent heartbeat of " + wanted.worker;
        Condition registered = [&platform, &wanted] { return has_registered(platform, wanted.worker); };
        co_await wait_until(platform.clock, asking_interval, time_to_register, std::move(what), std::move(registered));
      });
}

StepPtr enable_worker(const std::string& worker) {
  StepInfo info{.name = "enable_worker",
                .section = "use",
                .hosts = {worker},
                .needs = "the worker registered",
                .changes = fmt::format("{} is enabled and takes tasks", worker),
                .deadline = std::chrono::hours(1)};
  return make_step(
      std::move(info), worker,
      [](Platform& platform, const std::string& name) -> Awaitable<bool> {
        co_return co_await platform.catalog.worker_enabled(name);
      },
      [](Platform& platform, const std::string& name) -> Awaitable<void> {
        std::string what = "the first agent heartbeat of " + name;
        Condition registered = [&platform, &name] { return has_registered(platform, name); };
        co_await wait_until(platform.clock, asking_interval, time_to_register, std::move(what), std::move(registered));
        co_await platform.catalog.enable_worker(name);
      });
}

}  // namespace rehearse::steps

// The Scale Out Master and its workers, as services that run: what each needs to be heard of in the catalog.
#include <algorithm>

#include "tests/far_side/access.hpp"
#include "tests/far_side/clockwork.hpp"
#include "tests/far_side/cluster_state.hpp"
#include "tests/far_side/sql_state.hpp"
#include "tests/far_side/x509.hpp"

namespace far_side {
namespace {

std::string setting(const Service& service, const std::string& key) {
  const auto found = service.settings.find(key);
  return found == service.settings.end() ? "" : found->second;
}

/// How an account of one machine's service shows to SQL Server: a virtual account is the machine's elsewhere.
std::string account_seen_by(const FarWorld& world, const SqlInstance& instance, const std::string& machine,
                            const Service& service) {
  const bool local = same_text(owner_of(world, instance), machine);
  const bool virtual_account = same_text(service.account.substr(0, 11), "NT Service\\");
  return virtual_account && !local ? world.domain.name + "\\" + machine + "$" : service.account;
}

const StoredCertificate* find_certificate(const Machine& machine, const std::string& store,
                                          const std::string& thumbprint) {
  const auto found = machine.stores.find(store);
  if (found == machine.stores.end()) return nullptr;
  for (const StoredCertificate& one : found->second) {
    if (same_text(one.thumbprint, thumbprint)) return &one;
  }
  return nullptr;
}

bool is_valid_now(const FarWorld& world, const StoredCertificate& certificate) {
  const auto facts = facts_of(certificate.der);
  return facts && facts->not_before <= world.now && world.now <= facts->not_after;
}

struct Url {
  std::string host, port;
};

Url parts_of(const std::string& endpoint) {
  const std::size_t scheme = endpoint.find("://");
  if (scheme == std::string::npos) return {};
  const std::string rest = endpoint.substr(scheme + 3, endpoint.find('/', scheme + 3) - scheme - 3);
  const std::size_t colon = rest.rfind(':');
  return colon == std::string::npos ? Url{rest, "443"} : Url{rest.substr(0, colon), rest.substr(colon + 1)};
}

/// The machine that answers under a host name now; empty: nobody.
std::string machine_behind(const FarWorld& world, const std::string& host) {
  if (const std::string machine = machine_named(world, host); !machine.empty()) {
    return machine_of(world, machine).on ? machine : "";
  }
  if (!world.cluster) return "";
  const std::string bare = host.substr(0, host.find('.'));
  for (const auto& [name, resource] : world.cluster->resources) {
    if (resource.type != "Network Name" || resource.state != "Online") continue;
    for (const char* parameter : {"DnsName", "Name"}) {
      const auto found = resource.parameters.find(parameter);
      if (found == resource.parameters.end() || !same_text(found->second.text, bare)) continue;
      return world.cluster->groups.at(resource.group).owner;
    }
  }
  return "";
}

std::string listening_master(const Machine& machine, const std::string& port) {
  for (const auto& [name, service] : machine.services) {
    const bool master = name.rfind("SSISScaleOutMaster", 0) == 0;
    if (master && service.state == "Running" && setting(service, "PortNumber") == port) return name;
  }
  return "";
}

const std::string no_endpoint = "There was no endpoint listening at ";
const std::string no_trust = "Could not establish trust relationship for the SSL/TLS secure channel";
const std::string no_channel = "Could not establish secure channel for SSL/TLS: ";
const std::string forbidden = "The HTTP request was forbidden with client authentication scheme 'Anonymous': ";

std::string trouble_with_server(const FarWorld& world, const Machine& here, const Machine& there, const Url& url,
                                const Service& service) {
  const std::optional<SslBinding> binding = binding_of(there, "0.0.0.0:" + url.port);
  if (!binding) return "The server certificate is not configured properly with HTTP.SYS";
  const StoredCertificate* shown = find_certificate(there, binding->store, binding->thumbprint);
  if (shown == nullptr || shown->key_file.empty()) {
    return "The server certificate is not configured properly with HTTP.SYS: it is not in the store " + binding->store +
           " with its private key";
  }
  const auto facts = facts_of(shown->der);
  if (find_certificate(here, "Root", shown->thumbprint) == nullptr) return no_trust + ": it is not in Root here";
  if (!names_host(*facts, url.host)) return no_trust + ": it does not name " + url.host;
  if (!is_valid_now(world, *shown)) return no_trust + ": it is not valid now";
  if (!same_text(setting(service, "MasterHttpsCertThumbprint"), shown->thumbprint)) {
    return no_trust + ": WorkerSettings.config names another thumbprint";
  }
  return "";
}

std::string trouble_with_client(const FarWorld& world, const Machine& here, const Machine& there,
                                const Service& service) {
  const std::string thumbprint = setting(service, "WorkerHttpsCertThumbprint");
  const std::string store = setting(service, "StoreName").empty() ? "My" : setting(service, "StoreName");
  const StoredCertificate* own = find_certificate(here, store, thumbprint);
  if (own == nullptr || own->key_file.empty()) return no_channel + "no certificate with a key in " + store;
  if (!may_read(here, own->key_file, service.account)) return no_channel + service.account + " cannot read the key";
  if (find_certificate(there, "Root", thumbprint) == nullptr)
    return forbidden + "the worker's certificate is not in Root";
  if (!is_valid_now(world, *own)) return forbidden + "the worker's certificate is not valid now";
  return "";
}

void master_beats(FarWorld& world, const std::string& machine, const std::string& name, const Service& service) {
  if (!master_trouble(world, machine, name).empty()) return;
  SqlInstance* instance = online_instance(world, setting(service, "SqlServerName"));
  Named<std::string>& properties = instance->ssisdb->properties;
  properties["LAST_ONLINE_TIME"] = sql_date(world.now);
  properties["MACHINE_NAME"] = machine;
  properties["MACHINE_IP"] = machine_of(world, machine).address;
  properties["MASTER_SERVICE_PORT"] = setting(service, "PortNumber");
  properties["SSLCERT_THUMBPRINT"] = setting(service, "SSLCertThumbprint");
}

void worker_beats(FarWorld& world, const std::string& machine, const std::string& name, const Service& service) {
  if (!worker_trouble(world, machine, name).empty()) return;
  const std::string there = machine_behind(world, parts_of(setting(service, "MasterEndpoint")).host);
  const std::string master =
      listening_master(machine_of(world, there), parts_of(setting(service, "MasterEndpoint")).port);
  const Service& of_master = machine_of(world, there).services.at(master);
  SqlInstance* instance = online_instance(world, setting(of_master, "SqlServerName"));
  // The first beat makes the row, which is not enabled (S 1.3).
  WorkerAgent& row = instance->ssisdb->workers[setting(service, "AgentId")];
  row.machine = machine;
  row.account = service.account;
  row.last_online = world.now;
}

}  // namespace

std::string master_trouble(const FarWorld& world, const std::string& machine, const std::string& name) {
  const Service& service = machine_of(world, machine).services.at(name);
  if (service.state != "Running") return "the service does not run";
  const std::string server = setting(service, "SqlServerName");
  const SqlInstance* instance = online_instance(world, server);
  if (instance == nullptr) return "SQL Server " + server + " does not answer";
  if (!instance->ssisdb) return "there is no SSISDB";
  if (!is_scale_out_enabled(*instance->ssisdb)) return "Scale Out is not enabled";
  const std::string account = account_seen_by(world, *instance, machine, service);
  if (instance->logins.count(account) == 0) return "Login failed for user '" + account + "'.";
  if (!is_catalog_admin(*instance, account)) return account + " is not in ssis_admin";
  return "";
}

std::string worker_trouble(const FarWorld& world, const std::string& machine, const std::string& name) {
  const Machine& here = machine_of(world, machine);
  const Service& service = here.services.at(name);
  if (service.state != "Running") return "the service does not run";
  const std::string endpoint = setting(service, "MasterEndpoint");
  const Url url = parts_of(endpoint);
  const std::string there = machine_behind(world, url.host);
  if (there.empty()) return no_endpoint + endpoint;
  const Machine& other = machine_of(world, there);
  if (!same_text(machine, there) && !lets_in(other, url.port)) return no_endpoint + endpoint + ": the port is closed";
  const std::string master = listening_master(other, url.port);
  if (master.empty()) return no_endpoint + endpoint + ": no master runs there";
  if (const std::string trouble = trouble_with_server(world, here, other, url, service); !trouble.empty()) {
    return trouble;
  }
  if (const std::string trouble = trouble_with_client(world, here, other, service); !trouble.empty()) return trouble;
  const std::string of_master = master_trouble(world, there, master);
  return of_master.empty() ? "" : "the master answers with an error: " + of_master;
}

void settle_scale_out(FarWorld& world) {
  for (auto& [machine_name, machine] : world.machines) {
    if (!machine.on) continue;
    for (auto& [name, service] : machine.services) {
      if (!service.next_beat || *service.next_beat > world.now) continue;
      const bool worker = name.rfind("SSISScaleOutWorker", 0) == 0;
      if (worker) {
        worker_beats(world, machine_name, name, service);
      } else {
        master_beats(world, machine_name, name, service);
      }
      service.next_beat = world.now + (worker ? 60s : 30s);  // S 1.2
    }
  }
}

}  // namespace far_side

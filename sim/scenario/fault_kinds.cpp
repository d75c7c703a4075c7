#include "sim/scenario/fault_kinds.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <tuple>

namespace rehearse::sim {
namespace {

using model::Key;
using model::Need;

constexpr Key node{"node", Need::required}, worker{"worker", Need::required}, host{"host", Need::required},
    hosts{"hosts", Need::required}, sites{"sites", Need::required}, disk{"disk", Need::required},
    resource{"resource", Need::required}, port{"port", Need::required}, component{"component", Need::required},
    kind{"kind", Need::required}, add{"add", Need::required}, share{"share", Need::required},
    factor{"factor", Need::required}, every{"every", Need::required}, down{"down", Need::required},
    by{"by", Need::required}, certificate{"certificate", Need::required}, account{"account", Need::required},
    role{"role", Need::required}, batch{"batch", Need::required}, setting{"key", Need::required},
    value{"value", Need::required};
constexpr Key of_network{"network", Need::optional}, of_node{"node", Need::optional}, of_host{"host", Need::optional},
    of_store{"store", Need::optional}, of_kind{"kind", Need::optional};
constexpr std::string_view duration_key = "for";

const std::vector<FaultInfo>& table() {
  using enum FaultKind;
  using enum FaultInfo::End;
  static const std::vector<FaultInfo> faults = {
      {node_power_loss, "node.power_loss", {node}, {}, by_repair},
      {node_bugcheck, "node.bugcheck", {node}, {}, at_once},  // Windows restarts by itself
      {node_reboot, "node.reboot", {node}, {}, at_once},
      {node_shutdown, "node.shutdown", {node}, {}, by_repair},
      {node_hang, "node.hang", {node}, {kind}, by_repair},
      {node_pause, "node.pause", {node}, {}, by_repair},
      {node_cluster_service_crash, "node.cluster_service_crash", {node}, {}, at_once},  // Windows starts it again
      {node_resource_host_crash, "node.resource_host_crash", {node}, {}, at_once},
      {network_nic_down, "network.nic_down", {host, of_network}, {}, by_repair},
      {network_partition, "network.partition", {hosts}, {}, by_repair},
      {network_link_down, "network.link_down", {sites}, {}, by_repair},
      {network_latency, "network.latency", {hosts}, {add}, by_repair},
      {network_loss, "network.loss", {hosts}, {share}, by_repair},
      {network_burst, "network.burst", {hosts}, {}, by_itself},
      {network_flap, "network.flap", {host, of_network}, {every, down}, by_repair},
      {network_port_blocked, "network.port_blocked", {host, port}, {}, by_repair},
      {network_duplicate_address, "network.duplicate_address", {resource}, {}, by_repair},
      {witness_down, "witness.down", {}, {}, by_repair},
      {storage_path_lost, "storage.path_lost", {disk, of_node}, {}, by_repair},
      {storage_slow, "storage.slow", {disk}, {factor}, by_repair},
      {storage_pool_arbitration, "storage.pool_arbitration", {disk}, {}, by_repair},
      {sql_crash, "sql.crash", {}, {}, at_once},  // what crashed is restarted by its cluster resource
      {sql_hang, "sql.hang", {}, {}, by_repair},
      {sql_slow_recovery, "sql.slow_recovery", {}, {factor}, by_repair},
      {sql_component_error, "sql.component_error", {component}, {}, by_repair},
      {sql_ssisdb_suspect, "sql.ssisdb_suspect", {}, {}, by_repair},
      {sql_authentication_off, "sql.authentication_off", {}, {}, by_repair},
      {sql_log_login_orphaned, "sql.log_login_orphaned", {}, {}, by_repair},
      {sql_tempdb_missing, "sql.tempdb_missing", {node}, {}, by_repair},
      {master_crash, "master.crash", {}, {}, at_once},
      {master_hang, "master.hang", {}, {}, by_repair},
      {master_cannot_log_in, "master.cannot_log_in", {}, {}, by_repair},
      {worker_crash_service, "worker.crash_service", {worker}, {}, by_repair},
      {worker_crash_host, "worker.crash_host", {worker}, {}, by_repair},
      {worker_hang, "worker.hang", {worker}, {}, by_repair},
      {worker_disable, "worker.disable", {worker}, {}, by_repair},
      {worker_delete, "worker.delete", {worker}, {}, at_once},  // its next heartbeat registers it anew
      {worker_disk_full, "worker.disk_full", {worker}, {}, by_repair},
      {name_service_dns_down, "name_service.dns_down", {}, {}, by_repair},
      {name_service_dns_stale, "name_service.dns_stale", {role}, {}, by_repair},
      {name_service_directory_refuses, "name_service.directory_refuses", {}, {}, by_repair},
      {certificate_expire, "certificate.expire", {certificate, of_host}, {}, by_repair},
      {certificate_not_yet_valid, "certificate.not_yet_valid", {certificate, of_host}, {}, by_repair},
      {certificate_replace_on_one_node, "certificate.replace_on_one_node", {node}, {}, by_repair},
      {certificate_remove_from_store, "certificate.remove_from_store", {host, certificate, of_store}, {}, by_repair},
      {certificate_key_lost, "certificate.key_lost", {host, certificate}, {}, by_repair},
      {certificate_key_access_lost, "certificate.key_access_lost", {worker}, {}, by_repair},
      {certificate_wrong_binding, "certificate.wrong_binding", {node}, {of_kind}, by_repair},
      {certificate_root_polluted, "certificate.root_polluted", {node}, {}, by_repair},
      {configuration_settings_changed_on_one_node,
       "configuration.settings_changed_on_one_node",
       {host, setting},
       {value},
       by_repair},
      {configuration_account_password_expired, "configuration.account_password_expired", {account}, {}, by_repair},
      {configuration_service_start_type_automatic, "configuration.service_start_type_automatic", {node}, {}, by_repair},
      {clock_skew, "clock.skew", {host}, {by}, by_repair},
      {resource_failure, "resource.failure", {resource}, {}, at_once},
      {resource_deadlock, "resource.deadlock", {resource}, {}, at_once},  // its resource host ends
      {operator_stop_service, "operator.stop_service", {node}, {}, at_once},
      {operator_reboot_wrong_node, "operator.reboot_wrong_node", {node}, {}, at_once},
      {operator_stop_executions, "operator.stop_executions", {batch}, {}, at_once},
      {operator_late, "operator.late", {}, {by}, at_once},
  };
  return faults;
}

}  // namespace

std::vector<Key> FaultInfo::keys_of_fault() const {
  std::vector<Key> keys = target;
  keys.insert(keys.end(), amount.begin(), amount.end());
  if (end == End::by_repair) keys.push_back({duration_key, Need::optional});
  if (end == End::by_itself) keys.push_back({duration_key, Need::required});
  return keys;
}

std::span<const FaultInfo> fault_table() {
  return table();
}

const FaultInfo& info_of(FaultKind kind) {
  const auto index = static_cast<std::size_t>(kind);
  if (index >= table().size() || table()[index].kind != kind) throw std::logic_error("a fault of no kind");
  return table()[index];
}

std::string_view to_text(FaultKind kind) {
  return info_of(kind).name;
}

std::optional<FaultKind> fault_from(std::string_view name) {
  for (const FaultInfo& fault : table()) {
    if (fault.name == name) return fault.kind;
  }
  return std::nullopt;
}

std::vector<std::string> fault_names() {
  std::vector<std::string> names;
  for (const FaultInfo& fault : table()) names.emplace_back(fault.name);
  return names;
}

bool can_be_repaired(FaultKind kind) {
  return info_of(kind).can_be_repaired();
}

bool same_target(const TimelineEntry& fault, const TimelineEntry& repair) {
  const auto target = [](const TimelineEntry& entry) {
    const bool by_component = entry.fault == FaultKind::sql_component_error;
    return std::tuple(entry.fault, entry.hosts, entry.network, entry.sites, entry.resource, entry.port,
                      entry.certificate, entry.store, entry.account, entry.role,
                      entry.setting ? entry.setting->key : std::string(), by_component ? entry.kind : std::string());
  };
  return target(fault) == target(repair);
}

const model::Choices<std::string>& hang_kinds() {
  static const model::Choices<std::string> kinds = {{"user_mode", "user_mode"}, {"frozen", "frozen"}};
  return kinds;
}

const model::Choices<std::string>& binding_kinds() {
  static const model::Choices<std::string> kinds = {
      {"missing", "missing"}, {"other_certificate", "other_certificate"}, {"other_port", "other_port"}};
  return kinds;
}

const model::Choices<std::string>& store_names() {
  static const model::Choices<std::string> stores = {{"Root", "Root"}, {"My", "My"}};
  return stores;
}

const model::Choices<std::string>& account_owners() {
  static const model::Choices<std::string> owners = {{"master", "master"}, {"worker", "worker"}};
  return owners;
}

const model::Choices<std::string>& error_components() {
  static const model::Choices<std::string> components = {
      {"system", "system"}, {"resource", "resource"}, {"query_processing", "query_processing"}};
  return components;
}

}  // namespace rehearse::sim

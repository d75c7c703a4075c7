#include "sim/scenario/scenario.hpp"

#include <array>
#include <utility>

namespace rehearse::sim {
namespace {

constexpr std::array<std::pair<FaultKind, std::string_view>, 12> faults{{
    {FaultKind::node_power_loss, "node.power_loss"},
    {FaultKind::node_bugcheck, "node.bugcheck"},
    {FaultKind::node_cluster_service_crash, "node.cluster_service_crash"},
    {FaultKind::network_nic_down, "network.nic_down"},
    {FaultKind::network_partition, "network.partition"},
    {FaultKind::witness_down, "witness.down"},
    {FaultKind::sql_crash, "sql.crash"},
    {FaultKind::sql_hang, "sql.hang"},
    {FaultKind::master_crash, "master.crash"},
    {FaultKind::master_hang, "master.hang"},
    {FaultKind::worker_crash_service, "worker.crash_service"},
    {FaultKind::worker_crash_host, "worker.crash_host"},
}};

}  // namespace

std::string_view to_text(FaultKind kind) {
  for (const auto& [fault, name] : faults) {
    if (fault == kind) return name;
  }
  return "";
}

std::optional<FaultKind> fault_from(std::string_view name) {
  for (const auto& [fault, text] : faults) {
    if (text == name) return fault;
  }
  return std::nullopt;
}

std::vector<std::string> fault_names() {
  std::vector<std::string> names;
  for (const auto& [fault, name] : faults) names.emplace_back(name);
  return names;
}

bool can_be_repaired(FaultKind kind) {
  switch (kind) {
    case FaultKind::node_bugcheck:               // Windows restarts by itself
    case FaultKind::node_cluster_service_crash:  // and starts the service again
    case FaultKind::sql_crash:                   // what crashed is restarted by its cluster resource
    case FaultKind::master_crash: return false;
    default: return true;
  }
}

}  // namespace rehearse::sim

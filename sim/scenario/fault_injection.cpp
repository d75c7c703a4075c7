#include "sim/scenario/fault_injection.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "sim/scenario/fault_kinds.hpp"
#include "sim/world/catalog.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/names.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/sql_server.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::sim {
namespace {

using world::HostIndex;
using world::HostState;
using world::none;
using world::Process;
using world::RecordId;
using world::ResourceIndex;
using world::World;

ResourceIndex resource_of(const World& world, const TimelineEntry& fault) {
  const ResourceIndex resource = world.plan().find_resource(fault.resource);
  if (resource == none) throw std::logic_error("no resource " + fault.resource + ": the reader let it pass");
  return resource;
}

/// The node whose master process runs; none: none does.
HostIndex master_node(const World& world) {
  for (HostIndex node = 0; node < world.plan().node_count; ++node) {
    const Process process = world.state().hosts[node].master;
    if (process == Process::running || process == Process::hung) return node;
  }
  return none;
}

bool set_power(World& world, HostIndex host, bool on, RecordId why) {
  const HostState& state = world.state().hosts[host];
  if (on ? state.powered || state.booting : !state.powered && !state.booting) return false;
  if (on) {
    world.membership().boot(host, why);
  } else {
    world.membership().lose_power(host, why);
  }
  return true;
}

bool set_frozen(World& world, HostIndex host, bool frozen, RecordId why) {
  const HostState& state = world.state().hosts[host];
  if (!state.powered || state.frozen == frozen) return false;
  if (frozen) {
    world.membership().freeze(host, why);
  } else {
    world.membership().thaw(host, why);
  }
  return true;
}

bool set_hung(World& world, HostIndex host, bool hung, RecordId why) {
  const HostState& state = world.state().hosts[host];
  if (!state.powered || state.hung == hung) return false;
  if (hung) {
    world.membership().hang(host, why);
  } else {
    world.membership().end_hang(host, why);
  }
  return true;
}

world::Component component_of(const std::string& name) {
  if (name == "system") return world::Component::system;
  return name == "resource" ? world::Component::resource : world::Component::query_processing;
}

}  // namespace

HostIndex Faults::host_of(const TimelineEntry& fault) const {
  const HostIndex host = plan().find_host(fault.hosts.at(0));
  if (host == none) throw std::logic_error("no host " + fault.hosts.front() + ": the reader let it pass");
  return host;
}

bool Faults::inject(const TimelineEntry& fault, RecordId why) {
  const bool lasts = info_of(fault.fault).end != FaultInfo::End::at_once;
  if (lasts) standing_.push_back({&fault, why});
  const bool done = change(fault, Turn::begins, why);
  if (!lasts || done) return done;
  std::erase_if(standing_, [&](const Standing& one) { return one.fault == &fault; });
  imposed_.withdraw(fault, why);  // what it holds together with others
  return false;
}

bool Faults::repair(const TimelineEntry& repair, RecordId why) {
  if (!can_be_repaired(repair.fault)) throw std::logic_error("no repair for this fault: the reader let it pass");
  std::vector<const TimelineEntry*> over;
  for (const Standing& one : standing_) {
    if (same_target(*one.fault, repair)) over.push_back(one.fault);
  }
  std::erase_if(standing_, [&](const Standing& one) { return same_target(*one.fault, repair); });
  bool changed = false;
  for (const TimelineEntry* fault : over) changed = change(*fault, Turn::ends, why) || changed;
  return over.empty() ? change(repair, Turn::ends, why) : changed;
}

bool Faults::stands(const TimelineEntry& fault) const {
  return std::any_of(standing_.begin(), standing_.end(), [&](const Standing& one) { return one.fault == &fault; });
}

void Faults::end(const TimelineEntry& fault, RecordId why) {
  std::erase_if(standing_, [&](const Standing& one) { return one.fault == &fault; });
  change(fault, Turn::ends, why);
}

Duration Faults::flap(const TimelineEntry& fault) {
  for (Standing& one : standing_) {
    if (one.fault != &fault) continue;
    one.card_up = !one.card_up;
    set_cards(host_of(fault), one.why);
    return one.card_up ? fault.every - fault.down : fault.down;
  }
  throw std::logic_error("a card flaps whose fault is over");
}

bool Faults::change(const TimelineEntry& fault, Turn turn, RecordId why) {
  const std::string_view name = to_text(fault.fault);
  if (name.starts_with("node.")) return change_node(fault, turn, why);
  if (name.starts_with("worker.")) return change_worker(fault, turn, why);
  if (name.starts_with("network.")) return change_network(fault, turn, why);
  if (name.starts_with("storage.") || name.starts_with("witness.")) return change_storage(fault, turn, why);
  if (name.starts_with("sql.")) return change_instance(fault, turn, why);
  if (name.starts_with("certificate.")) return change_certificate(fault, turn, why);
  const bool configured = name.starts_with("configuration.") || name.starts_with("clock.");
  if (configured || fault.fault == FaultKind::master_cannot_log_in || fault.fault == FaultKind::name_service_dns_stale)
    return change_configuration(fault, turn, why);
  return change_service(fault, turn, why);
}

bool Faults::change_worker(const TimelineEntry& fault, Turn turn, RecordId why) {
  const bool begins = turn == Turn::begins;
  const world::WorkerIndex worker = plan().find_worker(fault.hosts.at(0));
  world::Workers workers = world_.workers();
  switch (fault.fault) {
    case FaultKind::worker_crash_service:
      return begins ? workers.crash_service(worker, why) : workers.start_service(worker, why);
    case FaultKind::worker_crash_host: return set_power(world_, plan().workers.at(worker).host, !begins, why);
    case FaultKind::worker_hang: return begins ? workers.hang_service(worker, why) : workers.end_hang(worker, why);
    case FaultKind::worker_disable: return begins ? workers.disable(worker, why) : workers.enable(worker, why);
    case FaultKind::worker_delete: return workers.remove(worker, why);
    case FaultKind::worker_disk_full:
      if (state().workers[worker].disk_full == begins) return false;
      workers.set_disk_full(worker, begins, why);
      return true;
    default: throw std::logic_error("no such fault of a worker");
  }
}

bool Faults::change_node(const TimelineEntry& fault, Turn turn, RecordId why) {
  const bool begins = turn == Turn::begins;
  const HostIndex node = host_of(fault);
  const HostState& machine = state().hosts[node];
  switch (fault.fault) {
    case FaultKind::node_power_loss: return set_power(world_, node, !begins, why);
    case FaultKind::node_bugcheck:
      if (!machine.powered) return false;
      world_.membership().bugcheck(node, why);
      return true;
    case FaultKind::node_reboot: return world_.membership().shut_down(node, true, why);
    case FaultKind::node_shutdown:
      return begins ? world_.membership().shut_down(node, false, why) : set_power(world_, node, true, why);
    case FaultKind::node_hang:
      // A repair that belongs to no standing fault names no kind: whatever stands still goes on.
      if (fault.kind == "frozen") return set_frozen(world_, node, begins, why);
      if (fault.kind == "user_mode") return set_hung(world_, node, begins, why);
      return set_hung(world_, node, false, why) || set_frozen(world_, node, false, why);
    case FaultKind::node_pause: return set_frozen(world_, node, begins, why);
    case FaultKind::node_cluster_service_crash:
      if (machine.service != world::ClusterService::up || machine.frozen) return false;
      world_.membership().crash_cluster_service(node, why);
      return true;
    case FaultKind::node_resource_host_crash:
      if (!world_.membership().is_active(node) || machine.frozen) return false;
      world_.roles().resource_host_dies(node, none, why);
      return true;
    default: throw std::logic_error("no such fault of a node");
  }
}

bool Faults::change_storage(const TimelineEntry& fault, Turn turn, RecordId why) {
  const bool begins = turn == Turn::begins;
  if (fault.fault == FaultKind::witness_down) {
    if (plan().witness == model::Witness::Kind::none || state().witness.down == begins) return false;
    world_.membership().set_witness_down(begins, why);
    return true;
  }
  if (fault.fault == FaultKind::storage_path_lost) return set_paths(fault.resource, why);
  const ResourceIndex disk = resource_of(world_, fault);
  if (fault.fault == FaultKind::storage_pool_arbitration) {
    if (state().resources[disk].pool_arbitrates == begins) return false;
    world_.roles().set_pool_arbitration(disk, begins, why);
    return true;
  }
  const std::int32_t percent = slowness(FaultKind::storage_slow, fault.resource);
  if (state().resources[disk].slow == percent) return false;
  world_.roles().slow_disk(disk, percent, why);
  return true;
}

/// A disk of a role, or the disk witness, which is no resource of any role here.
bool Faults::set_paths(const std::string& disk, RecordId why) {
  std::uint64_t wanted = 0, all = 0;
  for (HostIndex node = 0; node < plan().node_count; ++node) all |= world::bit(node);
  for (const Standing& one : standing_) {
    if (one.fault->fault != FaultKind::storage_path_lost || one.fault->resource != disk) continue;
    wanted |= one.fault->hosts.empty() ? all : world::bit(host_of(*one.fault));
  }
  const ResourceIndex resource = plan().find_resource(disk);
  const std::uint64_t present = (resource == none ? state().witness.cut : state().resources[resource].cut) & all;
  const auto cut = [&](HostIndex node, bool away) {
    if (resource == none) {
      world_.membership().cut_witness_path(node, away, why);
    } else {
      world_.roles().cut_path(resource, node, away, why);
    }
  };
  if (wanted == present) return false;
  if ((wanted ^ present) == all) {
    cut(none, wanted != 0);
    return true;
  }
  world::for_each_bit(wanted ^ present, [&](HostIndex node) { cut(node, (wanted & world::bit(node)) != 0); });
  return true;
}

/// The slowest of the standing faults counts, in percent of the usual time.
std::int32_t Faults::slowness(FaultKind kind, const std::string& disk) const {
  double factor = 1;
  for (const Standing& one : standing_) {
    if (one.fault->fault == kind && one.fault->resource == disk) factor = std::max(factor, one.fault->amount);
  }
  constexpr double percent = 100, half = 0.5;
  return static_cast<std::int32_t>(factor * percent + half);
}

bool Faults::change_instance(const TimelineEntry& fault, Turn turn, RecordId why) {
  const bool begins = turn == Turn::begins;
  const world::InstanceState& instance = state().instance;
  world::SqlServer sql = world_.sql();
  switch (fault.fault) {
    case FaultKind::sql_crash: return sql.crash(why);
    case FaultKind::sql_hang: return begins ? sql.hang(why) : sql.recover_from_hang(why);
    case FaultKind::sql_slow_recovery: {
      const std::int32_t percent = slowness(FaultKind::sql_slow_recovery, {});
      if (instance.slow == percent) return false;
      sql.slow_recovery(percent, why);
      return true;
    }
    case FaultKind::sql_component_error: {
      const world::Component component = component_of(fault.kind);
      const bool in_error = (instance.errors >> static_cast<unsigned>(component) & 1U) != 0;
      if (!sql.runs() || in_error == begins) return false;  // an end of the process ended its errors
      sql.set_component_error(component, begins, why);
      return true;
    }
    case FaultKind::sql_ssisdb_suspect:
      if (!instance.ssisdb_exists || instance.suspect == begins) return false;
      sql.set_suspect(begins, why);
      return true;
    case FaultKind::sql_log_login_orphaned:
      if (instance.log_login_orphaned == begins) return false;
      sql.set_log_login_orphaned(begins, why);
      return true;
    case FaultKind::sql_authentication_off:
      if (instance.authentication_off == begins) return false;
      sql.set_authentication_off(begins, why);
      return true;
    case FaultKind::sql_tempdb_missing:
      if (state().hosts[host_of(fault)].tempdb_missing == begins) return false;
      sql.set_tempdb_missing(host_of(fault), begins, why);
      return true;
    default: throw std::logic_error("no such fault of SQL Server");
  }
}

bool Faults::change_service(const TimelineEntry& fault, Turn turn, RecordId why) {
  const bool begins = turn == Turn::begins;
  switch (fault.fault) {
    case FaultKind::master_crash: {
      const HostIndex node = master_node(world_);
      return node != none && world_.masters().crash(node, why);
    }
    case FaultKind::master_hang: {
      const HostIndex node = master_node(world_);
      if (node == none) return false;
      if (begins) return world_.masters().hang(node, why);
      // A person ends the process; the cluster finds the service stopped and restarts it.
      return state().hosts[node].master == Process::hung && world_.masters().crash(node, why);
    }
    case FaultKind::name_service_dns_down:
      if (state().cluster.dns_stopped == begins) return false;
      world_.names().set_dns_stopped(begins, why);
      return true;
    case FaultKind::name_service_directory_refuses:
      if (state().cluster.directory_refuses == begins) return false;
      world_.membership().set_directory_refuses(begins, why);
      return true;
    case FaultKind::resource_failure: return world_.roles().test_failure(resource_of(world_, fault), why);
    case FaultKind::resource_deadlock: return world_.roles().get_stuck(resource_of(world_, fault), why);
    case FaultKind::operator_stop_service: return world_.masters().stop(host_of(fault), why);
    case FaultKind::operator_reboot_wrong_node: return world_.membership().shut_down(host_of(fault), true, why);
    case FaultKind::operator_stop_executions: {
      const auto& sources = plan().batches;
      const auto meant = std::find_if(sources.begin(), sources.end(),
                                      [&](const world::BatchPlan& source) { return source.name == fault.batch; });
      return world_.catalog().stop_executions(static_cast<world::BatchIndex>(meant - sources.begin()), why);
    }
    case FaultKind::operator_late: return true;  // it happens to the operator, not to the world (timeline_player.hpp)
    default: throw std::logic_error("no such fault");
  }
}

}  // namespace rehearse::sim

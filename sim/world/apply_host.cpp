// What records do to machines, cluster nodes among them.
#include <stdexcept>

#include "sim/world/apply.hpp"

namespace rehearse::world {
namespace {

void set_master_field(MasterSettingsState& settings, MasterField field, std::int64_t value) {
  switch (field) {
    case MasterField::port: settings.port = static_cast<std::int32_t>(value); return;
    case MasterField::certificate: settings.certificate = static_cast<CertificateIndex>(value); return;
    case MasterField::sql_server_name: settings.sql_server_name = static_cast<TextIndex>(value); return;
    case MasterField::cleanup: settings.cleanup = Duration(value); return;
    case MasterField::sweep: settings.sweep = Duration(value); return;
    case MasterField::heartbeat: settings.heartbeat = Duration(value); return;
    case MasterField::sql_timeout: settings.sql_timeout = Duration(value); return;
  }
  throw std::logic_error("record: no such master setting");
}

/// The cluster service of a node is gone: its addresses leave the cards at once. A reservation stays on the disk until
/// another node takes it; nobody defends it any more.
void release_addresses(State& state, HostIndex node, const Blueprint& blueprint) {
  for (ResourceIndex index = 0; index < state.resources.size(); ++index) {
    if (blueprint.resources[index].kind == ResourceKind::address) state.resources[index].at &= ~bit(node);
  }
}

void end_master(HostState& host, RecordId id) {
  host.master = Process::stopped;
  host.master_connected = false;
  host.master_changed_by = id;
}

}  // namespace

void apply_to_host(State& state, const Record& record, RecordId id, const Blueprint& blueprint) {
  const HostIndex index = record.subject.index();
  HostState& host = state.hosts[index];
  const std::uint64_t cards = record.object == none ? blueprint.hosts[index].cards : bit(record.object);
  switch (record.kind) {
    case RecordKind::host_power_lost:
    case RecordKind::host_bugchecked:
    case RecordKind::host_shut_down:
      host.powered = host.booting = host.frozen = host.hung = false;
      host.leaving = Leaving::stays;
      host.cut_by = id;
      release_addresses(state, index, blueprint);
      break;
    case RecordKind::host_frozen:
    case RecordKind::host_thawed:
      host.frozen = record.kind == RecordKind::host_frozen;
      host.cut_by = id;
      break;
    case RecordKind::resource_host_ended:
      if (record.object != none) state.resources[record.object].separate_monitor = true;
      break;
    case RecordKind::host_hung:
    case RecordKind::host_answers: host.hung = record.kind == RecordKind::host_hung; break;
    case RecordKind::loss_set:
      host.loss = static_cast<std::uint32_t>(record.value);
      host.cut_by = id;
      break;
    case RecordKind::latency_set: host.latency = Duration(record.value); break;
    case RecordKind::port_blocked: {
      const auto port = static_cast<std::uint8_t>(1U << record.object);
      host.blocked = static_cast<std::uint8_t>(record.value != 0 ? host.blocked | port : host.blocked & ~port);
      host.cut_by = id;
      break;
    }
    case RecordKind::tempdb_missing: host.tempdb_missing = record.value != 0; break;
    case RecordKind::host_booting:
      host.booting = true;
      ++host.boots;
      break;
    case RecordKind::host_booted:
      host.booting = false;
      host.powered = true;
      if (host.patches == Patches::installed) host.patches = Patches::active;
      host.cut_by = id;
      break;
    case RecordKind::link_down:
      host.cards_down |= cards;
      host.cut_by = id;
      break;
    case RecordKind::link_up:
      host.cards_down &= ~cards;
      host.cut_by = id;
      break;
    case RecordKind::partition_changed:
      host.side = static_cast<std::uint64_t>(record.value);
      host.cut_by = id;
      break;
    case RecordKind::feature_installed: host.feature = true; break;
    case RecordKind::patches_installed: host.patches = Patches::installed; break;
    case RecordKind::sql_installed: host.sql_installed = true; break;
    case RecordKind::master_installed:
      host.master = Process::stopped;
      host.master_account = record.object;
      host.master_automatic = true;  // setup leaves the start type automatic (behaviour.md 6)
      break;
    case RecordKind::binding_set:
      host.binding = record.object;
      host.certificates_changed_by = id;
      host.binding_port = static_cast<std::int32_t>(record.value);
      break;
    case RecordKind::master_setting:
      set_master_field(host.master_file, static_cast<MasterField>(record.object), record.value);
      break;
    case RecordKind::root_polluted:
      host.root_polluted = record.value != 0;
      host.certificates_changed_by = id;
      break;
    case RecordKind::clock_set:
      host.clock_offset = Duration(record.value);
      host.certificates_changed_by = id;  // what dates it finds valid
      break;
    case RecordKind::start_type_set: host.master_automatic = record.value != 0; break;
    case RecordKind::firewall_opened: (record.value == 1433 ? host.firewall_sql : host.firewall_master) = true; break;
    case RecordKind::node_starting:
      host.service = ClusterService::starting;
      host.start_mode = static_cast<StartMode>(record.value);
      host.silent = 0;
      ++host.service_starts;
      break;
    case RecordKind::node_joined:
      host.service = ClusterService::up;
      host.silent = 0;
      state.cluster.members |= bit(record.subject.index());
      state.cluster.configured |= bit(record.subject.index());
      host.epoch = state.cluster.epoch;
      host.drain = Drain::not_initiated;
      break;
    case RecordKind::node_stopping: host.leaving = Leaving::service_only; break;
    case RecordKind::host_shutting_down: host.leaving = record.value != 0 ? Leaving::reboot : Leaving::shutdown; break;
    case RecordKind::drain_changed: host.drain = static_cast<Drain>(record.value); break;
    case RecordKind::node_removed:
    case RecordKind::node_left: host.departures.add(since_epoch(record.at)); break;
    case RecordKind::node_quarantined: host.quarantined_until = Time(Duration(record.value)); break;
    case RecordKind::quarantine_ended:
      host.quarantined_until = core::never;
      host.departures = {};
      break;
    case RecordKind::peer_silent: host.silent |= bit(record.object); break;
    case RecordKind::peer_heard: host.silent &= ~bit(record.object); break;
    case RecordKind::regroup_done: ++host.regroups; break;
    case RecordKind::node_service_ended:
      host.service = ClusterService::stopped;
      host.left_by = id;
      if (host.leaving == Leaving::service_only) host.leaving = Leaving::stays;
      host.drain = Drain::not_initiated;
      release_addresses(state, index, blueprint);
      break;
    case RecordKind::master_started:
      host.master = Process::running;
      host.master_connected = false;
      ++host.master_starts;
      host.master_settings = host.master_file;
      host.master_changed_by = id;
      break;
    case RecordKind::master_ended: end_master(host, id); break;
    case RecordKind::master_hung:
      host.master = Process::hung;
      host.master_changed_by = id;
      break;
    case RecordKind::master_connected:
      host.master_connected = true;
      host.master_refusal = ConnectFailure::connects;
      host.master_changed_by = id;
      host.master_last_online = core::never;
      break;
    case RecordKind::master_cannot_connect: host.master_refusal = static_cast<ConnectFailure>(record.value); break;
    case RecordKind::master_disconnected:
      host.master_connected = false;
      host.master_refusal = static_cast<ConnectFailure>(record.value);
      host.master_changed_by = id;
      break;
    case RecordKind::master_last_online: host.master_last_online = Time(Duration(record.value)); break;
    default: break;
  }
}

}  // namespace rehearse::world

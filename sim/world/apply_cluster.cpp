// What records do to the cluster, its roles and the instance.
#include "sim/world/apply.hpp"

namespace rehearse::world {

void apply_to_cluster(State& state, const Record& record, RecordId id, const Blueprint& blueprint) {
  ClusterState& cluster = state.cluster;
  switch (record.kind) {
    case RecordKind::cluster_validated: cluster.validated = static_cast<std::uint64_t>(record.value); break;
    case RecordKind::cluster_created:
      cluster.created = true;
      cluster.core_owner = record.object;
      break;
    case RecordKind::witness_configured: cluster.votes.has_witness = true; break;
    case RecordKind::cluster_formed:
      cluster.members = 0;
      cluster.forced = record.value != 0;
      cluster.witness_failed = false;
      break;
    case RecordKind::forced_quorum_ended: cluster.forced = false; break;
    case RecordKind::second_partition: cluster.rival = static_cast<std::uint64_t>(record.value); break;
    case RecordKind::node_service_ended: cluster.rival &= ~bit(record.subject.index()); break;
    case RecordKind::node_removed:
    case RecordKind::node_left: cluster.members &= ~bit(record.subject.index()); break;
    case RecordKind::node_paused: cluster.paused |= bit(record.subject.index()); break;
    case RecordKind::node_resumed: cluster.paused &= ~bit(record.subject.index()); break;
    case RecordKind::witness_failed: cluster.witness_failed = true; break;
    case RecordKind::witness_down:
      state.witness.down = record.value != 0;
      state.witness.changed_by = id;
      break;
    case RecordKind::witness_path_cut: {
      const std::uint64_t nodes = record.object == none ? ~std::uint64_t{0} : bit(record.object);
      state.witness.cut = record.value != 0 ? state.witness.cut | nodes : state.witness.cut & ~nodes;
      state.witness.changed_by = id;
      break;
    }
    case RecordKind::witness_back: cluster.witness_failed = false; break;
    case RecordKind::directory_refuses:
      cluster.directory_refuses = record.value != 0;
      cluster.network_changed_by = id;
      break;
    case RecordKind::dns_stopped:
      cluster.dns_stopped = record.value != 0;
      cluster.network_changed_by = id;
      break;
    case RecordKind::password_expired: {
      const auto account = static_cast<std::uint8_t>(1U << record.object);
      cluster.expired_passwords = static_cast<std::uint8_t>(record.value != 0 ? cluster.expired_passwords | account
                                                                              : cluster.expired_passwords & ~account);
      break;
    }
    case RecordKind::site_link_down:
      cluster.cut_links |= site_pair(record.subject.index(), record.object);
      cluster.network_changed_by = id;
      break;
    case RecordKind::site_link_up:
      cluster.cut_links &= ~site_pair(record.subject.index(), record.object);
      cluster.network_changed_by = id;
      break;
    case RecordKind::votes_changed:
      cluster.votes.members = cluster.configured;
      cluster.votes.node_weight = cluster.configured & blueprint.voters;
      cluster.votes.dynamic_weight = static_cast<std::uint64_t>(record.value);
      cluster.votes.witness_vote = record.object == 1;
      ++cluster.epoch;
      for (std::uint32_t node = 0; node < state.hosts.size() && node < 64; ++node) {
        if (cluster.members & bit(node)) state.hosts[node].epoch = cluster.epoch;
      }
      break;
    case RecordKind::core_group_moved: cluster.core_owner = record.object; break;
    case RecordKind::witness_taken: cluster.witness_owner = record.object; break;
    case RecordKind::witness_released: cluster.witness_owner = none; break;
    default: break;
  }
}

void apply_to_group(State& state, const Record& record, RecordId id, const Blueprint& blueprint) {
  GroupState& group = state.groups[record.subject.index()];
  const GroupPlan& plan = blueprint.groups[record.subject.index()];
  switch (record.kind) {
    case RecordKind::role_created: group.exists = true; break;
    case RecordKind::role_wanted:
      group.wanted = record.value != 0;
      for (ResourceIndex index = plan.first; group.wanted && index < plan.first + plan.count; ++index) {
        state.resources[index].held = false;
      }
      break;
    case RecordKind::move_started:
      group.target = record.object;
      group.move_cause = static_cast<MoveCause>(record.value);
      if (group.move_cause == MoveCause::drain) group.drained_from = group.owner;
      if (group.move_cause == MoveCause::resource_failure) group.failovers.add(since_epoch(record.at));
      break;
    case RecordKind::owner_changed:
      group.owner = record.object;
      group.target = none;
      group.waits = false;
      group.move_cause = static_cast<MoveCause>(record.value);
      if (group.move_cause != MoveCause::drain) group.drained_from = none;
      ++group.moves;
      group.changed_by = id;
      // What failed for good on the old node gets a new chance on the new one.
      for (ResourceIndex index = plan.first; index < plan.first + plan.count; ++index) {
        ResourceState& resource = state.resources[index];
        resource.given_up = resource.restart_waiting = false;
        if (resource.status == ResourceStatus::failed) resource.status = ResourceStatus::offline;
      }
      break;
    case RecordKind::move_refused: group.target = none; break;
    case RecordKind::name_registered: group.registered = static_cast<std::uint64_t>(record.value); break;
    case RecordKind::replication_stopped: group.replication_stopped = record.value != 0; break;
    case RecordKind::name_replicated:
      state.name_records[record.subject.index() * (blueprint.sites.size() + 1) + record.object] =
          static_cast<std::uint64_t>(record.value);
      break;
    case RecordKind::role_waits: group.waits = true; break;
    default: break;
  }
}

void apply_to_resource(State& state, const Record& record, RecordId id, const Blueprint& blueprint) {
  ResourceState& resource = state.resources[record.subject.index()];
  const ResourcePlan& plan = blueprint.resources[record.subject.index()];
  const HostIndex owner = state.groups[plan.group].owner;
  const auto enter = [&](ResourceStatus status) {
    resource.status = status;
    resource.changed_by = id;
    resource.online_since = core::never;
    resource.stuck = false;
    const bool placed = plan.kind == ResourceKind::disk || plan.kind == ResourceKind::address;
    if (placed && owner != none) {
      if (status == ResourceStatus::online)
        resource.at = plan.kind == ResourceKind::disk ? bit(owner) : resource.at | bit(owner);
      if (status == ResourceStatus::offline || status == ResourceStatus::failed) resource.at &= ~bit(owner);
      if (status == ResourceStatus::online) resource.reserved_by = id;
    }
    if (plan.kind != ResourceKind::sql_server) return;
    // The SQL Server process lives as long as its resource is up: from Online until it is stopped or terminated. The
    // process of a node that the cluster has given up goes on until something ends it.
    InstanceState& instance = state.instance;
    const bool up = status == ResourceStatus::online || status == ResourceStatus::offline_pending;
    if (up && status == ResourceStatus::online) instance.node = owner;
    if (!up && instance.node != owner && status != ResourceStatus::online) return;
    if (status == ResourceStatus::offline_pending && instance.sql == Process::hung) return;
    instance.sql = up ? Process::running : Process::stopped;
    if (!up) instance.errors = 0;  // they were the process's (assumed)
    instance.last_result = core::never;
    instance.changed_by = id;
  };
  switch (record.kind) {
    case RecordKind::resource_created: enter(ResourceStatus::offline); break;
    case RecordKind::dependencies_set: resource.needs = {static_cast<std::uint64_t>(record.value), {}}; break;
    case RecordKind::choice_set: resource.needs.any.at(record.object) = static_cast<std::uint64_t>(record.value); break;
    case RecordKind::resource_stuck: resource.stuck = true; break;
    case RecordKind::disk_reserved:
      resource.at = bit(record.object);
      resource.reserved_by = id;
      break;
    case RecordKind::path_cut: {
      const std::uint64_t nodes = record.object == none ? ~std::uint64_t{0} : bit(record.object);
      resource.cut = record.value != 0 ? resource.cut | nodes : resource.cut & ~nodes;
      resource.changed_by = id;
      break;
    }
    case RecordKind::disk_slowed: resource.slow = static_cast<std::int32_t>(record.value); break;
    case RecordKind::pool_arbitrates: resource.pool_arbitrates = record.value != 0; break;
    case RecordKind::address_taken:
      resource.taken = record.value != 0;
      resource.changed_by = id;
      break;
    case RecordKind::resource_wanted: resource.held = record.value == 0; break;
    case RecordKind::restart_action_set: resource.restart_action = static_cast<std::uint8_t>(record.value); break;
    case RecordKind::resource_online_pending:
      enter(ResourceStatus::online_pending);
      resource.restart_waiting = false;
      resource.given_up = false;
      resource.pending_since = record.at;
      ++resource.onlines;
      break;
    case RecordKind::resource_online:
      enter(ResourceStatus::online);
      resource.online_since = record.at;
      resource.unclean = false;
      break;
    case RecordKind::resource_offline_pending: enter(ResourceStatus::offline_pending); break;
    case RecordKind::resource_offline:
      enter(ResourceStatus::offline);
      resource.restart_waiting = false;
      break;
    case RecordKind::resource_terminated:
      enter(ResourceStatus::offline);
      // Terminate kills the process: SQL Server recovers from a crash (W 3.2, 8; behaviour.md 4).
      resource.unclean = resource.unclean || record.value == ended_late || plan.kind == ResourceKind::sql_server;
      break;
    case RecordKind::resource_lost:
      // Only the cluster database says so; where the resource really is shows as its node ends.
      resource.status = ResourceStatus::offline;
      resource.changed_by = id;
      resource.online_since = core::never;
      resource.stuck = false;
      resource.unclean = true;
      resource.restart_waiting = false;
      break;
    case RecordKind::resource_failed:
      enter(ResourceStatus::failed);
      resource.unclean = true;
      resource.failure = static_cast<std::uint8_t>(record.value);
      break;
    case RecordKind::restart_scheduled:
      resource.restart_waiting = true;
      resource.restarts.add(since_epoch(record.at));
      break;
    case RecordKind::stays_failed: resource.given_up = true; break;
    case RecordKind::resource_retried: resource.given_up = false; break;
    default: break;
  }
}

void apply_to_instance(State& state, const Record& record, RecordId id) {
  InstanceState& instance = state.instance;
  switch (record.kind) {
    case RecordKind::sql_crashed:
      instance.sql = Process::stopped;
      instance.changed_by = id;
      break;
    case RecordKind::sql_hung:
      instance.sql = Process::hung;
      instance.last_result = Time(Duration(record.value));
      instance.changed_by = id;
      break;
    case RecordKind::sql_recovered_from_hang:
      instance.sql = Process::running;
      instance.last_result = core::never;
      instance.changed_by = id;
      break;
    case RecordKind::component_error: {
      const auto mask = static_cast<std::uint8_t>(1U << record.object);
      instance.errors = static_cast<std::uint8_t>(record.value != 0 ? instance.errors | mask : instance.errors & ~mask);
      if (record.value != 0) instance.errors_since = record.at;
      instance.changed_by = id;
      break;
    }
    case RecordKind::recovery_slowed: instance.slow = static_cast<std::int32_t>(record.value); break;
    case RecordKind::ssisdb_suspect:
      instance.suspect = record.value != 0;
      instance.changed_by = id;
      break;
    case RecordKind::authentication_off: instance.authentication_off = record.value != 0; break;
    case RecordKind::log_login_orphaned: instance.log_login_orphaned = record.value != 0; break;
    case RecordKind::ssisdb_open:
      instance.ssisdb_open = true;
      instance.changed_by = id;
      break;
    case RecordKind::ssisdb_closed:
      instance.ssisdb_open = false;
      instance.changed_by = id;
      break;
    case RecordKind::catalog_created: instance.ssisdb_exists = instance.ssisdb_open = true; break;
    case RecordKind::scale_out_enabled: instance.scale_out_enabled = true; break;
    case RecordKind::log_login_enabled: instance.log_login = true; break;
    case RecordKind::startup_procedure_set: instance.startup_procedure = true; break;
    case RecordKind::admin_added: state.admins.push_back(record.object); break;
    case RecordKind::admin_removed: std::erase(state.admins, record.object); break;
    case RecordKind::master_address_updated: instance.master_address = record.object; break;
    default: break;
  }
}

}  // namespace rehearse::world

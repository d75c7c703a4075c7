#include "sim/world/installation.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "model/endpoint.hpp"
#include "sim/core/random.hpp"
#include "sim/world/configuration.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/replicas.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/sql_server.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::world {
namespace {

/// "WRK*" matches WRK1 and WRK2; without a star the whole name must match.
bool matches(const std::string& pattern, const std::string& name) {
  if (pattern.empty() || pattern.back() != '*') return model::same_name(pattern, name);
  const std::string_view stem = std::string_view(pattern).substr(0, pattern.size() - 1);
  return model::same_name(std::string_view(name).substr(0, stem.size()), stem);
}

}  // namespace

CertificateIndex certificate_with(const World& world, std::string_view thumbprint) {
  if (thumbprint.empty()) return none;
  for (CertificateIndex index = 0; index < world.state().certificates.size(); ++index) {
    if (model::same_name(thumbprint_of(world, index), thumbprint)) return index;
  }
  return none;
}

std::string thumbprint_of(const World& world, CertificateIndex certificate) {
  const auto& plans = world.plan().certificates;
  if (certificate < plans.size() && !plans[certificate].thumbprint.empty()) return plans[certificate].thumbprint;
  const auto first = core::stream("certificate " + std::to_string(certificate), "thumbprint");
  const auto second = core::stream("certificate " + std::to_string(certificate), "thumbprint, second half");
  return fmt::format("{:016X}{:016X}{:08X}", static_cast<std::uint64_t>(first), static_cast<std::uint64_t>(second),
                     certificate);
}

MasterSettingsState settings_of(const Blueprint& plan, const model::MasterSettings& settings) {
  MasterSettingsState state;
  state.port = settings.port;
  for (CertificateIndex index = 0; index < plan.certificates.size(); ++index) {
    if (!settings.certificate_thumbprint.empty() &&
        plan.certificates[index].thumbprint == settings.certificate_thumbprint) {
      state.certificate = index;
    }
  }
  if (settings.certificate_thumbprint.empty())
    state.certificate = plan.find_certificate(plan.design().scale_out.master.certificate);
  const std::string& name = settings.sql_server_name;
  state.sql_server_name = plan.find_text(name.empty() ? plan.design().fci.server_name() : name);
  state.cleanup = settings.cleanup_interval;
  state.sweep = settings.sweep_interval;
  state.heartbeat = settings.heartbeat_interval;
  state.sql_timeout = settings.sql_connection_timeout;
  return state;
}

// ------------------------------------------------------------------------------------------------ cluster and SQL
// Server

void Installation::install_feature(HostIndex node, RecordId why) {
  engine_.emit(RecordKind::feature_installed, host_id(node), why);
}

void Installation::install_first_sql_node(HostIndex node, RecordId why) {
  create_sql_role(node, engine_.emit(RecordKind::sql_installed, host_id(node), why));
}

void Installation::create_sql_role(HostIndex node, RecordId why) {
  Roles roles = world_.roles();
  roles.create_role(plan_.sql_group, node, why);
  const GroupPlan& role = plan_.groups[plan_.sql_group];
  for (ResourceIndex index = role.first; index < role.first + role.count; ++index) {
    if (index != plan_.master_resource) roles.create_resource(index, why);
  }
  roles.want(plan_.sql_group, true, why);
}

void Installation::install_replica(HostIndex node, RecordId why) {
  world_.replicas().started(node, engine_.emit(RecordKind::sql_installed, host_id(node), why));
}

void Installation::add_sql_node(HostIndex node, RecordId why) {
  engine_.emit(RecordKind::sql_installed, host_id(node), why);
}

// ------------------------------------------------------------------------------------------------ master and workers

void Installation::install_master(HostIndex node, TextIndex account, CertificateIndex certificate, int port,
                                  RecordId why) {
  const RecordId installed = engine_.emit(RecordKind::master_installed, host_id(node), why, account);
  place_certificate(node, certificate, Store::root, true, installed);
  bind_certificate(node, certificate, port, installed);
  MasterSettingsState settings = settings_of(plan_, model::MasterSettings{});
  settings.port = port;
  settings.certificate = certificate;
  settings.sql_server_name = plan_.find_text(plan_.hosts[node].name);
  write_master_settings(node, settings, installed);
  world_.masters().started(node, installed);
}

void Installation::put_master(HostIndex node, TextIndex account, RecordId why) {
  engine_.emit(RecordKind::master_installed, host_id(node), why, account);
}

void Installation::put_worker(WorkerIndex worker, TextIndex account, RecordId why) {
  engine_.emit(RecordKind::worker_installed, worker_id(worker), why, account);
}

void Installation::register_worker(WorkerIndex worker, RecordId why) {
  if (world_.workers().registered(worker)) return;
  engine_.emit(RecordKind::worker_registered, worker_id(plan_.workers[worker].row), why);
}

void Installation::install_worker(WorkerIndex worker, TextIndex account, TextIndex endpoint,
                                  CertificateIndex certificate, RecordId why) {
  world_.workers().start_service(worker, prepare_worker(worker, account, endpoint, certificate, why));
}

RecordId Installation::prepare_worker(WorkerIndex worker, TextIndex account, TextIndex endpoint,
                                      CertificateIndex certificate, RecordId why) {
  const RecordId installed = engine_.emit(RecordKind::worker_installed, worker_id(worker), why, account);
  const HostIndex host = plan_.workers[worker].host;
  place_certificate(host, certificate, Store::my, true, installed);
  place_certificate(host, certificate, Store::root, false, installed);
  const model::WorkerSettings defaults;
  WorkerSettingsState settings;
  settings.endpoint = endpoint;
  settings.master_certificate = none;
  settings.worker_certificate = certificate;
  settings.agent_heartbeat = defaults.agent_heartbeat_interval;
  settings.task_heartbeat = defaults.task_heartbeat_interval;
  settings.tolerance = defaults.heartbeat_error_tolerance;
  settings.lease = defaults.lease_interval;
  settings.max_tasks =
      std::min<std::int32_t>(defaults.max_task_count, static_cast<std::int32_t>(plan_.slots_per_worker));
  write_worker_settings(worker, settings, installed);
  return installed;
}

void Installation::write_master_settings(HostIndex node, const MasterSettingsState& settings, RecordId why) {
  for (const MasterField field : master_fields) {
    world_.configuration().write(node, field, value_of(settings, field), why);
  }
}

void Installation::write_worker_settings(WorkerIndex worker, const WorkerSettingsState& settings, RecordId why) {
  for (const WorkerField field : worker_fields) {
    world_.configuration().write(worker, field, value_of(settings, field), why);
  }
}

CertificateIndex Installation::create_certificate(CertificateIndex like, Time not_after, RecordId why) {
  const auto index = static_cast<CertificateIndex>(state_.certificates.size());
  engine_.emit(RecordKind::certificate_created, certificate_id(index), why, like, not_after.time_since_epoch().count());
  return index;
}

void Installation::place_certificate(HostIndex host, CertificateIndex certificate, Store store, bool key,
                                     RecordId why) {
  const RecordId placed = engine_.emit(RecordKind::certificate_placed, host_id(host), why, certificate,
                                       static_cast<std::int64_t>(store) + (key ? with_key : 0));
  world_.workers().review(placed);
}

void Installation::remove_certificate(HostIndex host, CertificateIndex certificate, Store store, RecordId why) {
  const RecordId removed =
      engine_.emit(RecordKind::certificate_removed, host_id(host), why, certificate, static_cast<std::int64_t>(store));
  world_.workers().review(removed);
}

void Installation::bind_certificate(HostIndex node, CertificateIndex certificate, int port, RecordId why) {
  world_.workers().review(engine_.emit(RecordKind::binding_set, host_id(node), why, certificate, port));
}

void Installation::grant_key_access(WorkerIndex worker, CertificateIndex certificate, RecordId why) {
  world_.workers().review(engine_.emit(RecordKind::key_access_granted, worker_id(worker), why, certificate));
}

void Installation::open_firewall(HostIndex host, int port, RecordId why) {
  world_.workers().review(engine_.emit(RecordKind::firewall_opened, host_id(host), why, none, port));
}

// ------------------------------------------------------------------------------------------------ catalog

void Installation::enable_scale_out(RecordId why) {
  const RecordId enabled = engine_.emit(RecordKind::scale_out_enabled, instance_id, why);
  // A login is made only for the service's virtual account; a domain account gets nothing (S 4.3).
  if (!plan_.design().scale_out.master.uses_domain_account()) {
    engine_.emit(RecordKind::admin_added, instance_id, enabled,
                 plan_.find_text(plan_.design().scale_out.master.account));
  }
  world_.masters().review(enabled);
}

void Installation::enable_log_login(RecordId why) {
  engine_.emit(RecordKind::log_login_enabled, instance_id, why);
}

void Installation::set_startup_procedure(RecordId why) {
  engine_.emit(RecordKind::startup_procedure_set, instance_id, why);
}

void Installation::add_admin(TextIndex account, RecordId why) {
  world_.configuration().set_admin(account, true, why);
}

void Installation::update_master_address(TextIndex url, RecordId why) {
  engine_.emit(RecordKind::master_address_updated, instance_id, why, url);
}

void Installation::add_master_resource(RecordId why) {
  world_.roles().create_resource(plan_.master_resource, why);
}

void Installation::create_master_role(HostIndex owner, RecordId why) {
  Roles roles = world_.roles();
  roles.create_role(plan_.master_group, owner, why);
  const GroupPlan& role = plan_.groups[plan_.master_group];
  for (ResourceIndex index = role.first; index < role.first + role.count; ++index) roles.create_resource(index, why);
}

// ------------------------------------------------------------------------------------------------ all at once

void Installation::finish() {
  for (HostIndex node = 0; node < plan_.node_count; ++node) install_feature(node, 0);
  Membership membership = world_.membership();
  membership.create_cluster(0, model::first_nodes(static_cast<int>(plan_.node_count)), 0);
  if (plan_.witness != model::Witness::Kind::none) membership.configure_witness(0);
  if (plan_.replicas != 0) {
    finish_replicas(0);
  } else {
    finish_instance(0);
  }
  world_.sql().create_catalog(0);
  finish_certificates(0);
  finish_scale_out(0);
  finish_other_roles(0);
}

/// The group is made on the node of its first replica, which becomes the primary.
void Installation::finish_replicas(RecordId why) {
  for_each_bit(plan_.replicas, [&](HostIndex node) { install_replica(node, why); });
  create_sql_role(plan_.find_host(plan_.design().fci.availability_group->replicas.front().node), why);
}

void Installation::finish_instance(RecordId why) {
  // Setup begins on a node that may have the instance, the most preferred of them.
  const GroupPolicy& policy = plan_.groups[plan_.sql_group].policy;
  const std::uint64_t possible = policy.possible_owners & model::first_nodes(static_cast<int>(plan_.node_count));
  const HostIndex first = policy.preferred_owners.empty() ? static_cast<HostIndex>(std::countr_zero(possible))
                                                          : static_cast<HostIndex>(policy.preferred_owners.front());
  install_first_sql_node(first, why);
  for_each_bit(possible & ~bit(first), [&](HostIndex node) { add_sql_node(node, why); });
}

/// Each starts on the first node that can have it, as whoever built it left it there.
void Installation::finish_other_roles(RecordId why) {
  Roles roles = world_.roles();
  for (GroupIndex group = 0; group < plan_.groups.size(); ++group) {
    if (group == plan_.sql_group || group == plan_.master_group) continue;
    const GroupPlan& role = plan_.groups[group];
    const std::vector<int>& preferred = role.policy.preferred_owners;
    const std::uint64_t possible = role.policy.possible_owners & state_.cluster.members;
    const HostIndex owner = preferred.empty() ? static_cast<HostIndex>(std::countr_zero(possible))
                                              : static_cast<HostIndex>(preferred.front());
    roles.create_role(group, owner, why);
    for (ResourceIndex index = role.first; index < role.first + role.count; ++index) roles.create_resource(index, why);
    roles.want(group, true, why);
  }
}

void Installation::finish_certificates(RecordId why) {
  const model::Design& design = plan_.design();
  for (CertificateIndex index = 0; index < plan_.certificates.size(); ++index) {
    for (const model::Certificate::Installed& entry : design.certificates[index].installed) {
      for (HostIndex host = 0; host < plan_.hosts.size(); ++host) {
        if (!matches(entry.host, plan_.hosts[host].name)) continue;
        for (const std::string& store : entry.stores) {
          const bool key = store.find("+key") != std::string::npos;
          place_certificate(host, index, store.starts_with("My") ? Store::my : Store::root, key, why);
        }
      }
    }
    if (!design.certificates[index].installed.empty()) continue;
    // Where the article's steps put them: S 3.
    const bool master = design.certificates[index].key == design.scale_out.master.certificate;
    for (HostIndex host = 0; host < plan_.hosts.size(); ++host) {
      const bool node = plan_.hosts[host].kind == HostKind::cluster_node;
      if (!node && plan_.hosts[host].kind != HostKind::worker_machine) continue;
      place_certificate(host, index, Store::root, master && node, why);
      if (!master && !node) place_certificate(host, index, Store::my, true, why);
    }
  }
}

void Installation::finish_scale_out(RecordId why) {
  const model::Design& design = plan_.design();
  const model::Master& master = design.scale_out.master;
  enable_scale_out(why);
  enable_log_login(why);
  set_startup_procedure(why);
  if (plan_.replicas != 0) {
    for (const model::AvailabilityGroup::Replica& replica : design.fci.availability_group->replicas) {
      world_.replicas().set_log_login(plan_.find_host(replica.node), replica.log_login, why);
      world_.replicas().set_master_key(plan_.find_host(replica.node), replica.master_key, why);
    }
  }
  if (master.uses_domain_account()) add_admin(plan_.find_text(master.account), why);
  for (HostIndex node = 0; node < plan_.node_count; ++node) {
    const MasterSettingsState settings = settings_of(plan_, design.master_settings(plan_.hosts[node].name));
    put_master(node, plan_.find_text(master.account), why);
    engine_.emit(RecordKind::start_type_set, host_id(node), why, none, 0);
    write_master_settings(node, settings, why);
    bind_certificate(node, settings.certificate, settings.port, why);
    open_firewall(node, settings.port, why);
    open_firewall(node, 1433, why);
  }
  Roles roles = world_.roles();
  if (design.scale_out.placement == model::Placement::joint) {
    add_master_resource(why);
  } else {
    const std::vector<int>& preferred = plan_.groups[plan_.master_group].policy.preferred_owners;
    const std::uint64_t possible = plan_.groups[plan_.master_group].policy.possible_owners & state_.cluster.members;
    create_master_role(preferred.empty() ? static_cast<HostIndex>(std::countr_zero(possible))
                                         : static_cast<HostIndex>(preferred.front()),
                       why);
    update_master_address(
        plan_.find_text("https://" + design.master_host_name() + ":" + std::to_string(master.settings.port)), why);
  }
  Needs needs;
  for (const std::string& name : design.master_dependencies()) {
    if (const ResourceIndex provider = plan_.find_resource(name); provider != none) needs.all |= plan_.place(provider);
  }
  if (needs.all != 0) roles.set_dependencies(plan_.master_resource, needs, why);
  roles.set_restart_action(plan_.master_resource, master.restart_action, why);
  roles.want(plan_.master_group, true, why);

  for (WorkerIndex worker = 0; worker < plan_.workers.size(); ++worker) {
    const model::WorkerPool& pool = design.scale_out.workers[plan_.workers[worker].pool];
    const RecordId installed =
        prepare_worker(worker, plan_.find_text(pool.account), plan_.find_text(pool.settings.endpoint),
                       plan_.find_certificate(pool.certificate), why);
    WorkerSettingsState settings = state_.workers[worker].file;
    settings.master_certificate = plan_.find_certificate(master.certificate);
    settings.agent_heartbeat = pool.settings.agent_heartbeat_interval;
    settings.task_heartbeat = pool.settings.task_heartbeat_interval;
    settings.tolerance = pool.settings.heartbeat_error_tolerance;
    settings.lease = pool.settings.lease_interval;
    settings.max_tasks = pool.settings.max_task_count;
    write_worker_settings(worker, settings, why);
    world_.workers().start_service(worker, installed);
    register_worker(worker, why);
    world_.workers().enable(worker, why);
  }
}

}  // namespace rehearse::world

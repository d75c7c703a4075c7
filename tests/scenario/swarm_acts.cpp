#include "swarm_acts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/world/catalog.hpp"
#include "sim/world/certificates.hpp"
#include "sim/world/configuration.hpp"
#include "sim/world/installation.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/names.hpp"
#include "sim/world/replicas.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/sql_server.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::sim {
namespace {

using namespace std::chrono_literals;
using world::World;
using Kind = SwarmAct::Kind;

constexpr Duration preparation = 20min;

std::string_view to_text(Kind kind) {
  switch (kind) {
#define X(name) \
  case Kind::name: return #name;
    REHEARSE_SWARM_ACTS(X)
#undef X
    case Kind::count_: break;
  }
  return "";
}

void act_on_machine(World& world, Kind kind, world::HostIndex host, std::uint32_t b) {
  world::Membership membership = world.membership();
  const world::NetworkIndex network = host < world.plan().node_count && b % 3 != 0
                                          ? b % static_cast<std::uint32_t>(world.plan().networks.size())
                                          : world::none;
  switch (kind) {
    case Kind::lose_power: return membership.lose_power(host, 0);
    case Kind::bugcheck: return membership.bugcheck(host, 0);
    case Kind::boot: return membership.boot(host, 0);
    case Kind::freeze: return membership.freeze(host, 0);
    case Kind::thaw: return membership.thaw(host, 0);
    case Kind::hang: return membership.hang(host, 0);
    case Kind::end_hang: return membership.end_hang(host, 0);
    case Kind::link_down: return membership.set_link(host, false, 0, network);
    case Kind::link_up: return membership.set_link(host, true, 0, b % 2 == 0 ? network : world::none);
    case Kind::cut_off: return membership.set_side(host, world.state().hosts[host].side | world::bit(b % 3), 0);
    case Kind::rejoin: return membership.set_side(host, 0, 0);
    case Kind::lose_packets: return membership.set_loss(host, 100'000 + b % 800'000, 0);
    case Kind::no_more_loss: return membership.set_loss(host, 0, 0);
    case Kind::latency: return membership.set_latency(host, std::chrono::milliseconds(b % 3000), 0);
    default: return;
  }
}

void act_on_node(World& world, Kind kind, world::HostIndex node, std::uint32_t b) {
  world::Membership membership = world.membership();
  using Failback = world::Membership::Failback;
  switch (kind) {
    case Kind::crash_cluster_service: membership.crash_cluster_service(node, 0); return;
    case Kind::pause: membership.pause(node, false, 0); return;
    case Kind::pause_and_drain: membership.pause(node, true, 0); return;
    case Kind::resume: membership.resume(node, static_cast<Failback>(b % 3), 0); return;
    case Kind::stop_service: membership.stop_service(node, 0); return;
    case Kind::start_service: membership.start_service(node, world::StartMode::usual, 0); return;
    case Kind::force_quorum: membership.start_service(node, world::StartMode::force_quorum, 0); return;
    case Kind::prevent_quorum: membership.start_service(node, world::StartMode::prevent_quorum, 0); return;
    case Kind::shut_down: membership.shut_down(node, false, 0); return;
    case Kind::reboot: membership.shut_down(node, true, 0); return;
    case Kind::clear_quarantine: membership.clear_quarantine(node, 0); return;
    case Kind::witness_down: return membership.set_witness_down(true, 0);
    case Kind::witness_back: return membership.set_witness_down(false, 0);
    case Kind::witness_path_cut: return membership.cut_witness_path(node, true, 0);
    case Kind::witness_path_back: return membership.cut_witness_path(world::none, false, 0);
    case Kind::resource_host_dies:
      if (membership.is_active(node)) world.roles().resource_host_dies(node, world::none, 0);
      return;
    case Kind::tempdb_missing: return world.sql().set_tempdb_missing(node, true, 0);
    case Kind::tempdb_back: return world.sql().set_tempdb_missing(node, false, 0);
    case Kind::master_crash: world.masters().crash(node, 0); return;
    case Kind::master_hang: world.masters().hang(node, 0); return;
    case Kind::master_stop: world.masters().stop(node, 0); return;
    default: return;
  }
}

void act_on_role(World& world, Kind kind, std::uint32_t a, std::uint32_t b) {
  world::Roles roles = world.roles();
  const world::Blueprint& plan = world.plan();
  const world::GroupIndex group = a % static_cast<std::uint32_t>(plan.groups.size());
  const world::ResourceIndex resource = a % static_cast<std::uint32_t>(plan.resources.size());
  const world::ResourceKind type = plan.resources[resource].kind;
  const bool disk = type == world::ResourceKind::disk, address = type == world::ResourceKind::address;
  // Without a cluster there is nobody to ask for an operation.
  const bool cluster = world.membership().active() != 0;
  switch (kind) {
    case Kind::want: return cluster ? roles.want(group, true, 0) : void();
    case Kind::do_not_want: return cluster ? roles.want(group, false, 0) : void();
    case Kind::hold_resource: return cluster ? roles.want_resource(resource, false, 0) : void();
    case Kind::release_resource: return cluster ? roles.want_resource(resource, true, 0) : void();
    case Kind::move: roles.move(group, b % plan.node_count, 0); return;
    case Kind::move_to_best: roles.move_to_best(group, 0); return;
    case Kind::retry: return cluster ? roles.retry(resource, 0) : void();
    case Kind::test_failure: roles.test_failure(resource, 0); return;
    case Kind::get_stuck: roles.get_stuck(resource, 0); return;
    case Kind::path_cut: return disk ? roles.cut_path(resource, b % plan.node_count, true, 0) : void();
    case Kind::path_back: return disk ? roles.cut_path(resource, world::none, false, 0) : void();
    case Kind::slow_disk: return disk ? roles.slow_disk(resource, 100 + static_cast<int>(b % 2000), 0) : void();
    case Kind::pool_arbitrates: return disk ? roles.set_pool_arbitration(resource, b % 2 == 0, 0) : void();
    case Kind::address_taken: return address ? roles.take_address(resource, true, 0) : void();
    case Kind::address_free: return address ? roles.take_address(resource, false, 0) : void();
    default: return;
  }
}

void act_on_instance(World& world, Kind kind, std::uint32_t a, std::uint32_t b) {
  world::SqlServer sql = world.sql();
  switch (kind) {
    case Kind::sql_crash: sql.crash(0); return;
    case Kind::sql_hang: sql.hang(0); return;
    case Kind::sql_answers: sql.recover_from_hang(0); return;
    case Kind::component_error:
    case Kind::component_clean:
      return sql.set_component_error(static_cast<world::Component>(a % 3), kind == Kind::component_error, 0);
    case Kind::slow_recovery: return sql.slow_recovery(100 + static_cast<int>(b % 3000), 0);
    case Kind::suspect: return sql.set_suspect(true, 0);
    case Kind::repaired: return sql.set_suspect(false, 0);
    case Kind::authentication_off: return sql.set_authentication_off(b % 2 == 0, 0);
    case Kind::force_failover: world.replicas().force_failover(a % world.plan().node_count, 0); return;
    case Kind::resume_data_movement: world.replicas().resume_data_movement(a % world.plan().node_count, 0); return;
    default: return;
  }
}

/// Copies, dates, bindings and keys: of one of the design's certificates, on any machine.
void act_on_certificates(World& world, Kind kind, std::uint32_t a, std::uint32_t b) {
  const world::Blueprint& plan = world.plan();
  const world::HostIndex host = a % static_cast<std::uint32_t>(plan.hosts.size());
  const world::HostIndex node = a % plan.node_count;
  const auto certificate = b % static_cast<std::uint32_t>(plan.certificates.size());
  const world::Store store = b % 4 < 2 ? world::Store::root : world::Store::my;
  const world::WorkerIndex worker = a % static_cast<std::uint32_t>(plan.workers.size());
  const world::HostIndex shown_by = b % 3 == 0 ? host : world::none;
  const world::CertificateIndex master = plan.find_certificate(plan.design().scale_out.master.certificate);
  const auto soon = world.now() + std::chrono::seconds(b % 3000);
  world::Installation installation(world);
  world::Certificates certificates = world.certificates();
  switch (kind) {
    case Kind::copy_removed: return installation.remove_certificate(host, certificate, store, 0);
    case Kind::copy_back: return installation.place_certificate(host, certificate, store, true, 0);
    case Kind::key_removed: return certificates.remove_private_key(host, certificate, store, 0);
    case Kind::certificate_ends: return certificates.set_valid_until(certificate, shown_by, soon, 0);
    case Kind::certificate_begins: return certificates.set_valid_from(certificate, shown_by, soon, 0);
    case Kind::dates_as_usual:
      certificates.set_valid_from(certificate, world::none, core::at_start - preparation, 0);
      return certificates.set_valid_until(certificate, world::none, core::at_start + 1000h, 0);
    case Kind::key_access_lost: return certificates.take_key_access(worker, 0);
    case Kind::key_access_back: return installation.grant_key_access(worker, certificate, 0);
    case Kind::binding_changed:
      return installation.bind_certificate(node, b % 3 == 0 ? world::none : certificate, b % 2 == 0 ? 8391 : 8392, 0);
    case Kind::binding_back:
      return installation.bind_certificate(node, master, world.state().hosts[node].master_file.port, 0);
    case Kind::root_polluted: return certificates.set_root_polluted(node, true, 0);
    case Kind::root_clean: return certificates.set_root_polluted(node, false, 0);
    default: return;
  }
}

void change_setting(World& world, Kind kind, std::uint32_t a, std::uint32_t b) {
  world::Configuration configuration = world.configuration();
  const std::int64_t length = Duration(std::chrono::seconds(5 + b % 300)).count();
  if (kind == Kind::master_setting) {
    const world::HostIndex node = a % world.plan().node_count;
    const std::vector<std::pair<world::MasterField, std::int64_t>> changes = {
        {world::MasterField::port, 8391 + b % 2},
        {world::MasterField::sql_server_name, b % 2 == 0 ? world::none : 0},
        {world::MasterField::sweep, length},
        {world::MasterField::heartbeat, length}};
    const auto& [field, value] = changes[b / 2 % changes.size()];
    return configuration.write(node, field, value, 0);
  }
  const world::WorkerIndex worker = a % static_cast<std::uint32_t>(world.plan().workers.size());
  const world::WorkerSettingsState& usual = world.state().workers[worker];
  const std::vector<std::pair<world::WorkerField, std::int64_t>> changes = {
      {world::WorkerField::master_certificate, b % 2 == 0 ? world::unknown_certificate : usual.master_certificate},
      {world::WorkerField::worker_certificate, b % 2 == 0 ? world::unknown_certificate : 0},
      {world::WorkerField::agent_heartbeat, length},
      {world::WorkerField::task_heartbeat, length},
      {world::WorkerField::tolerance, length},
      {world::WorkerField::lease, length},
      {world::WorkerField::max_tasks, 1 + b % world.plan().slots_per_worker}};
  const auto& [field, value] = changes[b / 2 % changes.size()];
  configuration.write(worker, field, value, 0);
}

void act_on_configuration(World& world, Kind kind, std::uint32_t a, std::uint32_t b) {
  const world::Blueprint& plan = world.plan();
  const world::HostIndex node = a % plan.node_count;
  const world::HostIndex host = a % static_cast<std::uint32_t>(plan.hosts.size());
  const auto account = static_cast<world::Account>(a % 2);
  const world::GroupIndex group = a % static_cast<std::uint32_t>(plan.groups.size());
  const world::TextIndex master = world.state().hosts[node].master_account;
  world::Configuration configuration = world.configuration();
  switch (kind) {
    case Kind::clock_wrong:
      return configuration.set_clock(host, std::chrono::seconds(b % 3000) - std::chrono::seconds(1500), 0);
    case Kind::clock_right: return configuration.set_clock(host, Duration::zero(), 0);
    case Kind::password_expires: return configuration.set_password_expired(account, true, 0);
    case Kind::password_renewed: return configuration.set_password_expired(account, false, 0);
    case Kind::admin_removed: return configuration.set_admin(master, false, 0);
    case Kind::admin_added: return configuration.is_admin(master) ? void() : configuration.set_admin(master, true, 0);
    case Kind::starts_automatically: return world.masters().set_start_type(node, true, 0);
    case Kind::starts_manually: return world.masters().set_start_type(node, false, 0);
    case Kind::names_stale: return world.names().set_replication_stopped(group, true, 0);
    case Kind::names_replicate: return world.names().set_replication_stopped(group, false, 0);
    case Kind::master_setting:
    case Kind::worker_setting: return change_setting(world, kind, a, b);
    default: return;
  }
}

void act_on_farm(World& world, Kind kind, std::uint32_t a, std::uint32_t b) {
  const world::Blueprint& plan = world.plan();
  const world::WorkerIndex worker = a % static_cast<std::uint32_t>(plan.workers.size());
  world::Workers workers = world.workers();
  const auto done = [](bool) {};
  switch (kind) {
    case Kind::worker_hangs: return done(workers.hang_service(worker, 0));
    case Kind::worker_answers: return done(workers.end_hang(worker, 0));
    case Kind::row_disabled: return done(workers.disable(worker, 0));
    case Kind::row_enabled: return done(workers.registered(worker) && workers.enable(worker, 0));
    case Kind::row_deleted: return done(workers.remove(worker, 0));
    case Kind::disk_full: return workers.set_disk_full(worker, true, 0);
    case Kind::disk_has_room: return workers.set_disk_full(worker, false, 0);
    case Kind::log_login_orphaned: return world.sql().set_log_login_orphaned(true, 0);
    case Kind::log_login_mended: return world.sql().set_log_login_orphaned(false, 0);
    case Kind::executions_stopped:
      if (plan.batches.empty()) return;
      return done(world.catalog().stop_executions(b % static_cast<std::uint32_t>(plan.batches.size()), 0));
    default: return;
  }
}

void act(World& world, const SwarmAct& act) {
  const world::Blueprint& plan = world.plan();
  const world::HostIndex node = act.a % plan.node_count;
  switch (act.kind) {
    case Kind::site_link_down:
    case Kind::site_link_up: {
      const auto sites = static_cast<std::uint32_t>(plan.sites.size());
      if (sites < 2) return;
      const std::uint32_t one = act.a % sites, other = (one + 1 + act.b % (sites - 1)) % sites;
      return world.membership().set_site_link(one, other, act.kind == Kind::site_link_up, 0);
    }
    case Kind::directory_refuses:
    case Kind::directory_back:
      world.engine().emit(world::RecordKind::directory_refuses, world::cluster_id, 0, world::none,
                          act.kind == Kind::directory_refuses);
      return;
    case Kind::worker_crash:
    case Kind::worker_start:
    case Kind::worker_machine_lost:
    case Kind::worker_machine_boots: {
      const world::WorkerIndex worker = act.a % static_cast<std::uint32_t>(plan.workers.size());
      if (act.kind == Kind::worker_crash) world.workers().crash_service(worker, 0);
      if (act.kind == Kind::worker_start) world.workers().start_service(worker, 0);
      if (act.kind == Kind::worker_machine_lost) world.membership().lose_power(plan.workers[worker].host, 0);
      if (act.kind == Kind::worker_machine_boots) world.membership().boot(plan.workers[worker].host, 0);
      return;
    }
    default: break;
  }
  // Witness servers and workers' machines are struck too, now and then.
  const bool any = act.b % 16 == 0;
  const world::HostIndex host = any ? act.a % static_cast<std::uint32_t>(plan.hosts.size()) : node;
  act_on_machine(world, act.kind, host, act.b);
  act_on_node(world, act.kind, node, act.b);
  act_on_role(world, act.kind, act.a, act.b);
  act_on_instance(world, act.kind, act.a, act.b);
  act_on_certificates(world, act.kind, act.a, act.b);
  act_on_configuration(world, act.kind, act.a, act.b);
  act_on_farm(world, act.kind, act.a, act.b);
}

/// What usually follows some time later; else nothing does.
Kind end_of(Kind kind) {
  switch (kind) {
    case Kind::lose_power:
    case Kind::shut_down: return Kind::boot;
    case Kind::freeze: return Kind::thaw;
    case Kind::hang: return Kind::end_hang;
    case Kind::link_down: return Kind::link_up;
    case Kind::cut_off: return Kind::rejoin;
    case Kind::site_link_down: return Kind::site_link_up;
    case Kind::lose_packets: return Kind::no_more_loss;
    case Kind::pause:
    case Kind::pause_and_drain: return Kind::resume;
    case Kind::stop_service: return Kind::start_service;
    case Kind::witness_down: return Kind::witness_back;
    case Kind::witness_path_cut: return Kind::witness_path_back;
    case Kind::do_not_want: return Kind::want;
    case Kind::hold_resource: return Kind::release_resource;
    case Kind::path_cut: return Kind::path_back;
    case Kind::address_taken: return Kind::address_free;
    case Kind::sql_hang: return Kind::sql_answers;
    case Kind::component_error: return Kind::component_clean;
    case Kind::suspect: return Kind::repaired;
    case Kind::tempdb_missing: return Kind::tempdb_back;
    case Kind::directory_refuses: return Kind::directory_back;
    case Kind::copy_removed:
    case Kind::key_removed: return Kind::copy_back;
    case Kind::certificate_ends:
    case Kind::certificate_begins: return Kind::dates_as_usual;
    case Kind::key_access_lost: return Kind::key_access_back;
    case Kind::binding_changed: return Kind::binding_back;
    case Kind::root_polluted: return Kind::root_clean;
    case Kind::clock_wrong: return Kind::clock_right;
    case Kind::password_expires: return Kind::password_renewed;
    case Kind::admin_removed: return Kind::admin_added;
    case Kind::starts_automatically: return Kind::starts_manually;
    case Kind::names_stale: return Kind::names_replicate;
    case Kind::worker_crash: return Kind::worker_start;
    case Kind::worker_hangs: return Kind::worker_answers;
    case Kind::row_disabled: return Kind::row_enabled;
    case Kind::row_deleted: return Kind::row_enabled;
    case Kind::disk_full: return Kind::disk_has_room;
    case Kind::log_login_orphaned: return Kind::log_login_mended;
    case Kind::worker_machine_lost: return Kind::worker_machine_boots;
    default: return Kind::count_;
  }
}

}  // namespace

Night random_night(std::uint64_t seed, std::uint32_t most_nodes) {
  Dice dice(seed);
  Night night;
  night.seed = seed;
  night.design = random_design(dice, most_nodes);
  night.pace = dice.chance(50) ? world::Pace::drawn : dice.chance(80) ? world::Pace::median : world::Pace::p95;
  Duration now = 1min;
  const std::uint32_t acts = dice.from_to(1, 14);
  for (std::uint32_t number = 0; number < acts; ++number) {
    const SwarmAct one{now, static_cast<Kind>(dice.below(static_cast<std::uint32_t>(Kind::count_))),
                       dice.below(1'000'000), dice.below(1'000'000)};
    night.acts.push_back(one);
    if (const Kind end = end_of(one.kind); end != Kind::count_ && dice.chance(75)) {
      night.acts.push_back({now + std::chrono::milliseconds(dice.from_to(10, 900'000)), end, one.a, one.b});
    }
    // Blows that fall together, one into the repair of the last, or one after the other.
    const std::uint32_t most = dice.one_of(std::vector{0U, 2'000U, 30'000U, 300'000U, 900'000U});
    now += std::chrono::milliseconds(dice.below(most + 1));
  }
  std::stable_sort(night.acts.begin(), night.acts.end(),
                   [](const SwarmAct& a, const SwarmAct& b) { return a.at < b.at; });
  night.end = night.acts.back().at + std::chrono::minutes(dice.from_to(1, 45));
  return night;
}

void Telling::go_on(const Night& night, Duration from, Duration until) {
  for (const SwarmAct& one : night.acts) {
    if (one.at <= from || one.at > until) continue;
    if (core::Time(one.at) > world->now()) {
      world->run_until(core::Time(one.at) - Duration(1));
      world->engine().advance_to(core::Time(one.at));
    }
    act(*world, one);
  }
  world->run_until(core::Time(until));
}

Telling begin(const Night& night, world::Tempo tempo) {
  Telling telling;
  telling.plan = std::make_shared<const world::Blueprint>(night.design,
                                                          model::parse_date("2027-02-28T23:50:00Z").value(), night.end);
  telling.world = std::make_unique<World>(telling.plan, core::at_start - preparation, world::Pace::median, tempo);
  world::Installation(*telling.world).finish();
  telling.world->run_until(core::at_start);
  telling.world->engine().set_pace(night.pace);
  telling.first = telling.world->state();
  telling.world->engine().write_to(telling.journal.get());
  telling.world->begin({night.seed, 0});
  return telling;
}

Telling tell(const Night& night, world::Tempo tempo) {
  Telling telling = begin(night, tempo);
  telling.go_on(night, Duration::zero(), night.end);
  return telling;
}

std::string to_text(const world::Record& record, world::RecordId id, const world::Blueprint& plan) {
  return fmt::format("{} {:.9f} {} {} object {} value {} <- {}\n", id,
                     std::chrono::duration<double>(record.at.time_since_epoch()).count(), to_text(record.kind),
                     plan.name_of(record.subject), static_cast<int>(record.object), record.value, record.cause);
}

std::string difference(const world::Journal& a, const world::Journal& b, const world::Blueprint& plan) {
  const std::size_t common = std::min(a.records.size(), b.records.size());
  for (std::size_t index = 0; index < common; ++index) {
    const auto id = static_cast<world::RecordId>(a.first + index);
    if (a.records[index] == b.records[index]) continue;
    return "first:  " + to_text(a.records[index], id, plan) + "second: " + to_text(b.records[index], id, plan);
  }
  if (a.records.size() == b.records.size()) return "";
  const world::Journal& longer = a.records.size() > b.records.size() ? a : b;
  const auto id = static_cast<world::RecordId>(longer.first + common);
  return "only in one: " + to_text(longer.records[common], id, plan);
}

std::string to_text(const Night& night) {
  std::string text = to_text(night.design);
  for (const SwarmAct& one : night.acts) {
    text += fmt::format("  {:.3f} s {} {} {}\n", std::chrono::duration<double>(one.at).count(), to_text(one.kind),
                        one.a, one.b);
  }
  return text;
}

}  // namespace rehearse::sim

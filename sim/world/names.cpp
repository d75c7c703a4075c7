#include "sim/world/names.hpp"

#include <bit>

#include "sim/world/masters.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::world {

using model::Setting;
using model::Timing;

namespace {

/// Name servers of a machine: those of its site, or of no site at all.
std::size_t record_index(SiteIndex site, GroupIndex group, const Blueprint& plan) {
  const std::size_t places = plan.sites.size() + 1;
  return group * places + (site == none ? plan.sites.size() : site);
}

}  // namespace

std::uint64_t addresses_near(HostIndex machine, GroupIndex group, const State& state, const Blueprint& plan) {
  return state.name_records[record_index(plan.hosts[machine].site, group, plan)];
}

std::optional<std::uint32_t> live_address(GroupIndex group, HostIndex from, const State& state, const Blueprint& plan) {
  const AddressAnswer answer = who_answers(group, from, state, plan);
  return answer.node == none ? std::nullopt : std::optional(answer.place);
}

void Names::came_online(GroupIndex group, RecordId why) {
  const GroupPlan& plan = plan_.groups[group];
  std::uint64_t mask = 0;
  for (std::uint32_t place = 0; place < plan.addresses.size(); ++place) {
    const bool online = state_.resources[plan.addresses[place]].status == ResourceStatus::online;
    if (online || plan.register_all) mask |= bit(place);
  }
  const GroupState& role = state_.groups[group];
  if (mask == 0 || mask == role.registered) return;
  if (state_.cluster.dns_stopped) {
    engine_.emit(RecordKind::registration_failed, group_id(group), why);
    return;
  }
  const bool first = role.registered == 0;
  const RecordId registered =
      engine_.emit(RecordKind::name_registered, group_id(group), why, none, static_cast<std::int64_t>(mask));
  // A new name has been there long enough when a rehearsal begins; a change takes its way through the directory.
  if (!role.replication_stopped) replicate(group, first, registered);
}

/// What is registered reaches the name servers of every site, `at_once` or after the time that it takes.
void Names::replicate(GroupIndex group, bool at_once, RecordId why) {
  const HostIndex owner = state_.groups[group].owner;
  const SiteIndex home = owner == none ? none : plan_.hosts[owner].site;
  for (SiteIndex site = 0; site <= plan_.sites.size(); ++site) {
    const Timing timing = site == home ? Timing::dns_replication_same_site : Timing::dns_replication_other_site;
    const Duration delay = at_once ? Duration::zero() : engine_.take(timing, group_id(group), why * 16 + site);
    engine_.arm(Event::replication, group, site, engine_.now() + delay, why);
  }
}

void Names::set_replication_stopped(GroupIndex group, bool stopped, RecordId why) {
  const RecordId changed = engine_.emit(RecordKind::replication_stopped, group_id(group), why, none, stopped);
  for (SiteIndex site = 0; stopped && site <= plan_.sites.size(); ++site) {
    engine_.disarm(Event::replication, group, site);
  }
  const std::uint64_t registered = state_.groups[group].registered;
  bool behind = false;
  for (SiteIndex site = 0; site <= plan_.sites.size(); ++site) {
    behind = behind || state_.name_records[record_index(site, group, plan_)] != registered;
  }
  if (!stopped && behind) replicate(group, false, changed);
}

void Names::replicated(GroupIndex group, SiteIndex site, RecordId why) {
  const RecordId there = engine_.emit(RecordKind::name_replicated, group_id(group), why, site,
                                      static_cast<std::int64_t>(state_.groups[group].registered));
  if (plan_.groups[group].addresses.size() < 2) return;
  world_.masters().review(there);
  world_.workers().review(there);
}

void Names::set_dns_stopped(bool stopped, RecordId why) {
  if (state_.cluster.dns_stopped == stopped) return;
  const RecordId changed = engine_.emit(RecordKind::dns_stopped, cluster_id, why, none, stopped);
  for (GroupIndex group = 0; !stopped && group < plan_.groups.size(); ++group) {
    const ResourceIndex name = plan_.groups[group].name_resource;
    if (name != none && state_.resources[name].status == ResourceStatus::online) came_online(group, changed);
  }
  world_.masters().review(changed);
  world_.workers().review(changed);
}

GroupIndex Names::role_of(WorkerIndex worker) const {
  const TextIndex text = state_.workers[worker].endpoint;
  const GroupIndex role = text == none ? none : plan_.endpoint(text).role;
  return role != none && state_.groups[role].exists ? role : none;
}

bool Names::must_ask(WorkerIndex worker) const {
  const WorkerState& state = state_.workers[worker];
  return state.resolved == 0 || engine_.now() >= state.resolved_until;
}

std::uint64_t Names::addresses_for(WorkerIndex worker) const {
  const GroupIndex group = role_of(worker);
  if (group == none) return 1;
  if (!must_ask(worker)) return state_.workers[worker].resolved;
  if (state_.cluster.dns_stopped) return 0;
  return addresses_near(plan_.workers[worker].host, group, state_, plan_);
}

bool Names::resolve(WorkerIndex worker, RecordId why) {
  const GroupIndex group = role_of(worker);
  if (group == none || !must_ask(worker)) return true;
  const std::uint64_t addresses = addresses_for(worker);
  if (addresses == 0) return false;
  // The two caches add up: the resolver keeps the record for its time to live, .NET the resolver's answer on top.
  const Time until = engine_.now() + plan_.groups[group].record_ttl + engine_.length(Setting::name_cache);
  engine_.emit(RecordKind::name_resolved, worker_id(worker), why, static_cast<std::uint32_t>(addresses),
               until.time_since_epoch().count());
  return true;
}

bool Names::master_finds_instance(HostIndex node, RecordId why) const {
  const GroupIndex group = plan_.sql_group;
  if (state_.instance.node == node) return true;  // its own addresses it knows without asking
  if (state_.cluster.dns_stopped) return false;
  if (plan_.groups[group].addresses.size() < 2) return true;
  const std::uint64_t addresses = addresses_near(node, group, state_, plan_);
  const auto live = live_address(group, node, state_, plan_);
  if (!live || (addresses & bit(*live)) == 0) return false;  // the record is stale
  const int dead_before = std::popcount(addresses & (bit(*live) - 1));
  const Duration wait = dead_before * engine_.length(Setting::tcp_connect_timeout);
  if (wait <= state_.hosts[node].master_settings.sql_timeout) return true;
  return engine_.ask(model::Switch::master_connects_in_parallel, why);
}

}  // namespace rehearse::world

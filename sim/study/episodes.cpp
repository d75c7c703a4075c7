#include "sim/study/episodes.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "sim/world/masters.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/sql_server.hpp"

namespace rehearse::sim {
namespace {

using core::RecordId;
using core::Time;
using model::Timing;
using world::ClusterService;
using world::HostIndex;
using world::HostState;
using world::none;
using world::Process;
using world::RecordKind;
using world::ResourceIndex;
using world::ResourceState;
using world::ResourceStatus;
using world::World;

constexpr auto day_begins = std::chrono::hours(7), day_ends = std::chrono::hours(19), day = std::chrono::hours(24);
/// Patching: from the tenth of a month on one node a night, at two o'clock.
constexpr auto first_night = std::chrono::day(10);
constexpr auto at_night = std::chrono::hours(2);

constexpr std::uint32_t everything_lost = 1'000'000;  // per million

/// In a fault_repaired record: a person did it.
constexpr std::int64_t by_a_person = 1;

bool hangs(const HostState& host) {
  return host.powered && host.master == Process::hung;
}

bool is_given_up(const World& world, ResourceIndex index) {
  const ResourceState& resource = world.state().resources[index];
  const world::GroupState& role = world.state().groups[world.plan().resources[index].group];
  return role.wanted && resource.given_up && !resource.held && resource.status == ResourceStatus::failed &&
         counts_here(index, world.state(), world.plan());
}

/// Something is on its way, and whether it arrives is not known yet.
bool is_unsettled(const World& world) {
  const world::State& state = world.state();
  for (HostIndex node = 0; node < world.plan().node_count; ++node) {
    if ((state.cluster.configured & world::bit(node)) == 0) continue;
    if (!state.hosts[node].powered || state.hosts[node].service != ClusterService::up) return true;
  }
  for (ResourceIndex index = 0; index < state.resources.size(); ++index) {
    const ResourceState& resource = state.resources[index];
    const bool failed = resource.status == ResourceStatus::failed && counts_here(index, state, world.plan());
    if (failed || resource.restart_waiting || resource.stuck) return true;
  }
  return false;
}

HostIndex master_node(const World& world) {
  for (HostIndex node = 0; node < world.plan().node_count; ++node) {
    if (world.state().hosts[node].master == Process::running) return node;
  }
  return none;
}

bool runs(const HostState& host) {
  return host.powered && !host.frozen;
}

}  // namespace

EpisodePlan::EpisodePlan(std::shared_ptr<const world::Blueprint> plan, RandomFaults faults) : plan_(std::move(plan)) {
  const auto add = [&](RandomFault fault, world::PartId part, HostIndex host) {
    if (!faults.holds(fault)) return;
    Process process{fault, host, {}, {}, nullptr, nullptr};
    if (const auto timing = between(fault)) {
      process.next = plan_->stream(part, *timing);
      process.between = &plan_->sampler(*timing);
      const auto kind = plan_->parameters()[*timing].kind;
      memoryless_ = memoryless_ && kind == model::Distribution::Kind::exponential;
    }
    if (const auto timing = length_of(fault)) {
      process.length = plan_->stream(part, *timing);
      process.lasts = &plan_->sampler(*timing);
    }
    processes_.push_back(process);
  };
  for (HostIndex host = 0; host < plan_->hosts.size(); ++host) {
    const world::PartId part = world::host_id(host);
    if (plan_->hosts[host].kind == world::HostKind::worker_machine) add(RandomFault::worker_host_crash, part, host);
    if (host >= plan_->node_count) continue;
    for (const RandomFault fault :
         {RandomFault::node_crash, RandomFault::node_pause, RandomFault::network_burst, RandomFault::patching}) {
      add(fault, part, host);
    }
  }
  for (const RandomFault fault :
       {RandomFault::sql_crash, RandomFault::sql_hang, RandomFault::master_crash, RandomFault::master_hang}) {
    add(fault, world::instance_id, none);
  }
  if (plan_->witness != model::Witness::Kind::none) add(RandomFault::witness_down, world::cluster_id, none);
  for (std::uint32_t slot = 0; slot <= processes_.size(); ++slot) idle_.add_slot({0, slot, 0});
  idle_.seal();
  reaction_ = plan_->stream(world::cluster_id, "reaction of the operator");
  const Date end = plan_->date_at(plan_->horizon());
  for (Date at = plan_->start();;) {
    offsets_.push_back(model::offset_span(plan_->design().time_zone, at));
    at = offsets_.back().until;
    if (at > end || at == Date::max()) break;
  }
}

Duration EpisodePlan::offset_at(Time time) const {
  const Date date = plan_->date_at(time);
  for (const model::OffsetSpan& span : offsets_) {
    if (date < span.until) return span.offset;
  }
  return offsets_.back().offset;
}

Duration EpisodePlan::reaction(core::Key key, std::uint64_t ordinal, Time called) const {
  const Duration local = plan_->date_at(called).time_since_epoch() + offset_at(called);
  const Duration since_midnight = (local % day + day) % day;
  const bool by_day = since_midnight >= day_begins && since_midnight < day_ends;
  const core::Sampler& sampler =
      plan_->sampler(by_day ? Timing::operator_reaction_day : Timing::operator_reaction_night);
  return sampler.at(core::unit(core::draw(key, reaction_, ordinal)));
}

Time EpisodePlan::next_patching(HostIndex node, Time after) const {
  const auto today = std::chrono::floor<std::chrono::days>(plan_->date_at(after) + offset_at(after));
  const std::chrono::year_month_day date(today);
  // The night of a node far down the list lies in a later month.
  constexpr std::chrono::months back(3);
  for (auto each = std::chrono::year_month(date.year(), date.month()) - back;; each += std::chrono::months(1)) {
    const std::chrono::sys_days night = std::chrono::sys_days(each / first_night) + std::chrono::days(node);
    const Time nearly = plan_->time_at(Date(night) + at_night);
    const Time at = nearly - offset_at(nearly);
    if (at > after) return at;
  }
}

Episodes::Episodes(const EpisodePlan& plan) : plan_(&plan), calendar_(plan.idle()), courses_(plan.processes().size()) {}

void Episodes::begin(core::Key key, Time now) {
  key_ = key;
  generation_ = calls_ = 0;
  happened_ = {};
  calendar_ = plan_->idle();
  for (std::uint32_t process = 0; process < courses_.size(); ++process) {
    courses_[process] = {};
    arm_next(process, now);
  }
}

void Episodes::redraw(std::uint32_t generation, Time now) {
  if (!plan_->memoryless()) throw std::logic_error("the past of a fault that is not exponential cannot be forgotten");
  generation_ = generation;
  for (std::uint32_t process = 0; process < courses_.size(); ++process) {
    if (!courses_[process].stands) arm_next(process, now);
  }
}

void Episodes::arm_next(std::uint32_t index, Time now) {
  const EpisodePlan::Process& process = plan_->processes()[index];
  Time at = core::never;
  if (process.between == nullptr) {
    at = plan_->next_patching(process.host, now);
  } else {
    const Duration wait =
        process.between->at(core::unit(core::draw(key_, process.next, ordinal(courses_[index].number))));
    // Sampler's longest sample leads beyond every horizon and stays within the time line.
    at = now + std::max(wait, Duration(1));
  }
  calendar_.arm(core::Slot{index}, at, 0);
}

void Episodes::act(World& world) {
  while (calendar_.fire_next(world.now(), [&](const core::Fired& fired) {
    const auto index = static_cast<std::uint32_t>(fired.slot);
    if (index == courses_.size()) {
      person_looks(world);
    } else {
      fire(index, fired.cause, world);
    }
  })) {
  }
}

void Episodes::fire(std::uint32_t index, RecordId cause, World& world) {
  const EpisodePlan::Process& process = plan_->processes()[index];
  Course& course = courses_[index];
  if (course.stands) {
    course.stands = false;
    end_fault(process, course, cause, world);
  } else if (can_begin(process, world)) {
    ++happened_[static_cast<std::size_t>(process.fault)];
    const RecordId why = world.engine().emit(RecordKind::fault_injected, world::cluster_id, 0, none,
                                             static_cast<std::int64_t>(process.fault));
    begin_fault(process, course, why, world);
    call_person(world.now());
    if (process.lasts != nullptr) {
      const Duration length = process.lasts->at(core::unit(core::draw(key_, process.length, ordinal(course.number))));
      course.stands = true;
      ++course.number;
      calendar_.arm(core::Slot{index}, world.now() + length, why);
      return;
    }
  }
  ++course.number;
  arm_next(index, world.now());
}

bool Episodes::can_begin(const EpisodePlan::Process& process, const World& world) const {
  const world::State& state = world.state();
  switch (process.fault) {
    case RandomFault::node_crash:
    case RandomFault::node_pause:
    case RandomFault::worker_host_crash: return runs(state.hosts[process.host]);
    case RandomFault::network_burst:
      return state.hosts[process.host].powered && state.hosts[process.host].loss < everything_lost;
    case RandomFault::sql_crash: return state.instance.sql == Process::running || state.instance.sql == Process::hung;
    case RandomFault::sql_hang: return state.instance.sql == Process::running;
    case RandomFault::master_crash:
    case RandomFault::master_hang: return master_node(world) != none;
    case RandomFault::witness_down: return !state.witness.down;
    case RandomFault::patching: return !is_unsettled(world);  // not while another node is away
    case RandomFault::count_: break;
  }
  throw std::logic_error("no such random fault");
}

void Episodes::begin_fault(const EpisodePlan::Process& process, Course& course, RecordId why, World& world) {
  switch (process.fault) {
    case RandomFault::node_crash:
    case RandomFault::worker_host_crash: return world.membership().bugcheck(process.host, why);
    case RandomFault::node_pause: return world.membership().freeze(process.host, why);
    case RandomFault::network_burst:
      course.loss_before = world.state().hosts[process.host].loss;
      return world.membership().set_loss(process.host, everything_lost, why);
    case RandomFault::sql_crash: world.sql().crash(why); return;
    case RandomFault::sql_hang: world.sql().hang(why); return;
    case RandomFault::master_crash: world.masters().crash(master_node(world), why); return;
    case RandomFault::master_hang: world.masters().hang(master_node(world), why); return;
    case RandomFault::witness_down: return world.membership().set_witness_down(true, why);
    case RandomFault::patching: world.membership().shut_down(process.host, true, why); return;
    case RandomFault::count_: break;
  }
  throw std::logic_error("no such random fault");
}

/// Unless something else has ended it, or put another value in its place, meanwhile.
void Episodes::end_fault(const EpisodePlan::Process& process, const Course& course, RecordId cause, World& world) {
  const world::State& state = world.state();
  const auto why = [&] { return world.engine().emit(RecordKind::fault_repaired, world::cluster_id, cause, none); };
  switch (process.fault) {
    case RandomFault::node_pause:
      if (state.hosts[process.host].frozen) world.membership().thaw(process.host, why());
      return;
    case RandomFault::network_burst:
      if (state.hosts[process.host].loss == everything_lost) {
        world.membership().set_loss(process.host, course.loss_before, why());
      }
      return;
    case RandomFault::witness_down:
      if (state.witness.down) world.membership().set_witness_down(false, why());
      return;
    default: throw std::logic_error("a random fault lasts that is over at once");
  }
}

void Episodes::call_person(Time now) {
  const core::Slot person{static_cast<std::uint32_t>(courses_.size())};
  if (calendar_.armed(person)) return;
  calendar_.arm(person, now + plan_->reaction(key_, ordinal(calls_++), now), 0);
}

void Episodes::person_looks(World& world) {
  if (needs_person(world)) {
    const RecordId why = world.engine().emit(RecordKind::fault_repaired, world::cluster_id, 0, none, by_a_person);
    for (HostIndex node = 0; node < world.plan().node_count; ++node) {
      // The cluster finds the process gone and starts it again.
      if (hangs(world.state().hosts[node])) world.masters().crash(node, why);
    }
    if (world.state().instance.sql == Process::hung) world.sql().crash(why);
    for (ResourceIndex index = 0; index < world.state().resources.size(); ++index) {
      if (is_given_up(world, index)) world.roles().retry(index, why);
    }
    return call_person(world.now());
  }
  if (is_unsettled(world)) call_person(world.now());
}

bool needs_person(const World& world) {
  const world::State& state = world.state();
  for (HostIndex node = 0; node < world.plan().node_count; ++node) {
    if (hangs(state.hosts[node])) return true;
  }
  if (state.instance.sql == Process::hung) return true;
  for (ResourceIndex index = 0; index < state.resources.size(); ++index) {
    if (is_given_up(world, index)) return true;
  }
  return false;
}

}  // namespace rehearse::sim

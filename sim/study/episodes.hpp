// Random faults happening to a world: a process for each kind and machine, instance or service, of which one next fault
// is drawn at a time (behaviour.md 14). Draws are by the component's name and the fault's number, so another node or a
// faster cluster shifts nobody's faults. What ends by itself has its next fault drawn when it is over; a fault that
// finds nothing to act on (a crash of a machine that is off) does not happen.
//
// What does not heal by itself waits for a person, who comes a reaction time after the fault, looks at everything, does
// what is lacking (ends a process that hangs, retries a resource that was given up) and looks again as long as
// something is not in order. Machines and cluster services start by themselves after every random fault. The person's
// day lasts from 7 to 19 o'clock in the design's time zone, on every day of the week (assumed).
//
// Everything that names a part was looked up before; nothing here allocates or compares texts while faults happen.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "model/local_time.hpp"
#include "sim/core/calendar.hpp"
#include "sim/study/random_faults.hpp"
#include "sim/world/world.hpp"

namespace rehearse::sim {

/// The processes of a Blueprint; immutable, shared by all that replicate.
class EpisodePlan {
 public:
  EpisodePlan(std::shared_ptr<const world::Blueprint> plan, RandomFaults faults);

  struct Process {
    RandomFault fault = RandomFault::node_crash;
    world::HostIndex host = world::none;  // of the kinds that a machine has
    core::Stream next{}, length{};
    const core::Sampler* between = nullptr;  // null: by the calendar
    const core::Sampler* lasts = nullptr;    // null: it is over at once
  };
  const std::vector<Process>& processes() const { return processes_; }
  const world::Blueprint& blueprint() const { return *plan_; }

  /// Every process is exponential or keeps a calendar: what is still to come does not depend on how long nothing came.
  bool memoryless() const { return memoryless_; }

  /// A slot a process and one for the person, none armed.
  const core::Calendar& idle() const { return idle_; }

  /// How long until a person comes who is called at that time.
  Duration reaction(core::Key key, std::uint64_t ordinal, core::Time called) const;
  /// Of patching, the first one after this time.
  core::Time next_patching(world::HostIndex node, core::Time after) const;

 private:
  Duration offset_at(core::Time time) const;

  std::shared_ptr<const world::Blueprint> plan_;
  std::vector<Process> processes_;
  std::vector<model::OffsetSpan> offsets_;  // of the time zone, over the horizon and beyond
  core::Stream reaction_{};
  core::Calendar idle_;
  bool memoryless_ = true;
};

/// The faults of one run. A value: together with a copy of the world it goes on like the original.
class Episodes {
 public:
  /// The plan outlives it. Nothing happens before `begin`.
  explicit Episodes(const EpisodePlan& plan);

  /// Draws the first fault of each process. `key` is that of the run. Forgets what was before, without allocating.
  void begin(core::Key key, core::Time now);

  /// When something happens next; never: nothing does.
  core::Time next() const { return calendar_.next_time(); }

  /// Does to the world what is due now: its clock stands at next().
  void act(world::World& world);

  /// After a copy: the copy meets other faults than the original. All that is not yet decided is drawn anew: the next
  /// fault of every process where none stands, and everything later. What stands ends when it would have, a person who
  /// was called comes. `generation`: another one for each copy that descends from one beginning, not 0.
  /// Throws std::logic_error unless the plan is memoryless.
  void redraw(std::uint32_t generation, core::Time now);

  /// How often each kind has happened since `begin`.
  const std::array<std::uint32_t, random_fault_count>& happened() const { return happened_; }

 private:
  struct Course {
    std::uint32_t number = 0;       // of its next fault
    std::uint32_t loss_before = 0;  // of network_burst that stands, per million
    bool stands = false;
  };

  std::uint64_t ordinal(std::uint32_t number) const { return std::uint64_t{generation_} << 32 | number; }
  void arm_next(std::uint32_t process, core::Time now);
  void fire(std::uint32_t process, core::RecordId cause, world::World& world);
  bool can_begin(const EpisodePlan::Process& process, const world::World& world) const;
  void begin_fault(const EpisodePlan::Process& process, Course& course, core::RecordId why, world::World& world);
  void end_fault(const EpisodePlan::Process& process, const Course& course, core::RecordId why, world::World& world);
  void call_person(core::Time now);
  void person_looks(world::World& world);

  const EpisodePlan* plan_;
  core::Calendar calendar_;
  std::vector<Course> courses_;
  core::Key key_;
  std::uint32_t generation_ = 0;
  std::uint32_t calls_ = 0;
  std::array<std::uint32_t, random_fault_count> happened_{};
};

/// Lets time pass until `end` with the faults in it. `pass(until)` lets everything else happen up to and with that
/// instant: World::run_until, or a timeline's player.
template <class Pass>
void play(Episodes& episodes, world::World& world, core::Time end, Pass&& pass) {
  while (episodes.next() <= end) {
    const core::Time due = episodes.next();
    pass(due - Duration(1));
    if (world.now() < due) world.engine().advance_to(due);
    episodes.act(world);
  }
  pass(end);
}
inline void play(Episodes& episodes, world::World& world, core::Time end) {
  play(episodes, world, end, [&](core::Time until) { world.run_until(until); });
}

/// What a person would find to do now.
bool needs_person(const world::World& world);

}  // namespace rehearse::sim

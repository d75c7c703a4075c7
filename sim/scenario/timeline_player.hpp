// Plays the timeline of a scenario over a begun world: faults and repairs at their times, operations performed as steps
// by an operator who does one thing after the other, entries that wait for something to have happened. Faults that last
// for a while end by themselves; an operator who is late begins everything from then on that much later.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "sim/scenario/fault_injection.hpp"
#include "sim/scenario/run_result.hpp"
#include "sim/scenario/trigger.hpp"
#include "sim/world/world.hpp"

namespace rehearse::sim {

class Driver;
class StepProcedure;

class TimelinePlayer {
 public:
  /// The world has begun and stands at the start. Both outlive the timeline.
  TimelinePlayer(const Scenario& scenario, world::World& world);
  ~TimelinePlayer();
  TimelinePlayer(const TimelinePlayer&) = delete;
  TimelinePlayer& operator=(const TimelinePlayer&) = delete;

  /// Lets time pass until `end`, or until nothing is due and nothing more will happen. Returns where the clock stands.
  core::Time play(core::Time end, bool until_quiescent);

  /// What became of operations, and of faults that found nothing to act on, in the order of the timeline.
  std::vector<OperationNote> notes() const;

  /// The steps that the operator performed, by the numbers that operator_acts records give them.
  std::vector<std::string> acts() const;

 private:
  struct Entry {
    std::optional<core::Time> due;  // absent: what it waits for has not happened
    std::optional<Trigger> trigger;
    Duration late{};                // of an operation: how much later than due it begins already
    core::Time over = core::never;  // of a fault that lasts: when it is over by itself
    core::Time flap = core::never;  // of network.flap: when the card changes next
    bool acted = false;
    bool idle = false;  // it found nothing to act on
    std::unique_ptr<StepProcedure> procedure;
  };

  void act(std::size_t index);
  void change_what_lasts(core::Time due);
  Duration lateness(std::size_t index) const;
  bool step(core::Time until);
  void start_next_operation();
  void look_for_triggers();
  core::Time next_due() const;
  OperationNote note_of(std::size_t index) const;

  const Scenario& scenario_;
  world::World& world_;
  Faults faults_;
  std::vector<Entry> entries_;
  std::unique_ptr<Driver> driver_;  // only where the timeline holds an operation: other runs need no coroutine
  std::vector<std::size_t> queue_;  // operations that the operator has not come to yet
};

}  // namespace rehearse::sim

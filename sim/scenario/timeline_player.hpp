// Plays the timeline of a scenario over a begun world: faults and repairs at their times, operations performed as steps
// by an operator who does one thing after the other, entries that wait for something to have happened. Faults that last
// for a while end by themselves; an operator who is late begins everything from then on that much later.
//
// A fork goes on in a copy of the world with a timeline that begins like the original's and may end otherwise: the
// bookmark holds what stands, what is still to come of it, and the operations under way (driver.hpp).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "sim/scenario/fault_injection.hpp"
#include "sim/scenario/run_result.hpp"
#include "sim/scenario/trigger.hpp"
#include "sim/world/world.hpp"

namespace rehearse::sim {

class Driver;
class StepProcedure;
struct Bookmark;

class TimelinePlayer {
 public:
  /// The world has begun and stands at the start. All three outlive the player.
  TimelinePlayer(const model::Design& design, const std::vector<TimelineEntry>& timeline, world::World& world);

  /// What a fork needs beside a copy of the world. A value; the timeline that it was taken of outlives it.
  struct Bookmark;
  /// Between calls of `play`, and only while every entry that has acted stands before those that have not.
  Bookmark bookmark() const;
  /// Goes on in a copy of the world that was taken together with the bookmark. The timeline begins with the entries
  /// that had acted; the others come at times that have not passed.
  TimelinePlayer(const model::Design& design, const std::vector<TimelineEntry>& timeline, world::World& copy,
                 const Bookmark& bookmark);
  ~TimelinePlayer();
  TimelinePlayer(const TimelinePlayer&) = delete;
  TimelinePlayer& operator=(const TimelinePlayer&) = delete;

  /// Lets time pass until `end`, or until nothing is due and nothing more will happen. Returns where the clock stands.
  core::Time play(core::Time end, bool until_quiescent);

  /// From now on called after whatever changes the world, every event and every entry.
  void watch(std::function<void()> watcher) { watcher_ = std::move(watcher); }

  /// Whether the entry found something to act on; nullopt: its time has not come.
  std::optional<bool> acted(std::size_t entry) const;

  /// What became of operations, and of faults that found nothing to act on, in the order of the timeline.
  std::vector<OperationNote> notes() const;

  /// The steps that the operator performed, by the numbers that operator_acts records give them.
  std::vector<std::string> acts() const;

 private:
  struct Course {                   // of an entry
    std::optional<core::Time> due;  // absent: what it waits for has not happened
    Duration late{};                // of an operation: how much later than due it begins already
    core::Time over = core::never;  // of a fault that lasts: when it is over by itself
    core::Time flap = core::never;  // of network.flap: when the card changes next
    bool acted = false;
    bool idle = false;  // it found nothing to act on
  };
  struct Entry : Course {
    std::optional<Trigger> trigger;
    std::unique_ptr<StepProcedure> procedure;
  };

  void lay_out(std::size_t from);
  void act(std::size_t index);
  void change_what_lasts(core::Time due);
  Duration lateness(std::size_t index) const;
  bool step(core::Time until);
  void start_next_operation();
  void look_for_triggers();
  core::Time next_due() const;
  OperationNote note_of(std::size_t index) const;
  void changed() const {
    if (watcher_) watcher_();
  }

  const model::Design& design_;
  const std::vector<TimelineEntry>& timeline_;
  world::World& world_;
  Faults faults_;
  std::vector<Entry> entries_;
  std::unique_ptr<Driver> driver_;    // only where the timeline holds an operation: other runs need no coroutine
  std::vector<std::size_t> queue_;    // operations that the operator has not come to yet
  std::vector<std::size_t> started_;  // those begun, in their order
  bool waits_for_triggers_ = false;   // an entry may
  std::function<void()> watcher_;
};

struct TimelinePlayer::Bookmark {
  const TimelineEntry* first = nullptr;  // of the timeline that it was taken of
  std::vector<Course> courses;           // of the entries that have acted
  Faults::Memory faults;
  std::shared_ptr<const sim::Bookmark> operations;  // null: the driver was not needed yet
  std::vector<std::size_t> queue, started;
};

}  // namespace rehearse::sim

// What a study measures of a run, kept while it runs, without a journal of the whole: how long services are out, how
// long the queue is and how many slots are busy. One definition with reports: services as ServiceWatch sees them, work
// as work_figures counts it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/scenario/service_watch.hpp"
#include "sim/study/wide.hpp"
#include "sim/world/world.hpp"

namespace rehearse::sim {

class RunWatch {
 public:
  struct Options {
    core::Time warm_up{};  // availability and work count from here
    core::Time end{};      // where the last batch of the steady state ends; at or before warm_up: there are none
    std::uint64_t batches = 0;
    bool work = false;  // the queue and the slots are looked at, too
  };

  /// Of a world that stands at the start and has not begun. It outlives the watch. A watch is a value: a copy watches
  /// the same world.
  RunWatch(const world::World& world, const Options& options);

  /// What has happened since the last call, at one instant; the world stands behind it.
  void tell(const std::vector<world::Record>& records);
  /// The run ends here.
  void close(core::Time end);

  /// Of one service; after close().
  struct Out {
    Duration total{}, longest{};
    Duration after_warm_up{};
    std::uint32_t times = 0;
    bool at_end = false;
  };
  const std::vector<Service>& services() const { return watch_.services(); }
  const Out& out(std::size_t service) const { return spells_[service].out; }

  /// Work over a stretch of time, in nanoseconds times executions or slots.
  struct Work {
    Duration length{};
    Wide queued = 0, busy = 0, capacity = 0;
    std::int64_t queue_millionths() const;                       // mean
    std::optional<std::int64_t> utilisation_millionths() const;  // nullopt: there was nothing to do
  };
  Work work() const;  // from the warm-up on
  /// Steady state, of equal length; empty: the run was shorter.
  const std::vector<Work>& batches() const { return batches_; }
  std::uint32_t longest_queue() const { return longest_queue_; }

 private:
  struct Spell {
    bool open = false;
    core::Time since{};
    Out out;
  };

  void close_instant();
  void end_spell(Spell& spell, core::Time at);
  void look_at_work();
  void pass_work(core::Time until);

  const world::World* world_;
  Options options_;
  ServiceWatch watch_;
  std::vector<Spell> spells_;  // by service
  std::vector<std::size_t> touched_;
  core::Time now_{};

  std::vector<Work> batches_;
  Work before_, rest_;  // before the warm-up; after the last batch, or all where there are none
  core::Time work_until_{};
  std::uint32_t queue_ = 0, longest_queue_ = 0;
  std::int64_t held_ = 0, busy_ = 0, capacity_ = 0;
};

}  // namespace rehearse::sim

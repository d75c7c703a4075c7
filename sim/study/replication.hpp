// One replication of one point: the prepared world is assigned, begins under its key, the timeline is played, and what
// the study measures is read off. No coroutine runs unless the timeline holds a step.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "sim/scenario/runner.hpp"
#include "sim/study/episodes.hpp"
#include "sim/study/run_watch.hpp"
#include "sim/study/study.hpp"

namespace rehearse::sim {

class TimelinePlayer;

/// What a measure came to.
struct MeasuredValue {
  enum class Kind : std::uint8_t { known, at_least, none };
  Kind kind = Kind::none;
  std::int64_t value = 0;  // in the measure's unit
  friend bool operator==(const MeasuredValue&, const MeasuredValue&) = default;
};

struct ReplicationResult {
  std::vector<MeasuredValue> values;              // by measure; none of those that are shares
  std::vector<Duration> out;                      // by measure: of shares the time out
  Duration length{};                              // after the warm-up: what `out` is a share of
  std::vector<std::vector<std::int64_t>> series;  // by measure: of steady ones a value for each batch; -1: none
  std::vector<double> uniforms;                   // by variation
  std::uint32_t consulted = 0;                    // unknown switches that decisions rested on, as a mask
  std::uint64_t events = 0;
  /// Where it was asked for: outages with their phases.
  std::vector<Outage> outages;
};

/// Replicates a point. Not for several threads at once.
class Replicator {
 public:
  /// All three outlive it. `world` is where replications take place; several replicators that take turns may share it.
  Replicator(const Study& study, const StudyPoint& point, const Prepared& prepared, std::optional<world::World>& world);

  struct Depth {
    bool phases = false;      // the whole journal is kept and outages are told with their phases
    bool invariants = false;  // of phases only: throws std::logic_error for a broken one
    bool account = false;     // of phases only: account() has everything
  };
  const ReplicationResult& run(core::Key key, Depth depth);
  /// The latest replication that was run for an account, without verdicts.
  const RunResult& account() const { return account_; }

 private:
  template <class Tell>
  void play_faults(core::Key key, const std::shared_ptr<const world::Blueprint>& own, TimelinePlayer& player,
                   Tell&& tell);
  void measure(const RunWatch& watch, core::Time end);

  const Study& study_;
  const StudyPoint& point_;
  const Prepared& prepared_;
  std::optional<world::World>& world_;
  Scenario scenario_;  // with the variations of the latest replication
  bool design_varies_ = false, work_ = false;
  std::vector<std::size_t> service_of_;        // by measure: its place among the services
  std::unique_ptr<EpisodePlan> episode_plan_;  // where random faults come
  std::unique_ptr<Episodes> episodes_;
  world::Journal journal_;
  std::optional<RunWatch> fresh_, watch_;  // of the prepared world; of the latest replication
  ReplicationResult result_;
  RunResult account_;
};

}  // namespace rehearse::sim

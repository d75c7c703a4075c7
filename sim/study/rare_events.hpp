// How likely it is within a year that the cluster loses its quorum, that all nodes are down at a time, that work is
// lost: estimated by importance splitting on copied worlds (splitting.hpp) and, beside it and independently, by plain
// Monte Carlo. Faults are random ones (episodes.hpp); the design's random faults must be exponential.
//
// Levels: of the quorum, how many votes are away (nodes that are no active members or cannot be heard, and the
// witness); of the nodes, how many have no power; of work, one for SSISDB being closed and one for each node away.
//
// A batch of either kind is a pure function of its number; merging is adding whole numbers.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/runner.hpp"
#include "sim/study/episodes.hpp"
#include "sim/study/splitting.hpp"
#include "sim/study/tally.hpp"

namespace rehearse::sim {

enum class RareEvent : std::uint8_t {
  quorum_lost,     // no node is an active member of a quorate partition
  all_nodes_down,  // no node has power
  work_lost        // an execution was refused for good or ended without success, and nobody had stopped it
};
inline constexpr std::size_t rare_event_count = 3;
/// "quorum_lost", "all_nodes_down", "work_lost".
std::string_view to_text(RareEvent event);
std::optional<RareEvent> rare_event_from(std::string_view name);
std::vector<std::string> rare_event_names();

/// What works well for the default rates; the estimate is right with any.
std::vector<std::uint32_t> usual_factors(RareEvent event);

struct RareStudy {
  RareEvent event = RareEvent::quorum_lost;
  RandomFaults faults = RandomFaults::default_rates();
  Duration horizon{};                  // how long each replication lasts; within the horizon of the prepared world
  std::vector<std::uint32_t> factors;  // empty: the usual ones
  std::uint64_t seed = 1;
  std::uint64_t roots = 64;   // of splitting, in a batch
  std::uint64_t plain = 512;  // replications of plain Monte Carlo, in a batch
};

/// What batches came to: moments of the units that each batch of splitting hit, and counts.
struct RareTally {
  Moments units;  // an observation a batch
  SplittingCount splitting;
  std::uint64_t plain = 0, plain_hits = 0;

  void merge(const RareTally& other);
  /// As cells of a Tally: moments[0], and counts in the order of the members.
  Tally cells() const;
  /// Throws std::logic_error for a Tally of another make.
  static RareTally of(const Tally& cells);
  friend bool operator==(const RareTally&, const RareTally&) = default;
};

/// Everything that batches share; immutable. The prepared world was put there by `prepare` and outlives it.
class RareSetup {
 public:
  /// Throws std::logic_error for factors out of range and for random faults that are not exponential; ask `problem_of`
  /// before.
  RareSetup(const Prepared& prepared, RareStudy study);

  /// Why this design cannot be studied so, as a sentence; empty: it can.
  static std::string problem_of(const model::Design& design, RareEvent event, RandomFaults faults);

  const RareStudy& study() const { return study_; }
  const SplittingFactors& factors() const { return factors_; }
  const EpisodePlan& episodes() const { return episodes_; }
  const world::World& prepared() const { return prepared_.world; }

 private:
  const Prepared& prepared_;
  RareStudy study_;
  SplittingFactors factors_;
  EpisodePlan episodes_;
};

/// A rehearsal that runs into the rare event or not: what splitting copies.
class RarePath {
 public:
  /// `journal`: where the world's records go between two looks; all paths of a worker share one.
  RarePath(const RareSetup& setup, world::Journal& journal);

  /// From the beginning, as this replication.
  void begin(core::Key key);
  bool advance();
  bool hit() const { return hit_; }
  unsigned level() const;
  void redraw(std::uint32_t generation) { episodes_.redraw(generation, world_.now()); }

 private:
  void look();
  bool lost(const world::Record& record) const;

  const RareSetup* setup_;
  world::Journal* journal_;
  world::World world_;
  Episodes episodes_;
  core::Time horizon_;
  bool hit_ = false;
};

/// Runs batches one after the other; one a thread.
class RareWorker {
 public:
  /// The setup outlives it.
  explicit RareWorker(const RareSetup& setup);
  ~RareWorker();

  RareTally run(std::uint64_t batch);

 private:
  const RareSetup& setup_;
  std::unique_ptr<world::Journal> journal_;
  std::unique_ptr<RarePath> path_;
  Splitting<RarePath> splitting_;
};

/// Both answers, side by side.
struct RareResult {
  RareEvent event = RareEvent::quorum_lost;
  Duration horizon{};
  RareFigure splitting, plain;  // that it comes within the horizon
  Agreement agreement = Agreement::undecided;
  RareTally tally;

  /// The same within a year of 365 days, where the horizon is another: as if its stretches were independent and alike.
  static double in_a_year(double probability, Duration horizon);
};
/// At least two batches.
RareResult rare_result(const RareStudy& study, const RareTally& tally, double confidence);

}  // namespace rehearse::sim

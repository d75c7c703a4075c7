// Safety observations (behaviour.md 11): what happened in a run that no operator would want, whatever the scenario
// expects. A finding about the design or about what was done to it, never a bug in Rehearse. Each looks at the whole
// run and tells what it saw in a sentence with times, or nothing.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/run_result.hpp"

namespace rehearse::sim {

// One a file.
std::optional<std::string> observe_split_brain(const RunResult& run);
/// A process runs or hangs on more than one node.
bool two_masters(const world::State& state, const world::Blueprint& plan);
std::optional<std::string> observe_two_masters(const RunResult& run);
std::optional<std::string> observe_stray_service(const RunResult& run);
std::optional<std::string> observe_stale_owner(const RunResult& run);
std::optional<std::string> observe_overlapped_runs(const RunResult& run);
std::optional<std::string> observe_lost_messages(const RunResult& run);

/// Under the name by which a scenario expects it: "two masters".
struct NamedObservation {
  std::string_view name;
  std::optional<std::string> (*look)(const RunResult&);
};

/// All of them, in the order in which reports tell them.
std::span<const NamedObservation> named_observations();

struct Finding {
  std::string_view name;
  std::string text;  // what was seen
};

/// Everything that was seen.
std::vector<Finding> observe(const RunResult& run);
/// What the observation of that name saw, if anything. Throws std::logic_error for a name that there is not.
std::optional<std::string> observe(const RunResult& run, std::string_view name);

/// The times in which something was so, as sentences tell them.
class Stretch {
 public:
  /// It was so from one instant to the other; calls come in the order of time.
  void add(core::Time from, core::Time to);
  bool seen() const { return first_ != core::never; }
  Duration longest() const { return longest_; }
  /// "from 40m on, for 3m in all"
  std::string text() const;

 private:
  core::Time first_ = core::never, last_end_ = core::never;
  Duration total_{}, current_{}, longest_{};
};

}  // namespace rehearse::sim

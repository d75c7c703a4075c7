// How many workers, with how many slots each, get a batch done by its deadline with a given probability, although the
// node that runs SQL Server is lost at the worst moment and some workers are away all night.
//
// Nothing rests on a single run. A candidate (a number of workers and a MaxTaskCount) is rehearsed with more and more
// replications, looked at after 32, 64, 128, ... of them, until the interval of its probability lies on one side of the
// target; Clopper and Pearson's, at a confidence that is shared among all looks and all candidates, so that all
// verdicts together are right with the stated one. A candidate whose probability is too near the target stays
// undecided, and it is told about how many replications would decide it.
//
// The search bisects: it takes for granted that a further worker never makes the batch later. The worst moment is the
// worst of 64, spread over the time that the batch takes undisturbed, each tried with the same few replications, and
// the worst of these with more; the verdict then rests on other replications. It is looked for anew for every
// candidate.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/scenario.hpp"
#include "sim/study/statistics.hpp"
#include "sim/study/tally.hpp"

namespace rehearse::sim {

struct CapacityQuestion {
  std::string batch;
  double target = 0.95;                 // probability that it is done by its deadline
  std::uint32_t fewest = 1, most = 50;  // workers of the first pool
  std::vector<int> max_task_counts;     // empty: the design's
  bool failover = true;                 // the node that runs SQL Server loses power, and stays off
  std::optional<Duration> failover_at;  // since the scenario's start; absent: at the worst moment
  std::uint32_t workers_down = 0;       // the last ones of the pool, from the start on
  double confidence = 0.95;             // of all verdicts together
  std::uint64_t seed = 1;
  std::uint64_t most_replications = 4096;  // of a candidate
  unsigned threads = 1;                    // the answer is the same for any number
  std::function<bool()> interrupted;       // asked between replications; absent: never
};

enum class Sufficient : std::uint8_t { no, unknown, yes };
/// "no", "unknown", "yes".
std::string_view to_text(Sufficient sufficient);

struct CapacityVerdict {
  std::uint32_t workers = 0;
  int max_task_count = 0;
  Sufficient sufficient = Sufficient::unknown;
  std::uint64_t replications = 0, in_time = 0;
  statistics::Interval interval;        // of the probability, at the last look
  std::optional<Duration> failover_at;  // since the scenario's start
  std::optional<double> would_need;     // unknown only: about so many replications would decide; absent: no number
};

struct CapacityAnswer {
  /// For each MaxTaskCount in the order asked.
  struct Row {
    int max_task_count = 0;
    std::optional<std::uint32_t> enough;      // the fewest workers shown to be enough
    std::optional<std::uint32_t> not_enough;  // the most workers shown not to be
    /// With `enough` workers and the failover: how long what had piled up took to drain (drain.hpp), over 64
    /// replications. Absent without a failover.
    std::optional<Distribution> drain;
    /// No candidate between them is open.
    bool settled(const CapacityQuestion& question) const;
  };
  std::vector<Row> rows;
  std::vector<CapacityVerdict> tried;  // in the order tried
};

/// Why the question cannot be asked of this scenario, as sentences; empty: it can.
std::vector<std::string> problems_of(const CapacityQuestion& question, const Scenario& scenario);

/// The scenario with that many workers in its first pool; each has the certificate and the names that the pool's others
/// have. MaxTaskCount is the design's where it is absent.
Scenario with_workers(Scenario scenario, std::uint32_t workers, std::optional<int> max_task_count);

/// Throws Interrupted (runner.hpp), and std::logic_error where problems_of tells any.
CapacityAnswer find_capacity(const CapacityQuestion& question, const Scenario& scenario);

}  // namespace rehearse::sim

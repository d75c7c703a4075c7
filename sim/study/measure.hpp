// What a study measures of each replication, by the names that its file uses:
//
// - outage.SERVICE: how long it was out in all; longest_outage.SERVICE: at a stretch; outages.SERVICE: how often.
//   SERVICE is sql_server, ssisdb, scale_out_master, package_execution or "worker NAME";
// - availability.SERVICE: the share of the time, after the warm-up, in which it was there;
// - executions.COUNT: lost, doubled, succeeded, unfinished and so on, as scenarios expect them;
// - batch.NAME.late: how long after its deadline its last execution ended, 0 in time; batch.NAME.makespan: from its due
//   time until then. Of several days the longest;
// - queue.mean, queue.longest: executions that are ready; wait.mean, wait.p95, wait.longest: from creation to pick-up;
// - utilisation: busy slots of enabled workers among all of theirs, while there was work.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/service.hpp"

namespace rehearse::sim {

struct Measure {
  enum class Kind : std::uint8_t {
    outage,
    longest_outage,
    outages,
    availability,
    executions,
    batch_late,
    batch_makespan,
    wait_mean,
    wait_p95,
    wait_longest,
    queue_mean,
    queue_longest,
    utilisation
  };
  /// What a value is one of: a nanosecond, one, or a millionth.
  enum class Unit : std::uint8_t { duration, count, millionth };

  Kind kind = Kind::outage;
  std::string name;  // as above
  std::string of;    // service, count of executions, or batch
  Unit unit() const;
  /// A mean over a stretch of time, which a long run gives many of after its warm-up.
  bool steady() const { return kind == Kind::queue_mean || kind == Kind::utilisation; }
  /// Replications leave a pair of times, and not a value each.
  bool is_share() const { return kind == Kind::availability; }
};

/// "duration", "count", "share".
const char* to_text(Measure::Unit unit);

/// Every name that may be measured of this design, in the order of reports.
std::vector<Measure> measures_of(const world::Blueprint& plan);
/// Those that a study has that names none.
std::vector<Measure> usual_measures(const world::Blueprint& plan);

}  // namespace rehearse::sim

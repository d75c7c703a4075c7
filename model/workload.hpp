// The workload of a design, as values: where executions come from (behaviour.md 8). A source is a batch at a local time
// of day, a rate that follows the clock, or a history that was exported from a real catalog. What they have in common
// is a WorkloadSource; each kind adds when its executions arrive and how long their packages run.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "model/diagnostic.hpp"
#include "model/distribution.hpp"
#include "model/units.hpp"

namespace rehearse::model {

/// Who calls the catalog: a job of SQL Server Agent on the very instance that holds SSISDB, or an application
/// elsewhere.
enum class Submitter { sql_agent, external };

struct WorkloadSource {
  std::string name;     // unique over all sources of a design
  int retry_count = 0;  // of catalog.start_execution: a task may be picked up retry_count + 1 times (S 1.4)
  std::vector<std::string> workers;  // named with catalog.add_execution_worker (S 1.4), as the design spells them;
                                     // empty: any worker
  Submitter submitter = Submitter::sql_agent;
  std::optional<double> uses_instance;  // probability that a package works on the very instance; absent: the ledger's
  Place place;
};

/// Executions submitted at a local time of day, on every day or on certain days of the week.
struct Batch : WorkloadSource {
  std::chrono::seconds at{};               // local time of day in Design::time_zone
  std::vector<std::chrono::weekday> days;  // local days; empty: every day
  int executions = 0;
  int callers = 1;  // how many call create_execution side by side; they share one lock (S 1.4, S 6)
  std::optional<Distribution> duration;          // of one package; absent: the default of the ledger
  std::optional<std::chrono::seconds> deadline;  // local time of day; before `at` means the next day
  std::optional<int> priority;                   // stored with the task; pull_task ignores it (S 1.5)
};

/// From a local time of day on, arrivals come at `factor` times the stated rate.
struct ProfileStep {
  std::chrono::seconds from{};
  double factor = 1;
  friend bool operator==(const ProfileStep&, const ProfileStep&) = default;
};

/// Executions that arrive one by one at random (a Poisson process), more at some hours of the day than at others.
struct Rate : WorkloadSource {
  Rate() { submitter = Submitter::external; }

  double per_hour = 0;
  std::vector<ProfileStep> profile;        // rising in `from`; the last one goes on over midnight; empty: 1 all day
  std::optional<Distribution> duration;    // of one package; absent: the default of the ledger
  std::optional<Duration> deadline_after;  // how long after its arrival an execution shall have ended
};

/// One execution of a history.
struct HistoryRow {
  Date created{};                     // when start_execution put the task into the queue (tasks.CreatedTime)
  Duration run{};                     // of its last attempt: end_time - LastPickupTime (the calibration trap of S 6)
  int retry_count = 0;                // what the design states, else MaxExecutedCount - 1 of the file
  int executed_count = 1;             // attempts it took in reality; what the rehearsal needs may differ
  std::optional<std::string> worker;  // the machine that ran the last attempt in reality; it binds nobody
  friend bool operator==(const HistoryRow&, const HistoryRow&) = default;
};

/// Executions as a real catalog saw them, replayed with their distances and their lengths.
struct History : WorkloadSource {
  History() { submitter = Submitter::external; }

  std::string file;                        // the exported CSV, as named by the user
  std::optional<Date> starts;              // the instant of the file that falls on the rehearsal's start; absent: the
                                           // days are matched, see shift_of()
  std::vector<HistoryRow> rows;            // rising in `created`; those that could be used, at least one
  std::optional<Duration> deadline_after;  // how long after its arrival an execution shall have ended
};

/// What to add to the dates of a history so that they fall into a rehearsal that begins at `start`: a stated `starts`
/// falls on `start` itself; otherwise the local midnight before the first row falls on the local midnight before
/// `start`. Rows may come to lie before `start`: those do not arrive. Lengths stay what they are; where only one of the
/// two spans holds a change to or from summer time, local times differ by it afterwards.
/// Throws std::invalid_argument for an unknown zone.
Duration shift_of(const History& history, const std::string& zone, Date start);

}  // namespace rehearse::model

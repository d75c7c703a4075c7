// What a rehearsal leaves: the journal over the state it began with, and what was read off it. Reports read this and
// change nothing.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/outage.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/world/blueprint.hpp"
#include "sim/world/record.hpp"
#include "sim/world/state.hpp"

namespace rehearse::sim {

/// What became of the executions that the sources meant to submit (behaviour.md 8). Counts overlap where they say so.
struct TaskCounts {
  std::uint64_t planned = 0;  // by schedules and histories, within the time rehearsed; a rate plans no number
  std::uint64_t coming = 0;   // due within the time rehearsed, and at its end neither submitted nor given up
  std::uint64_t submitted = 0;
  std::uint64_t never_submitted = 0;
  std::uint64_t succeeded = 0;
  std::uint64_t ended_without_success = 0;
  std::uint64_t unfinished = 0;  // at the end of the rehearsal
  std::uint64_t overlapped = 0;  // two runs of one task alive at once: `doubled`
  std::uint64_t repeated = 0;    // a second attempt after a started first
  std::uint64_t refused_success = 0;
  std::uint64_t stamped = 0;  // "ended unexpectedly" by catalog.startup, for a while or for good

  std::uint64_t stopped = 0;  // of those that ended without success: by catalog.stop_operation, as somebody wished

  std::uint64_t lost() const { return ended_without_success - stopped + never_submitted; }
  std::uint64_t doubled() const { return overlapped; }
};

/// A batch on one of its days.
struct BatchDay {
  std::string name;
  core::Time due{};
  core::Time done = core::never;      // its last execution finished; never: not within the rehearsal
  core::Time deadline = core::never;  // never: none
  std::uint64_t executions = 0, succeeded = 0;

  /// From its due time until its last execution finished; nullopt: not within the rehearsal.
  std::optional<Duration> makespan() const { return done == core::never ? std::nullopt : std::optional(done - due); }
};

/// How the work went on its way through the farm (behaviour.md 8), over the whole rehearsal.
struct WorkFigures {
  /// From an execution's creation to its first pick-up.
  struct Wait {
    std::uint64_t of = 0;             // executions: those picked up, and those that still wait
    std::uint64_t still_waiting = 0;  // of these: they count with their time so far
    Duration mean{}, p50{}, p95{}, longest{};
  };
  /// Executions that are ready for dispatch.
  struct Queue {
    double mean = 0;  // over time
    std::uint64_t longest = 0, at_end = 0;
    core::Time longest_at = core::never;  // for the first time; never: it was always empty
  };
  /// Something about single executions that begins and ends.
  struct Spell {
    Duration longest{}, total{};  // of one spell; of all together
    bool going_on = false;        // one had not ended when the rehearsal did; it counts with its time so far
  };

  Wait wait;
  Queue queue;
  std::optional<double> utilisation;  // busy slots of enabled workers among all of theirs, mean over the time in which
                                      // something was queued or held by a worker; absent: there was no such time
  Spell overlap;                      // two packages of one execution alive: the double execution window
  Spell stamped;                      // shown as "ended unexpectedly"
  std::uint64_t late = 0;             // executions that ended after their deadline, or had not ended when it had passed
  std::uint64_t messages_kept = 0;    // executions whose messages lay on workers' disks at the end
  std::uint64_t timed_out = 0;        // calls of create_execution that ended in error 27195
  std::uint64_t refused = 0;          // submissions refused for good, for other reasons
};

enum class Outcome { passed, failed, unknown };
std::string_view to_text(Outcome outcome);

/// The judgement of one expectation.
struct Verdict {
  Outcome outcome = Outcome::unknown;
  std::string expectation;          // as written
  std::string reason;               // what was seen, one or two sentences
  std::vector<std::string> settle;  // lab tests that would settle an unknown
  model::Place place;
};

/// A step or operation of the timeline, or of the deployment.
struct OperationNote {
  std::string name, section, outcome, failure;  // failure: Windows' or the world's words; empty: none
  core::Time from{}, to{};
  bool to_fail = false;  // the scenario expects it to fail
};

struct RunResult {
  Scenario scenario;
  std::shared_ptr<const world::Blueprint> plan;
  world::State first;  // at the start, before journal.records[0]
  world::State last;
  world::Journal journal;  // from `begun` on
  core::Time end{};
  std::uint64_t fingerprint = 0;
  std::uint64_t events = 0;
  std::vector<OperationNote> deployment, operations;
  std::vector<std::string> acts;  // what the operator did, by the object of operator_acts records: a step each
  std::vector<Outage> outages;    // by service, then time
  TaskCounts tasks;
  WorkFigures work;
  std::vector<BatchDay> batches;
  std::vector<std::string> observations;  // safety observations: findings about the design (behaviour.md 11)
  std::vector<Verdict> verdicts;

  /// The worst of verdicts and observations: failed, then unknown, then passed.
  Outcome outcome() const;
};

}  // namespace rehearse::sim

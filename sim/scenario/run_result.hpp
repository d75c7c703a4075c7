// What a rehearsal leaves: the journal over the state it began with, and what was read off it. Reports read this and
// change nothing.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/scenario/outage.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/world/blueprint.hpp"
#include "sim/world/record.hpp"
#include "sim/world/state.hpp"

namespace rehearse::sim {

/// What became of the executions that the batches meant to submit (behaviour.md 8). Counts overlap where they say so.
struct TaskCounts {
  std::uint64_t planned = 0;  // by the schedules, within the time rehearsed
  std::uint64_t submitted = 0;
  std::uint64_t never_submitted = 0;
  std::uint64_t succeeded = 0;
  std::uint64_t ended_without_success = 0;
  std::uint64_t unfinished = 0;  // at the end of the rehearsal
  std::uint64_t overlapped = 0;  // two runs of one task alive at once: `doubled`
  std::uint64_t repeated = 0;    // a second attempt after a started first
  std::uint64_t refused_success = 0;
  std::uint64_t stamped = 0;  // "ended unexpectedly" by catalog.startup, for a while or for good

  std::uint64_t lost() const { return ended_without_success + never_submitted; }
  std::uint64_t doubled() const { return overlapped; }
};

/// A batch on one of its days.
struct BatchDay {
  std::string name;
  core::Time due{};
  core::Time done = core::never;      // its last execution finished; never: not within the rehearsal
  core::Time deadline = core::never;  // never: none
  std::uint64_t executions = 0, succeeded = 0;
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
  std::vector<BatchDay> batches;
  std::vector<std::string> observations;  // safety observations: findings about the design (behaviour.md 11)
  std::vector<Verdict> verdicts;

  /// The worst of verdicts and observations: failed, then unknown, then passed.
  Outcome outcome() const;
};

}  // namespace rehearse::sim

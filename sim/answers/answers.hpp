// Answers from a saved run alone: why a service was away, why a part is not in service, which parameters a result rests
// on, and which questions a run can answer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/answers/saved_result.hpp"

namespace rehearse::sim {

/// From the record nearest to the outside to the one that is explained, each the cause of the next.
using Chain = std::vector<const SavedRecord*>;

/// One outage of a service.
struct Away {
  /// A phase with the records in it, the last of which ended it.
  struct Part {
    const SavedPhase* phase = nullptr;
    Chain chain;
  };
  const SavedOutage* outage = nullptr;
  Chain before;  // up to the record that took the service away
  std::vector<Part> phases;
};

struct WhyAway {
  std::string service;
  std::optional<core::Time> from, to;
  std::vector<Away> outages;  // those within from and to; empty: it was there
  std::size_t elsewhere = 0;  // further outages, outside of from and to
};

/// A time in which a part was not in service.
struct Spell {
  core::Time from{}, to{};
  bool at_end = false;  // still so at the end of the run
  struct Step {
    const SavedState* state = nullptr;
    Chain chain;  // of its begin; only what the step before does not have
  };
  std::vector<Step> steps;
  std::vector<const SavedDecision*> decisions;  // about the part, meanwhile
};

struct WhyNot {
  const SavedPart* part = nullptr;
  std::vector<Spell> spells;              // in the order of time; empty: it was in service all the time
  std::vector<const SavedPart*> lacking;  // of a role or resource: others of its role not in service at the end
};

/// A question that the run can answer, as an option of the program with its value.
struct Question {
  std::string words;
  std::string option, value;  // value: empty for none
  std::optional<core::Time> from, to;
};

/// Names that can be asked about, for "did you mean".
std::vector<std::string> services_of(const SavedRun& run);
std::vector<std::string> parts_of(const SavedRun& run);

/// nullopt: there is no such service. A worker may be named alone.
std::optional<WhyAway> why_away(const SavedRun& run, const std::string& service, std::optional<core::Time> from,
                                std::optional<core::Time> to);
/// All parts of that name, or of that kind and name ("worker WRK1"); empty: there is none.
std::vector<WhyNot> why_not(const SavedRun& run, const std::string& name);
/// What the outages rest on, each parameter once, in the order in which they come up.
std::vector<SavedParameter> behind_outages(const SavedRun& run);
std::vector<Question> questions_of(const SavedRun& run);

}  // namespace rehearse::sim

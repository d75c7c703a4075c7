// A saved result of `rehearse run` (--save, or --format json), as it is read back: what is needed to answer questions
// about a run without rehearsing it again. The format is told in sim/report/json_report.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/diagnostic.hpp"
#include "sim/core/time.hpp"

namespace rehearse::sim {

/// The number of a record; 0: none.
using SavedId = std::uint64_t;

struct SavedRecord {
  SavedId id = 0, cause = 0;
  core::Time at{};
  std::string kind, who, subject, text, more;  // subject: the kind of part that `who` names
};

struct SavedParameter {
  std::string name, value, origin, source;
};

struct SavedPhase {
  std::string phase;
  core::Time from{}, to{};
  SavedId begins = 0, ends = 0;
  std::vector<SavedParameter> rests_on;
};

struct SavedOutage {
  std::string service;
  core::Time from{}, to{};
  bool censored = false;  // still out at the end
  std::vector<SavedPhase> phases;
};

struct SavedState {
  core::Time from{}, to{};
  std::string state, meaning;
  SavedId begun_by = 0;

  bool in_service() const { return meaning == "in service"; }
};

struct SavedPart {
  std::string kind, name, role;  // role: of a resource
  std::vector<SavedState> states;
};

struct SavedDecision {
  struct Option {
    std::string node, excluded;  // excluded: empty for a candidate
  };
  std::string about, answer, rule, source;
  core::Time at{};
  SavedId record = 0;
  std::vector<Option> options;
  std::vector<std::string> facts;
};

struct SavedSwitch {
  std::string name, settle;
  bool value = false;
};

struct SavedVerdict {
  std::string outcome, expectation, reason;
};

struct SavedRun {
  std::string scenario, file, design, design_file, start, outcome;
  std::uint64_t seed = 0;
  core::Time end{};
  std::vector<SavedVerdict> verdicts;
  std::vector<std::string> observations;
  std::vector<SavedOutage> outages;
  std::vector<SavedPart> parts;
  std::optional<std::vector<SavedDecision>> decisions;  // nullopt: not in the file
  std::vector<SavedSwitch> switches;
  std::vector<SavedParameter> parameters;
  std::vector<SavedRecord> records;  // numbered through, ascending

  /// nullptr: there is none of this number.
  const SavedRecord* find(SavedId id) const;
};

struct SavedResult {
  std::string program;  // the version that wrote it
  std::vector<SavedRun> runs;
};

struct SavedResultReading {
  std::optional<SavedResult> result;  // nullopt: there are errors
  std::vector<model::Diagnostic> diagnostics;
};

/// Reads it with all of its problems: of a damaged file each one with its place, of a file that is no saved result, or
/// one of another version of the format, that alone.
SavedResultReading read_saved_result(const std::string& text, const std::string& file);
SavedResultReading read_saved_result_file(const std::string& path);

}  // namespace rehearse::sim

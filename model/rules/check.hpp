// A design held against every rule: what was found, how grave each finding is here, and which of them the design
// accepts and why.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/design.hpp"
#include "model/diagnostic.hpp"
#include "model/rules/design_source.hpp"
#include "model/rules/rule.hpp"

namespace rehearse::model::rules {

struct CheckOptions {
  Date date{};  // "today"
  Duration horizon = std::chrono::days(60);
  std::map<std::string, Level> levels;  // by id; over what the design says, which is over the rule's own
};

/// A finding as it is told.
struct Told {
  const Rule* rule = nullptr;
  Level level = Level::note;  // never off
  std::string file;           // the design, or a file that it names
  Place place;
  std::size_t width = 1;  // bytes to mark
  std::string what, remedy;
  std::string excerpt;                  // the line of the place; empty: not at hand
  std::optional<std::string> accepted;  // the reason of the suppression that covers it
};

struct CheckResult {
  std::string file;
  std::string name;                     // of the design; empty where it could not be read
  std::vector<Diagnostic> diagnostics;  // of the reader; where one is an error nothing was checked
  std::optional<Design> design;         // as it was read, where it could be
  std::vector<Told> findings;           // by place in the design, then by rule; those of other files last

  bool readable() const { return !has_errors(diagnostics); }
  /// Findings of that level that nobody accepted.
  std::size_t count(Level level) const;
  std::size_t accepted() const;
};

/// Reads the design and applies every rule. `file_name` and `base_folder` as for read_design. Warnings of the reader
/// become findings of the rule CHECK-001, except where a rule speaks of the very place.
CheckResult check(std::string_view text, const std::string& file_name, const std::string& base_folder,
                  const CheckOptions& options);

}  // namespace rehearse::model::rules

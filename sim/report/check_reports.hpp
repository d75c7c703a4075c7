// What `rehearse check` found, for a terminal, for programs, for build servers and for code review. The same results
// give the same bytes.
//
// JSON:
// {
//   "format": "rehearse-check", "version": 1,
//   "outcome": "passed" | "failed",                        failed: an error that nobody accepted
//   "date": date, "horizon": seconds,
//   "designs": [ { "file", "name",
//     "counts": { "error", "warning", "note", "accepted" },
//     "findings": [ { "rule", "severity": "error" | "warning" | "note", "title", "file", "line", "column", "pointer",
//                     "what", "remedy", "why", "source", "accepted": reason or null } ],
//     "structure": object, only where it was asked for (model/structure/structure_report.hpp) } ]
// }
#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/rules/check.hpp"

namespace rehearse::sim {

struct CheckTextOptions {
  bool colour = false;
  bool quiet = false;  // no notes, nothing that is accepted
};

/// In the manner of compilers: place, line and a mark below it, then what to do.
void write_check_text(std::ostream& out, const model::rules::CheckResult& result, CheckTextOptions options);

/// `structures`: one of each result, as JSON; empty: not asked for.
void write_check_json(std::ostream& out, const std::vector<model::rules::CheckResult>& results,
                      const model::rules::CheckOptions& options, const std::vector<std::string>& structures = {});

/// A suite a design, a case a rule. Errors are failures; warnings and notes are the case's output, because JUnit knows
/// nothing between passed and failed.
void write_check_junit(std::ostream& out, const std::vector<model::rules::CheckResult>& results);

/// SARIF 2.1.0. `version` is the program's.
void write_check_sarif(std::ostream& out, const std::vector<model::rules::CheckResult>& results,
                       std::string_view version);

/// One rule for --explain; all of them for --rules, as text or as JSON:
/// [ { "id", "severity", "title", "why", "remedy", "source" } ]
void write_rule(std::ostream& out, const model::rules::Rule& rule);
void write_rules(std::ostream& out, std::span<const model::rules::Rule> rules);
void write_rules_json(std::ostream& out, std::span<const model::rules::Rule> rules);

}  // namespace rehearse::sim

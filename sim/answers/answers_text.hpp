// Answers about a saved run for a terminal and for programs.
//
// JSON, one object; times are seconds since the start of the run; records as { "id", "at", "text", "more" }:
//   "scenario", "file", "seed", and of the question that was asked
//   "why_away": { "service", "outages": [ { "from", "to", "length", "censored", "before": [records],
//                 "phases": [ { "phase", "from", "to", "length", "records": [records], "rests_on": [parameters] } ] } ]
//                 }
//   "why_not": [ { "kind", "name", "spells": [ { "from", "to", "at_end", "states": [ { "from", "to", "state",
//   "meaning",
//                "records" } ], "decisions": [ { "at", "about", "answer", "rule", "source", "facts", "options" } ] } ],
//                "lacking": [ { "kind", "name", "state" } ] } ]
//   "parameters": { "behind_outages": [ { "name", "value", "origin", "source" } ],
//                   "switches": [ { "name", "value", "settle" } ], "all": [as above] }
//   "questions": [ { "question", "option", "value", "from", "to" } ]                             where none was asked
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "sim/answers/answers.hpp"

namespace rehearse::sim {

struct AnswerTextOptions {
  bool colour = false;
  bool quiet = false;  // without what the answer rests on
};

void write_why_away(std::ostream& out, const SavedRun& run, const WhyAway& answer, AnswerTextOptions options);
void write_why_not(std::ostream& out, const SavedRun& run, const std::vector<WhyNot>& answers,
                   AnswerTextOptions options);
void write_parameters(std::ostream& out, const SavedRun& run, AnswerTextOptions options);
/// What the run came to. The questions follow as the commands that ask them, which the caller spells.
void write_summary(std::ostream& out, const SavedRun& run, AnswerTextOptions options);

void write_why_away_json(std::ostream& out, const SavedRun& run, const WhyAway& answer);
void write_why_not_json(std::ostream& out, const SavedRun& run, const std::vector<WhyNot>& answers);
void write_parameters_json(std::ostream& out, const SavedRun& run);
void write_summary_json(std::ostream& out, const SavedRun& run);

}  // namespace rehearse::sim

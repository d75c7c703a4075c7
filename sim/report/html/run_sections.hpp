// The sections of a run's report, each a heading with what belongs to it. A section that would be empty writes nothing.
#pragma once

#include <string>

#include "sim/report/html/markup.hpp"
#include "sim/scenario/run_result.hpp"

namespace rehearse::sim::html {

/// A run, and what its elements are called: ids begin with `id`, and its headings are of that level.
struct RunPart {
  const RunResult& run;
  std::string id;  // "run1"
  int level = 2;

  std::string heading() const { return "h" + std::to_string(level); }
  std::string sub_heading() const { return "h" + std::to_string(level + 1); }
};

void write_design(Markup& page, const RunPart& part);
void write_verdicts(Markup& page, const RunPart& part);
void write_timeline(Markup& page, const RunPart& part);
void write_outages(Markup& page, const RunPart& part);
void write_work(Markup& page, const RunPart& part);
void write_steps(Markup& page, const RunPart& part);
void write_decisions(Markup& page, const RunPart& part);
void write_ledger(Markup& page, const RunPart& part);

}  // namespace rehearse::sim::html

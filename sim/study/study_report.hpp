// What a study found, for people, for programs and for spreadsheets. Reports hold nothing of the clock on the wall and
// nothing of how the work was divided, so that the same study gives the same bytes.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "sim/study/figures.hpp"

namespace rehearse::sim {

struct StudyReport {
  const Study& study;
  const StudyLayout& layout;
  const Tally& tally;
  StudyFigures figures;
  bool interrupted = false;
  bool precise = true;                                 // every target was reached, or there is none
  std::optional<StudyAnswers> answers = std::nullopt;  // to what was asked beside the figures
};
StudyReport report_of(const Study& study, const StudyLayout& layout, const Tally& tally, bool interrupted);

void write_study_text(std::ostream& out, const StudyReport& report);
void write_study_json(std::ostream& out, const StudyReport& report);
/// A line for each point and measure, with a heading.
void write_study_csv(std::ostream& out, const StudyReport& report);

/// A value of the measure, with its unit: "41.213s", "99.9871 %", "3.25".
std::string figure_text(const Measure& measure, double value);

}  // namespace rehearse::sim

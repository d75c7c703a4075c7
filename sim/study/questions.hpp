// What a study file may ask beside the figures of its points: rare events, capacity, and which settings to choose. Each
// is answered from rehearsals of its own, after the study's replications; the same study gives the same answers on any
// number of threads.
#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "sim/study/advice.hpp"
#include "sim/study/capacity.hpp"
#include "sim/study/rare_events.hpp"

namespace rehearse::sim {

struct Study;
struct StudyFigures;

/// "rare": { "events": ["quorum_lost"], "faults": "default rates", "batches": 40, "horizon": "365d" }
struct RareQuestion {
  std::vector<RareEvent> events;
  RandomFaults faults = RandomFaults::default_rates();
  std::uint64_t batches = 40;
  Duration horizon = std::chrono::hours(24 * 365);
};

/// "advice": { "outage": "outage.ssisdb", "quantile": 0.99, "years": 200 }
struct AdviceQuestion {
  std::size_t measure = 0;    // of Study::measures: a length
  double quantile = 0.99;     // one of told_quantiles
  std::uint64_t years = 200;  // of each point, for its false failovers
};

struct StudyQuestions {
  std::optional<RareQuestion> rare;          // of the first point's design, without its timeline
  std::optional<CapacityQuestion> capacity;  // of the first point
  std::optional<AdviceQuestion> advice;      // over all points
  bool any() const { return rare || capacity || advice; }
};

struct StudyAnswers {
  std::vector<RareResult> rare;
  std::optional<CapacityAnswer> capacity;
  std::vector<SettingOption> options;      // of advice, by point; those without a known quantile are left out
  std::vector<std::size_t> option_points;  // which point each is
  std::vector<OptionStanding> standings;   // by option
  /// Every question has an answer: nothing stayed unknown that more replications would decide.
  bool settled = true;
};

/// Throws Interrupted.
StudyAnswers answer_questions(const Study& study, const StudyFigures& figures, unsigned threads,
                              const std::function<bool()>& interrupted);

void write_answers_text(std::ostream& out, const Study& study, const StudyAnswers& answers);
/// A JSON object.
std::string answers_json(const Study& study, const StudyAnswers& answers);

}  // namespace rehearse::sim

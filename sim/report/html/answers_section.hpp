// What a study asked beside its measures, as a section of its report: rare events, the capacity curve, and settings on
// the Pareto front.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "sim/report/html/markup.hpp"
#include "sim/study/questions.hpp"
#include "sim/study/study.hpp"

namespace rehearse::sim::html {

/// The probability that the batch is done in time over the number of workers, a colour for each MaxTaskCount.
nlohmann::ordered_json capacity_chart(const CapacityQuestion& question, const CapacityAnswer& answer);

/// Outage against false failovers, both with their intervals; settings that no other beats stand out.
nlohmann::ordered_json front_chart(const StudyAnswers& answers, const std::string& measure);

void write_answers(Markup& page, const Study& study, const StudyAnswers& answers);

}  // namespace rehearse::sim::html

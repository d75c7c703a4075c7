// What the charts of all reports have in common: their axes, their colours, and how times stand in them. Charts are
// Vega-Lite specifications; fonts, lines and backgrounds are the page's (report.js), so that a specification says what
// is shown and not how a theme looks.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <string_view>

#include "sim/core/time.hpp"
#include "sim/report/html/lanes.hpp"
#include "sim/scenario/run_result.hpp"

namespace rehearse::sim::html {

using Json = nlohmann::ordered_json;

/// A chart as wide as its place in the page, with nothing in it yet.
Json empty_chart(std::string_view description);

/// In milliseconds, which is how times and lengths stand in charts.
double milliseconds(core::Time time);
double milliseconds(Duration length);

/// The parameters `lo` and `hi`: the stretch of time that is shown, which the page changes. At first that is the
/// stretch in which anything came from outside or was out, where the rehearsal is much longer than that.
Json zoom_parameters(const RunResult& run);
/// An encoding of the time since the start, between `lo` and `hi`.
Json time_channel(std::string_view field, bool axis_on_top = false);
/// An encoding of a length of time.
Json length_channel(std::string_view field, std::string_view title);

/// An encoding of what something is, each of `domain` in its colour of `range`; what they mean stands in a legend.
Json colour_channel(std::string_view field, Json domain, Json range);
/// Of the field "phase": each phase in its colour, after what `domain` and `range` hold already.
Json phase_channel(const std::set<Phase>& phases, Json domain, Json range);

/// A field that tooltips show under this title.
Json told(std::string_view field, std::string_view title);

/// Safe for readers who do not tell red from green, and readable under dark text on light and on dark pages.
std::string_view colour_of(Tone tone);
std::string_view colour_of(Phase phase);
std::string_view colour_of(Mark::Kind kind);

}  // namespace rehearse::sim::html

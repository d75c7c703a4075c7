#include "sim/report/html/chart.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "sim/report/html/words.hpp"

namespace rehearse::sim::html {
namespace {

/// "0:40", and what is finer only where ticks are that close; "2d 0:40" and at last "31d" over days.
constexpr std::string_view time_label =
    "(datum.value < 0 ? '\u2212' : '') + (abs(datum.value) >= 86400000 ? floor(abs(datum.value) / 86400000) + 'd ' : "
    "'') + (hi - lo > 259200000 && datum.value != 0 && datum.value % 86400000 == 0 ? '' : "
    "floor((abs(datum.value) % 86400000) / 3600000) + utcFormat(abs(datum.value), ':%M') + "
    "(datum.value % 60000 != 0 || hi - lo < 1200000 ? utcFormat(abs(datum.value), ':%S') : '') + "
    "(datum.value % 1000 != 0 ? utcFormat(abs(datum.value), '.%L') : ''))";

constexpr std::string_view length_label =
    "datum.value == 0 ? '0' : datum.value % 1000 != 0 ? format(datum.value / 1000, '~r') + 's' : "
    "(datum.value >= 3600000 ? floor(datum.value / 3600000) + 'h' : '') + "
    "(datum.value % 3600000 >= 60000 ? floor((datum.value % 3600000) / 60000) + 'm' : '') + "
    "(datum.value % 60000 != 0 ? (datum.value % 60000) / 1000 + 's' : '')";

}  // namespace

Json empty_chart(std::string_view description) {
  return {{"$schema", "https://vega.github.io/schema/vega-lite/v6.json"},
          {"description", description},
          {"width", "container"},
          {"autosize", {{"type", "fit-x"}, {"contains", "padding"}}}};
}

double milliseconds(Duration length) {
  return std::chrono::duration<double, std::milli>(length).count();
}
double milliseconds(core::Time time) {
  return milliseconds(time.time_since_epoch());
}

Json zoom_parameters(const RunResult& run) {
  const double end = std::max(milliseconds(run.end), 1.0);
  double from = end, to = 0;
  const auto widen = [&](core::Time at) {
    from = std::min(from, milliseconds(at));
    to = std::max(to, milliseconds(at));
  };
  for (const world::Record& record : run.journal.records) {
    const bool fault = record.kind == world::RecordKind::fault_injected;
    if (fault || record.kind == world::RecordKind::fault_repaired || record.kind == world::RecordKind::operator_acts)
      widen(record.at);
  }
  for (const Outage& outage : run.outages) {
    widen(outage.from);
    widen(outage.to);
  }
  const double margin = std::max((to - from) * 0.08, 30'000.0);
  from = std::max(0.0, from - margin);
  to = std::min(end, to + margin);
  if (to <= from || to - from > end * 0.6) {
    from = 0;
    to = end;
  }
  return Json::array({Json{{"name", "lo"}, {"value", from}}, Json{{"name", "hi"}, {"value", to}},
                      Json{{"name", "last"}, {"value", end}}});
}

Json time_channel(std::string_view field, bool axis_on_top) {
  Json bounds = Json::array();
  bounds.push_back({{"expr", "lo"}});
  bounds.push_back({{"expr", "hi"}});
  return {{"field", field},
          {"type", "temporal"},
          {"scale", {{"type", "utc"}, {"domain", std::move(bounds)}, {"nice", false}}},
          {"axis",
           {{"title", "time since the start"},
            {"orient", axis_on_top ? "top" : "bottom"},
            {"labelExpr", time_label},
            {"labelOverlap", true},
            {"labelFlush", true},
            {"tickCount", {{"expr", "max(2, width / 110)"}}},
            {"grid", true}}}};
}

Json length_channel(std::string_view field, std::string_view title) {
  return {{"field", field},
          {"type", "quantitative"},
          {"title", title},
          {"axis", {{"labelExpr", length_label}, {"tickCount", {{"expr", "max(2, width / 90)"}}}}}};
}

Json colour_channel(std::string_view field, Json domain, Json range) {
  return {{"field", field},
          {"type", "nominal"},
          {"title", nullptr},
          {"scale", {{"domain", std::move(domain)}, {"range", std::move(range)}}}};
}

Json phase_channel(const std::set<Phase>& phases, Json domain, Json range) {
  for (const Phase phase : phases) {
    domain.push_back(words_of(phase));
    range.push_back(colour_of(phase));
  }
  return colour_channel("phase", std::move(domain), std::move(range));
}

Json told(std::string_view field, std::string_view title) {
  return {{"field", field}, {"title", title}, {"type", "nominal"}};
}

std::string_view colour_of(Tone tone) {
  switch (tone) {
    case Tone::good: return "#7cc4ab";
    case Tone::changing: return "#f2bb4a";
    case Tone::limited: return "#7fbdea";
    case Tone::bad: return "#e9743f";
    case Tone::idle: return "#c4cad1";
    case Tone::count_: break;
  }
  return "#000000";
}

std::string_view colour_of(Phase phase) {
  switch (phase) {
    case Phase::detect: return "#6fb7e9";
    case Phase::regroup: return "#3d8fd1";
    case Phase::arbitrate: return "#a4d4f4";
    case Phase::no_quorum: return "#8f86e0";
    case Phase::restart_attempts: return "#d79abf";
    case Phase::wait_retry: return "#c06fb6";
    case Phase::pending_timeout: return "#e58fb0";
    case Phase::stop: return "#a9adb3";
    case Phase::storage: return "#ddcc77";
    case Phase::address_and_name: return "#b3ad4d";
    case Phase::sql_start: return "#f0b040";
    case Phase::recovery: return "#e9743f";
    case Phase::master_start: return "#4fb893";
    case Phase::name_resolution: return "#6cc5bb";
    case Phase::reconnect: return "#8fce8a";
    case Phase::handshake_refused: return "#dd7a88";
    case Phase::lease_and_sweep: return "#efe25f";
    case Phase::boot_and_join: return "#c9ced4";
    case Phase::operator_: return "#c48f6d";
    case Phase::count_: break;
  }
  return "#000000";
}

std::string_view colour_of(Mark::Kind kind) {
  switch (kind) {
    case Mark::Kind::fault: return "#d1495b";
    case Mark::Kind::repair: return "#2f8f6b";
    case Mark::Kind::step: return "#3d7fc4";
  }
  return "#000000";
}

}  // namespace rehearse::sim::html

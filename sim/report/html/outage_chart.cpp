#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "sim/report/html/chart.hpp"
#include "sim/report/html/run_charts.hpp"
#include "sim/report/html/words.hpp"
#include "sim/report/time_text.hpp"
#include "sim/report/worker_outages.hpp"

namespace rehearse::sim::html {

std::vector<ToldOutage> told_outages(const RunResult& run) {
  std::vector<ToldOutage> told;
  for (const Outage& outage : run.outages) {
    if (outage.service.kind != Service::Kind::worker) told.push_back({title_of(outage.service, *run.plan), &outage});
  }
  for (const WorkerEpisode& episode : worker_episodes(run.outages)) {
    const std::string name = title_of(episode.last->service, *run.plan);
    told.push_back(
        {episode.workers == 1 ? name : fmt::format("{} workers, last {}", episode.workers, name), episode.last});
  }
  std::stable_sort(told.begin(), told.end(),
                   [](const ToldOutage& a, const ToldOutage& b) { return a.outage->from < b.outage->from; });
  return told;
}

Json outage_chart(const std::vector<ToldOutage>& outages) {
  Json rows = Json::array(), order = Json::array(), names = Json::object();
  std::set<Phase> there;
  double longest = 1;
  for (std::size_t index = 0; index < outages.size(); ++index) {
    const auto& [name, outage] = outages[index];
    const std::string key = fmt::format("o{}", index);
    order.push_back(key);
    longest = std::max(longest, milliseconds(outage->length()));
    names[key] = fmt::format("{}, {}{}", name, offset_text(outage->from), outage->censored ? ", not over" : "");
    for (const PhaseSpan& span : outage->phases) {
      there.insert(span.phase);
      rows.push_back({{"outage", key},
                      {"name", name},
                      {"phase", words_of(span.phase)},
                      {"from", milliseconds(span.from - outage->from)},
                      {"to", milliseconds(span.to - outage->from)},
                      {"length", length_text(span.to - span.from)},
                      {"since", offset_text(span.from)},
                      {"whole", length_text(outage->length())}});
    }
  }
  const Json lanes = {{"field", "outage"},
                      {"type", "nominal"},
                      {"sort", nullptr},
                      {"title", nullptr},
                      {"scale", {{"domain", order}}},
                      {"axis",
                       {{"labelExpr", "names[datum.value]"},
                        {"labelLimit", {{"expr", "label_width"}}},
                        {"minExtent", {{"expr", "label_width"}}},
                        {"domain", false},
                        {"ticks", false}}}};
  Json chart = empty_chart("How long each service was away, by phase");
  chart["height"] = {{"step", 26}};
  chart["params"] = Json::array();
  chart["params"].push_back({{"name", "label_width"}, {"value", 190}});
  chart["params"].push_back({{"name", "names"}, {"value", std::move(names)}});
  chart["params"].push_back({{"name", "longest"}, {"value", longest}});
  chart["data"] = {{"values", std::move(rows)}};
  chart["encoding"] = {{"y", lanes}};
  Json length = length_channel("from", "away for");
  length["scale"] = {{"domain", {0, longest}}};
  Json bars = {{"name", "bars"},
               {"mark", {{"type", "bar"}}},
               {"encoding",
                {{"x", length},
                 {"x2", {{"field", "to"}}},
                 {"color", phase_channel(there, Json::array(), Json::array())},
                 {"description", {{"field", "phase"}}},
                 {"tooltip",
                  {told("name", "Away"), told("phase", "Phase"), told("since", "From"), told("length", "For"),
                   told("whole", "Of")}}}}};
  Json labels = {
      {"name", "labels"},
      {"transform",
       Json::array({Json{{"filter", "(datum.to - datum.from) / longest * width > 6.2 * length(datum.phase) + 8"}}})},
      {"mark",
       {{"type", "text"},
        {"align", "left"},
        {"baseline", "middle"},
        {"dx", 4},
        {"fontSize", 11},
        {"color", "#14181c"},
        {"tooltip", nullptr},
        {"aria", false}}},
      {"encoding", {{"x", length}, {"text", {{"field", "phase"}}}}}};
  chart["layer"] = Json::array({std::move(bars), std::move(labels)});
  return chart;
}

}  // namespace rehearse::sim::html

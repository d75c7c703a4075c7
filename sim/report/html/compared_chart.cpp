#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "sim/report/html/chart.hpp"
#include "sim/report/html/diff_page.hpp"
#include "sim/report/html/words.hpp"
#include "sim/report/time_text.hpp"

namespace rehearse::sim::html {
namespace {

constexpr std::string_view the_same = "the same in both";

}  // namespace

Json compared_chart(const std::vector<ComparedOutage>& outages) {
  Json rows = Json::array(), order = Json::array(), names = Json::object();
  std::set<Phase> there;
  for (std::size_t index = 0; index < outages.size(); ++index) {
    const auto& [where, outage] = outages[index];
    for (const bool first : {true, false}) {
      const std::string key = fmt::format("{}{}", first ? 'a' : 'b', index);
      const Duration whole = first ? outage.a : outage.b;
      order.push_back(key);
      names[key] = first ? fmt::format("{}  A", outage.service) : "B";
      Duration at{};
      const auto add = [&](std::string_view phase, Duration length) {
        if (length <= Duration::zero()) return;
        rows.push_back({{"row", key},
                        {"where", where},
                        {"service", outage.service},
                        {"side", first ? "A" : "B"},
                        {"phase", phase},
                        {"from", milliseconds(at)},
                        {"to", milliseconds(at + length)},
                        {"length", length_text(length)},
                        {"whole", length_text(whole)}});
        at += length;
      };
      Duration differing{};
      for (const OutageDifference::OfPhase& phase : outage.phases) differing += first ? phase.a : phase.b;
      add(the_same, whole - differing);
      for (const OutageDifference::OfPhase& phase : outage.phases) {
        there.insert(phase.phase);
        add(words_of(phase.phase), first ? phase.a : phase.b);
      }
    }
    order.push_back(fmt::format("g{}", index));
    names[fmt::format("g{}", index)] = "";
  }
  Json chart = empty_chart("How long services are out in design A and in design B, by the phases that differ");
  chart["height"] = {{"step", 16}};
  chart["params"] =
      Json::array({Json{{"name", "label_width"}, {"value", 190}}, Json{{"name", "names"}, {"value", names}}});
  chart["data"] = {{"values", std::move(rows)}};
  chart["mark"] = {{"type", "bar"}};
  chart["encoding"] = {{"y",
                        {{"field", "row"},
                         {"type", "nominal"},
                         {"sort", nullptr},
                         {"title", nullptr},
                         {"scale", {{"domain", order}}},
                         {"axis",
                          {{"labelExpr", "names[datum.value]"},
                           {"labelLimit", {{"expr", "label_width"}}},
                           {"domain", false},
                           {"ticks", false}}}}},
                       {"x", length_channel("from", "away for")},
                       {"x2", {{"field", "to"}}},
                       {"color", phase_channel(there, Json::array({the_same}), Json::array({"#c4cad1"}))},
                       {"description", {{"field", "phase"}}},
                       {"tooltip",
                        {told("where", "In"), told("service", "Service"), told("side", "Design"),
                         told("phase", "Phase"), told("length", "For"), told("whole", "Of")}}};
  return chart;
}

}  // namespace rehearse::sim::html

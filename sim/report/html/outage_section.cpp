// How long each service was away: the chart, its table, and the chain of causes of each outage.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "sim/report/html/chain.hpp"
#include "sim/report/html/page.hpp"
#include "sim/report/html/run_charts.hpp"
#include "sim/report/html/run_sections.hpp"
#include "sim/report/html/words.hpp"
#include "sim/report/time_text.hpp"

namespace rehearse::sim::html {
namespace {

using fmt::format;

/// More outages than these are told by the table alone: their chains would be a book.
constexpr std::size_t most_chains = 24;

std::string phases_text(const Outage& outage) {
  std::string text;
  for (const PhaseSpan& span : outage.phases)
    text += format("{}{} {}", text.empty() ? "" : ", ", words_of(span.phase), length_text(span.to - span.from));
  return text;
}

std::string length_of(const Outage& outage) {
  return length_text(outage.length()) + (outage.censored ? " and not over" : "");
}

void write_chain(Markup& page, const ToldOutage& told, const RunResult& run, bool open) {
  const Outage& outage = *told.outage;
  page.open("details", open ? Attributes{{"class", "chain"}, {"open", ""}} : Attributes{{"class", "chain"}});
  page.element("summary", format("{}: away {} from {}", told.name, length_of(outage), offset_text(outage.from)));
  page.open("ol");
  for (const ChainLink& link : chain_of(outage, run)) {
    page.open("li").element("time", offset_text(link.at)).open("span").text(link.text);
    if (!link.phase.empty()) {
      page.open("span", {{"class", "phase"}}).text(link.phase + " ").element("b", length_text(link.length)).close();
    }
    page.close().close();
  }
  page.close().close();
}

}  // namespace

void write_outages(Markup& page, const RunPart& part) {
  const RunResult& run = part.run;
  page.open("section", {{"id", part.id + "-outages"}}).element(part.heading(), "Outages");
  const std::vector<ToldOutage> outages = told_outages(run);
  if (outages.empty()) {
    page.element("p", "No service was away.").close();
    return;
  }
  std::string label = "Outages by phase: ";
  HtmlTable table("Outages by phase", {"Service", "From", "Away", "Phases"}, {1, 2});
  for (const ToldOutage& told : outages) {
    label += format("{}{} {}", label.ends_with(": ") ? "" : ", ", told.name, length_of(*told.outage));
    table.add({told.name, offset_text(told.outage->from), length_of(*told.outage), phases_text(*told.outage)});
  }
  write_chart(page, {part.id + "-phases", label, "", false}, outage_chart(outages));
  table.write(page);
  page.element(part.sub_heading(), "Why so long");
  if (outages.size() > most_chains)
    page.element("p", format("The first {} of {}.", most_chains, outages.size()), {{"class", "quiet"}});
  for (std::size_t index = 0; index < std::min(outages.size(), most_chains); ++index)
    write_chain(page, outages[index], run, index == 0);
  page.close();
}

}  // namespace rehearse::sim::html

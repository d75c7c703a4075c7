#include "sim/report/html/check_page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/report/html/page.hpp"
#include "sim/report/html/words.hpp"

namespace rehearse::sim::html {
namespace {

using fmt::format;
using model::rules::CheckResult;
using model::rules::Level;
using model::rules::Told;

std::string word_of(const Told& told) {
  return told.accepted ? "accepted" : std::string(to_text(told.level));
}

/// A finding as a card that can be linked to.
void write_finding(Markup& page, const Told& told, const std::string& id) {
  page.open("div", {{"class", "finding " + word_of(told)}, {"id", id}}).open("p");
  page.element("span", word_of(told), {{"class", "badge " + word_of(told)}});
  page.text(" ").element("code", told.rule->id).text(" ").element("b", told.rule->title).close();
  page.element("p", told.what);
  if (!told.remedy.empty()) page.open("p").element("b", "Remedy: ").text(told.remedy).close();
  if (told.accepted) page.open("p").element("b", "Accepted: ").text(*told.accepted).close();
  page.open("details").element("summary", "Why");
  page.element("p", format("{} ({})", told.rule->why, told.rule->source)).close().close();
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

/// The line with what the findings are about marked in it.
void write_line(Markup& page, std::string_view line, const std::vector<const Told*>& findings) {
  page.open("code");
  const Told* first = findings.empty() ? nullptr : findings.front();
  const auto column = first == nullptr ? 0 : static_cast<std::size_t>(std::max(first->place.column, 1)) - 1;
  if (first == nullptr || column >= line.size()) {
    page.text(line);
  } else {
    page.text(line.substr(0, column)).element("mark", line.substr(column, first->width));
    if (column + first->width < line.size()) page.text(line.substr(column + first->width));
  }
  page.close();
}

class DesignPart {
 public:
  DesignPart(const CheckedDesign& design, std::string id) : design_(design), id_(std::move(id)) {}

  void write(Markup& page) const {
    const CheckResult& result = *design_.result;
    page.open("article", {{"id", id_}});
    page.element("h2", result.name.empty() ? result.file : format("{} ({})", result.name, result.file));
    page.open("section").element("h3", "Findings");
    if (result.findings.empty()) page.element("p", "No rule found anything.");
    if (!result.findings.empty()) write_table(page);
    page.close();
    write_source(page);
    write_others(page);
    page.close();
  }

 private:
  std::string id_of(const Told& told) const {
    return format("{}-finding{}", id_, &told - design_.result->findings.data() + 1);
  }
  bool is_in_design(const Told& told) const { return told.file == design_.result->file && told.place.line > 0; }

  void write_table(Markup& page) const {
    page.open("div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", "Findings"}});
    page.open("table").open("thead").open("tr");
    for (const std::string_view heading : {"Severity", "Rule", "What", "Where"})
      page.element("th", heading, {{"scope", "col"}});
    page.close().close().open("tbody");
    for (const Told& told : design_.result->findings) {
      page.open("tr").open("td").element("span", word_of(told), {{"class", "badge " + word_of(told)}}).close();
      page.open("td").element("code", told.rule->id).close().element("td", told.what).open("td");
      const std::string place = told.place.line > 0 ? format("{}:{}", told.file, told.place.line) : told.file;
      page.element("a", place, {{"href", "#" + id_of(told)}}).close().close();
    }
    page.close().close().close();
  }

  void write_source(Markup& page) const {
    const std::vector<std::string_view> lines = lines_of(design_.text);
    std::vector<std::vector<const Told*>> findings(lines.size());
    for (const Told& told : design_.result->findings) {
      const auto line = static_cast<std::size_t>(std::max(told.place.line, 1)) - 1;
      if (is_in_design(told) && line < lines.size()) findings[line].push_back(&told);
    }
    page.open("section").element("h3", "The design").open("ol", {{"class", "source"}});
    for (std::size_t index = 0; index < lines.size(); ++index) {
      page.open("li", findings[index].empty() ? Attributes{} : Attributes{{"class", "found"}});
      page.element("span", std::to_string(index + 1), {{"class", "number"}, {"aria-hidden", "true"}});
      write_line(page, lines[index], findings[index]);
      if (!findings[index].empty()) page.open("div", {{"class", "beside"}});
      for (const Told* told : findings[index]) write_finding(page, *told, id_of(*told));
      if (!findings[index].empty()) page.close();
      page.close();
    }
    page.close().close();
  }

  /// What was found in files that the design names, or nowhere in particular.
  void write_others(Markup& page) const {
    const auto elsewhere = [&](const Told& told) { return !is_in_design(told); };
    if (std::none_of(design_.result->findings.begin(), design_.result->findings.end(), elsewhere)) return;
    page.open("section").element("h3", "In other files");
    for (const Told& told : design_.result->findings) {
      if (!elsewhere(told)) continue;
      page.element("p", told.place.line > 0 ? format("{}:{}", told.file, told.place.line) : told.file,
                   {{"class", "quiet"}});
      if (!told.excerpt.empty()) page.open("pre").element("code", told.excerpt).close();
      write_finding(page, told, id_of(told));
    }
    page.close();
  }

  const CheckedDesign& design_;
  std::string id_;
};

}  // namespace

void write_check_page(std::ostream& out, const std::vector<CheckedDesign>& designs,
                      const model::rules::CheckOptions& options) {
  std::size_t errors = 0, warnings = 0, notes = 0, accepted = 0;
  for (const CheckedDesign& design : designs) {
    errors += design.result->count(Level::error);
    warnings += design.result->count(Level::warning);
    notes += design.result->count(Level::note);
    accepted += design.result->accepted();
  }
  Markup page;
  page.open("header").element("p", "Design check", {{"class", "kind"}});
  const std::string title =
      designs.size() == 1 ? designs.front().result->file : counted(designs.size(), "design", "designs");
  page.element("h1", title).open("p", {{"class", "headline"}});
  write_badge(page, errors == 0 ? "passed" : "failed");
  page.text(format(" {}, {}, {}", counted(errors, "error", "errors"), counted(warnings, "warning", "warnings"),
                   counted(notes, "note", "notes")));
  if (accepted > 0) page.text(format(", {} accepted", accepted));
  page.close()
      .element("p", "Held against the rules as of " + model::to_text(options.date), {{"class", "lead"}})
      .close();
  page.open("main");
  for (std::size_t index = 0; index < designs.size(); ++index)
    DesignPart(designs[index], format("design{}", index + 1)).write(page);
  page.close();
  write_page(out, title + " \u2013 design check", page);
}

}  // namespace rehearse::sim::html

#include "sim/report/html/diff_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "sim/faults/summary.hpp"
#include "sim/report/html/page.hpp"
#include "sim/report/html/words.hpp"
#include "sim/report/time_text.hpp"

namespace rehearse::sim::html {
namespace {

using fmt::format;

constexpr std::size_t courses_told = 200, outages_drawn = 30;

std::string mark_of(Change change) {
  return change == Change::worse ? "failed" : "";
}

std::string course_text(const Trial& trial) {
  if (trial.idle) return "nothing to act on";
  std::string text = word_of(trial);
  const FarmFigures& figures = trial.figures;
  if (figures.longest_out() > Duration::zero()) text += ", out for " + length_text(figures.longest_out());
  if (figures.lost > 0) text += format(", {} lost", figures.lost);
  if (figures.doubled > 0) text += format(", {} doubled", figures.doubled);
  if (figures.unfinished > 0) text += format(", {} unfinished", figures.unfinished);
  return text;
}

class DiffPage {
 public:
  explicit DiffPage(const DesignDiff& diff) : diff_(diff) {}

  Markup markup() {
    header();
    page_.open("main");
    values();
    paper();
    scenarios();
    courses();
    return page_.close();
  }

 private:
  void header() {
    page_.open("header").element("p", "Two designs", {{"class", "kind"}}).element("h1", "A and B");
    page_.open("p", {{"class", "headline"}});
    const std::string outcome = diff_.worse() ? "failed" : diff_.unknown() ? "unknown" : "passed";
    const std::string words = diff_.empty()     ? "nothing differs"
                              : diff_.worse()   ? "something is worse in B"
                              : diff_.unknown() ? "whether B is worse is not known"
                                                : "nothing is worse in B";
    page_.element("span", words, {{"class", "badge " + outcome}}).close();
    write_facts(page_, {{"A", diff_.a.file}, {"B", diff_.b.file}});
    page_.close();
  }

  void values() {
    HtmlTable table("Values of the designs", {"Where", "A", "B"});
    for (const model::DesignDifference& one : diff_.values)
      table.add({one.pointer, one.a.value_or("(not there)"), one.b.value_or("(not there)")});
    page_.open("section").element("h2", "What is written differently");
    if (table.empty()) page_.element("p", "No value differs.");
    if (!table.empty()) table.write(page_);
    page_.close();
  }

  /// Two lists beside each other.
  template <class Things, class Text>
  void sides(std::string_view title, const Things& a, const Things& b, Text&& text) {
    page_.element("h3", title);
    if (a.empty() && b.empty()) {
      page_.element("p", "The same in both.");
      return;
    }
    page_.open("div", {{"class", "sides"}});
    for (const auto& [name, things] : {std::pair<std::string_view, const Things&>{"Only in A", a}, {"Only in B", b}}) {
      page_.open("div").element("h4", name);
      if (things.empty()) page_.element("p", "nothing", {{"class", "quiet"}});
      if (!things.empty()) page_.open("ul");
      for (const auto& thing : things) page_.element("li", text(thing));
      if (!things.empty()) page_.close();
      page_.close();
    }
    page_.close();
  }

  void paper() {
    page_.open("section").element("h2", "On paper");
    sides("Findings of rules", diff_.rules.only_a, diff_.rules.only_b, [](const model::rules::Told& told) {
      return format("{} {} at {}: {}", to_text(told.level), told.rule->id, told.place.pointer, told.what);
    });
    sides("What cannot fail without taking services along", diff_.structure.only_a, diff_.structure.only_b,
          [](const ToldWeakness& one) { return format("{}: costs {}, {}", one.text, one.lost, one.way); });
    page_.close();
  }

  void scenarios() {
    if (diff_.scenarios.empty()) return;
    page_.open("section").element("h2", "Scenarios");
    HtmlTable table("Scenarios with each design", {"Scenario", "Change", "A", "B", "What differs"});
    std::vector<ComparedOutage> outages;
    for (const ScenarioDifference& one : diff_.scenarios) {
      const std::string name = one.name.empty() ? one.file : one.name;
      std::string what;
      const auto tell = [&](const std::string& text) { what += (what.empty() ? "" : "; ") + text; };
      for (const model::Diagnostic& problem : one.problems_a) tell("not with A: " + problem.what);
      for (const model::Diagnostic& problem : one.problems_b) tell("not with B: " + problem.what);
      for (const VerdictDifference& verdict : one.verdicts) {
        const auto outcome = [](const std::optional<Verdict>& side) {
          return side ? std::string(to_text(side->outcome)) : std::string("as expected");
        };
        tell(format("{}: {} \u2192 {}", verdict.expectation, outcome(verdict.a), outcome(verdict.b)));
      }
      for (const OutageDifference& outage : one.median.outages) {
        tell(format("{} {} \u2192 {}", outage.service, length_text(outage.a), length_text(outage.b)));
        outages.push_back({name + " at the median", outage});
      }
      table.add({name, std::string(to_text(one.change())), one.compared() ? std::string(to_text(one.outcome_a)) : "",
                 one.compared() ? std::string(to_text(one.outcome_b)) : "", what},
                mark_of(one.change()));
    }
    draw("scenario-outages", outages);
    table.write(page_);
    distributions();
    page_.close();
  }

  void distributions() {
    HtmlTable table(format("Time out over {} replications", diff_.replications),
                    {"Scenario", "Service", "A p50", "A p95", "A longest", "B p50", "B p95", "B longest",
                     "Mean of B \u2212 A (95 %)"},
                    {2, 3, 4, 5, 6, 7, 8});
    for (const ScenarioDifference& one : diff_.scenarios) {
      for (const DistributionDifference& service : one.distributions) {
        table.add({one.name, service.service, length_text(service.a.p50), length_text(service.a.p95),
                   length_text(service.a.longest), length_text(service.b.p50), length_text(service.b.p95),
                   length_text(service.b.longest),
                   format("{:+.3f} s ({:+.3f} to {:+.3f})", service.mean.value, service.mean.interval.low,
                          service.mean.interval.high)},
                  service.longer_in_b() ? "failed" : "");
      }
    }
    if (table.empty()) return;
    page_.element("h3", format("Over {} replications with the same draws", diff_.replications));
    table.write(page_);
  }

  void draw(const std::string& id, const std::vector<ComparedOutage>& outages) {
    if (outages.empty()) return;
    const std::vector<ComparedOutage> drawn(
        outages.begin(), outages.begin() + static_cast<std::ptrdiff_t>(std::min(outages.size(), outages_drawn)));
    const std::string hint =
        drawn.size() < outages.size() ? format("The first {} of {}.", drawn.size(), outages.size()) : "";
    write_chart(page_,
                {id, "How long services are out in A and in B; the table below tells the same.", hint, false, false},
                compared_chart(drawn));
  }

  void courses() {
    const CourseDifferences& courses = diff_.courses;
    page_.open("section").element("h2", "When things fail");
    std::array<std::size_t, 4> counts{};
    for (const CourseDifference& one : courses.differing) ++counts.at(static_cast<std::size_t>(one.change));
    const auto count = [&](Change change) { return counts.at(static_cast<std::size_t>(change)); };
    page_.element("p", format("{} of up to {} compared: {} worse in B, {} unclear, {} better, {} the same.{}",
                              counted(courses.compared, "course", "courses"), counted(diff_.faults, "fault", "faults"),
                              count(Change::worse), count(Change::unclear), count(Change::better),
                              courses.compared - count(Change::worse) - count(Change::unclear) - count(Change::better),
                              courses.complete ? "" : " Not every course was run."));
    if (courses.healthy_a != courses.healthy_b)
      page_.element("p",
                    format("Without any fault: {} \u2192 {}.", to_text(courses.healthy_a), to_text(courses.healthy_b)));
    const auto why = explained_courses(diff_);
    std::vector<ComparedOutage> outages;
    for (std::size_t place = 0; place < why.size(); ++place) {
      for (const OutageDifference& outage : why[place]) outages.push_back({courses.differing[place].name, outage});
    }
    draw("course-outages", outages);
    HtmlTable table("Courses of faults that differ", {"Change", "Course", "A", "B"});
    for (std::size_t place = 0; place < std::min(courses.differing.size(), courses_told); ++place) {
      const CourseDifference& one = courses.differing[place];
      table.add({std::string(to_text(one.change)), one.name, course_text(diff_.a.explored.exploration.trials[one.a]),
                 course_text(diff_.b.explored.exploration.trials[one.b])},
                mark_of(one.change));
    }
    if (!table.empty()) {
      write_filter(page_, "courses", "Only rows with");
      table.write(page_, "courses");
    }
    if (courses.differing.size() > courses_told)
      page_.element("p", format("And {} more, which the JSON report lists.", courses.differing.size() - courses_told));
    sides("Courses that only one design has", courses.only_a, courses.only_b, [](const OwnCourses& one) {
      const std::string during = one.operation.empty() ? "" : " during " + one.operation;
      return format("{}{}: {}, at worst {}", one.fault, during, counted(one.courses, "course", "courses"), one.worst);
    });
    page_.close();
  }

  const DesignDiff& diff_;
  Markup page_;
};

}  // namespace

void write_diff_page(std::ostream& out, const DesignDiff& diff) {
  write_page(out, "Two designs compared", DiffPage(diff).markup());
}

}  // namespace rehearse::sim::html

#include "sim/answers/answers_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <ostream>

#include "sim/report/text_layout.hpp"
#include "sim/report/time_text.hpp"

namespace rehearse::sim {
namespace {

using fmt::format;

constexpr std::size_t most_spells = 3, most_records = 12;

class Text {
 public:
  Text(std::ostream& out, const SavedRun& run, AnswerTextOptions options) : out_(out), run_(run), options_(options) {
    for (const SavedRecord& record : run.records) width_ = std::max(width_, offset_text(record.at).size());
  }

  void headline(const std::string& text) const { out_ << bold(text) << '\n'; }
  void line(const std::string& text) const { out_ << paragraph("  ", text, 2); }

  void chain(const Chain& records, std::size_t indent) const {
    // Of a long way the begin and the end count.
    const std::size_t left_out = records.size() > most_records ? records.size() - most_records : 0;
    for (std::size_t index = 0; index < records.size(); ++index) {
      const std::size_t half = most_records / 2;
      if (left_out > 0 && index == half) {
        out_ << std::string(indent + width_ + 2, ' ') << format("... {} more\n", left_out);
      }
      if (left_out > 0 && index >= half && index < half + left_out) continue;
      record(*records[index], indent);
    }
  }

  void rests_on(const std::vector<SavedParameter>& rows, std::size_t indent) const {
    if (options_.quiet || rows.empty()) return;
    out_ << std::string(indent, ' ') << "rests on\n";
    table(rows, indent + 2);
  }

  void table(const std::vector<SavedParameter>& rows, std::size_t indent) const {
    Table table(indent);
    for (const SavedParameter& row : rows)
      table.add({row.name, format("{} ({}: {})", row.value, row.origin, row.source)});
    out_ << table.text();
  }

  void decision(const SavedDecision& one, std::size_t indent) const {
    const std::string first = format("{}{:>{}}  ", std::string(indent, ' '), offset_text(one.at), width_);
    const std::string below(first.size(), ' ');
    out_ << paragraph(first, one.about + ": " + one.answer, first.size());
    for (const SavedDecision::Option& option : one.options) {
      if (!option.excluded.empty())
        out_ << paragraph(below, format("not {}: {}", option.node, option.excluded), below.size() + 2);
    }
    for (const std::string& fact : one.facts) out_ << paragraph(below, fact, below.size() + 2);
    out_ << paragraph(below, format("rule: {} ({})", one.rule, one.source), below.size() + 2);
  }

  std::string bold(const std::string& text) const { return options_.colour ? "\x1b[1m" + text + "\x1b[0m" : text; }
  std::string span(core::Time from, core::Time to) const {
    return format("from {} to {}", offset_text(from), offset_text(to));
  }

 private:
  void record(const SavedRecord& one, std::size_t indent) const {
    const std::string first = format("{}{:>{}}  ", std::string(indent, ' '), offset_text(one.at), width_);
    out_ << paragraph(first, one.text, first.size());
    if (!one.more.empty()) out_ << paragraph(std::string(first.size() + 2, ' '), one.more, first.size() + 2);
  }

  std::ostream& out_;
  const SavedRun& run_;
  AnswerTextOptions options_;
  std::size_t width_ = 0;
};

void write_outage(std::ostream& out, const Text& text, const WhyAway& answer, const Away& away) {
  const SavedOutage& outage = *away.outage;
  text.headline(format("{} was away {}{}: {}", answer.service, text.span(outage.from, outage.to),
                       outage.censored ? ", the end of the run" : "", length_text(outage.to - outage.from)));
  if (away.before.empty()) {
    text.line("It was away from the start.");
  } else {
    text.line("It went away because");
    text.chain(away.before, 4);
  }
  Table phases(4, {1});
  for (const Away::Part& part : away.phases)
    phases.add({part.phase->phase, length_text(part.phase->to - part.phase->from)});
  if (away.phases.size() > 1) {
    text.line("It took so long because of");
    out << phases.text();
  }
  for (const Away::Part& part : away.phases) {
    text.line(text.bold(part.phase->phase) + format(", {}", length_text(part.phase->to - part.phase->from)));
    text.chain(part.chain, 4);
    if (part.chain.empty()) text.line("  still so at the end of the run");
    text.rests_on(part.phase->rests_on, 4);
  }
}

void write_spell(const Text& text, const WhyNot& answer, const Spell& spell, bool quiet) {
  const std::string name = answer.part->kind + " " + answer.part->name;
  const std::string length = length_text(spell.to - spell.from);
  text.headline(
      spell.at_end
          ? format("The {} is not in service at the end: since {}, for {}", name, offset_text(spell.from), length)
          : format("The {} was not in service {}, for {}", name, text.span(spell.from, spell.to), length));
  for (const Spell::Step& step : spell.steps) {
    text.line(format("{}, {}, because", text.bold(step.state->state), text.span(step.state->from, step.state->to)));
    if (step.chain.empty())
      text.line(step.state->begun_by == 0 ? "  it was so at the start" : "  of what was told above");
    else
      text.chain(step.chain, 4);
  }
  if (quiet || spell.decisions.empty()) return;
  text.line("The cluster decided meanwhile");
  for (const SavedDecision* decision : spell.decisions) text.decision(*decision, 4);
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

}  // namespace

void write_why_away(std::ostream& out, const SavedRun& run, const WhyAway& answer, AnswerTextOptions options) {
  const Text text(out, run, options);
  const bool bounded = answer.from || answer.to;
  if (answer.outages.empty()) {
    const std::string when =
        bounded ? text.span(answer.from.value_or(core::at_start), answer.to.value_or(run.end)) : "all the time";
    text.headline(format("{} was there {}", answer.service, when));
  }
  bool first = true;
  for (const Away& away : answer.outages) {
    if (!first) out << '\n';
    first = false;
    write_outage(out, text, answer, away);
  }
  if (answer.elsewhere > 0) text.line(format("It was away {} more times at other times.", answer.elsewhere));
}

void write_why_not(std::ostream& out, const SavedRun& run, const std::vector<WhyNot>& answers,
                   AnswerTextOptions options) {
  const Text text(out, run, options);
  bool first = true;
  for (const WhyNot& answer : answers) {
    if (!first) out << '\n';
    first = false;
    const std::string name = answer.part->kind + " " + answer.part->name;
    if (answer.spells.empty() || !answer.spells.back().at_end)
      text.headline(format("The {} is in service at the end: {}", name, answer.part->states.back().state));
    if (answer.spells.empty()) text.line("It was in service all the time.");
    const std::size_t untold = answer.spells.size() - std::min(answer.spells.size(), most_spells);
    if (untold > 0) text.line(format("{} earlier times are not told; the JSON answer has all.", untold));
    for (std::size_t index = untold; index < answer.spells.size(); ++index)
      write_spell(text, answer, answer.spells[index], options.quiet);
    if (answer.lacking.empty() || answer.spells.empty()) continue;
    text.line("Of its role are not in service at the end");
    Table table(4);
    for (const SavedPart* part : answer.lacking) table.add({part->name, part->states.back().state});
    out << table.text();
  }
  if (!run.decisions) text.line("The file has no decisions: rehearse run --save keeps them.");
}

void write_parameters(std::ostream& out, const SavedRun& run, AnswerTextOptions options) {
  const Text text(out, run, options);
  const std::vector<SavedParameter> behind = behind_outages(run);
  text.headline("Parameters behind the outages");
  if (behind.empty()) text.line("none");
  text.table(behind, 2);
  text.headline("\nSwitches that decisions rested on");
  if (run.switches.empty()) text.line("none");
  for (const SavedSwitch& one : run.switches) {
    text.line(format("{} = {}, which nobody has published. To settle it: {}", one.name, one.value ? "on" : "off",
                     one.settle));
  }
  std::map<std::string, std::size_t> origins;
  for (const SavedParameter& row : run.parameters) ++origins[row.origin];
  std::string counts;
  for (const auto& [origin, count] : origins) counts += format("{}{} {}", counts.empty() ? "" : ", ", count, origin);
  text.headline(format("\nAll {} parameters: {}", run.parameters.size(), counts));
  if (!options.quiet) text.table(run.parameters, 2);
}

void write_summary(std::ostream& out, const SavedRun& run, AnswerTextOptions options) {
  const Text text(out, run, options);
  const auto passed = std::count_if(run.verdicts.begin(), run.verdicts.end(),
                                    [](const SavedVerdict& verdict) { return verdict.outcome == "passed"; });
  text.headline(
      format("{}  {}: {} of {} expectations passed", upper(run.outcome), run.scenario, passed, run.verdicts.size()));
  if (options.quiet) return;
  Table table(2);
  table.add({"scenario", run.file});
  table.add({"design", run.design_file.empty() ? run.design : format("{} ({})", run.design, run.design_file)});
  table.add({"start", run.start});
  table.add({"rehearsed", format("{}, seed {}", length_text(run.end - core::at_start), run.seed)});
  out << table.text();
  for (const SavedVerdict& verdict : run.verdicts) {
    if (verdict.outcome == "passed") continue;
    text.line(format("{}  {}", upper(verdict.outcome), verdict.expectation));
    if (!verdict.reason.empty()) out << paragraph("    ", verdict.reason, 4);
  }
  for (const std::string& observation : run.observations) text.line(observation);
}

}  // namespace rehearse::sim

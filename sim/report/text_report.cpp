#include "sim/report/text_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "sim/report/explain.hpp"
#include "sim/report/roles.hpp"
#include "sim/report/text_layout.hpp"
#include "sim/report/time_text.hpp"
#include "sim/report/timeline_text.hpp"
#include "sim/report/work_text.hpp"
#include "sim/report/worker_outages.hpp"

namespace rehearse::sim {
namespace {

using fmt::format;
using world::RecordKind;

constexpr std::string_view red = "\x1b[31m", green = "\x1b[32m", yellow = "\x1b[33m", bold = "\x1b[1m", off = "\x1b[0m";

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return result;
}

/// `count` things, with the word as it then is.
std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  return format("{} {}", count, count == 1 ? one : many);
}

class Account {
 public:
  Account(std::ostream& out, const RunResult& result, TextOptions options)
      : out_(out), result_(result), options_(options) {}

  void write() {
    headline();
    if (!options_.quiet) {
      rehearsed();
      steps();
      timeline();
      if (options_.explain) decisions();
      roles();
      outages();
      work();
      assumptions();
    }
    observations();
    verdicts();
    if (result_.outcome() != Outcome::passed) out_ << "\nreproduce: " << reproduce_command(result_) << '\n';
  }

 private:
  std::string painted(std::string_view text, std::string_view colour) const {
    return options_.colour ? format("{}{}{}", colour, text, off) : std::string(text);
  }
  std::string painted(Outcome outcome) const {
    const std::string_view colour = outcome == Outcome::passed ? green : outcome == Outcome::failed ? red : yellow;
    return painted(upper(to_text(outcome)), colour);
  }
  void title(std::string_view text) const { out_ << '\n' << painted(text, bold) << '\n'; }

  void headline() const {
    std::size_t passed = 0;
    for (const Verdict& verdict : result_.verdicts) passed += verdict.outcome == Outcome::passed;
    out_ << painted(result_.outcome()) << "  " << result_.scenario.name;
    if (!result_.verdicts.empty())
      out_ << format(": {} of {} passed", passed, counted(result_.verdicts.size(), "expectation", "expectations"));
    if (!result_.observations.empty())
      out_ << ", " << counted(result_.observations.size(), "safety observation", "safety observations");
    out_ << '\n';
  }

  void rehearsed() const {
    const Scenario& scenario = result_.scenario;
    const model::Design& design = result_.plan->design();
    if (!scenario.description.empty()) out_ << paragraph("", scenario.description, 0);
    Table table(2);
    table.add(
        {"design", format("{}{}", design.name, scenario.design_file.empty() ? "" : " (" + scenario.design_file + ")")});
    table.add({"placement", format("{}, {}, {}", model::to_text(design.scale_out.placement),
                                   counted(design.cluster.nodes.size(), "node", "nodes"),
                                   counted(result_.plan->workers.size(), "worker", "workers"))});
    table.add({"versions", format("Windows {}, SQL Server {}, {}", model::to_text(design.windows),
                                  model::to_text(design.sql), model::to_text(design.edition))});
    table.add({"start", model::to_text(result_.plan->start())});
    table.add({"duration", format("{}, {}", length_text(result_.end - core::at_start),
                                  counted(result_.events, "event", "events"))});
    table.add({"seed", format("{}, fingerprint {:016x}", scenario.seed, result_.fingerprint)});
    out_ << table.text();
  }

  void steps() const {
    list_steps("Deployment", result_.deployment, true);
    list_steps("Operations", result_.operations, false);
  }

  /// Deployments in one line, operations one by one; what failed in full.
  void list_steps(std::string_view name, const std::vector<OperationNote>& notes, bool sum_up) const {
    if (notes.empty()) return;
    title(name);
    if (sum_up) {
      core::Time from = notes.front().from, to = notes.front().to;
      std::size_t failed = 0;
      for (const OperationNote& note : notes) {
        from = std::min(from, note.from);
        to = std::max(to, note.to);
        failed += !note.failure.empty();
      }
      out_ << format("  {} in {} of virtual time, {} failed\n", counted(notes.size(), "step", "steps"),
                     length_text(to - from), failed);
    }
    for (const OperationNote& note : notes) {
      if (sum_up && note.failure.empty()) continue;
      std::string text = note.name;
      if (!note.section.empty()) text += format(" ({})", note.section);
      text += format(", {}: {}", length_text(note.to - note.from), note.outcome);
      if (note.to_fail && note.outcome == "failed") text += ", as expected";
      out_ << paragraph(format("  {}  ", offset_text(note.from)), text, 4);
      if (!note.failure.empty()) out_ << paragraph("    ", note.failure, 4);
    }
  }

  void timeline() const {
    const auto [lines, left_out] = timeline_of(result_, options_.full_timeline);
    title("Timeline");
    std::size_t width = 0;
    for (const TimelineLine& line : lines) width = std::max(width, offset_text(line.at).size());
    for (const TimelineLine& line : lines) {
      const std::string first = format("  {:>{}}  ", offset_text(line.at), width);
      std::string text = paragraph(first, line.text, first.size());
      if (line.kind == RecordKind::fault_injected || line.kind == RecordKind::operator_acts ||
          line.kind == RecordKind::fault_repaired) {
        text.pop_back();
        text = painted(text, bold) + "\n";
      }
      out_ << text;
      if (!line.more.empty()) out_ << paragraph(std::string(first.size() + 2, ' '), line.more, first.size() + 2);
    }
    if (lines.empty()) out_ << "  nothing happened\n";
    if (!left_out.empty()) out_ << paragraph("  Records not told here: ", left_out + ".", 4);
  }

  void decisions() const {
    title("Decisions");
    const std::string text = decisions_text(explain(result_));
    out_ << (text.empty() ? "  the cluster had nothing to decide\n" : text);
  }

  /// The roles beside those whose services are told as outages; of many, those that moved or are not online.
  void roles() const {
    constexpr std::size_t most_roles = 20;
    std::vector<RoleNote> notes = further_roles(result_);
    if (notes.empty()) return;
    title("Further roles at the end");
    const std::size_t all = notes.size();
    if (all > most_roles) std::erase_if(notes, [](const RoleNote& note) { return note.moves == 0 && note.online(); });
    Table table(2, {3});
    table.add({"role", "owner", "state", "moves"});
    for (const RoleNote& note : notes) table.add({note.name, note.owner, note.state, std::to_string(note.moves)});
    if (!notes.empty()) out_ << table.text();
    if (notes.size() < all) out_ << format("  {} more, online where they were at the start\n", all - notes.size());
  }

  static std::string phases_text(const Outage& outage) {
    std::string text;
    for (const PhaseSpan& span : outage.phases) {
      text += format("{}{} {}", text.empty() ? "" : ", ", to_text(span.phase), length_text(span.to - span.from));
    }
    return text;
  }

  void outages() const {
    title("Outages");
    Table table(2, {1, 2});
    table.add({"service", "from", "length", "phases"});
    const auto add = [&](const Outage& outage) {
      const std::string length = length_text(outage.length());
      table.add({name_of(outage.service, *result_.plan), offset_text(outage.from),
                 outage.censored ? ">" + length : length, phases_text(outage)});
    };
    const auto add_workers = [&] {
      for (const WorkerEpisode& episode : worker_episodes(result_.outages)) {
        if (episode.workers == 1 && episode.last->from == episode.from) {
          add(*episode.last);
          continue;
        }
        const auto after = [&](core::Time time) {
          return time == core::never ? "not by the end" : "after " + length_text(time - episode.from);
        };
        table.add({format("workers ({} of {})", episode.workers, result_.plan->workers.size()),
                   offset_text(episode.from), (episode.censored() ? ">" : "") + length_text(episode.to - episode.from),
                   format("first back {}, half {}; the last: {}", after(episode.first_back), after(episode.half_back),
                          phases_text(*episode.last))});
      }
    };
    bool workers_told = false;
    for (const Outage& outage : result_.outages) {
      if (outage.service.kind != Service::Kind::worker) {
        add(outage);
      } else if (!workers_told) {
        add_workers();
        workers_told = true;
      }
    }
    if (result_.outages.empty())
      out_ << "  none\n";
    else
      out_ << table.text();
    const auto censored = std::any_of(result_.outages.begin(), result_.outages.end(),
                                      [](const Outage& outage) { return outage.censored; });
    if (censored) out_ << "  > still out at the end of the rehearsal\n";
  }

  void work() const {
    const std::vector<std::string> paragraphs = work_paragraphs(result_);
    if (paragraphs.empty()) return;
    title("Executions");
    for (const std::string& text : paragraphs) out_ << paragraph("  ", text, 2);
    if (result_.batches.empty()) return;
    title("Batches");
    Table table(2, {1, 2, 3});
    table.add({"batch", "due", "done", "deadline", "executions"});
    for (const BatchDay& day : result_.batches) {
      const bool has_deadline = day.deadline != core::never, done = day.done != core::never;
      std::string text = format("{} of {} succeeded", day.succeeded, day.executions);
      if (has_deadline && done)
        text += day.done <= day.deadline ? ", in time" : ", LATE by " + length_text(day.done - day.deadline);
      if (has_deadline && !done && day.deadline <= result_.end) text += ", deadline MISSED";
      table.add({day.name, offset_text(day.due), done ? offset_text(day.done) : "not done",
                 has_deadline ? offset_text(day.deadline) : "none", text});
    }
    out_ << table.text();
  }

  void assumptions() const {
    title("Assumptions");
    std::size_t assumed = 0;
    const std::vector<model::LedgerRow> ledger = result_.plan->parameters().ledger();
    for (const model::LedgerRow& row : ledger) assumed += row.origin == model::Origin::assumed;
    out_ << format("  {} of {} parameters are assumed; the JSON report lists all with their origins.\n", assumed,
                   ledger.size());
    for (std::size_t number = 0; number < model::switch_count; ++number) {
      if ((result_.last.consulted >> number & 1U) == 0) continue;
      const auto which = static_cast<model::Switch>(number);
      out_ << format("  This run rested on {} = {}, which nobody has published.\n", model::name_of(which),
                     result_.plan->parameters()[which] ? "on" : "off");
    }
  }

  void observations() const {
    if (result_.observations.empty()) return;
    title("Safety observations");
    for (const std::string& observation : result_.observations) out_ << paragraph("  ", observation, 4);
  }

  void verdicts() const {
    const auto told = [&](const Verdict& verdict) { return !options_.quiet || verdict.outcome != Outcome::passed; };
    if (std::none_of(result_.verdicts.begin(), result_.verdicts.end(), told)) return;
    title("Verdicts");
    for (const Verdict& verdict : result_.verdicts) {
      if (!told(verdict)) continue;
      // Laid out without colour codes, which take no room on the page.
      const std::string outcome = upper(to_text(verdict.outcome));
      const std::string first = format("  {:<9}", outcome);
      out_ << "  " << painted(verdict.outcome)
           << paragraph(first, verdict.expectation, first.size()).substr(2 + outcome.size());
      if (!verdict.reason.empty()) out_ << paragraph(std::string(11, ' '), verdict.reason, 11);
      for (const std::string& test : verdict.settle)
        out_ << paragraph(std::string(11, ' '), "To settle it: " + test, 13);
      if (verdict.outcome != Outcome::passed && verdict.place.line > 0) {
        out_ << std::string(11, ' ')
             << format("{}:{}:{}\n", result_.scenario.file, verdict.place.line, verdict.place.column);
      }
    }
  }

  std::ostream& out_;
  const RunResult& result_;
  TextOptions options_;
};

/// As one word of a command line, for a POSIX shell and for PowerShell alike.
std::string one_word(const std::string& text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '/' || c == '-' || c == '\\' || c == ':';
  });
  return plain && !text.empty() ? text : "'" + text + "'";
}

}  // namespace

void write_text(std::ostream& out, const RunResult& result, TextOptions options) {
  Account(out, result, options).write();
}

std::string reproduce_command(const RunResult& result) {
  return format("rehearse run {} --seed {}", one_word(result.scenario.file), result.scenario.seed);
}

}  // namespace rehearse::sim

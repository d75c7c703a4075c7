#include "cli/explain_command.hpp"

#include <fmt/core.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/page.hpp"
#include "cli/telling.hpp"
#include "model/reading.hpp"
#include "model/units.hpp"
#include "sim/answers/answers_text.hpp"
#include "sim/report/time_text.hpp"

namespace rehearse::cli {
namespace {

struct Options {
  std::string path, scenario, why_away, why_not, from, to, format = "text", colour = "auto";
  bool parameters = false, quiet = false;
};

/// Names a file may have thousands of; an error lists so many.
constexpr std::size_t most_names = 20;

Exit unknown_name(const char* what, const std::string& name, std::vector<std::string> known) {
  const std::string guess = model::did_you_mean(name, known);
  const std::size_t untold = known.size() - std::min(known.size(), most_names);
  known.resize(known.size() - untold);
  const std::string list = model::listed(known) + (untold > 0 ? fmt::format(" and {} more", untold) : "");
  spdlog::error("this run has no {} '{}'", what, name);
  std::cerr << (guess.empty() ? "    known are: " + list : "    did you mean '" + guess + "'? known are: " + list)
            << '\n';
  return Exit::usage;
}

/// Of a file with several runs the one that is meant; nullptr after telling that it is not clear.
const sim::SavedRun* run_of(const sim::SavedResult& result, const Options& options, Exit& exit) {
  std::vector<std::string> names;
  for (const sim::SavedRun& run : result.runs) names.push_back(run.scenario);
  if (options.scenario.empty() && result.runs.size() == 1) return &result.runs.front();
  const auto found = std::find(names.begin(), names.end(), options.scenario);
  if (!options.scenario.empty() && found != names.end())
    return &result.runs[static_cast<std::size_t>(found - names.begin())];
  exit = Exit::usage;
  if (!options.scenario.empty()) {
    unknown_name("scenario", options.scenario, names);
  } else {
    spdlog::error("{} holds {} runs: name one with --scenario", options.path, names.size());
    std::cerr << "    they are: " << model::listed(names) << '\n';
  }
  return nullptr;
}

/// "40m" or "+40m": since the start. False after telling that it is none; empty: not asked for.
bool read_time(const std::string& option, const std::string& text, std::optional<core::Time>& time) {
  if (text.empty()) return true;
  const auto length = model::parse_duration(text.starts_with('+') ? text.substr(1) : text);
  if (!length) {
    spdlog::error("{}: '{}' is no time since the start of the run; write for example 40m, 1h5m or 90s", option, text);
    return false;
  }
  time = core::at_start + *length;
  return true;
}

/// Whole seconds that include the instant.
std::string outward(core::Time time, bool up) {
  using std::chrono::seconds;
  const Duration since = time.time_since_epoch();
  return model::to_text(Duration(up ? std::chrono::ceil<seconds>(since) : std::chrono::floor<seconds>(since)));
}

/// Of a large farm the first workers stand for all; the JSON answer has every question.
void list_questions(const sim::SavedRun& run, const Options& options) {
  constexpr std::size_t most_about_workers = 4;
  std::size_t about_workers = 0;
  std::cout << "\nQuestions that this run can answer\n";
  for (const sim::Question& question : sim::questions_of(run)) {
    const bool about_worker = question.words.find(" worker ") != std::string::npos;
    if (about_worker && ++about_workers > most_about_workers) continue;
    CommandLine command("rehearse explain");
    command.file(options.path).option("--scenario", options.scenario);
    if (question.value.empty())
      command.flag(question.option, true);
    else
      command.option(question.option, question.value);
    std::string when;
    if (question.from && question.to) {
      when = fmt::format(" from {} to {}", sim::offset_text(*question.from), sim::offset_text(*question.to));
      command.option("--from", outward(*question.from, false)).option("--to", outward(*question.to, true));
    }
    std::cout << "  " << question.words << when << "?\n    " << command.text() << '\n';
  }
  if (about_workers > most_about_workers)
    std::cout << fmt::format("  and {} more about workers\n", about_workers - most_about_workers);
}

Exit why_away(const sim::SavedRun& run, const Options& options, sim::AnswerTextOptions text) {
  std::optional<core::Time> from, to;
  if (!read_time("--from", options.from, from) || !read_time("--to", options.to, to)) return Exit::usage;
  if (from && to && *to < *from) {
    spdlog::error("--to comes before --from");
    return Exit::usage;
  }
  const auto answer = sim::why_away(run, options.why_away, from, to);
  if (!answer) {
    std::vector<std::string> known = sim::services_of(run);
    for (const sim::SavedPart& part : run.parts) {
      if (part.name != options.why_away || part.kind == "worker") continue;
      spdlog::error("'{}' is a {}, not a service: ask with --why-not", options.why_away, part.kind);
      return Exit::usage;
    }
    return unknown_name("service", options.why_away, known);
  }
  if (options.format == "json")
    sim::write_why_away_json(std::cout, run, *answer);
  else
    sim::write_why_away(std::cout, run, *answer, text);
  return Exit::passed;
}

Exit why_not(const sim::SavedRun& run, const Options& options, sim::AnswerTextOptions text) {
  const std::vector<sim::WhyNot> answers = sim::why_not(run, options.why_not);
  if (answers.empty()) return unknown_name("role, resource, worker or node", options.why_not, sim::parts_of(run));
  if (options.format == "json")
    sim::write_why_not_json(std::cout, run, answers);
  else
    sim::write_why_not(std::cout, run, answers, text);
  return Exit::passed;
}

Exit answer(const Options& options) {
  std::ostringstream standard_input;
  if (options.path == "-") standard_input << std::cin.rdbuf();
  const sim::SavedResultReading reading = options.path == "-"
                                              ? sim::read_saved_result(standard_input.str(), "<standard input>")
                                              : sim::read_saved_result_file(options.path);
  tell(reading.diagnostics);
  if (!reading.result) return Exit::usage;
  Exit exit = Exit::passed;
  const sim::SavedRun* run = run_of(*reading.result, options, exit);
  if (run == nullptr) return exit;
  const sim::AnswerTextOptions text{in_colour(options.colour), options.quiet};
  const bool json = options.format == "json";
  const Page page(!json);
  if (!options.why_away.empty()) return flushed(why_away(*run, options, text));
  if (!options.why_not.empty()) return flushed(why_not(*run, options, text));
  if (options.parameters && json) sim::write_parameters_json(std::cout, *run);
  if (options.parameters && !json) sim::write_parameters(std::cout, *run, text);
  if (options.parameters) return flushed(exit);
  if (json) {
    sim::write_summary_json(std::cout, *run);
  } else {
    sim::write_summary(std::cout, *run, text);
    list_questions(*run, options);
  }
  return flushed(exit);
}

}  // namespace

void add_explain_command(CLI::App& program, Exit& exit) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("explain", "answers questions about a saved run: why, and resting on what");
  command->add_option("RUN", options->path, "a file that rehearse run --save wrote, or - for standard input")
      ->required();
  command->add_option("--scenario", options->scenario, "which run of a file with several, by the scenario's name");
  CLI::Option* away = command->add_option("--why-away", options->why_away,
                                          "why this service was away: sql_server, ssisdb, scale_out_master, ...");
  command->add_option("--from", options->from, "only outages from this time on, since the start: 40m")->needs(away);
  command->add_option("--to", options->to, "only outages until this time")->needs(away);
  CLI::Option* not_online =
      command->add_option("--why-not", options->why_not, "why this role, resource, worker or node was not in service")
          ->excludes(away);
  command->add_flag("--parameters", options->parameters, "which parameters the result rests on, with their origins")
      ->excludes(away)
      ->excludes(not_online);
  add_format_option(*command, options->format);
  add_color_option(*command, options->colour);
  command->add_flag("--quiet,-q", options->quiet, "without what the answer rests on");
  command->footer(
      "without a question: what the run came to, and the questions that it can answer\n"
      "examples:\n"
      "  rehearse run scenarios/node_loss.json --save run.json\n"
      "  rehearse explain run.json\n"
      "  rehearse explain run.json --why-away ssisdb --from 39m --to 45m\n"
      "  rehearse explain run.json --why-not 'worker WRK1' --format json\n"
      "exit codes: 0 answered, 64 bad usage or input, 70 a bug in Rehearse, 74 input or output failed");
  command->callback([options, &exit] { exit = answer(*options); });
}

}  // namespace rehearse::cli

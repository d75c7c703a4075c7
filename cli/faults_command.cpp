#include "cli/faults_command.hpp"

#include <fmt/core.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>

#include "cli/command_line.hpp"
#include "cli/design_reading.hpp"
#include "cli/exploring.hpp"
#include "cli/html_option.hpp"
#include "cli/interrupt.hpp"
#include "cli/page.hpp"
#include "cli/telling.hpp"
#include "cli/wanted_file.hpp"
#include "sim/faults/faults_report.hpp"
#include "sim/faults/minimal_scenario.hpp"
#include "sim/faults/scenario_text.hpp"
#include "sim/report/html/faults_page.hpp"

namespace rehearse::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string design;
  std::string format = "text", fail_on = "lost";
  std::string wanted, output;  // of --export
  std::string html;
  int executions = sim::most_executions;
  bool list = false, count = false;
  ExploringOptions exploring;
};

/// A course is a failure from this outcome on. One that would be under another value of an unknown switch is unknown.
Exit exit_of(const sim::Exploration& exploration, const std::string& fail_on) {
  const std::vector<std::string>& names = sim::farm_outcome_names();
  const auto grave = static_cast<sim::FarmOutcome>(std::find(names.begin(), names.end(), fail_on) - names.begin());
  Exit exit = exploration.interrupted ? Exit::interrupted : exploration.complete() ? Exit::passed : Exit::unknown;
  for (const sim::Trial& trial : exploration.trials) {
    if (trial.idle || trial.gravest < grave) continue;
    if (!trial.unknown()) return exploration.interrupted ? Exit::interrupted : Exit::failed;
    if (exit == Exit::passed) exit = Exit::unknown;
  }
  return exit;
}

/// The trial that --export names: a place among the worst, or an outcome.
std::optional<std::size_t> wanted_trial(const sim::Exploration& exploration, const std::string& wanted) {
  std::size_t place = 0;
  const auto [end, error] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), place);
  if (error != std::errc() || end != wanted.data() + wanted.size()) return sim::first_of(exploration, wanted);
  const std::vector<std::size_t> worst = sim::worst_trials(exploration, sim::worst_told);
  if (place == 0 || place > worst.size()) return std::nullopt;
  return worst[place - 1];
}

Exit export_scenario(const Options& options, const sim::FaultsReport& report) {
  const auto trial = wanted_trial(report.exploration, options.wanted);
  if (!trial) {
    spdlog::error("no course is '{}': name a place among the worst, or an outcome that a course came to",
                  options.wanted);
    return Exit::usage;
  }
  const sim::Trial& chosen = report.exploration.trials[*trial];
  const sim::MinimalScenario minimal =
      sim::minimal_scenario(report.stage, report.catalogue, report.exploration, chosen);
  const bool to_stdout = options.output.empty() || options.output == "-";
  const fs::path folder = to_stdout ? fs::current_path() : fs::absolute(options.output).parent_path();
  const std::string design = fs::absolute(options.design).lexically_normal().lexically_relative(folder).string();
  const std::string text = sim::scenario_text(minimal.scenario, design);
  std::cerr << fmt::format("{}: {} of {} entries matter ({} tries)\n",
                           sim::name_of(chosen, report.exploration, report.catalogue), minimal.scenario.timeline.size(),
                           minimal.entries, minimal.tries);
  if (to_stdout) {
    std::cout << text;
    return flushed(Exit::passed);
  }
  return WantedFile(options.output).write(text) ? Exit::passed : Exit::io;
}

Exit explore(const Options& options, const sim::Stage& stage) {
  const Page page(options.format == "text" && options.wanted.empty());
  const sim::FaultCatalogue catalogue = sim::catalogue_of(*stage.deployed);
  if (options.list) {
    sim::write_catalogue(std::cout, catalogue);
    return flushed(Exit::passed);
  }
  if (!can_write_html(options.html)) return Exit::usage;
  WantedFile html(options.html);
  if (!html) return Exit::io;
  note_interrupts();
  sim::ExplorationOptions exploring = exploration_options(options.exploring);
  exploring.only_count = options.count;
  const auto begin = std::chrono::steady_clock::now();
  const sim::Exploration exploration = sim::explore(stage, catalogue, exploring);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  const sim::FaultsReport report{stage, catalogue, exploration, options.exploring.faults};
  if (!options.exploring.quiet) {
    std::cerr << fmt::format("{} runs in {:.1f} s: {:.0f} a second\n", exploration.runs, took.count(),
                             static_cast<double>(exploration.runs) / took.count());
  }
  if (!options.wanted.empty()) return export_scenario(options, report);
  if (options.format == "json") {
    sim::write_faults_json(std::cout, report);
  } else {
    sim::write_faults_text(std::cout, report, !options.exploring.quiet);
  }
  if (flushed(Exit::passed) != Exit::passed) return Exit::io;
  if (!html.write_report([&](std::ostream& out) { sim::html::write_faults_page(out, report); })) return Exit::io;
  const auto healthy = sim::outcome_of(exploration.healthy.figures);
  if (healthy != sim::FarmOutcome::masked) {
    spdlog::error("without any fault the outcome is '{}' already: see to that first", sim::to_text(healthy));
    return Exit::failed;
  }
  return exit_of(exploration, options.fail_on);
}

Exit run(const Options& options) {
  const std::vector<NamedFile> outputs = {{"--html", options.html}, {"--output", options.output}};
  if (!nothing_is_lost_by(outputs, {options.design})) return Exit::usage;
  const auto design = read_for_world(options.design);
  const auto start = start_of(options.exploring);
  if (!design || !start) return Exit::usage;
  sim::StageOptions stage = stage_options(options.exploring, *start);
  stage.executions = options.executions;
  try {
    return explore(options, sim::stage_of(*design, options.design, stage));
  } catch (const std::logic_error& error) {
    CommandLine again("rehearse faults");
    again.file(options.design);
    repeat(options.exploring, again);
    again.option("--executions", std::to_string(options.executions), std::to_string(sim::most_executions));
    again.option("--export", options.wanted);
    return tell_bug(error, again.text());
  }
}

}  // namespace

void add_faults_command(CLI::App& program, Exit& exit) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "faults", "every fault that a design can meet, alone and together, and what becomes of the farm");
  command->add_option("DESIGN", options->design, "the design")->required();
  add_exploring_options(*command, options->exploring);
  command->add_flag("--list", options->list, "only the faults, and what is not covered");
  command->add_flag("--count", options->count, "only count the courses of k faults");
  command->add_option("--executions", options->executions, "of the batch that is under way, at most")
      ->check(CLI::Range(1, sim::most_executions))
      ->capture_default_str();
  add_format_option(*command, options->format);
  add_html_option(*command, options->html);
  command->add_flag("--quiet,-q", options->exploring.quiet, "no stories, no progress");
  command->add_option("--fail-on", options->fail_on, "exit code 1 from this outcome on")
      ->check(CLI::IsMember(sim::farm_outcome_names()))
      ->capture_default_str();
  auto* wanted = command->add_option("--export", options->wanted,
                                     "a minimal scenario of a course: its place among the worst, or an outcome");
  command->add_option("--output,-o", options->output, "file for the scenario; default: standard output")->needs(wanted);
  command->footer(
      "outcomes: masked, recovered, recovered with loss, needs a person, lost, unknown\n"
      "examples:\n"
      "  rehearse faults design.json --list\n"
      "  rehearse faults design.json --k 2 --html faults.html\n"
      "  rehearse faults design.json --export 'needs a person' -o needs_a_person.json\n"
      "exit codes: 0 no course was as grave as --fail-on, 1 one was, 2 one may be (an unknown switch decides) or not\n"
      "  every course was run, 64 bad usage or input, 70 a bug in Rehearse, 74 output failed, 130 interrupted");
  command->callback([options, &exit] { exit = run(*options); });
}

}  // namespace rehearse::cli

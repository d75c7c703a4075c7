#include "cli/faults_command.hpp"

#include <fmt/core.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <thread>

#include "cli/output_file.hpp"
#include "model/design_reader.hpp"
#include "sim/faults/faults_report.hpp"
#include "sim/faults/minimal_scenario.hpp"
#include "sim/faults/scenario_text.hpp"
#include "sim/faults/stage.hpp"

namespace rehearse::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string design;
  unsigned faults = 1;
  std::string at = "median", format = "text", start = "2027-03-01T10:00:00Z", fail_on = "lost";
  std::string wanted, output;  // of --export
  std::uint64_t seed = 1, limit = 1'000'000;
  unsigned threads = 0;
  int executions = sim::most_executions;
  bool list = false, count = false, quiet = false, without_operations = false;
};

std::atomic<bool> interrupted = false;

extern "C" void stop_exploring(int) {
  interrupted = true;
}

/// nullopt after its diagnostics were told.
std::optional<model::Design> read(const std::string& path) {
  model::DesignResult result = model::read_design_file(path);
  if (result.design) {
    const std::vector<model::Diagnostic> unsupported = world::Blueprint::unsupported(*result.design);
    result.diagnostics.insert(result.diagnostics.end(), unsupported.begin(), unsupported.end());
  }
  for (const model::Diagnostic& diagnostic : result.diagnostics) std::cerr << model::to_text(diagnostic) << '\n';
  if (model::has_errors(result.diagnostics)) return std::nullopt;
  return std::move(result.design);
}

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
    return std::cout ? Exit::passed : Exit::io;
  }
  OutputFile file(options.output);
  if (file.problem().empty() && file.write(text)) return Exit::passed;
  spdlog::error("{}", file.problem());
  return Exit::io;
}

sim::ExplorationOptions exploration_options(const Options& options) {
  sim::ExplorationOptions exploration;
  exploration.faults = options.faults;
  exploration.threads = options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  exploration.limit = options.limit;
  exploration.only_count = options.count;
  exploration.operations = !options.without_operations;
  exploration.interrupted = [] { return interrupted.load(); };
  if (isatty(STDERR_FILENO) != 0 && !options.quiet) {
    exploration.progress = [](std::uint64_t done, std::uint64_t of) {
      std::cerr << fmt::format("\r{} of {} beginnings{}", done, of, done == of ? "\r\x1b[K" : "") << std::flush;
    };
  }
  return exploration;
}

Exit explore(const Options& options, const sim::Stage& stage) {
  const sim::FaultCatalogue catalogue = sim::catalogue_of(*stage.deployed);
  if (options.list) {
    sim::write_catalogue(std::cout, catalogue);
    return std::cout ? Exit::passed : Exit::io;
  }
  std::signal(SIGINT, stop_exploring);
  std::signal(SIGTERM, stop_exploring);
  const auto begin = std::chrono::steady_clock::now();
  const sim::Exploration exploration = sim::explore(stage, catalogue, exploration_options(options));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  const sim::FaultsReport report{stage, catalogue, exploration, options.faults};
  if (!options.quiet) {
    std::cerr << fmt::format("{} runs in {:.1f} s: {:.0f} a second\n", exploration.runs, took.count(),
                             static_cast<double>(exploration.runs) / took.count());
  }
  if (!options.wanted.empty()) return export_scenario(options, report);
  if (options.format == "json") {
    sim::write_faults_json(std::cout, report);
  } else {
    sim::write_faults_text(std::cout, report, !options.quiet);
  }
  std::cout.flush();
  if (!std::cout) {
    spdlog::error("standard output could not be written");
    return Exit::io;
  }
  const auto healthy = sim::outcome_of(exploration.healthy.figures);
  if (healthy != sim::FarmOutcome::masked) {
    spdlog::error("without any fault the outcome is '{}' already: see to that first", sim::to_text(healthy));
    return Exit::failed;
  }
  return exit_of(exploration, options.fail_on);
}

Exit run(const Options& options) {
  const auto design = read(options.design);
  const auto start = model::parse_date(options.start);
  if (!start) spdlog::error("'{}' is no date: write one like 2027-03-01T10:00:00Z", options.start);
  if (!design || !start) return Exit::usage;
  sim::StageOptions stage;
  stage.start = *start;
  stage.seed = options.seed;
  stage.pace = options.at == "p95" ? world::Pace::p95 : world::Pace::median;
  stage.executions = options.executions;
  try {
    return explore(options, sim::stage_of(*design, options.design, stage));
  } catch (const std::logic_error& error) {
    spdlog::error("this is a bug in Rehearse: {}", error.what());
    std::cerr << fmt::format("reproduce: rehearse faults {} --k {} --seed {} --start {} --at {}\n", options.design,
                             options.faults, options.seed, options.start, options.at);
    return Exit::bug;
  }
}

}  // namespace

void add_faults_command(CLI::App& program, Exit& exit) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "faults", "every fault that a design can meet, alone and together, and what becomes of the farm");
  command->add_option("DESIGN", options->design, "the design")->required();
  command->add_option("--k", options->faults, "how many faults at most, one after the other")
      ->check(CLI::Range(1U, static_cast<unsigned>(sim::most_faults)))
      ->capture_default_str();
  command->add_flag("--list", options->list, "only the faults, and what is not covered");
  command->add_option("--at", options->at, "durations at their median or p95")
      ->check(CLI::IsMember({"median", "p95"}))
      ->capture_default_str();
  command->add_option("--threads", options->threads, "default: one a processor; the result is the same on any number")
      ->check(CLI::Range(1U, 1024U));
  command->add_option("--limit", options->limit, "about how many courses to run; the report says which were left out")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{100'000'000}))
      ->capture_default_str();
  command->add_flag("--count", options->count, "only count the courses of k faults");
  command->add_flag("--without-operations", options->without_operations,
                    "no faults during a rotation of certificates and a rolling patch");
  command->add_option("--executions", options->executions, "of the batch that is under way, at most")
      ->check(CLI::Range(1, sim::most_executions))
      ->capture_default_str();
  command->add_option("--start", options->start, "the date of the first minute: certificates are judged by it")
      ->capture_default_str();
  command->add_option("--seed", options->seed, "for phases and package durations")->capture_default_str();
  command->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command->add_flag("--quiet,-q", options->quiet, "no stories, no progress");
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
      "  rehearse faults design.json --k 2\n"
      "  rehearse faults design.json --export 'needs a person' -o needs_a_person.json\n"
      "exit codes: 0 no course was as grave as --fail-on, 1 one was, 2 one may be (an unknown switch decides) or not\n"
      "  every course was run, 64 bad usage or input, 70 a bug in Rehearse, 74 output failed, 130 interrupted");
  command->callback([options, &exit] { exit = run(*options); });
}

}  // namespace rehearse::cli

#include "cli/exploring.hpp"

#include <fmt/core.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "cli/command.hpp"
#include "cli/interrupt.hpp"
#include "cli/telling.hpp"

namespace rehearse::cli {

void add_exploring_options(CLI::App& command, ExploringOptions& options) {
  command.add_option("--k", options.faults, "how many faults at most, one after the other")
      ->check(CLI::Range(1U, static_cast<unsigned>(sim::most_faults)))
      ->capture_default_str();
  command.add_flag("--without-operations", options.without_operations,
                   "no faults during a rotation of certificates and a rolling patch");
  command.add_option("--at", options.at, "durations at their median or p95")
      ->check(CLI::IsMember({"median", "p95"}))
      ->capture_default_str();
  add_threads_option(command, options.threads);
  command
      .add_option("--limit", options.limit,
                  "about how many courses to run for a design; the report says which were left out")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{100'000'000}))
      ->capture_default_str();
  command.add_option("--start", options.start, "the date of the first minute: certificates are judged by it")
      ->capture_default_str();
  command.add_option("--seed", options.seed, "for phases and package durations")->capture_default_str();
}

void repeat(const ExploringOptions& options, CommandLine& command) {
  const ExploringOptions defaults;
  command.option("--k", std::to_string(options.faults), std::to_string(defaults.faults))
      .flag("--without-operations", options.without_operations)
      .option("--at", options.at, defaults.at)
      .option("--limit", std::to_string(options.limit), std::to_string(defaults.limit))
      .option("--start", options.start, defaults.start)
      .option("--seed", std::to_string(options.seed), std::to_string(defaults.seed));
}

std::optional<Date> start_of(const ExploringOptions& options) {
  const auto start = model::parse_date(options.start);
  if (!start) spdlog::error("'{}' is no date: write one like 2027-03-01T10:00:00Z", options.start);
  return start;
}

sim::StageOptions stage_options(const ExploringOptions& options, Date start) {
  sim::StageOptions stage;
  stage.start = start;
  stage.seed = options.seed;
  stage.pace = options.at == "p95" ? world::Pace::p95 : world::Pace::median;
  return stage;
}

sim::ExplorationOptions exploration_options(const ExploringOptions& options, const std::string& name) {
  sim::ExplorationOptions exploration;
  exploration.faults = options.faults;
  exploration.threads = threads_for(options.threads);
  exploration.limit = options.limit;
  exploration.operations = !options.without_operations;
  exploration.interrupted = [] { return interrupted(); };
  if (watched() && !options.quiet) {
    const std::string before = name.empty() ? "" : name + ": ";
    exploration.progress = [before](std::uint64_t done, std::uint64_t of) {
      std::cerr << fmt::format("\r{}{} of {} beginnings{}", before, done, of, done == of ? "\r\x1b[K" : "")
                << std::flush;
    };
  }
  return exploration;
}

}  // namespace rehearse::cli

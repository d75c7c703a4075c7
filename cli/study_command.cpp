#include "cli/study_command.hpp"

#include <fmt/core.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <thread>

#include "cli/command_line.hpp"
#include "cli/output_file.hpp"
#include "cli/study_progress.hpp"
#include "sim/study/conduct.hpp"
#include "sim/study/study_reader.hpp"
#include "sim/study/study_report.hpp"

namespace rehearse::cli {
namespace {

struct Options {
  std::string study, format = "text", csv;
  sim::StudyOverrides overrides;
  unsigned threads = 0;
  bool quiet = false;
};

std::atomic<bool> interrupted = false;

extern "C" void stop_study(int) {
  interrupted = true;
}

/// nullopt after its diagnostics were told.
std::optional<sim::Study> read(const Options& options) {
  sim::StudyResult result;
  if (options.study == "-") {
    std::ostringstream text;
    text << std::cin.rdbuf();
    result = sim::read_study(text.str(), "<standard input>", ".", options.overrides);
  } else {
    result = sim::read_study_file(options.study, options.overrides);
  }
  for (const model::Diagnostic& diagnostic : result.diagnostics) std::cerr << model::to_text(diagnostic) << '\n';
  return std::move(result.study);
}

std::string reproduction(const Options& options, const sim::Study& study) {
  return CommandLine("rehearse study")
      .file(options.study)
      .option("--seed", std::to_string(study.seed))
      .option("--replications", std::to_string(study.replications))
      .text();
}

/// Standard output, and the table in a file.
Exit write(const Options& options, OutputFile* csv, const sim::StudyReport& report) {
  if (options.format == "json") {
    sim::write_study_json(std::cout, report);
  } else {
    sim::write_study_text(std::cout, report);
  }
  std::cout.flush();
  if (!std::cout) {
    spdlog::error("standard output could not be written");
    return Exit::io;
  }
  if (csv != nullptr) {
    std::ostringstream table;
    sim::write_study_csv(table, report);
    if (!csv->write(table.str())) {
      spdlog::error("{}", csv->problem());
      return Exit::io;
    }
  }
  if (report.interrupted) return Exit::interrupted;
  return report.precise ? Exit::passed : Exit::unknown;
}

Exit conduct_study(const Options& options, const sim::Study& study, OutputFile* csv) {
  const unsigned threads = options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  const auto stop = [] { return interrupted.load(); };
  const sim::PreparedStudy prepared = sim::prepare_study(study, threads, stop);
  if (!prepared.problem.empty()) {
    spdlog::error("{}", prepared.problem);
    return Exit::usage;
  }
  const sim::StudyWork work(study, prepared, stop);
  sim::Gathered gathered(work);
  StudyProgress progress(work);
  sim::ConductOptions conduct;
  conduct.threads = threads;
  conduct.interrupted = stop;
  if (!options.quiet) conduct.look = [&](const sim::Gathered& seen) { progress.look(seen); };
  sim::conduct(work, gathered, conduct);
  if (!options.quiet) progress.end();
  return write(options, csv, sim::report_of(study, work.layout(), gathered.tally(), !gathered.ended()));
}

Exit run(const Options& options) {
  std::signal(SIGINT, stop_study);
  std::signal(SIGTERM, stop_study);
  const std::optional<sim::Study> study = read(options);
  if (!study) return Exit::usage;
  std::optional<OutputFile> csv;
  if (!options.csv.empty()) csv.emplace(options.csv);
  if (csv && !csv->problem().empty()) {
    spdlog::error("{}", csv->problem());
    return Exit::io;
  }
  try {
    return conduct_study(options, *study, csv ? &*csv : nullptr);
  } catch (const sim::Interrupted&) {
    spdlog::warn("interrupted before anything was complete");
    return Exit::interrupted;
  } catch (const std::logic_error& error) {
    spdlog::error("this is a bug in Rehearse: {}", error.what());
    std::cerr << "reproduce: " << reproduction(options, *study) << '\n';
    return Exit::bug;
  }
}

}  // namespace

void add_study_command(CLI::App& program, Exit& exit) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "study", "replications with drawn durations: how long, how likely, how many, and which setting matters");
  command->add_option("STUDY", options->study, "the study; - is standard input")->required();
  command->add_option("--threads", options->threads, "default: one a processor; the result is the same on any number")
      ->check(CLI::Range(1U, 1024U));
  command->add_option("--replications", options->overrides.replications, "of each point, in place of the study's")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000'000}));
  command->add_option("--seed", options->overrides.seed, "in place of the study's");
  command->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command->add_option("--csv", options->csv, "file for a table with a line for each point and measure");
  command->add_flag("--quiet,-q", options->quiet, "no progress");
  command->footer(
      "examples:\n"
      "  rehearse study scenarios/studies/heartbeat_and_health.json\n"
      "  rehearse study study.json --threads 4 --format json\n"
      "  rehearse study study.json --replications 2000 --csv outages.csv\n"
      "exit codes: 0 done, 2 the wanted precision was not reached, 64 bad usage or input, 70 a bug in Rehearse,\n"
      "  74 output failed, 130 interrupted: what was complete is told");
  command->callback([options, &exit] { exit = run(*options); });
}

}  // namespace rehearse::cli

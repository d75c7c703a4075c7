#include "cli/study_command.hpp"

#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "cli/command_line.hpp"
#include "cli/interrupt.hpp"
#include "cli/study_progress.hpp"
#include "cli/study_replication.hpp"
#include "cli/telling.hpp"
#include "cli/wanted_file.hpp"
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
  std::optional<std::uint64_t> replication;  // told alone
  std::size_t point = 1;
};

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
  tell(result.diagnostics);
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
Exit write(const Options& options, WantedFile& csv, const sim::StudyReport& report) {
  if (options.format == "json") {
    sim::write_study_json(std::cout, report);
  } else {
    sim::write_study_text(std::cout, report);
  }
  if (flushed(Exit::passed) != Exit::passed) return Exit::io;
  if (!csv.write_report([&](std::ostream& out) { sim::write_study_csv(out, report); })) return Exit::io;
  if (report.interrupted) return Exit::interrupted;
  const bool settled = !report.answers || report.answers->settled;
  return report.precise && settled ? Exit::passed : Exit::unknown;
}

Exit conduct_study(const Options& options, const sim::Study& study, WantedFile& csv) {
  const unsigned threads = threads_for(options.threads);
  const auto stop = [] { return interrupted(); };
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
  sim::StudyReport report = sim::report_of(study, work.layout(), gathered.tally(), !gathered.ended());
  if (study.questions.any() && gathered.ended()) {
    try {
      report.answers = sim::answer_questions(study, report.figures, threads, stop);
    } catch (const sim::Interrupted&) {
      report.interrupted = true;  // what the replications came to is told
    }
  }
  return write(options, csv, report);
}

Exit run(const Options& options) {
  note_interrupts();
  const std::optional<sim::Study> study = read(options);
  if (!study) return Exit::usage;
  WantedFile csv(options.csv);
  if (!csv) return Exit::io;
  try {
    if (options.replication) return tell_replication(*study, options.point, *options.replication);
    return conduct_study(options, *study, csv);
  } catch (const sim::Interrupted&) {
    spdlog::warn("interrupted before anything was complete");
    return Exit::interrupted;
  } catch (const std::logic_error& error) {
    return tell_bug(error, reproduction(options, *study));
  }
}

}  // namespace

void add_study_command(CLI::App& program, Exit& exit) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "study", "replications with drawn durations: how long, how likely, how many, and which setting matters");
  command->add_option("STUDY", options->study, "the study; - is standard input")->required();
  add_threads_option(*command, options->threads);
  command->add_option("--replications", options->overrides.replications, "of each point, in place of the study's")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000'000}));
  command->add_option("--seed", options->overrides.seed, "in place of the study's");
  add_format_option(*command, options->format);
  command->add_option("--csv", options->csv, "file for a table with a line for each point and measure");
  auto* replication = command->add_option("--replication", options->replication,
                                          "only the account of this one, for instance of the longest outage");
  command->add_option("--point", options->point, "of which point, from 1")->needs(replication)->capture_default_str();
  command->add_flag("--quiet,-q", options->quiet, "no progress");
  command->footer(
      "examples:\n"
      "  rehearse study scenarios/studies/heartbeat_and_health.json\n"
      "  rehearse study study.json --threads 4 --format json\n"
      "  rehearse study study.json --replications 2000 --csv outages.csv\n"
      "  rehearse study study.json --replication 1234 --point 2      # what happened there\n"
      "exit codes: 0 done, 2 the wanted precision was not reached, 64 bad usage or input, 70 a bug in Rehearse,\n"
      "  74 output failed, 130 interrupted: what was complete is told");
  command->callback([options, &exit] { exit = run(*options); });
}

}  // namespace rehearse::cli

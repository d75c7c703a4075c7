#include "cli/study_command.hpp"

#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "cli/command_line.hpp"
#include "cli/divided_study.hpp"
#include "cli/interrupt.hpp"
#include "cli/silence.hpp"
#include "cli/study_origin.hpp"
#include "cli/study_output.hpp"
#include "cli/study_progress.hpp"
#include "cli/study_replication.hpp"
#include "cli/telling.hpp"
#include "sim/study/study_reader.hpp"
#include "sim/study/study_report.hpp"

namespace rehearse::cli {
namespace {

struct Options {
  std::string study, output;
  sim::StudyOverrides overrides;
  StudyOutputs outputs;
  Division division;
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

Exit conduct(const Options& options, const sim::Study& study, OpenOutputs& outputs, sim::Ranks* ranks) {
  const auto stop = [] { return interrupted(); };
  const sim::PreparedStudy prepared = sim::prepare_study(study, threads_of(options.division, ranks), stop);
  if (!prepared.problem.empty()) {
    spdlog::error("{}", prepared.problem);
    return Exit::usage;
  }
  const sim::StudyWork work(study, prepared, stop);
  if (const std::string problem = problem_of(options.division, work); !problem.empty()) {
    spdlog::error("{}", problem);
    return Exit::usage;
  }
  const std::string origin = to_text(StudyOrigin{options.study, options.overrides});
  std::optional<ShardOutput> shard;
  if (!options.division.shard.empty()) shard.emplace(work, options.division, origin);
  sim::Gathered gathered(work, range_of(options.division, work));
  StudyProgress progress(work);
  DivisionHooks hooks{stop, nullptr, ranks};
  if (!options.quiet) hooks.progress = [&](const sim::Gathered& seen) { progress.look(seen); };
  const Exit ended = conduct_study(work, options.division, origin, hooks, gathered);
  if (!options.quiet) progress.end(gathered);
  const bool nothing_was_done = ended == Exit::io && gathered.complete() == 0;
  if (ended == Exit::usage || nothing_was_done) return ended;
  if (shard && ended == Exit::passed) {
    shard->write(gathered);
    return Exit::passed;
  }
  if (ended != Exit::passed) tell_what_is_kept(options.division, gathered);
  if (shard || gathered.complete() == 0) return ended;
  sim::StudyReport report = sim::report_of(study, work.layout(), gathered.tally(), !gathered.ended());
  if (gathered.ended()) answer_questions(study, report, threads_of(options.division, ranks), stop);
  const Exit written = outputs.write(report);
  return ended == Exit::io ? ended : written;
}

/// Of the ranks but the first: does what rank 0 deals, and says nothing itself.
Exit serve(const Options& options, sim::Ranks& ranks) {
  const Silence silence;
  std::atomic<bool> dismissed = false;
  const auto stop = [&] { return interrupted() || dismissed; };
  try {
    const std::optional<sim::Study> study = read(options);
    if (!study) {
      ranks.give_up(silence.said());
      return Exit::usage;
    }
    const unsigned threads = threads_of(options.division, &ranks);
    const sim::PreparedStudy prepared = sim::prepare_study(*study, threads, stop);
    if (!prepared.problem.empty()) {
      ranks.give_up(prepared.problem);
      return Exit::usage;
    }
    const sim::StudyWork work(*study, prepared, stop);
    const bool well = ranks.serve(work, {threads, [] { return interrupted(); }, [&] { dismissed = true; }});
    return well ? Exit::passed : Exit::interrupted;
  } catch (const sim::Interrupted&) {
    ranks.give_up("interrupted");
    return Exit::interrupted;
  } catch (const std::logic_error& error) {
    ranks.give_up(std::string("this is a bug in Rehearse: ") + error.what());
    return Exit::bug;
  }
}

Exit run(const Options& options) {
  note_interrupts();
  std::unique_ptr<sim::Ranks> ranks;
  try {
    if (sim::started_by_mpirun()) ranks = sim::Ranks::join();
  } catch (const steps::Failure& failure) {
    return exit_after(failure);
  }
  if (ranks && ranks->rank() > 0) return serve(options, *ranks);
  const std::optional<sim::Study> study = read(options);
  if (!study) return Exit::usage;
  if (const std::string problem = problem_of(options.outputs, {options.study, options.division.checkpoint});
      !problem.empty()) {
    spdlog::error("{}", problem);
    return Exit::usage;
  }
  OpenOutputs outputs(options.outputs);
  if (!outputs) return Exit::io;
  try {
    if (options.replication) return tell_replication(*study, options.point, *options.replication);
    return conduct(options, *study, outputs, ranks.get());
  } catch (const steps::Failure& failure) {
    return exit_after(failure);
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
  add_division_options(*command, options->division);
  command->add_option("--replications", options->overrides.replications, "of each point, in place of the study's")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000'000}));
  command->add_option("--seed", options->overrides.seed, "in place of the study's");
  add_output_options(*command, options->outputs);
  command->add_option("--output,-o", options->output, "tables of SQLite; of a shard its file, JSON or SQLite");
  auto* replication = command->add_option("--replication", options->replication,
                                          "only the account of this one, for instance of the longest outage");
  command->add_option("--point", options->point, "of which point, from 1")->needs(replication)->capture_default_str();
  command->add_flag("--quiet,-q", options->quiet, "no progress");
  command->footer(
      "examples:\n"
      "  rehearse study scenarios/studies/heartbeat_and_health.json\n"
      "  rehearse study study.json --threads 4 --format json\n"
      "  rehearse study study.json --replications 2000 --csv outages.csv -o outages.sqlite\n"
      "  rehearse study study.json --html study.html\n"
      "  rehearse study study.json --checkpoint study.checkpoint.sqlite\n"
      "  rehearse study study.json --shard 1/7 --output shard-1.json      # then: rehearse merge shard-*.json\n"
      "  mpirun -n 8 rehearse study study.json\n"
      "  rehearse study study.json --replication 1234 --point 2      # what happened there\n"
      "exit codes: 0 done, 2 the wanted precision was not reached, 64 bad usage or input, 70 a bug in Rehearse,\n"
      "  74 output failed, 130 interrupted: what was complete is told");
  command->callback([options, &exit] {
    (options->division.shard.empty() ? options->outputs.sqlite : options->division.output) = options->output;
    exit = run(*options);
  });
}

}  // namespace rehearse::cli

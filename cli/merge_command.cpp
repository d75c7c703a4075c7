#include "cli/merge_command.hpp"

#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/divided_study.hpp"
#include "cli/interrupt.hpp"
#include "cli/study_origin.hpp"
#include "cli/study_output.hpp"
#include "cli/telling.hpp"
#include "sim/study/shard_file.hpp"

namespace rehearse::cli {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string study;
  StudyOutputs outputs;
  unsigned threads = 0;
};

/// All that can be read; the problems of the others are told. `worst` becomes what they end the program with.
std::vector<sim::NamedShard> read_all(const std::vector<std::string>& files, Exit& worst) {
  std::vector<sim::NamedShard> shards;
  for (const std::string& file : files) {
    try {
      shards.push_back({file, sim::read_shard(file)});
    } catch (const steps::Failure& failure) {
      worst = std::max(worst, exit_after(failure));
    }
  }
  return shards;
}

/// nullopt after telling why not.
std::optional<sim::Study> study_of(const sim::StudyPart& part, const Options& options) {
  std::optional<StudyOrigin> origin = study_origin_in(part.origin);
  if (!origin) origin.emplace();
  if (!options.study.empty()) origin->file = options.study;
  if (origin->file.empty()) {
    spdlog::error("the shards do not say which study they are of: name it with --study");
    return std::nullopt;
  }
  const sim::StudyResult result = sim::read_study_file(origin->file, origin->overrides);
  tell(result.diagnostics);
  if (!result.study) {
    if (options.study.empty()) spdlog::error("name the study with --study where it is not at {}", origin->file);
    return std::nullopt;
  }
  if (result.study->identity != part.identity) {
    spdlog::error(
        "{} is not what the shards were run with ({}): it, its scenario or its design has changed since, or "
        "the program has",
        origin->file, part.origin);
    return std::nullopt;
  }
  return result.study;
}

std::vector<std::string> inputs_of(const Options& options) {
  std::vector<std::string> inputs = options.files;
  inputs.push_back(options.study);
  return inputs;
}

Exit run(const Options& options) {
  note_interrupts();
  if (const std::string problem = problem_of(options.outputs, inputs_of(options)); !problem.empty()) {
    spdlog::error("{}", problem);
    return Exit::usage;
  }
  Exit worst = Exit::passed;
  const std::vector<sim::NamedShard> shards = read_all(options.files, worst);
  if (worst != Exit::passed) return worst;
  const std::vector<model::Diagnostic> problems = sim::problems_of(shards);
  tell(problems);
  if (!problems.empty()) return Exit::usage;
  const std::optional<sim::Study> study = study_of(shards.front().shard.part, options);
  if (!study) return Exit::usage;
  const sim::StudyLayout layout(*study);
  for (const sim::NamedShard& shard : shards) {
    if (layout.fits(shard.shard.tally)) continue;
    spdlog::error("{} holds other figures than {} measures: run that shard again", shard.file, study->file);
    worst = Exit::usage;
  }
  if (worst != Exit::passed) return worst;
  OpenOutputs outputs(options.outputs);
  if (!outputs) return Exit::io;
  try {
    const sim::StudyShard whole = sim::merged(shards);
    sim::StudyReport report = sim::report_of(*study, layout, whole.tally, false);
    answer_questions(*study, report, threads_for(options.threads), [] { return interrupted(); });
    return outputs.write(report);
  } catch (const std::logic_error& error) {
    std::string again = "rehearse merge";
    for (const std::string& file : options.files) again += " " + shell_word(file);
    return tell_bug(error, again);
  }
}

}  // namespace

void add_merge_command(CLI::App& program, Exit& exit) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("merge", "the shards of a study as one result, the same as of a single run");
  command->add_option("FILES", options->files, "of `rehearse study --shard`, all of them, in any order")->required();
  command->add_option("--study", options->study, "where the study is now; default: where the shards say that it was");
  add_threads_option(*command, options->threads);
  add_output_options(*command, options->outputs);
  command->add_option("--output,-o", options->outputs.sqlite, "tables of SQLite");
  command->footer(
      "examples:\n"
      "  rehearse merge study.shards/*.json\n"
      "  rehearse merge study.shards/*.json --format json --csv outages.csv\n"
      "exit codes: 0 done, 64 a file is missing, damaged, there twice or of another study, 70 a bug in Rehearse,\n"
      "  74 a file cannot be read or written");
  command->callback([options, &exit] { exit = run(*options); });
}

}  // namespace rehearse::cli

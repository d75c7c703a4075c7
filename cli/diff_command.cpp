#include "cli/diff_command.hpp"

#include <fmt/core.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <thread>

#include "model/design_reader.hpp"
#include "model/json_tree.hpp"
#include "model/whole_file.hpp"
#include "sim/diff/diff_report.hpp"

namespace rehearse::cli {
namespace {

struct Options {
  std::string a, b;
  unsigned faults = 1;
  std::string at = "median", format = "text", start = "2027-03-01T10:00:00Z";
  std::uint64_t seed = 1, limit = 1'000'000;
  unsigned threads = 0;
  bool quiet = false, without_operations = false;
};

std::atomic<bool> interrupted = false;

extern "C" void stop_comparing(int) {
  interrupted = true;
}

/// A design that the world can be built from.
struct ReadDesign {
  model::DesignText source;
  model::Design design;
};

/// nullopt after its diagnostics were told.
std::optional<ReadDesign> read(const std::string& path) {
  ReadDesign read;
  std::string problem;
  const auto text = model::read_whole_file(path, model::json_size_limit, problem);
  if (!text) {
    spdlog::error("{}: the design cannot be read: {}", path, problem);
    return std::nullopt;
  }
  read.source = {*text, path, std::filesystem::path(path).parent_path().string()};
  model::DesignResult result = model::read_design(read.source.text, path, read.source.folder);
  if (result.design) {
    const std::vector<model::Diagnostic> unsupported = world::Blueprint::unsupported(*result.design);
    result.diagnostics.insert(result.diagnostics.end(), unsupported.begin(), unsupported.end());
  }
  for (const model::Diagnostic& diagnostic : result.diagnostics) std::cerr << model::to_text(diagnostic) << '\n';
  if (model::has_errors(result.diagnostics)) return std::nullopt;
  read.design = std::move(*result.design);
  return read;
}

/// A design on its stage with what its faults came to.
struct Tried {
  sim::Stage stage;
  sim::FaultCatalogue catalogue;
  sim::Exploration exploration;
};

std::unique_ptr<Tried> try_faults(const Options& options, const ReadDesign& design, Date start) {
  sim::StageOptions stage;
  stage.start = start;
  stage.seed = options.seed;
  stage.pace = options.at == "p95" ? world::Pace::p95 : world::Pace::median;
  sim::ExplorationOptions exploration;
  exploration.faults = options.faults;
  exploration.threads = options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  exploration.limit = options.limit;
  exploration.operations = !options.without_operations;
  exploration.interrupted = [] { return interrupted.load(); };
  if (isatty(STDERR_FILENO) != 0 && !options.quiet) {
    exploration.progress = [&](std::uint64_t done, std::uint64_t of) {
      std::cerr << fmt::format("\r{}: {} of {} beginnings{}", design.source.file, done, of,
                               done == of ? "\r\x1b[K" : "")
                << std::flush;
    };
  }
  auto tried = std::make_unique<Tried>();
  tried->stage = sim::stage_of(design.design, design.source.file, stage);
  tried->catalogue = sim::catalogue_of(*tried->stage.deployed);
  tried->exploration = sim::explore(tried->stage, tried->catalogue, exploration);
  return tried;
}

model::rules::CheckResult check(const ReadDesign& design, Date start) {
  model::rules::CheckOptions options;
  options.date = start;
  return model::rules::check(design.source.text, design.source.file, design.source.folder, options);
}

Exit compare(const Options& options, const ReadDesign& a, const ReadDesign& b, Date start) {
  std::signal(SIGINT, stop_comparing);
  std::signal(SIGTERM, stop_comparing);
  const auto tried_a = try_faults(options, a, start), tried_b = try_faults(options, b, start);
  if (interrupted) {
    std::cerr << "interrupted: nothing was compared\n";
    return Exit::interrupted;
  }
  const sim::Explored explored_a{tried_a->exploration, tried_a->catalogue};
  const sim::Explored explored_b{tried_b->exploration, tried_b->catalogue};
  const sim::DesignDiff diff{
      {a.source.file, tried_a->stage, explored_a},
      {b.source.file, tried_b->stage, explored_b},
      options.faults,
      model::design_differences(a.source, b.source),
      sim::rule_differences(check(a, start), check(b, start)),
      sim::structure_differences(model::structure::study(a.design), model::structure::study(b.design)),
      sim::course_differences(explored_a, explored_b)};
  if (options.format == "json") {
    sim::write_diff_json(std::cout, diff);
  } else {
    sim::write_diff_text(std::cout, diff);
  }
  std::cout.flush();
  if (!std::cout) {
    spdlog::error("standard output could not be written");
    return Exit::io;
  }
  return diff.worse() ? Exit::failed : diff.unknown() ? Exit::unknown : Exit::passed;
}

Exit run(const Options& options) {
  const auto a = read(options.a), b = read(options.b);
  const auto start = model::parse_date(options.start);
  if (!start) spdlog::error("'{}' is no date: write one like 2027-03-01T10:00:00Z", options.start);
  if (!a || !b || !start) return Exit::usage;
  try {
    return compare(options, *a, *b, *start);
  } catch (const std::logic_error& error) {
    spdlog::error("this is a bug in Rehearse: {}", error.what());
    std::cerr << fmt::format("reproduce: rehearse diff {} {} --k {} --seed {} --start {} --at {}\n", options.a,
                             options.b, options.faults, options.seed, options.start, options.at);
    return Exit::bug;
  }
}

}  // namespace

void add_diff_command(CLI::App& program, Exit& exit) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("diff", "what is different in another design, on paper and when things fail, and why");
  command->add_option("A", options->a, "the design as it is")->required();
  command->add_option("B", options->b, "the design as it may become")->required();
  command->add_option("--k", options->faults, "how many faults at most, one after the other")
      ->check(CLI::Range(1U, static_cast<unsigned>(sim::most_faults)))
      ->capture_default_str();
  command->add_flag("--without-operations", options->without_operations,
                    "no faults during a rotation of certificates and a rolling patch");
  command->add_option("--at", options->at, "durations of faults at their median or p95")
      ->check(CLI::IsMember({"median", "p95"}))
      ->capture_default_str();
  command->add_option("--threads", options->threads, "default: one a processor; the result is the same on any number")
      ->check(CLI::Range(1U, 1024U));
  command->add_option("--limit", options->limit, "about how many courses to run for each design")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{100'000'000}))
      ->capture_default_str();
  command->add_option("--start", options->start, "the day of the rules, and the first minute of the faults")
      ->capture_default_str();
  command->add_option("--seed", options->seed, "for phases and package durations")->capture_default_str();
  command->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command->add_flag("--quiet,-q", options->quiet, "no progress");
  command->footer(
      "examples:\n"
      "  rehearse diff design.json changed.json\n"
      "  rehearse diff design.json changed.json --k 2 --format json\n"
      "exit codes: 0 nothing got worse in B, 1 something did, 2 it may have (an unknown switch decides) or not every\n"
      "  course was run, 64 bad usage or input, 70 a bug in Rehearse, 74 output failed, 130 interrupted");
  command->callback([options, &exit] { exit = run(*options); });
}

}  // namespace rehearse::cli

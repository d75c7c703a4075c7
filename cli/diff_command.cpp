#include "cli/diff_command.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "cli/design_reading.hpp"
#include "cli/exploring.hpp"
#include "cli/html_option.hpp"
#include "cli/interrupt.hpp"
#include "cli/page.hpp"
#include "cli/scenario_files.hpp"
#include "cli/telling.hpp"
#include "cli/wanted_file.hpp"
#include "sim/diff/diff_report.hpp"
#include "sim/report/html/diff_page.hpp"

namespace rehearse::cli {
namespace {

struct Options {
  std::string a, b;
  std::vector<std::string> scenarios;
  std::uint64_t replications = 0;
  std::string format = "text", html;
  ExploringOptions exploring;
};

/// A design that the world can be built from, held against the rules.
struct ReadDesign {
  model::DesignText source;
  model::rules::CheckResult checked;
  model::Design design;
};

/// `date`: "today", for the rules. nullopt after its diagnostics were told.
std::optional<ReadDesign> read(const std::string& path, Date date) {
  std::vector<model::Diagnostic> unreadable;
  auto source = read_design_text(path, unreadable);
  if (!source) {
    tell(unreadable);
    return std::nullopt;
  }
  model::rules::CheckOptions options;
  options.date = date;
  model::rules::CheckResult checked = model::rules::check(source->text, source->file, source->folder, options);
  auto design = for_world(std::exchange(checked.design, std::nullopt), checked.diagnostics);
  if (!design) return std::nullopt;
  return ReadDesign{std::move(*source), std::move(checked), std::move(*design)};
}

/// A design on its stage with what its faults came to.
struct Tried {
  sim::Stage stage;
  sim::FaultCatalogue catalogue;
  sim::Exploration exploration;
};

std::unique_ptr<Tried> try_faults(const ExploringOptions& options, const ReadDesign& design, Date start) {
  auto tried = std::make_unique<Tried>();
  tried->stage = sim::stage_of(design.design, design.source.file, stage_options(options, start));
  tried->catalogue = sim::catalogue_of(*tried->stage.deployed);
  tried->exploration = sim::explore(tried->stage, tried->catalogue, exploration_options(options, design.source.file));
  return tried;
}

/// The files of --scenario; nullopt after telling what is wrong, with `exit`.
std::optional<std::vector<sim::ScenarioFile>> read_scenarios(const std::vector<std::string>& paths, Exit& exit) {
  const auto names = scenario_files(paths, exit);
  if (!names) return std::nullopt;
  std::vector<sim::ScenarioFile> files;
  std::vector<model::Diagnostic> problems;
  for (const std::string& name : *names) {
    auto file = sim::ScenarioFile::read(name, problems);
    if (file) files.push_back(std::move(*file));
  }
  tell(problems);
  if (problems.empty()) return files;
  exit = Exit::usage;
  return std::nullopt;
}

sim::ScenarioDiffOptions scenario_options(const Options& options) {
  sim::ScenarioDiffOptions how;
  how.replications = options.replications;
  how.threads = threads_for(options.exploring.threads);
  how.interrupted = [] { return interrupted(); };
  if (watched() && !options.exploring.quiet) {
    how.progress = [](std::uint64_t done, std::uint64_t of) {
      std::cerr << fmt::format("\r{} of {} scenarios{}", done, of, done == of ? "\r\x1b[K" : "") << std::flush;
    };
  }
  return how;
}

Exit tell_interrupted() {
  std::cerr << "interrupted: nothing was compared\n";
  return Exit::interrupted;
}

Exit compare(const Options& options, const ReadDesign& a, const ReadDesign& b, Date start,
             const std::vector<sim::ScenarioFile>& scenarios) {
  WantedFile html(options.html);
  if (!html) return Exit::io;
  note_interrupts();
  const auto tried_a = try_faults(options.exploring, a, start), tried_b = try_faults(options.exploring, b, start);
  if (interrupted()) return tell_interrupted();
  const sim::Explored explored_a{tried_a->exploration, tried_a->catalogue};
  const sim::Explored explored_b{tried_b->exploration, tried_b->catalogue};
  const sim::DesignDiff diff{
      {a.source.file, tried_a->stage, explored_a},
      {b.source.file, tried_b->stage, explored_b},
      options.exploring.faults,
      model::design_differences(a.source, b.source),
      sim::rule_differences(a.checked, b.checked),
      sim::structure_differences(model::structure::study(a.design), model::structure::study(b.design)),
      sim::course_differences(explored_a, explored_b),
      sim::scenario_differences(scenarios, a.source.file, b.source.file, scenario_options(options)),
      options.replications};
  if (options.format == "json") {
    sim::write_diff_json(std::cout, diff);
  } else {
    const Page page(true);
    sim::write_diff_text(std::cout, diff);
  }
  if (!html.write_report([&](std::ostream& out) { sim::html::write_diff_page(out, diff); })) return Exit::io;
  return flushed(diff.worse() ? Exit::failed : diff.unknown() ? Exit::unknown : Exit::passed);
}

Exit run(const Options& options) {
  std::vector<std::string> inputs = options.scenarios;
  inputs.insert(inputs.end(), {options.a, options.b});
  if (!nothing_is_lost_by({{"--html", options.html}}, inputs)) return Exit::usage;
  const auto start = start_of(options.exploring);
  const auto a = read(options.a, start.value_or(Date{})), b = read(options.b, start.value_or(Date{}));
  Exit exit = Exit::usage;
  const auto scenarios = read_scenarios(options.scenarios, exit);
  if (!a || !b || !start || !can_write_html(options.html)) return Exit::usage;
  if (!scenarios) return exit;
  try {
    return compare(options, *a, *b, *start, *scenarios);
  } catch (const sim::Interrupted&) {
    return tell_interrupted();
  } catch (const std::logic_error& error) {
    CommandLine again("rehearse diff");
    again.file(options.a).file(options.b);
    for (const std::string& scenario : options.scenarios) again.option("--scenario", scenario);
    again.option("--replications", std::to_string(options.replications), "0");
    repeat(options.exploring, again);
    return tell_bug(error, again.text());
  }
}

}  // namespace

void add_diff_command(CLI::App& program, Exit& exit) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("diff", "what is different in another design, on paper and when things fail, and why");
  command->add_option("A", options->a, "the design as it is")->required();
  command->add_option("B", options->b, "the design as it may become")->required();
  CLI::Option* scenarios =
      command
          ->add_option(
              "--scenario", options->scenarios,
              "also rehearse this scenario, or those of a folder, with each design in place of its own; may come "
              "several times")
          ->allow_extra_args(false);
  command
      ->add_option("--replications", options->replications,
                   "of each scenario with drawn durations, for how long services are out (default: none)")
      ->check(CLI::Range(std::uint64_t{2}, std::uint64_t{1'000'000}))
      ->needs(scenarios);
  add_exploring_options(*command, options->exploring);
  add_format_option(*command, options->format);
  add_html_option(*command, options->html);
  command->add_flag("--quiet,-q", options->exploring.quiet, "no progress");
  command->footer(
      "examples:\n"
      "  rehearse diff design.json changed.json\n"
      "  rehearse diff design.json changed.json --k 2 --format json\n"
      "  rehearse diff design.json changed.json --scenario scenarios --replications 200\n"
      "exit codes: 0 nothing got worse in B, 1 something did, 2 it may have (an unknown switch decides), not every\n"
      "  course was run or a scenario does not suit both designs, 64 bad usage or input, 70 a bug in Rehearse,\n"
      "  74 output failed, 130 interrupted");
  command->callback([options, &exit] { exit = run(*options); });
}

}  // namespace rehearse::cli

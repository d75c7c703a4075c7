#include "cli/run_command.hpp"

#include <fmt/core.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/html_option.hpp"
#include "cli/interrupt.hpp"
#include "cli/page.hpp"
#include "cli/progress_line.hpp"
#include "cli/scenario_files.hpp"
#include "cli/telling.hpp"
#include "cli/wanted_file.hpp"
#include "sim/report/html/run_page.hpp"
#include "sim/report/json_report.hpp"
#include "sim/report/junit_report.hpp"
#include "sim/report/text_report.hpp"
#include "sim/report/trace.hpp"
#include "sim/scenario/explanations.hpp"
#include "sim/scenario/runner.hpp"
#include "sim/scenario/scenario_reader.hpp"

namespace rehearse::cli {
namespace {

struct Options {
  std::vector<std::string> paths;
  std::string format = "text";
  std::string junit, html, trace, save;
  std::string colour = "auto";
  std::optional<std::uint64_t> seed;
  std::uint64_t replications = 200;
  unsigned jobs = 0;
  bool quiet = false, timeline = false, explain = false;
};

/// What became of one file.
struct Job {
  std::string path;
  std::vector<model::Diagnostic> diagnostics;
  std::optional<sim::RunResult> result;
  std::string bug;  // a broken invariant, in its own words
  bool done = false;
};

sim::ScenarioResult read(const std::string& path) {
  if (path != "-") return sim::read_scenario_file(path);
  std::ostringstream text;
  text << std::cin.rdbuf();
  return sim::read_scenario(text.str(), "<standard input>", ".");
}

void perform(Job& job, const Options& options) {
  job.done = true;  // whatever comes of it
  try {
    sim::ScenarioResult read_result = read(job.path);
    job.diagnostics = std::move(read_result.diagnostics);
    if (!read_result.scenario) return;
    if (options.seed) read_result.scenario->seed = *options.seed;
    sim::RunOptions run_options;
    run_options.replications = options.replications;
    run_options.interrupted = [] { return interrupted(); };
    job.result = sim::run(*read_result.scenario, run_options);
    if (options.explain || !options.save.empty() || !options.html.empty())
      sim::explain(*job.result);  // so that a decision that does not hold is this job's bug
  } catch (const sim::Interrupted&) {
    job.done = false;
  } catch (const std::exception& error) {
    job.result.reset();
    job.bug = error.what();
  }
}

/// Works through the jobs on several threads and tells each as soon as those before it are told.
template <class Tell>
void perform_all(std::vector<Job>& jobs, const Options& options, Tell&& tell) {
  std::mutex mutex;
  std::condition_variable changed;
  std::atomic<std::size_t> next = 0;
  std::vector<bool> finished(jobs.size(), false);  // guarded by the mutex; what a job holds is its thread's until then
  const auto work = [&] {
    for (std::size_t index = next++; index < jobs.size() && !interrupted(); index = next++) {
      perform(jobs[index], options);
      const std::lock_guard lock(mutex);
      finished[index] = jobs[index].done;
      changed.notify_all();
    }
    changed.notify_all();
  };
  std::vector<std::jthread> threads;
  for (std::size_t thread = 0; thread < std::min<std::size_t>(threads_for(options.jobs), jobs.size()); ++thread)
    threads.emplace_back(work);
  ProgressLine progress(!options.quiet);
  for (std::size_t index = 0; index < jobs.size(); ++index) {
    std::unique_lock lock(mutex);
    while (!finished[index] && !interrupted()) {
      changed.wait_for(lock, std::chrono::milliseconds(100));
      const auto done = std::count(finished.begin(), finished.end(), true);
      if (!finished[index]) progress.show(fmt::format("{} of {} scenarios", done, jobs.size()));
    }
    if (!finished[index]) return;
    lock.unlock();
    progress.clear();
    tell(jobs[index]);
  }
}

Exit exit_of(const Job& job) {
  if (!job.bug.empty()) return Exit::bug;
  if (!job.result) return Exit::usage;
  switch (job.result->outcome()) {
    case sim::Outcome::passed: return Exit::passed;
    case sim::Outcome::failed: return Exit::failed;
    case sim::Outcome::unknown: return Exit::unknown;
  }
  return Exit::bug;
}

/// Of several files the gravest counts: a bug, then bad input, then a failure, then unknown.
Exit graver(Exit a, Exit b) {
  const auto gravity = [](Exit exit) {
    switch (exit) {
      case Exit::passed: return 0;
      case Exit::unknown: return 1;
      case Exit::failed: return 2;
      case Exit::usage: return 3;
      default: return 4;
    }
  };
  return gravity(a) < gravity(b) ? b : a;
}

std::string seed_text(const Options& options) {
  return options.seed ? fmt::format(" --seed {}", *options.seed) : "";
}

void tell_text(const Job& job, const Options& options, bool colour) {
  tell(job.diagnostics);
  if (!job.bug.empty()) {
    spdlog::error("{}: this is a bug in Rehearse: {}", job.path, job.bug);
    std::cerr << "reproduce: rehearse run " << shell_word(job.path) << seed_text(options) << '\n';
  }
  if (job.result) {
    sim::write_text(std::cout, *job.result, {colour, options.quiet, options.timeline, options.explain});
    std::cout.flush();
  }
}

Exit run(const Options& options) {
  std::vector<Job> jobs;
  Exit exit = Exit::passed;
  const auto files = scenario_files(options.paths, exit);
  if (!files) return exit;
  for (const std::string& file : *files) jobs.push_back({file, {}, std::nullopt, "", false});
  // Where results go is tried before the work is done, not after.
  const std::vector<NamedFile> outputs = {
      {"--junit", options.junit}, {"--html", options.html}, {"--trace", options.trace}, {"--save", options.save}};
  if (!can_write_html(options.html) || !nothing_is_lost_by(outputs, *files)) return Exit::usage;
  WantedFile junit(options.junit), html(options.html), trace(options.trace), save(options.save);
  if (!junit || !html || !trace || !save) return Exit::io;
  note_interrupts();
  const bool colour = in_colour(options.colour);
  const bool text = options.format == "text";
  const Page page(text);
  std::vector<sim::RunResult> results;
  bool first = true;
  perform_all(jobs, options, [&](Job& job) {
    exit = graver(exit, exit_of(job));
    if (text && !first && !options.quiet && job.result) std::cout << '\n';
    first = false;
    if (text) {
      tell_text(job, options, colour);
    } else {
      Job without_result{job.path, job.diagnostics, std::nullopt, job.bug, true};
      tell_text(without_result, options, false);
    }
    if (job.result) results.push_back(std::move(*job.result));
  });
  if (!text) sim::write_json(std::cout, results, {options.explain, REHEARSE_VERSION});
  if (flushed(Exit::passed) != Exit::passed) return Exit::io;
  bool written = junit.write_report([&](std::ostream& out) { sim::write_junit(out, results); });
  const auto write_html = [&](std::ostream& out) { sim::html::write_run_page(out, results); };
  if (!results.empty()) written = html.write_report(write_html) && written;
  written = trace.write_report([&](std::ostream& out) { sim::write_trace(out, results, REHEARSE_VERSION); }) && written;
  written = save.write_report([&](std::ostream& out) {
    sim::write_json(out, results, {true, REHEARSE_VERSION});
  }) && written;
  if (!written) return Exit::io;
  if (interrupted()) {
    std::cerr << fmt::format("interrupted: {} of {} scenarios were rehearsed; what is shown is complete\n",
                             results.size(), jobs.size());
    return Exit::interrupted;
  }
  return exit;
}

}  // namespace

void add_run_command(CLI::App& program, Exit& exit) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("run", "replays scenarios and tells what happened, why, and whether it was expected");
  command->add_option("SCENARIO", options->paths, "scenario files, folders of them, or - for standard input")
      ->required();
  add_format_option(*command, options->format);
  command->add_option("--junit", options->junit, "also write a JUnit XML report to this file");
  add_html_option(*command, options->html);
  command->add_option("--trace", options->trace, "also write a trace to this file, for Perfetto or chrome://tracing");
  command->add_option("--save", options->save, "also save the result to this file, for rehearse explain");
  command->add_option("--seed", options->seed, "instead of the seeds in the files");
  command->add_option("--replications", options->replications, "for expectations with a probability")
      ->check(CLI::Range(std::uint64_t{10}, std::uint64_t{1'000'000}))
      ->capture_default_str();
  command->add_option("--jobs", options->jobs, "scenarios at a time (default: one a processor)")
      ->check(CLI::Range(1U, 1024U));
  add_color_option(*command, options->colour);
  command->add_flag("--quiet,-q", options->quiet, "only the headlines and what did not pass");
  command->add_flag("--timeline", options->timeline, "every record of the journal, not only the story");
  command->add_flag("--explain", options->explain,
                    "why each placement, quorum verdict, restart and non-restart came out as it did");
  command->footer(
      "examples:\n"
      "  rehearse run scenarios/node_loss.json\n"
      "  rehearse run scenarios/node_loss.json --explain\n"
      "  rehearse run scenarios --quiet --junit report.xml\n"
      "  rehearse run scenarios/node_loss.json --html report.html\n"
      "  rehearse run scenarios/node_loss.json --trace trace.json --save run.json\n"
      "exit codes: 0 all passed, 1 an expectation failed, 2 unknown, 64 bad usage or input, 70 a bug in Rehearse,\n"
      "  74 input or output failed, 130 interrupted");
  command->callback([options, &exit] { exit = run(*options); });
}

}  // namespace rehearse::cli

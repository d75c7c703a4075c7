#include "cli/apply_command.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <boost/asio/awaitable.hpp>

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "cli/apply_progress.hpp"
#include "cli/command_line.hpp"
#include "cli/plan_account.hpp"
#include "cli/plan_command.hpp"
#include "cli/telling.hpp"
#include "cli/wanted_file.hpp"
#include "model/steps/certificate_renewal.hpp"
#include "model/steps/plan_file.hpp"
#include "model/steps/sha256.hpp"
#include "model/units.hpp"
#include "real_backend/applying.hpp"

namespace rehearse::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string plan;  // file; empty with an operation
  std::string design, operation;
  std::vector<std::string> arguments;
  std::string journal;
  bool dry_run = false, quiet = false;
  real::ApplyOptions apply;
  RealPlatformOptions machines;
};

struct Performing {
  steps::Platform platform;
  const model::Design& design;
  const steps::Plan& plan;
  const std::vector<steps::StepPtr>& steps;
  real::Journal& journal;
  real::ApplyProgress& progress;
  real::ApplyOptions options;
  std::optional<real::Applied> applied;
  bool confirmed = false;
};

steps::Awaitable<void> ask(Performing& performing) {
  std::string question =
      fmt::format("perform {} steps on the machines of {}?", performing.plan.needed(), performing.plan.design_name);
  performing.confirmed = co_await performing.platform.person.confirm(std::move(question));
}

steps::Awaitable<void> perform(Performing& performing) {
  performing.applied =
      co_await real::apply_plan(performing.platform, performing.design, performing.plan, performing.steps,
                                performing.journal, performing.progress, performing.options);
}

Date now() {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

/// The journal of this plan: made beside the plan, or taken up. Throws Failure.
real::Journal open_journal(const std::string& path, const steps::Plan& plan, const std::string& plan_hash) {
  if (!fs::exists(path)) {
    return real::Journal::create(path, {plan_hash, plan.design_name, REHEARSE_VERSION, now()}, now);
  }
  real::Journal journal = real::Journal::resume(path, now);
  if (journal.before().header.plan != plan_hash) {
    throw steps::Failure(steps::FailureCode::conflict,
                         path +
                             " is the journal of another plan; name another file with --journal, or remove it when "
                             "nobody needs it any more");
  }
  return journal;
}

/// The command that plans the same again.
std::string planning_command(const steps::Plan& plan) {
  CommandLine command("rehearse plan");
  command.file(plan.design_file).option("--operation", plan.operation);
  for (const auto& [name, value] : plan.arguments) command.option("--with", name + "=" + value);
  return command.text();
}

/// The command that takes the plan up where it stands. What was asked for is done: then it goes on behind that.
std::string command_to_go_on(const Options& options, const std::string& plan_file, real::Applied::Kind ended) {
  CommandLine command("rehearse apply");
  command.file(plan_file).option("--journal", options.journal);
  if (ended != real::Applied::Kind::done) {
    command.option("--until", options.apply.until).option("--only", options.apply.only);
  }
  repeat(options.machines, command);
  return command.text();
}

/// What is left to people when the operation is done.
void tell_what_to_state(const model::Design& design, const steps::Plan& plan) {
  if (plan.operation != "renew_master_certificate") return;
  const auto not_after = model::parse_date(plan.arguments.at("not_after"));
  std::cout << steps::statement_after_renewal(design, *not_after) << '\n';
}

/// Who does not answer, and why.
void tell_silence(const real::Applied& applied, RealPlatform& machines) {
  spdlog::error("whether the machines are as the plan expects cannot be told; nothing was done");
  for (const std::string& reason : reasons_of_silence(machines, applied.silent)) std::cerr << "  " << reason << '\n';
  for (const std::string& question : applied.unanswered) std::cerr << "  " << question << '\n';
  std::cerr << "try again when they answer; the plan holds until then\n";
}

Exit tell(const real::Applied& applied, const steps::Plan& plan, const Options& options, const std::string& plan_file,
          RealPlatform& machines) {
  using Kind = real::Applied::Kind;
  const auto way_on = [&] {
    if (applied.next >= plan.steps.size()) return;
    std::cout << fmt::format("next: {}\ngo on: {}\n", plan.steps[applied.next].title,
                             command_to_go_on(options, plan_file, applied.kind));
    if (!options.machines.record.empty()) std::cout << "  (to record that, too: --record and another file)\n";
  };
  const std::string count =
      fmt::format("{} performed, {} found done, {} left out", applied.performed, applied.found_done, applied.skipped);
  switch (applied.kind) {
    case Kind::done:
      std::cout << "done: " << count << '\n';
      way_on();
      return Exit::passed;
    case Kind::stopped:
      std::cout << "stopped on request: " << count << '\n';
      way_on();
      return Exit::interrupted;
    case Kind::deviates:
      spdlog::error("the machines are not as the plan expects; nothing was done");
      for (const std::string& deviation : applied.deviations) std::cerr << "  " << deviation << '\n';
      std::cerr << "make a new plan: " << planning_command(plan) << '\n';
      return Exit::failed;
    case Kind::unknown: tell_silence(applied, machines); return Exit::unknown;
    case Kind::failed:
      spdlog::error("{}", applied.failure->what());
      std::cout << "stopped: " << count << '\n';
      way_on();
      return Exit::failed;
    case Kind::cancelled:
      spdlog::warn("{}", applied.failure->what());
      std::cout << "given up on request: " << count << '\n';
      way_on();
      return Exit::interrupted;
  }
  return Exit::bug;
}

/// What the steps would do, from what the machines say now.
Exit dry_run(RealPlatform& machines, const PlannableDesign& plannable, const steps::Plan& plan) {
  Exit exit = Exit::passed;
  const auto present = make_plan(machines, plannable, plan.operation, plan.arguments, exit);
  if (!present) return exit;
  write_plan(std::cout, *present);
  const std::vector<std::string> differences = steps::differences(plan.observed, present->observed);
  if (!differences.empty()) std::cout << "\nsince the plan was made:\n";
  for (const std::string& difference : differences) std::cout << "  " << difference << '\n';
  std::cout << "\ndry run: nothing was changed\n";
  return present->complete() ? Exit::passed : Exit::failed;
}

Exit perform(const Options& options, RealPlatform& machines, const PlannableDesign& plannable, const steps::Plan& plan,
             const std::string& plan_hash, const std::string& plan_file) {
  if (!plan.complete()) {
    spdlog::error("the plan says that a step would fail; mend what it names and plan again");
    return Exit::failed;
  }
  const std::string journal_path = options.journal.empty() ? plan_file + ".journal" : options.journal;
  try {
    real::Journal journal = open_journal(journal_path, plan, plan_hash);
    journal.keep_out(machines.redaction());
    const std::vector<bool> done = real::done_steps(plan, journal.before());
    if (const std::string missing = real::missing_before(plan, done, options.apply); !missing.empty()) {
      spdlog::error("{}", missing);
      return Exit::usage;
    }
    const std::vector<steps::StepPtr> steps = steps::steps_of(plannable.design, plan.operation, plan.arguments);
    PlainProgress progress(plan, options.quiet);
    real::ApplyOptions apply = options.apply;
    apply.stop = &machines.stop_asked();
    Performing performing{machines.platform(), plannable.design, plan, steps, journal, progress, apply, {}};
    machines.run(ask(performing));
    if (!performing.confirmed) {
      std::cout << "nothing was done\n";
      return Exit::interrupted;
    }
    machines.ends_by_itself = [&progress] {
      if (!progress.step_under_way()) return false;
      std::cerr << "stopping when the step under way has ended; Ctrl-C again gives it up\n" << std::flush;
      return true;
    };
    machines.run(perform(performing));
    const bool all_done = performing.applied->next == plan.steps.size();
    const Exit exit = tell(*performing.applied, plan, options, plan_file, machines);
    if (exit == Exit::passed && all_done) tell_what_to_state(plannable.design, plan);
    return exit;
  } catch (const steps::Failure& failure) {
    spdlog::error("{}", failure.what());
    return failure.code() == steps::FailureCode::cancelled ? Exit::interrupted : Exit::io;
  }
}

Exit apply_file(const Options& options) {
  const steps::PlanResult read = steps::read_plan_file(options.plan);
  cli::tell(read.diagnostics);
  if (!read.plan) return Exit::usage;
  const steps::Plan& plan = *read.plan;
  if (const std::string problem = real::problem_of(plan, options.apply); !problem.empty()) {
    spdlog::error("{}", problem);
    return Exit::usage;
  }
  const auto plannable = read_plannable(plan.design_file);
  if (!plannable) return Exit::usage;
  if (steps::design_fingerprint(plannable->design, plannable->text) != plan.design_fingerprint) {
    spdlog::error("{} has changed since the plan was made; plan again: rehearse plan {}", plan.design_file,
                  plan.design_file);
    return Exit::failed;
  }
  const auto machines = RealPlatform::open(options.machines, plannable->design);
  if (!machines) return Exit::usage;
  if (options.dry_run) return dry_run(*machines, *plannable, plan);
  return perform(options, *machines, *plannable, plan, steps::sha256_hex(steps::plan_text(plan)), options.plan);
}

/// Plans and performs at once; the plan is kept, so that the operation can be taken up again.
Exit apply_operation(const Options& options) {
  const auto arguments = read_arguments(options.arguments);
  if (!arguments) return Exit::usage;
  if (options.design.empty()) {
    spdlog::error("an operation is performed on the machines of a design: name it with --design");
    return Exit::usage;
  }
  const auto plannable = read_plannable(options.design);
  if (!plannable) return Exit::usage;
  const auto machines = RealPlatform::open(options.machines, plannable->design);
  if (!machines) return Exit::usage;
  Exit exit = Exit::passed;
  const auto plan = make_plan(*machines, *plannable, options.operation, *arguments, exit);
  if (!plan) return exit;
  write_plan(std::cout, *plan);
  if (options.dry_run) {
    std::cout << "\ndry run: nothing was changed\n";
    return plan->complete() ? Exit::passed : Exit::failed;
  }
  if (const std::string problem = real::problem_of(*plan, options.apply); !problem.empty()) {
    spdlog::error("{}", problem);
    return Exit::usage;
  }
  const std::string text = steps::plan_text(*plan), hash = steps::sha256_hex(text);
  const std::string path = fmt::format("{}-{}.plan.json", options.operation, hash.substr(0, 8));
  if (!WantedFile(path).write(text)) return Exit::io;
  return perform(options, *machines, *plannable, *plan, hash, path);
}

Exit apply(const Options& options) {
  if (options.plan.empty() == options.operation.empty()) {
    spdlog::error("name a plan, or an operation with --operation and its --design");
    return Exit::usage;
  }
  return options.plan.empty() ? apply_operation(options) : apply_file(options);
}

}  // namespace

void add_apply_command(CLI::App& program, Exit& exit) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("apply", "performs a plan, or an operation, on real machines");
  command->add_option("PLAN", options->plan, "plan file, written by rehearse plan");
  command->add_option("--design", options->design, "design file, for --operation");
  command->add_option("--operation", options->operation, "plan this operation and perform it at once");
  command->add_option("--with", options->arguments, "argument of the operation, NAME=VALUE; may come several times")
      ->allow_extra_args(false);
  command->add_option("--journal", options->journal, "journal file (default: the plan's name and .journal)");
  command->add_flag("--dry-run", options->dry_run,
                    "ask the machines, perform the steps in a simulated world that begins there, change nothing");
  command->add_option("--until", options->apply.until, "end after this step (its name or title)");
  command->add_option("--only", options->apply.only, "leave out steps that act on other machines alone");
  command->add_flag("--quiet,-q", options->quiet, "no progress of the steps, only how it ended");
  add_real_platform_options(*command, options->machines);
  command->footer(
      "examples:\n"
      "  rehearse apply plan.json --site site.json\n"
      "  rehearse apply --design design.json --operation renew_master_certificate --with "
      "not_after=2029-11-22T00:00:00Z\n"
      "Ctrl-C ends after the step under way, or at once where none is; a second one gives the step up. The same "
      "command goes on from there.\n"
      "exit codes: 0 done, 1 a step failed or the machines are not as planned, 2 a machine does not answer, 64 bad "
      "usage\n"
      "  or input, 70 a bug in Rehearse, 74 input or output failed, 130 stopped on request");
  command->callback([options, &exit] { exit = apply(*options); });
}

}  // namespace rehearse::cli

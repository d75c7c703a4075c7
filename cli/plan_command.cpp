#include "cli/plan_command.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <boost/asio/awaitable.hpp>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <utility>

#include "cli/command_line.hpp"
#include "cli/design_reading.hpp"
#include "cli/page.hpp"
#include "cli/plan_account.hpp"
#include "cli/telling.hpp"
#include "cli/wanted_file.hpp"
#include "model/design_reader.hpp"
#include "model/steps/certificate_renewal.hpp"
#include "model/steps/plan_file.hpp"
#include "sim/scenario/planning.hpp"

namespace rehearse::cli {
namespace {

struct Options {
  std::string design;
  std::string operation;
  std::vector<std::string> arguments;
  std::string output;
  std::string format = "text";
  bool quiet = false;
  RealPlatformOptions machines;
};

constexpr int sql_server_port = 1433;

struct Looking {
  steps::Platform platform;
  model::Design design;
  steps::AskForPatches patches;
  Date made;
  steps::Observation observed;
};

/// Any question will do: what comes back says why nobody answers.
steps::Awaitable<void> ask_why_silent(steps::Platform platform, std::string machine, std::string& why) {
  try {
    co_await platform.host.firewall_open(machine, sql_server_port);
    why = "it answers now";
  } catch (const steps::Failure& failure) {
    why = failure.message();
  }
}

/// The date is asked of the platform, so that a replayed transcript plans as it was planned then.
steps::Awaitable<void> look(Looking& looking) {
  looking.made = co_await looking.platform.clock.now();
  model::Design design = looking.design;
  looking.observed = co_await steps::observe(looking.platform, std::move(design), looking.patches);
}

struct Asking {
  steps::Platform platform;
  std::vector<std::string> silent;
  std::vector<std::string> reasons;
};

steps::Awaitable<void> ask_all(Asking& asking) {
  for (const std::string& machine : asking.silent) {
    std::string why;
    co_await ask_why_silent(asking.platform, machine, why);
    asking.reasons.push_back(why.starts_with(machine) ? why : machine + ": " + why);
  }
}

/// Operations exist for the day on which a machine is dead: they can do without those that their steps do not act on.
/// The deployment needs every one.
bool needs_one_of(const std::vector<std::string>& silent, const model::Design& design, const std::string& operation,
                  const steps::OperationArguments& arguments) {
  if (operation.empty()) return !silent.empty();
  const std::vector<steps::StepPtr> all = steps::steps_of(design, operation, arguments);
  return std::any_of(all.begin(), all.end(), [&](const steps::StepPtr& step) {
    const std::vector<std::string>& hosts = step->info().hosts;
    return std::any_of(hosts.begin(), hosts.end(), [&](const std::string& host) {
      return std::find(silent.begin(), silent.end(), host) != silent.end();
    });
  });
}

Exit plan(const Options& options) {
  const auto arguments = read_arguments(options.arguments);
  if (!arguments) return Exit::usage;
  const auto plannable = read_plannable(options.design);
  if (!plannable) return Exit::usage;
  WantedFile output(options.output);
  if (!output) return Exit::io;
  const auto machines = RealPlatform::open(options.machines, plannable->design);
  if (!machines) return Exit::usage;
  Exit exit = Exit::passed;
  const auto made = make_plan(*machines, *plannable, options.operation, *arguments, exit);
  if (!made) return exit;
  const bool text = options.format == "text", told = !options.quiet || !made->complete();
  const Page page(text);
  if (!text) std::cout << steps::plan_text(*made);
  if (text && told) write_plan(std::cout, *made);
  if (!output.write(steps::plan_text(*made))) return Exit::io;
  if (output.wanted() && text && told) {
    CommandLine command("rehearse apply");
    command.file(options.output);
    repeat(options.machines, command);
    std::cout << fmt::format("\nperform it: {}\n", command.text());
  }
  return flushed(made->complete() ? Exit::passed : Exit::failed);
}

}  // namespace

std::vector<std::string> reasons_of_silence(RealPlatform& machines, std::vector<std::string> silent) {
  if (silent.empty()) return {};
  Asking asking{machines.platform(), std::move(silent), {}};
  machines.run(ask_all(asking));
  return asking.reasons;
}

std::optional<steps::OperationArguments> read_arguments(const std::vector<std::string>& words) {
  steps::OperationArguments arguments;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0) {
      spdlog::error("'{}' is no argument of an operation; write NAME=VALUE, as in role='SQL Server (MSSQLSERVER)'",
                    word);
      return std::nullopt;
    }
    arguments[word.substr(0, equals)] = word.substr(equals + 1);
  }
  return arguments;
}

std::optional<PlannableDesign> read_plannable(const std::string& path) {
  std::vector<model::Diagnostic> unreadable;
  auto source = read_design_text(path, unreadable);
  tell(unreadable);
  if (!source) return std::nullopt;
  model::DesignResult result = model::read_design(source->text, source->file, source->folder);
  tell(result.diagnostics);
  if (!result.design) return std::nullopt;
  const std::vector<model::Diagnostic> problems = sim::unplannable(*result.design);
  tell(problems);
  if (model::has_errors(problems)) return std::nullopt;
  return PlannableDesign{std::move(*result.design), std::move(source->text)};
}

std::optional<steps::Plan> make_plan(RealPlatform& machines, const PlannableDesign& plannable,
                                     const std::string& operation, const steps::OperationArguments& arguments,
                                     Exit& exit) {
  const model::Design& design = plannable.design;
  if (!operation.empty()) {
    const std::string problem = steps::problem_of_operation(design, operation, arguments);
    if (!problem.empty()) {
      spdlog::error("{}", problem);
      exit = Exit::usage;
      return std::nullopt;
    }
  }
  const bool patches = operation.starts_with("patch_");
  Looking looking{machines.platform(), design, patches ? steps::AskForPatches::yes : steps::AskForPatches::no, {}, {}};
  std::vector<std::string> silent, silences;
  try {
    machines.run(look(looking));
    silent = steps::silent_machines(looking.observed);
    silences = reasons_of_silence(machines, silent);
  } catch (const steps::Failure& failure) {
    const bool given_up = failure.code() == steps::FailureCode::cancelled;
    spdlog::error("{}{}", failure.what(), given_up ? "; nothing was changed" : "");
    exit = given_up ? Exit::interrupted : Exit::io;
    return std::nullopt;
  }
  if (needs_one_of(silent, design, operation, arguments)) {
    spdlog::error("a plan begins with what the machines say that its steps act on, and these do not answer:");
    for (const std::string& silence : silences) std::cerr << "  " << silence << '\n';
    exit = Exit::unknown;
    return std::nullopt;
  }
  steps::Plan plan;
  plan.design_file = design.file;
  plan.design_name = design.name;
  plan.design_fingerprint = steps::design_fingerprint(design, plannable.text);
  plan.made = looking.made;
  plan.operation = operation;
  plan.arguments = arguments;
  plan.observed = std::move(looking.observed);
  sim::plan_steps(plan, design);
  if (operation.empty()) {
    for (std::string& sentence : steps::newer_than_design(design, plan.observed)) {
      plan.caveats.push_back(std::move(sentence));
    }
  }
  for (const std::string& silence : silences) {
    plan.caveats.push_back(silence + ": what is there is not known, and the plan is made as if the machine were off");
  }
  return plan;
}

void add_plan_command(CLI::App& program, Exit& exit) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "plan", "looks at real machines and tells which steps are needed, what each does and how long it takes");
  command->add_option("DESIGN", options->design, "design file")->required();
  command->add_option("--operation", options->operation, "plan this operation instead of the deployment");
  command->add_option("--with", options->arguments, "argument of the operation, NAME=VALUE; may come several times")
      ->allow_extra_args(false);
  command->add_option("--output,-o", options->output, "write the plan to this file, for rehearse apply");
  add_format_option(*command, options->format);
  command->add_flag("--quiet,-q", options->quiet, "no account of a plan that can be performed");
  add_real_platform_options(*command, options->machines);
  command->footer(
      "examples:\n"
      "  rehearse plan design.json --site site.json -o plan.json\n"
      "  rehearse plan design.json --operation move_role --with role='SQL Server (MSSQLSERVER)' --with to=SQL2\n"
      "exit codes: 0 planned, 1 a step would fail, 2 a machine does not answer, 64 bad usage or input, 70 a bug in\n"
      "  Rehearse, 74 input or output failed, 130 interrupted");
  command->callback([options, &exit] { exit = plan(*options); });
}

}  // namespace rehearse::cli

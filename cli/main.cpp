// The door: picks the command. One command a file.
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <exception>

#include "cli/apply_command.hpp"
#include "cli/check_command.hpp"
#include "cli/diff_command.hpp"
#include "cli/faults_command.hpp"
#include "cli/inspect_command.hpp"
#include "cli/plan_command.hpp"
#include "cli/probe_command.hpp"
#include "cli/run_command.hpp"
#include "cli/study_command.hpp"

int main(int argc, char** argv) {
  using rehearse::cli::Exit;
  // Messages for people go to standard error, so that standard output stays a result.
  spdlog::set_default_logger(spdlog::stderr_color_mt("rehearse"));
  spdlog::set_pattern("%n: %^%l%$: %v");

  CLI::App app{"Rehearse: failover of SSIS Scale Out on a Windows failover cluster, before it happens"};
  app.name("rehearse");
  app.set_version_flag("--version", REHEARSE_VERSION);
  app.require_subcommand(1);
  Exit exit = Exit::passed;
  rehearse::cli::add_run_command(app, exit);
  rehearse::cli::add_check_command(app, exit);
  rehearse::cli::add_faults_command(app, exit);
  rehearse::cli::add_diff_command(app, exit);
  rehearse::cli::add_study_command(app, exit);
  rehearse::cli::add_plan_command(app, exit);
  rehearse::cli::add_apply_command(app, exit);
  rehearse::cli::add_probe_command(app, exit);
  rehearse::cli::add_inspect_command(app, exit);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(Exit::usage);
  } catch (const std::exception& error) {
    spdlog::error("this is a bug in Rehearse: {}", error.what());
    return static_cast<int>(Exit::bug);
  }
  return static_cast<int>(exit);
}

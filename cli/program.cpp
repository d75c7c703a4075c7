#include "cli/program.hpp"

#include <CLI/CLI.hpp>
#include <iostream>

#include "cli/apply_command.hpp"
#include "cli/check_command.hpp"
#include "cli/completion_command.hpp"
#include "cli/diff_command.hpp"
#include "cli/explain_command.hpp"
#include "cli/faults_command.hpp"
#include "cli/inspect_command.hpp"
#include "cli/manual.hpp"
#include "cli/merge_command.hpp"
#include "cli/plan_command.hpp"
#include "cli/probe_command.hpp"
#include "cli/run_command.hpp"
#include "cli/study_command.hpp"

namespace rehearse::cli {

void define(CLI::App& program, Exit& exit) {
  program.name("rehearse");
  program.description("Rehearse: failover of SSIS Scale Out on a Windows failover cluster, before it happens");
  program.set_version_flag("--version", REHEARSE_VERSION, "print the version");
  program.add_flag_callback(
      "--man",
      [&program] {
        write_manual(std::cout, program, REHEARSE_VERSION);
        throw CLI::Success();
      },
      "print the manual page: rehearse --man | man -l -");
  program.require_subcommand(1);
  program.footer(
      "examples:\n"
      "  rehearse run scenarios/node_loss.json\n"
      "  rehearse check scenarios/designs/reference.json\n"
      "  rehearse run --help\n"
      "exit codes of every command: 0 all is well, 1 it is not, 2 unknown or not finished, 64 bad usage or input,\n"
      "  70 a bug in Rehearse, 74 input or output failed, 130 interrupted; each command's --help says what it means");
  add_run_command(program, exit);
  add_explain_command(program, exit);
  add_check_command(program, exit);
  add_faults_command(program, exit);
  add_diff_command(program, exit);
  add_study_command(program, exit);
  add_merge_command(program, exit);
  add_plan_command(program, exit);
  add_apply_command(program, exit);
  add_probe_command(program, exit);
  add_inspect_command(program, exit);
  add_completion_command(program, exit);
}

}  // namespace rehearse::cli

// `rehearse apply`: performs a plan on real machines, with a journal, and goes on where an earlier run was left.
#pragma once

#include "cli/command.hpp"

namespace rehearse::cli {

/// Adds the command to the program. `exit` receives what it ended with.
void add_apply_command(CLI::App& program, Exit& exit);

}  // namespace rehearse::cli

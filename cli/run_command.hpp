// `rehearse run`: replays scenarios and tells what happened.
#pragma once

#include "cli/command.hpp"

namespace rehearse::cli {

/// Adds the command to the program. `exit` receives what it ended with; the program returns it.
void add_run_command(CLI::App& program, Exit& exit);

}  // namespace rehearse::cli

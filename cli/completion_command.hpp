// `rehearse completion`: prints what lets a shell complete the command line, made of the definitions of the commands.
#pragma once

#include "cli/command.hpp"

namespace rehearse::cli {

/// Adds the command to the program. `exit` receives what it ended with; the program returns it.
void add_completion_command(CLI::App& program, Exit& exit);

}  // namespace rehearse::cli

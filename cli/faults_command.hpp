// `rehearse faults`: every fault that a design can meet, alone and together, and what becomes of the farm.
#pragma once

#include "cli/command.hpp"

namespace rehearse::cli {

/// Adds the command to the program. `exit` receives what it ended with; the program returns it.
void add_faults_command(CLI::App& program, Exit& exit);

}  // namespace rehearse::cli

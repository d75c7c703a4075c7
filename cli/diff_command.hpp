// `rehearse diff`: what is different in another design, on paper and in the simulated world, and why.
#pragma once

#include "cli/command.hpp"

namespace rehearse::cli {

/// Adds the command to the program. `exit` receives what it ended with; the program returns it.
void add_diff_command(CLI::App& program, Exit& exit);

}  // namespace rehearse::cli

// `rehearse explain`: answers questions about a saved run.
#pragma once

#include "cli/command.hpp"

namespace rehearse::cli {

/// Adds the command to the program. `exit` receives what it ended with; the program returns it.
void add_explain_command(CLI::App& program, Exit& exit);

}  // namespace rehearse::cli

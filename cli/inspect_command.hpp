// `rehearse inspect`: a design from an exported deployment, and a list of what it did not understand.
#pragma once

#include "cli/command.hpp"

namespace rehearse::cli {

/// Adds the command to the program. `exit` receives what it ended with: passed when the export was understood wholly,
/// unknown when something was not understood or is missing.
void add_inspect_command(CLI::App& program, Exit& exit);

}  // namespace rehearse::cli

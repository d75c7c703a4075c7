// `rehearse check`: holds designs against the rules before anything is built.
#pragma once

#include "cli/command.hpp"

namespace rehearse::cli {

/// Adds the command to the program. `exit` receives what it ended with: failed when a rule of severity error found
/// something that the design does not accept.
void add_check_command(CLI::App& program, Exit& exit);

}  // namespace rehearse::cli

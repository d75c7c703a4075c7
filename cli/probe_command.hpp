// `rehearse probe`: connects to a running deployment as a worker would and tells what it meets.
#pragma once

#include "cli/command.hpp"

namespace rehearse::cli {

/// Adds the command to the program. `exit` receives what it ended with: passed when everything would work as far as can
/// be seen, failed for a refusal, unknown where it cannot be told.
void add_probe_command(CLI::App& program, Exit& exit);

}  // namespace rehearse::cli

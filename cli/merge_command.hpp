// `rehearse merge`: the shards of a study as one result.
#pragma once

#include "cli/command.hpp"

namespace rehearse::cli {

/// Adds the command to the program. `exit` receives what it ended with; the program returns it.
void add_merge_command(CLI::App& program, Exit& exit);

}  // namespace rehearse::cli

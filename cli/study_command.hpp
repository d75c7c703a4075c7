// `rehearse study`: how long, how likely, how many, over replications with drawn durations.
#pragma once

#include "cli/command.hpp"

namespace rehearse::cli {

/// Adds the command to the program. `exit` receives what it ended with; the program returns it.
void add_study_command(CLI::App& program, Exit& exit);

}  // namespace rehearse::cli

// The command line as a whole: every command with its options. One definition, which the help, the manual page and the
// completion of shells are made of.
#pragma once

#include "cli/command.hpp"

namespace CLI {
class App;
}

namespace rehearse::cli {

/// Adds every command to the program. `exit` receives what the one that is called ends with.
void define(CLI::App& program, Exit& exit);

}  // namespace rehearse::cli

// `rehearse run`: replays scenarios and tells what happened.
#pragma once

namespace CLI {
class App;
}

namespace rehearse::cli {

/// Exit codes of every command (README).
enum class Exit : int { passed = 0, failed = 1, unknown = 2, usage = 64, bug = 70, io = 74, interrupted = 130 };

/// Adds the command to the program. `exit` receives what it ended with; the program returns it.
void add_run_command(CLI::App& program, Exit& exit);

}  // namespace rehearse::cli

// What every command of this program has: what it ends with, and the options that mean the same in all of them.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace rehearse::cli {

/// Exit codes of every command (README).
enum class Exit : int { passed = 0, failed = 1, unknown = 2, usage = 64, bug = 70, io = 74, interrupted = 130 };

/// --format text or json
void add_format_option(CLI::App& command, std::string& format);
/// --color auto, always or never; what was chosen is for in_colour (telling.hpp).
void add_color_option(CLI::App& command, std::string& colour);
/// --threads, or another name for the same; 0 stands for one a processor, which is the default.
void add_threads_option(CLI::App& command, unsigned& threads);

/// How many threads to work on: those that were asked for, or where that is 0 one a processor.
unsigned threads_for(unsigned asked);

}  // namespace rehearse::cli

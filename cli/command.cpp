#include "cli/command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <thread>

namespace rehearse::cli {

void add_format_option(CLI::App& command, std::string& format) {
  command.add_option("--format", format, "text or json")->check(CLI::IsMember({"text", "json"}))->capture_default_str();
}

void add_color_option(CLI::App& command, std::string& colour) {
  command.add_option("--color", colour, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
}

void add_threads_option(CLI::App& command, unsigned& threads) {
  command.add_option("--threads", threads, "default: one a processor; the result is the same on any number")
      ->check(CLI::Range(1U, 1024U));
}

unsigned threads_for(unsigned asked) {
  return asked != 0 ? asked : std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace rehearse::cli

#include "cli/telling.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <iostream>

namespace rehearse::cli {

void tell(const std::vector<model::Diagnostic>& diagnostics) {
  for (const model::Diagnostic& diagnostic : diagnostics) std::cerr << model::to_text(diagnostic) << '\n';
}

Exit tell_bug(const std::exception& error, const std::string& reproduce) {
  spdlog::error("this is a bug in Rehearse: {}", error.what());
  std::cerr << "reproduce: " << reproduce << '\n';
  return Exit::bug;
}

Exit flushed(Exit exit) {
  std::cout.flush();
  if (std::cout) return exit;
  spdlog::error("standard output could not be written");
  return Exit::io;
}

bool in_colour(const std::string& wish) {
  return wish == "always" || (wish == "auto" && isatty(STDOUT_FILENO) != 0);
}

bool watched() {
  return isatty(STDERR_FILENO) != 0;
}

}  // namespace rehearse::cli

#include "cli/telling.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string_view>

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

bool takes_colour(int descriptor) {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  if (no_colour != nullptr && *no_colour != '\0') return false;
  return isatty(descriptor) != 0 && (terminal == nullptr || std::string_view(terminal) != "dumb");
}

bool in_colour(const std::string& wish) {
  return wish == "always" || (wish == "auto" && takes_colour(STDOUT_FILENO));
}

bool watched() {
  return isatty(STDERR_FILENO) != 0;
}

}  // namespace rehearse::cli

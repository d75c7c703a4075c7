#include "cli/progress_line.hpp"

#include <iostream>

#include "cli/telling.hpp"

namespace rehearse::cli {

ProgressLine::ProgressLine(bool wanted) : shown_to_somebody_(wanted && watched()) {}

ProgressLine::~ProgressLine() {
  clear();
}

void ProgressLine::show(const std::string& text) {
  constexpr std::chrono::seconds unnoticed(1);
  if (!shown_to_somebody_ || std::chrono::steady_clock::now() - begun_ < unnoticed) return;
  std::cerr << '\r' << text << "\x1b[K" << std::flush;
  stands_ = true;
}

void ProgressLine::clear() {
  if (!stands_) return;
  std::cerr << "\r\x1b[K" << std::flush;
  stands_ = false;
}

}  // namespace rehearse::cli

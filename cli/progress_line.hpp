// How far work has come, for a person who watches: one line on standard error that is written over. It appears only
// where standard error is a terminal, and not before the work has taken a second.
#pragma once

#include <chrono>
#include <string>

namespace rehearse::cli {

class ProgressLine {
 public:
  /// `wanted`: false with --quiet, for instance.
  explicit ProgressLine(bool wanted);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const std::string& text);
  /// Takes the line away, before anything else is written.
  void clear();

 private:
  bool shown_to_somebody_;
  bool stands_ = false;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

}  // namespace rehearse::cli

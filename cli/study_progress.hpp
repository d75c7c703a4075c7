// How far a study has come, on standard error: a line that is written over on a terminal, a line now and then
// otherwise. Share of the work, rate, remaining time and the precision that there is.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "sim/study/gathered.hpp"
#include "sim/study/study_work.hpp"

namespace rehearse::cli {

class StudyProgress {
 public:
  explicit StudyProgress(const sim::StudyWork& work);
  /// Called as often as anybody likes.
  void look(const sim::Gathered& gathered);
  /// Wipes the line of a terminal and tells the rate of the whole.
  void end();

 private:
  using Clock = std::chrono::steady_clock;
  std::string line(const sim::Gathered& gathered, double seconds) const;

  const sim::StudyWork& work_;
  bool terminal_;
  Clock::time_point begun_, told_;
};

}  // namespace rehearse::cli

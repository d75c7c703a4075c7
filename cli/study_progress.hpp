// How far a study has come, on standard error: a line that is written over on a terminal, a line now and then
// otherwise. Share of the work, rate, remaining time and the precision that there is.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
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
  void end(const sim::Gathered& gathered);

 private:
  using Clock = std::chrono::steady_clock;
  std::string line(const sim::Gathered& gathered, double seconds) const;
  /// Replications of points that were done since the first look, in this process or in others.
  double done_since(const sim::Gathered& gathered) const;

  const sim::StudyWork& work_;
  bool terminal_;
  Clock::time_point begun_, told_;
  std::optional<std::uint64_t> complete_before_;  // chunks, of a checkpoint
};

}  // namespace rehearse::cli

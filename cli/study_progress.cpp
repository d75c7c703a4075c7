#include "cli/study_progress.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "sim/study/figures.hpp"

namespace rehearse::cli {
namespace {

constexpr std::chrono::milliseconds between_lines_of_a_terminal(200);
constexpr std::chrono::seconds between_plain_lines(10);

std::string remaining_text(double seconds) {
  constexpr double minute = 60, hour = 3600;
  if (seconds >= hour) return fmt::format("{:.1f} h left", seconds / hour);
  if (seconds >= minute) return fmt::format("{:.0f} min left", seconds / minute);
  return fmt::format("{:.0f} s left", seconds);
}

/// The target that is farthest from what is wanted: how much of it there is, 1 at the goal.
struct Present {
  std::string text;
  double share = 1;
};
Present present(const sim::StudyWork& work, const sim::Tally& tally) {
  Present worst;
  for (const sim::PrecisionTarget& target : work.study().precision) {
    for (std::size_t point = 0; point < work.study().points.size(); ++point) {
      const auto reached = sim::reached(work.study(), work.layout(), tally, target, point);
      // The width shrinks with the root of the number of replications.
      const double ratio = reached && *reached > 0 ? target.share / *reached : reached ? 1 : 0;
      const double share = std::min(1.0, ratio * ratio);
      if (!worst.text.empty() && share >= worst.share) continue;
      worst = {fmt::format(", {} {} of {:g} %", target.name,
                           reached ? fmt::format("{:.2f} %", *reached * 100) : "unknown", target.share * 100),
               share};
    }
  }
  return worst;
}

}  // namespace

StudyProgress::StudyProgress(const sim::StudyWork& work)
    : work_(work), terminal_(isatty(STDERR_FILENO) != 0), begun_(Clock::now()), told_(begun_) {}

void StudyProgress::look(const sim::Gathered& gathered) {
  if (!complete_before_) complete_before_ = gathered.complete();
  const auto now = Clock::now();
  if (now - told_ < (terminal_ ? Clock::duration(between_lines_of_a_terminal) : Clock::duration(between_plain_lines)))
    return;
  told_ = now;
  const std::string text = line(gathered, std::chrono::duration<double>(now - begun_).count());
  std::cerr << (terminal_ ? "\r" + text + "\x1b[K" : text + "\n") << std::flush;
}

std::string StudyProgress::line(const sim::Gathered& gathered, double seconds) const {
  const double rate = done_since(gathered) / std::max(seconds, 1e-3);
  const auto points = static_cast<double>(work_.study().points.size());
  const double all = static_cast<double>(gathered.range().size() * sim::replications_per_chunk) * points;
  const double done =
      done_since(gathered) + static_cast<double>(complete_before_.value_or(0) * sim::replications_per_chunk) * points;
  double share = std::min(1.0, done / all);
  Present target;
  if (work_.by_precision() && gathered.complete() > 0) {
    target = present(work_, gathered.tally());
    const double complete = static_cast<double>(gathered.complete() * sim::replications_per_chunk);
    const double wanted = target.share > 0 ? complete / target.share : static_cast<double>(work_.study().replications);
    share = std::clamp(done / (wanted * static_cast<double>(work_.study().points.size())), share, 1.0);
  }
  const std::string left = share > 0 ? remaining_text(seconds * (1 - share) / share) : "";
  return fmt::format("{:.0f} %, {:.0f} replications a second, {}{}", share * 100, rate, left, target.text);
}

double StudyProgress::done_since(const sim::Gathered& gathered) const {
  const std::uint64_t complete = gathered.complete() - complete_before_.value_or(0);
  // The last chunk may be smaller.
  const std::uint64_t gathered_since = std::min(complete * sim::replications_per_chunk, work_.study().replications);
  return static_cast<double>(std::max(gathered_since * work_.study().points.size(), work_.done().load()));
}

void StudyProgress::end(const sim::Gathered& gathered) {
  const double seconds = std::chrono::duration<double>(Clock::now() - begun_).count(), done = done_since(gathered);
  std::cerr << (terminal_ ? "\r\x1b[K" : "")
            << fmt::format("{:.0f} replications in {:.1f} s: {:.0f} a second\n", done, seconds,
                           done / std::max(seconds, 1e-3));
}

}  // namespace rehearse::cli

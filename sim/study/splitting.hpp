// Rare events by importance splitting (RESTART: Villén-Altamirano 1991; unbiased for any importance function and any
// factors: Garvels 2000). A process that comes near the rare event is copied, the copies go on with futures of their
// own, and each counts for as much less. What is near says the level: whenever a path climbs to level n, it goes on
// together with factor(n) - 1 copies of it; a copy ends when it falls below the level at which it was made, the path
// itself goes on. A path ends with the event: what is estimated is the probability that it comes within the horizon.
//
// Only what is not yet decided may be drawn anew in a copy: the process's `redraw` keeps what its state holds and what
// was drawn and not used up (the rest of a repair), and forgets only what has no memory.
//
// A process is a value:
//   bool advance();                           lets the next thing happen; false: there is none within the horizon
//   bool hit() const;                         the rare event is here
//   unsigned level() const;                   0 as long as nothing is unusual
//   void redraw(std::uint32_t generation);    goes on differently; a generation never comes twice in one root
// Copying it into one that has been used must not allocate if it shall be fast.
//
// Everything is counted in whole numbers, in units of the smallest weight, 1 / (product of all factors): sums of roots
// do not depend on who added them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "sim/study/statistics.hpp"

namespace rehearse::sim {

/// By level, from 1: how many paths go on where one climbs to it; the levels beyond have factor 1. Each at least 1,
/// their product at most 2^32.
class SplittingFactors {
 public:
  /// Throws std::logic_error for factors out of range.
  explicit SplittingFactors(std::vector<std::uint32_t> factors);

  unsigned levels() const { return static_cast<unsigned>(factors_.size()); }
  std::uint32_t at(unsigned level) const { return factors_[level - 1]; }
  /// Of a path at this level, in units.
  std::uint64_t weight(unsigned level) const { return weights_[level]; }
  /// What a path has that never was copied: the product of all factors.
  std::uint64_t whole() const { return weights_.front(); }

 private:
  std::vector<std::uint32_t> factors_;
  std::vector<std::uint64_t> weights_;  // by level, from 0
};

/// What one root, or several, came to.
struct SplittingCount {
  std::uint64_t roots = 0;
  std::uint64_t hit_roots = 0;  // of them at least one path hit
  std::uint64_t hits = 0;       // of paths
  std::uint64_t units = 0;      // weights of the hits
  std::uint64_t paths = 0;      // roots and copies
  std::uint64_t steps = 0;      // things that happened in them

  void add(const SplittingCount& other);
  friend bool operator==(const SplittingCount&, const SplittingCount&) = default;
};

/// Roots of one process, one after the other, with the copies' room kept.
template <class Process>
class Splitting {
 public:
  explicit Splitting(SplittingFactors factors) : factors_(std::move(factors)) {}

  /// One root from where the process stands; it is used up.
  SplittingCount root(Process& process) {
    count_ = {};
    count_.roots = 1;
    generation_ = 0;
    saved_.reserve(factors_.levels());
    copies_.reserve(factors_.levels());
    follow(process, 0, 0);
    count_.hit_roots = count_.hits > 0 ? 1 : 0;
    return count_;
  }

 private:
  unsigned level_of(const Process& process) const { return std::min(process.level(), factors_.levels()); }

  /// A path made at level `born` (0: the root), standing at level `level`.
  void follow(Process& process, unsigned born, unsigned level) {
    ++count_.paths;
    for (;;) {
      if (process.hit()) {
        ++count_.hits;
        count_.units += factors_.weight(level);
        return;
      }
      const unsigned now = level_of(process);
      if (now < born) return;
      if (now < level) level = now;
      while (level < now) split(process, ++level);
      if (!process.advance()) return;
      ++count_.steps;
    }
  }

  /// The path has climbed to this level: its copies are followed at once, so that one place a level is enough.
  void split(const Process& process, unsigned level) {
    if (factors_.at(level) == 1) return;
    // Levels are climbed one by one, also by a path that is itself a copy; but factors of 1 leave places unused.
    while (saved_.size() < level) {
      saved_.push_back(process);
      copies_.push_back(process);
    }
    saved_[level - 1] = process;
    for (std::uint32_t copy = 1; copy < factors_.at(level); ++copy) {
      Process& other = copies_[level - 1];
      other = saved_[level - 1];
      other.redraw(++generation_);
      follow(other, level, level);
    }
  }

  SplittingFactors factors_;
  SplittingCount count_;
  std::uint32_t generation_ = 0;
  std::vector<Process> saved_, copies_;  // by level; reserved at first, so that no reference into them is lost
};

/// Batches of equally many roots, as the share of the whole weight that hit in each: what an interval is made of.
/// Throws std::logic_error where the batches are not equally large.
statistics::Moments shares_of(std::span<const SplittingCount> batches, std::uint64_t whole);

/// A probability that was estimated. The interval is absent where splitting saw no hit: then it says nothing, and the
/// bound of plain Monte Carlo stands alone.
struct RareFigure {
  double probability = 0;
  std::optional<statistics::Interval> interval;  // within 0 and 1
};
/// Student's t over the batches. At least two.
RareFigure splitting_figure(const statistics::Moments& shares, double confidence);
/// Plain Monte Carlo: Clopper and Pearson, also where nothing hit.
RareFigure plain_figure(std::uint64_t hits, std::uint64_t replications, double confidence);

/// Whether both figures can be true: the interval of their difference holds 0. `undecided`: one of them saw no hit.
enum class Agreement : std::uint8_t { agree, differ, undecided };
Agreement agreement_of(const statistics::Moments& shares, std::uint64_t plain_hits, std::uint64_t plain_replications,
                       double confidence);

}  // namespace rehearse::sim

// What replications leave behind: counts, sums and histograms of whole numbers, in cells whose order the study fixes.
// Merging is exact, associative and commutative; real numbers are made once, at the end, from the merged tally. It does
// not grow with the number of replications.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/study/histogram.hpp"
#include "sim/study/wide.hpp"

namespace rehearse::sim {

/// Count, sum, sum of squares and extremes of values of either sign.
struct Moments {
  std::uint64_t count = 0;
  Wide sum = 0;
  SquareSum squares;
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  std::int64_t greatest = std::numeric_limits<std::int64_t>::min();
  std::uint64_t greatest_in = 0;  // the first replication that has the greatest

  void add(std::int64_t value, std::uint64_t replication);
  void merge(const Moments& other);
  double mean() const;      // count > 0
  double variance() const;  // of a sample, count > 1
  friend bool operator==(const Moments&, const Moments&) = default;
};

/// How values of at least 0 are distributed. A censored one is known to be at least its value: it was still going on
/// when its replication ended. It counts in the moments with that value.
struct Distribution {
  Moments moments;
  Histogram values;        // those that are known
  Histogram at_least;      // the censored ones
  std::uint64_t none = 0;  // replications in which there was nothing to measure

  void add(std::int64_t value, std::uint64_t replication);
  void add_censored(std::int64_t value, std::uint64_t replication);
  void merge(const Distribution& other);
  std::uint64_t count() const { return values.count() + at_least.count(); }

  /// The value of this rank, from 1 to count(), in ascending order; a censored value has the place of its bound.
  struct Ranked {
    std::int64_t value = 0;  // the middle of its bucket, within least and greatest
    bool at_least = false;   // censored values lie at or below: the true one is no less
  };
  Ranked of_rank(std::uint64_t rank) const;
  friend bool operator==(const Distribution&, const Distribution&) = default;
};

/// Two values of at least 0 in each replication, for ratios of their sums.
struct Pairs {
  Moments first, second;
  SquareSum products;

  void add(std::int64_t first_value, std::int64_t second_value, std::uint64_t replication);
  void merge(const Pairs& other);
  friend bool operator==(const Pairs&, const Pairs&) = default;
};

struct Tally {
  std::vector<std::uint64_t> counts;
  std::vector<Moments> moments;
  std::vector<Distribution> distributions;
  std::vector<Pairs> pairs;

  /// A tally without cells changes nothing. Throws std::logic_error when the cells are not the same ones.
  void merge(const Tally& other);

  /// Equal tallies have equal bytes. Numbers of any machine.
  std::string bytes() const;
  /// nullopt: these are not the bytes of a tally of this version.
  static std::optional<Tally> from_bytes(std::string_view bytes);
  /// Part of the identity of a study: tallies of another version mean something else.
  static constexpr int version = 1;

  friend bool operator==(const Tally&, const Tally&) = default;
};

}  // namespace rehearse::sim

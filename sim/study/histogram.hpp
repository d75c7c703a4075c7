// Counts of values that are not negative, in buckets whose relative width is at most 1/256 (0.39 %). Values below 256
// have a bucket each; above, a bucket holds the values that agree in their leading nine bits. The borders are whole
// numbers, so that the same value lies in the same bucket on every machine, and adding two histograms is adding counts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rehearse::sim {

class Histogram {
 public:
  using Bucket = std::uint32_t;

  /// The bucket of a value of at least 0, its least and its greatest value.
  static Bucket bucket_of(std::int64_t value);
  static std::int64_t least_in(Bucket bucket);
  static std::int64_t greatest_in(Bucket bucket);
  static constexpr Bucket bucket_count = 256 + 55 * 256;

  void add(std::int64_t value) { add_to(bucket_of(value), 1); }
  void add_to(Bucket bucket, std::uint64_t times);
  void merge(const Histogram& other);

  std::uint64_t count() const { return count_; }
  std::uint64_t in(Bucket bucket) const;
  /// How many values lie in this bucket or below.
  std::uint64_t up_to(Bucket bucket) const;

  /// The bucket of the value of this rank, from 1 to count(), in ascending order.
  Bucket bucket_of_rank(std::uint64_t rank) const;

  /// Calls use(bucket, count) for each bucket that is not empty, ascending.
  template <class Use>
  void for_each(Use&& use) const {
    for (std::size_t place = 0; place < counts_.size(); ++place) {
      if (counts_[place] != 0) use(first_ + static_cast<Bucket>(place), counts_[place]);
    }
  }

  /// Equal counts are equal histograms, in whatever order they came.
  friend bool operator==(const Histogram& a, const Histogram& b);

 private:
  Bucket first_ = 0;
  std::vector<std::uint64_t> counts_;  // from first_ on
  std::uint64_t count_ = 0;
};

}  // namespace rehearse::sim

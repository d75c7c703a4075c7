#include "sim/study/histogram.hpp"

#include <algorithm>
#include <bit>
#include <stdexcept>

namespace rehearse::sim {
namespace {

constexpr unsigned mantissa_bits = 8;
constexpr std::uint64_t exact_values = std::uint64_t{1} << mantissa_bits;

}  // namespace

Histogram::Bucket Histogram::bucket_of(std::int64_t value) {
  if (value < 0) throw std::logic_error("a histogram was given a negative value");
  const auto size = static_cast<std::uint64_t>(value);
  if (size < exact_values) return static_cast<Bucket>(size);
  const unsigned shift = static_cast<unsigned>(std::bit_width(size)) - 1 - mantissa_bits;
  return static_cast<Bucket>((std::uint64_t{shift} << mantissa_bits) + (size >> shift));
}

std::int64_t Histogram::least_in(Bucket bucket) {
  if (bucket < exact_values) return bucket;
  const unsigned shift = bucket / exact_values - 1;
  return static_cast<std::int64_t>((bucket % exact_values + exact_values) << shift);
}

std::int64_t Histogram::greatest_in(Bucket bucket) {
  if (bucket < exact_values) return bucket;
  const unsigned shift = bucket / exact_values - 1;
  return static_cast<std::int64_t>(((bucket % exact_values + exact_values) << shift) +
                                   ((std::uint64_t{1} << shift) - 1));
}

void Histogram::add_to(Bucket bucket, std::uint64_t times) {
  if (times == 0) return;
  if (counts_.empty()) first_ = bucket;
  if (bucket < first_) {
    counts_.insert(counts_.begin(), first_ - bucket, 0);
    first_ = bucket;
  }
  if (bucket - first_ >= counts_.size()) counts_.resize(bucket - first_ + 1);
  counts_[bucket - first_] += times;
  count_ += times;
}

void Histogram::merge(const Histogram& other) {
  // The far ends first, so that room is made once.
  if (other.counts_.empty()) return;
  const Bucket last = other.first_ + static_cast<Bucket>(other.counts_.size()) - 1;
  add_to(last, other.counts_.back());
  for (Bucket bucket = other.first_; bucket < last; ++bucket) add_to(bucket, other.counts_[bucket - other.first_]);
}

std::uint64_t Histogram::in(Bucket bucket) const {
  return bucket < first_ || bucket - first_ >= counts_.size() ? 0 : counts_[bucket - first_];
}

std::uint64_t Histogram::up_to(Bucket bucket) const {
  std::uint64_t sum = 0;
  for (std::size_t place = 0; place < counts_.size() && first_ + place <= bucket; ++place) sum += counts_[place];
  return sum;
}

Histogram::Bucket Histogram::bucket_of_rank(std::uint64_t rank) const {
  if (rank == 0 || rank > count_) throw std::logic_error("a rank that no value has");
  std::uint64_t sum = 0;
  for (std::size_t place = 0;; ++place) {
    sum += counts_[place];
    if (sum >= rank) return first_ + static_cast<Bucket>(place);
  }
}

bool operator==(const Histogram& a, const Histogram& b) {
  if (a.count_ != b.count_) return false;
  bool equal = true;
  a.for_each([&](Histogram::Bucket bucket, std::uint64_t count) { equal = equal && b.in(bucket) == count; });
  return equal;
}

}  // namespace rehearse::sim

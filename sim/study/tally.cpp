#include "sim/study/tally.hpp"

#include <algorithm>
#include <stdexcept>

namespace rehearse::sim {
namespace {

template <class Cell>
void merge_cells(std::vector<Cell>& into, const std::vector<Cell>& from) {
  for (std::size_t place = 0; place < into.size(); ++place) into[place].merge(from[place]);
}

bool has_cells(const Tally& tally) {
  return !tally.counts.empty() || !tally.moments.empty() || !tally.distributions.empty() || !tally.pairs.empty();
}

}  // namespace

void Moments::add(std::int64_t value, std::uint64_t replication) {
  ++count;
  sum += value;
  squares.add(square(value));
  least = std::min(least, value);
  if (count == 1 || value > greatest || (value == greatest && replication < greatest_in)) {
    greatest = value;
    greatest_in = replication;
  }
}

void Moments::merge(const Moments& other) {
  if (other.count == 0) return;
  const bool first = count == 0 || other.greatest > greatest;
  if (first || (other.greatest == greatest && other.greatest_in < greatest_in)) {
    greatest = other.greatest;
    greatest_in = other.greatest_in;
  }
  count += other.count;
  sum += other.sum;
  squares.add(other.squares);
  least = std::min(least, other.least);
}

double Moments::mean() const {
  return static_cast<double>(sum) / static_cast<double>(count);
}

/// The squares are taken of what is left when a whole number near the mean is taken away, exactly, because the
/// difference of two sums that nearly agree would keep few digits.
double Moments::variance() const {
  const auto values = static_cast<Wide>(count);
  const Wide centre = sum / values, rest = sum - centre * values;  // |rest| < count
  // sum (x - c)^2 = sum x^2 - 2 c sum x + n c^2 = sum x^2 - c (sum x + rest).
  // The centre, the sum and the rest have one sign, so that the product has none; the centre has 64 bits at most.
  const auto size = [](Wide value) { return static_cast<UnsignedWide>(value < 0 ? -value : value); };
  const UnsignedWide a = size(centre), b = size(sum + rest);
  const UnsignedWide low = static_cast<std::uint64_t>(b) * a, high = static_cast<std::uint64_t>(b >> 64) * a;
  SquareSum product{high << 64, static_cast<std::uint64_t>(high >> 64)};
  product.add(low);
  SquareSum around = squares;
  around.high -= product.high + (around.low < product.low);
  around.low -= product.low;
  const auto n = static_cast<double>(count), left = static_cast<double>(rest);
  return std::max(0.0, (around.real() - left * left / n) / (n - 1));
}

void Distribution::add(std::int64_t value, std::uint64_t replication) {
  values.add(value);
  moments.add(value, replication);
}

void Distribution::add_censored(std::int64_t value, std::uint64_t replication) {
  at_least.add(value);
  moments.add(value, replication);
}

void Distribution::merge(const Distribution& other) {
  moments.merge(other.moments);
  values.merge(other.values);
  at_least.merge(other.at_least);
  none += other.none;
}

Distribution::Ranked Distribution::of_rank(std::uint64_t rank) const {
  const auto told = [this](Histogram::Bucket bucket) {
    const std::int64_t low = std::max(Histogram::least_in(bucket), moments.least);
    const std::int64_t high = std::min(Histogram::greatest_in(bucket), moments.greatest);
    return Ranked{low + (high - low) / 2, at_least.up_to(bucket) > 0};
  };
  if (rank == 1) return {moments.least, at_least.up_to(Histogram::bucket_of(moments.least)) > 0};
  if (rank == count()) return {moments.greatest, at_least.count() > 0};
  if (at_least.count() == 0) return told(values.bucket_of_rank(rank));
  Histogram all = values;
  all.merge(at_least);
  return told(all.bucket_of_rank(rank));
}

void Pairs::add(std::int64_t first_value, std::int64_t second_value, std::uint64_t replication) {
  if (first_value < 0 || second_value < 0) throw std::logic_error("a pair holds a negative value");
  first.add(first_value, replication);
  second.add(second_value, replication);
  products.add(static_cast<UnsignedWide>(first_value) * static_cast<UnsignedWide>(second_value));
}

void Pairs::merge(const Pairs& other) {
  first.merge(other.first);
  second.merge(other.second);
  products.add(other.products);
}

void Tally::merge(const Tally& other) {
  if (!has_cells(other)) return;
  if (!has_cells(*this)) {
    *this = other;
    return;
  }
  if (counts.size() != other.counts.size() || moments.size() != other.moments.size() ||
      distributions.size() != other.distributions.size() || pairs.size() != other.pairs.size()) {
    throw std::logic_error("tallies of different studies were merged");
  }
  for (std::size_t place = 0; place < counts.size(); ++place) counts[place] += other.counts[place];
  merge_cells(moments, other.moments);
  merge_cells(distributions, other.distributions);
  merge_cells(pairs, other.pairs);
}

}  // namespace rehearse::sim

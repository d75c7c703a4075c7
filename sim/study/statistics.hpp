// What a number of replications says about the figure that it estimates: intervals, each named after its method. Pure
// functions over counts, exact sums and ranks. Floating point begins here and nowhere before: the sums that come in are
// integers, so that they do not depend on how the work was divided, and neither does what is made of them.
//
// `confidence` is the probability with which the interval holds the true value, 0.95 for instance, in the open interval
// (0, 1); another one is a std::logic_error. An interval that cannot be formed (too few replications) is absent.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "sim/study/wide.hpp"

namespace rehearse::sim::statistics {

struct Interval {
  double low = 0, high = 0;
  bool holds(double value) const { return low <= value && value <= high; }
  double half_width() const { return 0.5 * (high - low); }
  friend bool operator==(const Interval&, const Interval&) = default;
};

struct Estimate {
  double value = 0;
  Interval interval;
  /// Half of the interval's width as a share of the value's size; absent at value 0.
  std::optional<double> relative_half_width() const;
  friend bool operator==(const Estimate&, const Estimate&) = default;
};

/// Count, mean and the sum of squared deviations from the mean, of independent observations.
struct Moments {
  std::uint64_t count = 0;
  double mean = 0, deviations = 0;
  /// The unbiased one; count >= 2.
  double variance() const { return deviations / static_cast<double>(count - 1); }
  friend bool operator==(const Moments&, const Moments&) = default;
};
/// From exact sums, without cancellation; `unit` is what one is divided by (1e9: nanoseconds become seconds). The sum
/// of squares is one of `count` whole numbers with that sum: std::logic_error otherwise.
Moments moments_of(std::uint64_t count, Wide sum, Wide sum_of_squares, double unit = 1);
Moments moments_of(std::span<const double> values);

/// How many standard errors Student's t of this many degrees of freedom reaches to both sides.
double critical_value(std::uint64_t freedom, double confidence);

/// The mean, with Student's t. Exact for normal observations, near it for means of many. A paired difference is the
/// same of the differences. At least two observations.
std::optional<Estimate> mean_interval(const Moments& moments, double confidence);

/// A steady-state mean from the means of consecutive batches of equal length, after the warm-up was removed.
struct BatchMeans {
  Estimate mean;
  /// Correlation of neighbouring batches. The interval rests on there being none: batches are too short where it lies
  /// beyond `bound`, which two neighbours of independent ones pass in one of twenty cases.
  double correlation = 0, bound = 0;
};
/// At least two batches.
std::optional<BatchMeans> batch_means_interval(std::span<const double> means, double confidence);

/// Ranks (1: the smallest) of the observations that bound the quantile, from the binomial distribution: exact for every
/// continuous distribution, and never too narrow for others. Absent: the bound lies beyond the extreme observation.
struct QuantileRanks {
  std::optional<std::uint64_t> low, high;
  double coverage = 0;  // at least the confidence wherever both ranks are there
};
/// The p-quantile of `count` observations, p in (0, 1); each tail has at most half of what the confidence leaves.
QuantileRanks quantile_ranks(std::uint64_t count, double p, double confidence);
/// The rank of the observation that estimates it: the smallest one that a share p of the observations do not exceed.
std::uint64_t quantile_rank(std::uint64_t count, double p);

/// A probability, of `count` trials of which `hits` hit. Clopper and Pearson: never covers less than it says.
Estimate proportion_interval(std::uint64_t hits, std::uint64_t count, double confidence);
/// Wilson's: shorter, covers what it says on the average over the probabilities.
Estimate wilson_interval(std::uint64_t hits, std::uint64_t count, double confidence);
/// None of `count` trials hit: with the confidence, the probability is at most this. About 3 / count at 0.95, the rule
/// of three. count >= 1.
double bound_when_none(std::uint64_t count, double confidence);

/// A rate of independent events, of which so many came in the exposure (years). Garwood: never covers less than it
/// says. exposure > 0.
Estimate rate_interval(std::uint64_t events, double exposure, double confidence);

/// Pairs of independent cycles: x of a cycle, such as the time out, and y, such as its length.
struct PairMoments {
  std::uint64_t count = 0;
  double mean_x = 0, mean_y = 0, deviations_xx = 0, deviations_xy = 0, deviations_yy = 0;
};
/// From exact sums, as moments_of.
struct PairSums {
  std::uint64_t count = 0;
  Wide x = 0, y = 0, xx = 0, xy = 0, yy = 0;
};
PairMoments moments_of(const PairSums& sums, double unit = 1);
/// The ratio of the expectations, E(x) / E(y): the classical interval of regenerative simulation. At least two cycles
/// with a mean of y that is not 0.
std::optional<Estimate> ratio_interval(const PairMoments& moments, double confidence);
/// 1 - E(out) / E(length), within 0 and 1.
std::optional<Estimate> availability_interval(const PairMoments& out_and_length, double confidence);

/// The confidence to use at look number `look` (1, 2, ...) at growing data, so that all looks together are wrong with
/// at most the probability that `confidence` leaves: it is divided by 2, 4, 8, ...
double confidence_of_look(double confidence, unsigned look);
/// The same for several statements of which all shall hold.
double confidence_of_each(double confidence, std::uint64_t statements);

/// The interval against a bound.
enum class Side : std::uint8_t { below, undecided, above };
Side side_of(const Interval& interval, double bound);

}  // namespace rehearse::sim::statistics

#include "sim/study/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <stdexcept>

namespace rehearse::sim::statistics {
namespace {

double tail_of(double confidence) {
  if (!(confidence > 0 && confidence < 1)) throw std::logic_error("a confidence lies between 0 and 1");
  return 0.5 * (1 - confidence);
}

double students_t(std::uint64_t freedom, double tail) {
  return boost::math::quantile(boost::math::complement(boost::math::students_t(static_cast<double>(freedom)), tail));
}

double standard_normal(double tail) {
  return boost::math::quantile(boost::math::complement(boost::math::normal(), tail));
}

Estimate around(double value, double half_width) {
  return {value, {value - half_width, value + half_width}};
}

/// The sum of (x - mean x)(y - mean y), from the sum of xy and the sums of both. Whole multiples of the means are
/// subtracted as integers first: only what is smaller than `count` is left to floating point.
double deviations_of(std::uint64_t count, Wide product, Wide x, Wide y) {
  const auto n = static_cast<Wide>(count);
  const Wide whole_x = x / n, whole_y = y / n, rest_x = x % n, rest_y = y % n;
  const Wide exact = product - whole_x * y - whole_y * rest_x;
  return static_cast<double>(exact) -
         static_cast<double>(rest_x) * static_cast<double>(rest_y) / static_cast<double>(count);
}

void check_trials(std::uint64_t hits, std::uint64_t count) {
  if (count == 0 || hits > count) throw std::logic_error("a proportion needs trials, and no more hits than trials");
}

}  // namespace

std::optional<double> Estimate::relative_half_width() const {
  if (value == 0) return std::nullopt;
  return interval.half_width() / std::abs(value);
}

Moments moments_of(std::uint64_t count, Wide sum, Wide sum_of_squares, double unit) {
  if (count == 0) return {};
  Moments moments;
  moments.count = count;
  moments.mean = static_cast<double>(sum) / static_cast<double>(count) / unit;
  const double deviations = deviations_of(count, sum_of_squares, sum, sum);
  if (deviations < -0.5) throw std::logic_error("these are the sums of no observations");
  moments.deviations = std::max(0.0, deviations) / unit / unit;
  return moments;
}

Moments moments_of(std::span<const double> values) {
  Moments moments;
  for (const double value : values) {
    const double from_old = value - moments.mean;
    moments.mean += from_old / static_cast<double>(++moments.count);
    moments.deviations += from_old * (value - moments.mean);
  }
  return moments;
}

double critical_value(std::uint64_t freedom, double confidence) {
  return students_t(freedom, tail_of(confidence));
}

std::optional<Estimate> mean_interval(const Moments& moments, double confidence) {
  const double tail = tail_of(confidence);
  if (moments.count < 2) return std::nullopt;
  const double error = std::sqrt(moments.variance() / static_cast<double>(moments.count));
  return around(moments.mean, students_t(moments.count - 1, tail) * error);
}

std::optional<BatchMeans> batch_means_interval(std::span<const double> means, double confidence) {
  const Moments moments = moments_of(means);
  const std::optional<Estimate> mean = mean_interval(moments, confidence);
  if (!mean) return std::nullopt;
  BatchMeans result{*mean, 0, 0};
  double together = 0;
  for (std::size_t i = 1; i < means.size(); ++i) {
    together += (means[i - 1] - moments.mean) * (means[i] - moments.mean);
  }
  if (moments.deviations > 0) result.correlation = together / moments.deviations;
  // Of independent batches it is near normal with variance 1 / count (Bartlett).
  constexpr double one_in_twenty = 0.025;
  result.bound = standard_normal(one_in_twenty) / std::sqrt(static_cast<double>(means.size()));
  return result;
}

QuantileRanks quantile_ranks(std::uint64_t count, double p, double confidence) {
  const double tail = tail_of(confidence);
  if (!(p > 0 && p < 1)) throw std::logic_error("a quantile's share lies between 0 and 1");
  if (count == 0) return {};
  const boost::math::binomial below(static_cast<double>(count), p);  // how many observations the quantile exceeds
  const auto at_most = [&](std::uint64_t k) { return boost::math::cdf(below, static_cast<double>(k)); };
  const auto more_than = [&](std::uint64_t k) {
    return boost::math::cdf(boost::math::complement(below, static_cast<double>(k)));
  };
  // low: the largest rank with P(fewer than `low` below) <= tail. Of k in [0, count] the first with more than that.
  std::uint64_t from = 0, to = count;
  while (from < to) {
    const std::uint64_t middle = from + (to - from) / 2;
    if (at_most(middle) > tail) {
      to = middle;
    } else {
      from = middle + 1;
    }
  }
  QuantileRanks ranks;
  if (from >= 1) ranks.low = from;
  // high: the smallest rank with P(at least `high` below) <= tail, which is P(more than high - 1).
  from = 0;
  to = count;
  while (from < to) {
    const std::uint64_t middle = from + (to - from) / 2;
    if (more_than(middle) <= tail) {
      to = middle;
    } else {
      from = middle + 1;
    }
  }
  if (from + 1 <= count) ranks.high = from + 1;
  ranks.coverage = 1 - (ranks.low ? at_most(*ranks.low - 1) : 0) - (ranks.high ? more_than(*ranks.high - 1) : 0);
  return ranks;
}

std::uint64_t quantile_rank(std::uint64_t count, double p) {
  if (count == 0 || !(p > 0 && p < 1))
    throw std::logic_error("a quantile needs observations and a share within 0 and 1");
  // A share such as 0.95 is no binary fraction: 0.95 * 20 shall be rank 19, not 20.
  const double exact = p * static_cast<double>(count), nearest = std::round(exact);
  constexpr double rounding = 1e-9;
  const double rank = std::abs(exact - nearest) <= rounding * nearest ? nearest : std::ceil(exact);
  return std::clamp<std::uint64_t>(static_cast<std::uint64_t>(rank), 1, count);
}

Estimate proportion_interval(std::uint64_t hits, std::uint64_t count, double confidence) {
  const double tail = tail_of(confidence);
  check_trials(hits, count);
  const auto k = static_cast<double>(hits), n = static_cast<double>(count);
  Estimate estimate{k / n, {0, 1}};
  if (hits > 0) estimate.interval.low = boost::math::quantile(boost::math::beta_distribution<>(k, n - k + 1), tail);
  if (hits < count) {
    const boost::math::beta_distribution<> beta(k + 1, n - k);
    estimate.interval.high = boost::math::quantile(boost::math::complement(beta, tail));
  }
  return estimate;
}

Estimate wilson_interval(std::uint64_t hits, std::uint64_t count, double confidence) {
  const double z = standard_normal(tail_of(confidence));
  check_trials(hits, count);
  const auto n = static_cast<double>(count);
  const double share = static_cast<double>(hits) / n, scale = 1 / (1 + z * z / n);
  const double middle = scale * (share + 0.5 * z * z / n);
  const double half = scale * z * std::sqrt(share * (1 - share) / n + 0.25 * z * z / (n * n));
  return {share, {hits == 0 ? 0 : std::max(0.0, middle - half), hits == count ? 1 : std::min(1.0, middle + half)}};
}

double bound_when_none(std::uint64_t count, double confidence) {
  tail_of(confidence);
  if (count == 0) throw std::logic_error("a bound needs trials");
  return -std::expm1(std::log1p(-confidence) / static_cast<double>(count));
}

Estimate rate_interval(std::uint64_t events, double exposure, double confidence) {
  const double tail = tail_of(confidence);
  if (!(exposure > 0)) throw std::logic_error("a rate needs an exposure");
  const auto k = static_cast<double>(events);
  Estimate estimate{k / exposure, {0, 0}};
  if (events > 0) {
    estimate.interval.low = 0.5 * boost::math::quantile(boost::math::chi_squared(2 * k), tail) / exposure;
  }
  const boost::math::chi_squared next(2 * k + 2);
  estimate.interval.high = 0.5 * boost::math::quantile(boost::math::complement(next, tail)) / exposure;
  return estimate;
}

PairMoments moments_of(const PairSums& sums, double unit) {
  if (sums.count == 0) return {};
  const Moments x = moments_of(sums.count, sums.x, sums.xx, unit), y = moments_of(sums.count, sums.y, sums.yy, unit);
  const double together = deviations_of(sums.count, sums.xy, sums.x, sums.y) / unit / unit;
  return {sums.count, x.mean, y.mean, x.deviations, together, y.deviations};
}

std::optional<Estimate> ratio_interval(const PairMoments& moments, double confidence) {
  const double tail = tail_of(confidence);
  if (moments.count < 2 || moments.mean_y == 0) return std::nullopt;
  const double ratio = moments.mean_x / moments.mean_y;
  // The spread of x - ratio * y, whose mean is 0.
  const double deviations =
      std::max(0.0, moments.deviations_xx - 2 * ratio * moments.deviations_xy + ratio * ratio * moments.deviations_yy);
  const auto n = static_cast<double>(moments.count);
  const double error = std::sqrt(deviations / (n - 1) / n) / std::abs(moments.mean_y);
  return around(ratio, students_t(moments.count - 1, tail) * error);
}

std::optional<Estimate> availability_interval(const PairMoments& out_and_length, double confidence) {
  const std::optional<Estimate> out = ratio_interval(out_and_length, confidence);
  if (!out) return std::nullopt;
  const auto within = [](double share) { return std::clamp(share, 0.0, 1.0); };
  return Estimate{1 - out->value, {within(1 - out->interval.high), within(1 - out->interval.low)}};
}

double confidence_of_look(double confidence, unsigned look) {
  tail_of(confidence);
  if (look == 0) throw std::logic_error("looks are counted from 1");
  return 1 - std::ldexp(1 - confidence, -static_cast<int>(look));
}

double confidence_of_each(double confidence, std::uint64_t statements) {
  tail_of(confidence);
  return 1 - (1 - confidence) / static_cast<double>(std::max<std::uint64_t>(1, statements));
}

Side side_of(const Interval& interval, double bound) {
  if (interval.high < bound) return Side::below;
  return interval.low > bound ? Side::above : Side::undecided;
}

}  // namespace rehearse::sim::statistics

#include "model/distribution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace rehearse::model {

namespace {

using Kind = Distribution::Kind;

Distribution with(Kind kind, Duration first, Duration second = {}, Duration third = {}, double shape = 1.0) {
  Distribution result;
  result.kind = kind;
  result.first = first;
  result.second = second;
  result.third = third;
  result.shape = shape;
  return result;
}

constexpr double most_stages = 10'000;  // by then the spread is 1 % of the mean: a constant in all but name

// Below it, nearly all durations are zero or beyond a century.
constexpr double least_weibull_shape = 0.05;

}  // namespace

Distribution Distribution::constant(Duration value) {
  return with(Kind::constant, value);
}

Distribution Distribution::uniform(Duration low, Duration high) {
  return with(Kind::uniform, low, high);
}

Distribution Distribution::triangular(Duration minimum, Duration mode, Duration maximum) {
  return with(Kind::triangular, minimum, mode, maximum);
}

Distribution Distribution::exponential(Duration mean) {
  return with(Kind::exponential, mean);
}

Distribution Distribution::lognormal(Duration median, Duration p95) {
  return with(Kind::lognormal, median, p95);
}

Distribution Distribution::weibull(Duration scale, double shape) {
  return with(Kind::weibull, scale, {}, {}, shape);
}

Distribution Distribution::erlang(Duration mean, int stages) {
  return with(Kind::erlang, mean, {}, {}, stages);
}

Distribution Distribution::empirical(std::vector<Duration> samples) {
  Distribution result = with(Kind::empirical, {});
  result.samples = std::move(samples);
  std::sort(result.samples.begin(), result.samples.end());
  return result;
}

std::string problem_of(const Distribution& distribution) {
  const Duration zero{};
  const auto& [kind, first, second, third, shape, samples] = distribution;
  switch (kind) {
    case Kind::constant:
      if (first < zero) return "the value is negative";
      return "";
    case Kind::uniform:
      if (first < zero) return "the lower bound is negative";
      if (second < first) return "the upper bound is below the lower bound";
      return "";
    case Kind::triangular:
      if (first < zero) return "the minimum is negative";
      if (second < first) return "the mode is below the minimum";
      if (third < second) return "the maximum is below the mode";
      return "";
    case Kind::exponential:
      if (first <= zero) return "the mean is not positive";
      return "";
    case Kind::lognormal:
      if (first <= zero) return "the median is not positive";
      if (second < first) return "the 95th percentile is below the median";
      return "";
    case Kind::weibull:
      if (first <= zero) return "the scale is not positive";
      if (!(shape >= least_weibull_shape && std::isfinite(shape))) {
        return fmt::format("the shape is not a number of at least {}", least_weibull_shape);
      }
      return "";
    case Kind::erlang:
      if (first <= zero) return "the mean is not positive";
      if (!(shape >= 1.0 && shape <= most_stages && shape == std::floor(shape))) {
        return fmt::format("the number of stages is not a whole number from 1 to {}", most_stages);
      }
      return "";
    case Kind::empirical:
      if (samples.empty()) return "there are no samples";
      if (!std::is_sorted(samples.begin(), samples.end())) return "the samples are not sorted";
      if (samples.front() < zero) return "a sample is negative";
      return "";
  }
  return "the kind is unknown";
}

std::string to_text(const Distribution& distribution) {
  const auto& [kind, first, second, third, shape, samples] = distribution;
  switch (kind) {
    case Kind::constant: return fmt::format("constant({})", to_text(first));
    case Kind::uniform: return fmt::format("uniform({} to {})", to_text(first), to_text(second));
    case Kind::triangular:
      return fmt::format("triangular(minimum {}, mode {}, maximum {})", to_text(first), to_text(second),
                         to_text(third));
    case Kind::exponential: return fmt::format("exponential(mean {})", to_text(first));
    case Kind::lognormal: return fmt::format("lognormal(median {}, p95 {})", to_text(first), to_text(second));
    case Kind::weibull: return fmt::format("weibull(scale {}, shape {})", to_text(first), shape);
    case Kind::erlang: return fmt::format("erlang(mean {}, stages {})", to_text(first), shape);
    case Kind::empirical:
      return samples.empty() ? "empirical(no samples)"
                             : fmt::format("empirical({} samples, {} to {})", samples.size(), to_text(samples.front()),
                                           to_text(samples.back()));
  }
  return "unknown";
}

}  // namespace rehearse::model

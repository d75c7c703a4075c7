#include "sim/core/sampler.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "sim/core/math.hpp"

namespace rehearse::core {

namespace {

using Kind = model::Distribution::Kind;

double real(Duration length) {
  return static_cast<double>(length.count());
}

Duration whole(double nanoseconds) {
  if (!(nanoseconds > 0.0)) return Duration::zero();
  if (nanoseconds >= real(longest_sample)) return longest_sample;
  const auto floor = static_cast<std::int64_t>(nanoseconds);
  return Duration{floor + (nanoseconds - static_cast<double>(floor) >= 0.5 ? 1 : 0)};
}

/// Keeps the exact nanoseconds where no real number was needed.
Duration whole(Duration length) {
  return std::min(length, longest_sample);
}

double triangular(double low, double mode, double high, double u) {
  const double left = mode - low;
  const double right = high - mode;
  const double width = high - low;
  if (width == 0.0) return low;
  return u * width < left ? low + std::sqrt(u * width * left) : high - std::sqrt((1.0 - u) * width * right);
}

}  // namespace

Sampler::Sampler(const model::Distribution& distribution) : distribution_(distribution) {
  if (const std::string problem = model::problem_of(distribution); !problem.empty()) {
    throw std::logic_error("a sampler was given a distribution with a problem: " + problem);
  }
  if (distribution.kind == Kind::lognormal) {
    sigma_ = log(real(distribution.second) / real(distribution.first)) / inverse_normal(0.95);
  }
}

Duration Sampler::at(double u) const {
  const double first = real(distribution_.first);
  const double second = real(distribution_.second);
  switch (distribution_.kind) {
    case Kind::constant: return whole(distribution_.first);
    case Kind::uniform: return whole(whole(distribution_.first) + whole(u * (second - first)));
    case Kind::triangular: return whole(triangular(first, second, real(distribution_.third), u));
    case Kind::exponential: return whole(-first * log(1.0 - u));
    case Kind::lognormal: return whole(first * exp(sigma_ * inverse_normal(u)));
    case Kind::weibull: return whole(first * exp(log(-log(1.0 - u)) / distribution_.shape));
    case Kind::erlang: {
      const int stages = static_cast<int>(distribution_.shape);
      return whole(first / stages * inverse_erlang(stages, u));
    }
    case Kind::empirical: {
      const std::size_t count = distribution_.samples.size();
      const auto index = static_cast<std::size_t>(u * static_cast<double>(count));
      return whole(distribution_.samples[index < count ? index : count - 1]);
    }
  }
  throw std::logic_error("a distribution of no known kind");
}

Duration Sampler::mean() const {
  const double first = real(distribution_.first);
  const double second = real(distribution_.second);
  switch (distribution_.kind) {
    case Kind::constant:
    case Kind::exponential:
    case Kind::erlang: return whole(distribution_.first);
    case Kind::uniform: return whole(0.5 * (first + second));
    case Kind::triangular: return whole((first + second + real(distribution_.third)) / 3.0);
    case Kind::lognormal: return whole(first * exp(0.5 * sigma_ * sigma_));
    case Kind::weibull: return whole(first * exp(log_gamma(1.0 + 1.0 / distribution_.shape)));
    case Kind::empirical: {
      double sum = 0.0;
      for (const Duration sample : distribution_.samples) sum += real(sample);
      return whole(sum / static_cast<double>(distribution_.samples.size()));
    }
  }
  throw std::logic_error("a distribution of no known kind");
}

}  // namespace rehearse::core

// Draws from a model::Distribution by inverting its distribution function: one uniform number makes one duration, a
// larger one never a shorter duration. So a draw costs exactly one number whatever the distribution is, and two
// variants that differ in a parameter stay comparable draw by draw.
//
// All arithmetic is IEEE-exact or our own (math.hpp), so that a seed means the same durations on every machine.
#pragma once

#include "model/distribution.hpp"
#include "model/units.hpp"

namespace rehearse::core {

/// No sample is longer: about 146 years. The present plus a sample is thereby still a Time.
constexpr Duration longest_sample{std::int64_t{1} << 62};

class Sampler {
 public:
  /// Throws std::logic_error if the distribution has a problem (model::problem_of).
  explicit Sampler(const model::Distribution& distribution);

  /// The duration that a share u of all durations does not exceed; u in the open interval (0, 1). Rounded to whole
  /// nanoseconds, never negative, at most longest_sample. Of an empirical distribution, sample number floor(u * count).
  Duration at(double u) const;

  Duration median() const { return at(0.5); }
  Duration p95() const { return at(0.95); }

  /// The expectation, by formula and not by sampling, rounded; at most longest_sample.
  Duration mean() const;

 private:
  model::Distribution distribution_;
  double sigma_ = 0.0;  // of the logarithm, for the lognormal kind
};

}  // namespace rehearse::core

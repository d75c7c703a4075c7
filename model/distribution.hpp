// How long something takes when it does not always take the same time: a value, without randomness in it. sim/core
// turns it into a sampler. Times are whole nanoseconds; only shape parameters are real numbers.
#pragma once

#include <string>
#include <vector>

#include "model/units.hpp"

namespace rehearse::model {

struct Distribution {
  enum class Kind : unsigned char {
    constant,     // first = the value
    uniform,      // first .. second
    triangular,   // first = minimum, second = mode, third = maximum
    exponential,  // first = mean
    lognormal,    // first = median, second = 95th percentile
    weibull,      // first = scale, shape = k
    erlang,       // first = mean, shape = number of stages (whole)
    empirical,    // samples, sorted; each as likely as any other
  };

  Kind kind = Kind::constant;
  Duration first{}, second{}, third{};
  double shape = 1.0;
  std::vector<Duration> samples;

  static Distribution constant(Duration value);
  static Distribution uniform(Duration low, Duration high);
  static Distribution triangular(Duration minimum, Duration mode, Duration maximum);
  static Distribution exponential(Duration mean);
  static Distribution lognormal(Duration median, Duration p95);
  static Distribution weibull(Duration scale, double shape);
  static Distribution erlang(Duration mean, int stages);
  static Distribution empirical(std::vector<Duration> samples);  // sorts them

  friend bool operator==(const Distribution&, const Distribution&) = default;
};

/// What is wrong with the parameters (a p95 below the median, a negative length, ...); empty: nothing.
std::string problem_of(const Distribution& distribution);

/// "lognormal(median 10s, p95 40s)": for ledgers and messages.
std::string to_text(const Distribution& distribution);

}  // namespace rehearse::model

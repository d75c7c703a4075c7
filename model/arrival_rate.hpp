// How often executions arrive, as a rate that is constant between certain instants, and the arrivals of a Poisson
// process with such a rate. There is no randomness in here: the caller brings the unit exponential amounts, and an
// arrival is the instant at which the rate has added up to the amount (inversion of the cumulated rate). The same
// amounts give the same arrivals on every machine.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/units.hpp"
#include "model/workload.hpp"

namespace rehearse::model {

/// From this instant until the next step's, arrivals come at this rate; the last step has no end.
struct RateStep {
  Date from{};
  double per_second = 0;
  friend bool operator==(const RateStep&, const RateStep&) = default;
};

/// The rate over [from, until]: `per_hour` times the factor that the profile (rising in its times of day; empty: 1 all
/// day) gives to what clocks in the zone show. Factors follow the clocks: what a spring night skips has no time at all,
/// and what an autumn night shows twice counts twice. The first step begins at `from`; neighbours differ.
/// Throws std::invalid_argument for an unknown zone.
std::vector<RateStep> rate_steps(const std::string& zone, double per_hour, const std::vector<ProfileStep>& profile,
                                 Date from, Date until);

/// The instant after `t`, in whole nanoseconds rounded up, at which the rate since `t` has added up to `amount`;
/// nullopt when that is after `until`. `steps` is what rate_steps() gave; `t` must not lie before its first step.
/// Arrivals follow each other when each one's `t` is the one before.
std::optional<Date> arrival_after(const std::vector<RateStep>& steps, Date t, double amount, Date until);

}  // namespace rehearse::model

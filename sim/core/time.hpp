// Virtual time: what the simulated machines' clocks count. It is a std::chrono time point of its own clock, so that the
// compiler refuses to mix it with the wall clock or with calendar dates, and it is a 64-bit count of nanoseconds, so
// that equal times are equal and a sum does not depend on the order of its terms.
#pragma once

#include <chrono>

#include "model/units.hpp"

namespace rehearse::core {

/// Names the time line; it has no now(), because only a Calendar knows what time it is.
struct VirtualClock {
  using duration = Duration;
  using rep = Duration::rep;
  using period = Duration::period;
};

/// Since the scenario's start; negative before it, where the deployment happens.
using Time = std::chrono::time_point<VirtualClock, Duration>;

/// The scenario's start.
constexpr Time at_start{};

/// Later than every event: when nothing is due.
constexpr Time never = Time::max();

}  // namespace rehearse::core

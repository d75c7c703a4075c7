// The inside of expectations.hpp: what its judgements share, and those about the work, which have a file of their own.
#pragma once

#include <string>

#include "sim/scenario/expectations.hpp"

namespace rehearse::sim {

/// "1h2m3s4ms" since the start, and of a length.
std::string moment(core::Time time);
std::string length(Duration length);

Sight seen(bool met, std::string reason);
Sight cannot_tell(std::string reason);

/// A figure against its bounds. `open`: it may still grow after the end of the rehearsal, never shrink.
template <class T>
Outcome judge_bounds(const Bounds<T>& bounds, T found, bool open) {
  if (bounds.max && found > *bounds.max) return Outcome::failed;
  const bool enough = !bounds.min || found >= *bounds.min;
  if (open && (bounds.max || !enough)) return Outcome::unknown;
  return enough ? Outcome::passed : Outcome::failed;
}

Sight judge_executions(const RunResult& run, const Expectation& expectation);
Sight judge_batch(const RunResult& run, const Expectation& expectation);
Sight judge_work(const RunResult& run, const Expectation& expectation);

}  // namespace rehearse::sim

#include "sim/scenario/run_result.hpp"

#include <algorithm>
#include <stdexcept>

namespace rehearse::sim {

std::string_view to_text(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed: return "passed";
    case Outcome::failed: return "failed";
    case Outcome::unknown: return "unknown";
  }
  throw std::logic_error("no such outcome");
}

Outcome RunResult::outcome() const {
  const auto any = [&](Outcome outcome) {
    return std::any_of(verdicts.begin(), verdicts.end(),
                       [&](const Verdict& verdict) { return verdict.outcome == outcome; });
  };
  if (!observations.empty() || any(Outcome::failed)) return Outcome::failed;
  return any(Outcome::unknown) ? Outcome::unknown : Outcome::passed;
}

}  // namespace rehearse::sim

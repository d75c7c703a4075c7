#include "sim/scenario/invariants.hpp"

#include <fmt/format.h>

#include "sim/scenario/checks/check.hpp"

namespace rehearse::sim {

void check_invariants(const RunResult& run) {
  try {
    check_journal(*run.plan, run.first, run.journal, run.last);
  } catch (const InvariantBroken& broken) {
    throw std::logic_error(fmt::format("invariant broken (seed {}): {}", run.scenario.seed, broken.what()));
  }
}

}  // namespace rehearse::sim

// Two packages of one execution at once: what they do, they do twice.
#include <fmt/format.h>

#include "sim/scenario/checks/observation.hpp"

namespace rehearse::sim {

std::optional<std::string> observe_overlapped_runs(const RunResult& run) {
  if (run.tasks.overlapped == 0) return std::nullopt;
  return fmt::format("{} execution(s) had two packages running at once", run.tasks.overlapped);
}

}  // namespace rehearse::sim

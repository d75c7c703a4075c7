// Workers write packages' messages straight to SSISDB with a login of their own. Where that fails the packages run, and
// even succeed, and nobody reads what they said (S 1.1; S 5, 8).
#include <fmt/format.h>

#include "sim/scenario/checks/observation.hpp"

namespace rehearse::sim {

std::optional<std::string> observe_lost_messages(const RunResult& run) {
  std::uint64_t kept = 0;
  for (const world::WorkerState& worker : run.last.workers) kept += worker.unsent;
  if (kept == 0) return std::nullopt;
  return fmt::format(
      "SSISDB did not take the messages of {} execution(s): they lie on their workers' disks, and reports show none",
      kept);
}

}  // namespace rehearse::sim

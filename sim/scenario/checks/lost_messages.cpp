// SQL authentication is off while packages run: workers write packages' messages with a SQL login, so the packages run
// and nobody reads what they said (S 5, 8).
#include <fmt/format.h>

#include <set>

#include "sim/scenario/checks/observation.hpp"
#include "sim/scenario/replay.hpp"

namespace rehearse::sim {

std::optional<std::string> observe_lost_messages(const RunResult& run) {
  Stretch off;
  std::set<world::TaskIndex> mute;
  for_each_state(run, [&](const world::State& state, core::Time from, core::Time to) {
    if (!state.instance.authentication_off || to == from) return;
    bool any = false;
    for (const world::RunState& package : state.runs) {
      if (package.phase != world::RunState::Phase::running) continue;
      mute.insert(package.task);
      any = true;
    }
    if (any) off.add(from, to);
  });
  if (!off.seen()) return std::nullopt;
  return fmt::format("SQL authentication was off while packages ran: the messages of {} execution(s) are lost, {}",
                     mute.size(), off.text());
}

}  // namespace rehearse::sim

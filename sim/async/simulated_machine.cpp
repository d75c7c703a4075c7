#include "sim/async/simulated_machine.hpp"

#include "sim/async/simulated_call.hpp"
#include "sim/world/membership.hpp"

namespace rehearse::sim {

namespace host = steps::host;
using model::Timing;
using steps::Answer;
using steps::FailureCode;
using steps::PatchState;
using world::Condition;
using world::HostIndex;

namespace {

/// One of the same kind that is under way already is waited for like one's own.
void begin_shutdown(const OfMachine& port, HostIndex machine, world::Leaving kind) {
  if (port.state.hosts[machine].leaving == kind) return;
  const bool again = kind == world::Leaving::reboot;
  require(port.world.membership().shut_down(machine, again, port.turn.cause), FailureCode::conflict,
          "A system shutdown of " + port.plan.hosts[machine].name + " is in progress");
}

}  // namespace

Progress OfMachine::operator()(const host::Answers& r) const {
  const HostIndex machine = plan.find_host(r.host);
  require(machine != world::none, FailureCode::not_found, "No machine " + r.host);
  return Answer(is_reachable(world, machine) && !state.hosts[machine].hung);
}

// The number of the boot that is waited for is the one after those that have been, whatever happens in between.
Progress OfMachine::operator()(const host::RestartMachine& r) const {
  if (turn.stage == 0) {
    const HostIndex machine = find_host(world, r.host);
    begin_shutdown(*this, machine, world::Leaving::reboot);
    return pause_until(turn, Condition::Kind::host_booted, machine, r.within, state.hosts[machine].boots + 1);
  }
  require(turn.met, FailureCode::timed_out, r.host + " has not restarted");
  return Answer();
}

Progress OfMachine::operator()(const host::ShutDownMachine& r) const {
  if (turn.stage == 0) {
    const HostIndex machine = find_host(world, r.host);
    begin_shutdown(*this, machine, world::Leaving::shutdown);
    return pause_until(turn, Condition::Kind::host_off, machine, r.within);
  }
  require(turn.met, FailureCode::timed_out, r.host + " is not off");
  return Answer();
}

Progress OfMachine::operator()(const host::QueryPatches& r) const {
  switch (state.hosts[find_host(world, r.host)].patches) {
    case world::Patches::missing: return Answer(to_text(PatchState::missing));
    case world::Patches::installed: return Answer(to_text(PatchState::restart_needed));
    case world::Patches::active: return Answer(to_text(PatchState::in_place));
  }
  throw std::logic_error("patches in no state");
}

Progress OfMachine::operator()(const host::InstallPatches& r) const {
  const HostIndex machine = find_host(world, r.host);
  if (state.hosts[machine].patches != world::Patches::missing) return Answer();
  if (turn.stage == 0) return pause_for(turn, Timing::patch, world::host_id(machine));
  world.engine().emit(world::RecordKind::patches_installed, world::host_id(machine), turn.cause);
  return Answer();
}

}  // namespace rehearse::sim

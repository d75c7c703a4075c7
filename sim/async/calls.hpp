// What a simulated port call is made of. A call that takes time is a chain of stages, each between two waits:
// `take_turn` looks at the request, the stage it is in and whether its last wait was met, changes the world or only
// looks at it, and either answers or says what to wait for next. Nothing but the request and the number of the stage
// outlives a stage, so that a call can be taken up again in a copy of the world.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "model/steps/failure.hpp"
#include "model/steps/requests.hpp"
#include "sim/world/world.hpp"

namespace rehearse::sim {

/// Where a call stands.
struct Turn {
  world::World& world;
  world::RecordId cause = 0;  // of everything that the call changes: what the operator does
  int stage = 0;
  bool met = true;  // the condition it waited for holds; false: its deadline came first
};

/// The call goes on in the next stage when the condition holds or the deadline has come.
struct Pause {
  world::Condition condition;
  world::Time deadline{};
};

using Progress = std::variant<steps::Answer, Pause>;

// One file a port. Each throws steps::Failure for what the request cannot have.
Progress take_turn(const steps::ClockRequest& request, Turn turn);
Progress take_turn(const steps::HostRequest& request, Turn turn);
Progress take_turn(const steps::CertificateRequest& request, Turn turn);
Progress take_turn(const steps::ClusterRequest& request, Turn turn);
Progress take_turn(const steps::CatalogRequest& request, Turn turn);
Progress take_turn(const steps::OperatorRequest& request, Turn turn);
Progress take_turn(const steps::AnyRequest& request, Turn turn);

/// A call that waits, as a value.
struct CallInFlight {
  steps::AnyRequest request;
  int stage = 0;  // that comes after the wait
  world::WaitId wait{};
  world::Condition condition;
  world::Time deadline{};
};

/// One thing that the operator does: a step, as the journal has it.
struct Act {
  std::string name;            // "install_fci on SQL1"
  world::RecordId record = 0;  // operator_acts that began it
  world::Time from{}, to{};
  bool ended = false;
};

}  // namespace rehearse::sim

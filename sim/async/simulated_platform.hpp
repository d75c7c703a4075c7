// The platform that is a simulated world: each call is answered from the world or changes it through the operations of
// its subjects, and takes as long as such a thing takes there (behaviour.md 13).
#pragma once

#include <cstddef>
#include <list>
#include <vector>

#include "model/steps/adapters/any_port.hpp"
#include "model/steps/gate.hpp"
#include "sim/async/calls.hpp"

namespace rehearse::sim {

class SimulatedPlatform final : public steps::AnyPort {
 public:
  /// `cause` is read whenever a call changes something. `to_attach`: calls that were in flight where the world was
  /// copied; the first calls made here are those, in that order, and attach to their waits.
  SimulatedPlatform(world::World& world, const world::RecordId& cause, std::vector<CallInFlight> to_attach);
  ~SimulatedPlatform() override;

  steps::Awaitable<steps::Answer> call(steps::AnyRequest request) override;

  /// Makes the call that waits for this ready to run. No effect when nobody waits for it (any more).
  void resume(const world::FiredWait& fired);

  std::vector<CallInFlight> in_flight() const;
  /// Calls of the copied world that nobody has made again.
  std::size_t still_to_attach() const { return to_attach_.size() - attached_; }

 private:
  struct Waiting {
    CallInFlight call;
    steps::Gate gate;
    bool fired = false;
    bool met = false;
  };
  class Place;  // a Waiting's stay in the list, ended with the coroutine that waits
  const CallInFlight* next_to_attach(const steps::AnyRequest& request) const;

  world::World& world_;
  const world::RecordId& cause_;
  std::vector<CallInFlight> to_attach_;
  std::size_t attached_ = 0;
  std::list<Waiting> waiting_;  // in the order in which the calls began
};

}  // namespace rehearse::sim

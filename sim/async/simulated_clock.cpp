// The simulated clock, and the operator, who agrees to everything and knows every secret.
#include "sim/async/simulated_call.hpp"

namespace rehearse::sim {

namespace clock = steps::clock;
namespace ask = steps::ask;
using steps::Answer;

namespace {

struct OfClock {
  Turn turn;

  Progress operator()(const clock::Now&) const { return Answer(turn.world.plan().date_at(turn.world.now())); }
  Progress operator()(const clock::Sleep& request) const {
    if (turn.stage > 0) return Answer();
    world::Condition condition;
    condition.kind = world::Condition::Kind::time;
    condition.time = turn.world.now() + request.length;
    return Pause{condition, condition.time};
  }
};

struct OfOperator {
  Progress operator()(const ask::Confirm&) const { return Answer(true); }
  Progress operator()(const ask::ReadSecret& request) const {
    return Answer(steps::Secret(request.secret, "a secret of the simulated world"));
  }
};

}  // namespace

Progress take_turn(const steps::ClockRequest& request, Turn turn) {
  return std::visit(OfClock{turn}, request);
}
Progress take_turn(const steps::OperatorRequest& request, Turn) {
  return std::visit(OfOperator{}, request);
}

}  // namespace rehearse::sim

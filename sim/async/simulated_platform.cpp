#include "sim/async/simulated_platform.hpp"

#include <boost/asio/awaitable.hpp>

#include <stdexcept>
#include <utility>

namespace rehearse::sim {

using steps::Answer;
using steps::AnyRequest;
using steps::Awaitable;

// However the call ends, also when its coroutine is cancelled or destroyed, nobody waits for it afterwards.
class SimulatedPlatform::Place {
 public:
  Place(SimulatedPlatform& platform, CallInFlight call) : platform_(platform) {
    platform_.waiting_.push_back({std::move(call), steps::Gate(), false, false});
    here_ = std::prev(platform_.waiting_.end());
  }
  ~Place() {
    if (!here_->fired) platform_.world_.engine().drop_wait(here_->call.wait);
    platform_.waiting_.erase(here_);
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  Waiting& operator*() { return *here_; }

 private:
  SimulatedPlatform& platform_;
  std::list<Waiting>::iterator here_;
};

SimulatedPlatform::SimulatedPlatform(world::World& world, const world::RecordId& cause,
                                     std::vector<CallInFlight> to_attach)
    : world_(world), cause_(cause), to_attach_(std::move(to_attach)) {}

SimulatedPlatform::~SimulatedPlatform() = default;

const CallInFlight* SimulatedPlatform::next_to_attach(const AnyRequest& request) const {
  // Secrets are asked for again where a transcript is replayed; they are answered at once and never in flight.
  if (attached_ == to_attach_.size() || std::holds_alternative<steps::OperatorRequest>(request)) return nullptr;
  const CallInFlight& call = to_attach_[attached_];
  if (!(call.request == request)) {
    throw std::logic_error("the world was copied while this was under way: " + to_text(call.request) +
                           "; the steps ask " + to_text(request));
  }
  return &call;
}

Awaitable<Answer> SimulatedPlatform::call(AnyRequest request) {
  CallInFlight call{std::move(request), 0, {}, {}, {}};
  if (const CallInFlight* copied = next_to_attach(call.request)) {
    call = *copied;
    ++attached_;
  } else {
    Progress first = take_turn(call.request, Turn{world_, cause_, 0, true});
    if (Answer* answer = std::get_if<Answer>(&first)) co_return std::move(*answer);
    const Pause pause = std::get<Pause>(first);
    call.condition = pause.condition;
    call.deadline = pause.deadline;
    call.stage = 1;
    call.wait = world_.wait(pause.condition, pause.deadline);
  }

  Place place(*this, std::move(call));
  Waiting& here = *place;
  while (true) {
    co_await here.gate.wait();
    Progress next = take_turn(here.call.request, Turn{world_, cause_, here.call.stage, here.met});
    if (Answer* answer = std::get_if<Answer>(&next)) co_return std::move(*answer);
    const Pause pause = std::get<Pause>(next);
    here.gate = steps::Gate();
    here.fired = false;
    here.call.condition = pause.condition;
    here.call.deadline = pause.deadline;
    ++here.call.stage;
    here.call.wait = world_.wait(pause.condition, pause.deadline);
  }
}

void SimulatedPlatform::resume(const world::FiredWait& fired) {
  for (Waiting& waiting : waiting_) {
    if (waiting.call.wait != fired.id || waiting.fired) continue;
    waiting.fired = true;
    waiting.met = fired.met;
    waiting.gate.open();
    return;
  }
}

std::vector<CallInFlight> SimulatedPlatform::in_flight() const {
  std::vector<CallInFlight> calls;
  for (const Waiting& waiting : waiting_) calls.push_back(waiting.call);
  return calls;
}

Progress take_turn(const AnyRequest& request, Turn turn) {
  return std::visit([&](const auto& of_port) { return take_turn(of_port, turn); }, request);
}

}  // namespace rehearse::sim

#include "sim/async/driver.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

#include "model/steps/adapters/recording.hpp"
#include "model/steps/adapters/replaying.hpp"
#include "sim/async/simulated_platform.hpp"

namespace rehearse::sim {

using steps::Awaitable;
using world::RecordId;
using world::RecordKind;
using world::Time;

// Recording over (in a fork) replaying over the simulated platform. The io_context comes last: it owns the coroutines,
// whose frames refer to everything above it.
struct Driver::Impl {
  world::World& world;
  std::vector<Act> acts;
  std::vector<Act> recorded;  // of the fork's original: begun and ended again without a record
  std::vector<std::size_t> open_acts;
  RecordId cause = 0;
  SimulatedPlatform simulated;
  std::optional<steps::Replaying> replaying;
  steps::Transcript transcript;
  std::optional<steps::Recording> recording;
  std::size_t under_way = 0;
  std::exception_ptr escaped;
  boost::asio::io_context context{1};

  Impl(world::World& the_world, Bookmark bookmark)
      : world(the_world), recorded(std::move(bookmark.acts)), simulated(world, cause, std::move(bookmark.calls)) {
    if (!bookmark.transcript.entries().empty()) {
      replaying.emplace(std::move(bookmark.transcript), simulated.platform(), steps::UnderWay::hand_on);
    }
    recording.emplace(replaying ? replaying->platform() : simulated.platform(), transcript);
  }

  void poll() {
    context.restart();
    while (context.poll_one() != 0) {
    }
    if (escaped) std::rethrow_exception(std::exchange(escaped, nullptr));
  }

  /// Everything that can happen at this instant without an event. Procedures are polled where something was done to
  /// them (when they start, and when a wait of theirs fires): between these nothing in them becomes ready.
  void settle() {
    while (true) {
      if (!world.engine().waits().empty()) world.settle();
      std::vector<world::FiredWait> fired = world.engine().fired();
      if (fired.empty()) return;
      world.engine().clear_fired();
      std::sort(fired.begin(), fired.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
      for (const world::FiredWait& wait : fired) {
        simulated.resume(wait);
        poll();
      }
    }
  }

  bool is_where_it_was() const { return simulated.still_to_attach() == 0 && (!replaying || replaying->finished()); }

  void must_be_where_it_was() const {
    if (is_where_it_was()) return;
    throw std::logic_error("a fork goes on before the procedures that were under way have been started again");
  }

  void find_cause() { cause = open_acts.empty() ? 0 : acts[open_acts.back()].record; }
};

Driver::Driver(world::World& world) : Driver(world, Bookmark{}) {}

Driver::Driver(world::World& copy, Bookmark bookmark) : impl_(std::make_unique<Impl>(copy, std::move(bookmark))) {}

Driver::~Driver() = default;

world::World& Driver::world() {
  return impl_->world;
}

steps::Platform Driver::platform() {
  return impl_->recording->platform();
}

void Driver::start(const Procedure& procedure) {
  ++impl_->under_way;
  boost::asio::co_spawn(impl_->context, procedure(), [impl = impl_.get()](std::exception_ptr exception) {
    --impl->under_way;
    if (exception && !impl->escaped) impl->escaped = exception;
  });
  impl_->poll();
  if (impl_->is_where_it_was()) impl_->settle();
}

bool Driver::step(Time until) {
  impl_->must_be_where_it_was();
  impl_->settle();
  const bool fired = impl_->world.step(until);
  impl_->settle();
  return fired;
}

void Driver::run_until(Time until) {
  while (step(until)) {
  }
}

void Driver::run_until_idle() {
  while (!idle()) {
    if (!step(core::never) && !idle()) throw std::logic_error("a procedure waits for what no event will bring");
  }
}

bool Driver::idle() const {
  return impl_->under_way == 0;
}

std::vector<OpenWait> Driver::open_waits() const {
  const std::string step = impl_->open_acts.empty() ? std::string() : impl_->acts[impl_->open_acts.back()].name;
  std::vector<OpenWait> waits;
  for (const CallInFlight& call : impl_->simulated.in_flight()) {
    waits.push_back({step, to_text(call.request), call.condition, call.deadline});
  }
  return waits;
}

std::size_t Driver::begin_act(std::string name) {
  const std::size_t number = impl_->acts.size();
  Act act{std::move(name), 0, impl_->world.now(), impl_->world.now(), false};
  if (number < impl_->recorded.size()) {
    const Act& before = impl_->recorded[number];
    if (before.name != act.name)
      throw std::logic_error("a fork does " + act.name + " where " + before.name + " was done");
    act.record = before.record;
    act.from = act.to = before.from;
  } else {
    act.record = impl_->world.engine().emit(RecordKind::operator_acts, world::cluster_id, 0,
                                            static_cast<std::uint32_t>(number), 0);
  }
  impl_->acts.push_back(std::move(act));
  impl_->open_acts.push_back(number);
  impl_->find_cause();
  return number;
}

void Driver::end_act(std::size_t number) {
  Act& act = impl_->acts.at(number);
  if (act.ended) throw std::logic_error("an act cannot end twice: " + act.name);
  const bool ended_before = number < impl_->recorded.size() && impl_->recorded[number].ended;
  if (ended_before) {
    act.to = impl_->recorded[number].to;
  } else {
    act.to = impl_->world.now();
    impl_->world.engine().emit(RecordKind::operator_acts, world::cluster_id, act.record,
                               static_cast<std::uint32_t>(number), 1);
  }
  act.ended = true;
  std::erase(impl_->open_acts, number);
  impl_->find_cause();
}

const std::vector<Act>& Driver::acts() const {
  return impl_->acts;
}

const steps::Transcript& Driver::transcript() const {
  return impl_->transcript;
}

Bookmark Driver::bookmark() const {
  return {impl_->transcript, impl_->simulated.in_flight(), impl_->acts};
}

}  // namespace rehearse::sim

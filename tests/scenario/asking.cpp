#include "asking.hpp"

#include <boost/asio/awaitable.hpp>

#include <utility>

#include "model/steps/adapters/any_port.hpp"

namespace rehearse::sim {

steps::Awaitable<void> ask_and_keep(steps::Platform platform, steps::AnyRequest request, Outcome& outcome) {
  try {
    steps::Answer answer = co_await forward(platform, std::move(request));
    outcome = answer;
  } catch (const steps::Failure& failure) {
    outcome = failure;
  }
}

Outcome outcome_of(world::World& world, steps::AnyRequest request) {
  Outcome outcome;
  Driver driver(world);
  driver.start([&] { return ask_and_keep(driver.platform(), request, outcome); });
  driver.run_until_idle();
  return outcome;
}

}  // namespace rehearse::sim

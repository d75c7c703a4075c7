// One call of the simulated platform at a time, for tests of what it answers and refuses.
#pragma once

#include <gtest/gtest.h>

#include <variant>

#include "model/steps/failure.hpp"
#include "sim/async/driver.hpp"

namespace rehearse::sim {

using Outcome = std::variant<std::monostate, steps::Answer, steps::Failure>;

/// For Driver::start: the answer or the failure of one call.
steps::Awaitable<void> ask_and_keep(steps::Platform platform, steps::AnyRequest request, Outcome& outcome);

/// One call to its end.
Outcome outcome_of(world::World& world, steps::AnyRequest request);

template <class Request>
steps::Answer ask(world::World& world, Request request) {
  const Outcome outcome = outcome_of(world, steps::AnyRequest(request));
  if (const steps::Failure* failure = std::get_if<steps::Failure>(&outcome)) {
    ADD_FAILURE() << to_text(steps::AnyRequest(request)) << ": " << failure->what();
    return {};
  }
  return std::get<steps::Answer>(outcome);
}

/// The failure of a call that must fail and change nothing.
template <class Request>
steps::Failure refusal(world::World& world, Request request) {
  const world::State before = world.state();
  const Outcome outcome = outcome_of(world, steps::AnyRequest(request));
  EXPECT_EQ(world.state(), before) << to_text(steps::AnyRequest(request)) << " failed and changed something";
  if (const steps::Failure* failure = std::get_if<steps::Failure>(&outcome)) return *failure;
  ADD_FAILURE() << to_text(steps::AnyRequest(request)) << " did not fail";
  return steps::Failure(steps::FailureCode::indeterminate, "");
}

}  // namespace rehearse::sim

// Calendar and waiting of this machine: the clock of real steps.
#pragma once

#include "model/steps/answer.hpp"
#include "model/steps/awaitable.hpp"
#include "model/steps/clock_requests.hpp"
#include "model/steps/requests.hpp"
#include "model/units.hpp"

namespace rehearse::real {

/// By a steady timer, on the executor of whoever waits. Throws operation_aborted when the caller is cancelled.
steps::Awaitable<void> sleep_for(Duration length);

steps::Awaitable<steps::Answer> answer_of_clock(steps::ClockRequest request);

}  // namespace rehearse::real

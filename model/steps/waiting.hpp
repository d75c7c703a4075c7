// Three ways to wait: for one operation with a deadline, for one operation on each of several hosts, and for a
// condition that somebody else brings about. All of them leave nothing running behind.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/steps/awaitable.hpp"
#include "model/steps/platform.hpp"
#include "model/units.hpp"

namespace rehearse::steps {

using HostAction = std::function<Awaitable<void>(std::string)>;
using Condition = std::function<Awaitable<bool>()>;

/// Runs `operation` and cancels it after `within`. Returns when it has really ended; throws what it threw, or
/// Failure(timed_out) naming `what` when the deadline came first.
Awaitable<void> with_deadline(Clock& clock, Awaitable<void> operation, Duration within, std::string what);

/// Runs `action(host)` for all hosts at once and waits for every one, also after a failure. One failed host: its own
/// Failure. Several: one Failure that keeps the text of each; its code is `indeterminate` if any of them is, else the
/// first's. `action` must not be a coroutine with captures; a plain function object that calls one is.
Awaitable<void> for_all(std::vector<std::string> hosts, HostAction action);

/// Asks `condition` every `every` until it says yes. Nobody answering (Failure unreachable) counts as no: what is
/// waited for often is a service that comes back. After `within`: Failure(timed_out) with `what` and the last text of
/// nobody answering.
Awaitable<void> wait_until(Clock& clock, Duration every, Duration within, std::string what, Condition condition);

}  // namespace rehearse::steps

#include "model/steps/perform.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <utility>

#include "model/steps/waiting.hpp"

namespace rehearse::steps {
namespace {

namespace asio = boost::asio;

constexpr Duration time_to_ask_again = std::chrono::minutes(1);

// The step itself, without its deadline. `kind` belongs to a frame that outlives this one.
Awaitable<void> attempt(const Step& step, Platform& platform, StepOutcome::Kind& kind) {
  const bool already = co_await step.satisfied(platform);
  if (already) {
    kind = StepOutcome::Kind::already_satisfied;
    co_return;
  }
  co_await step.apply(platform);
  co_await step.verify(platform);
  kind = StepOutcome::Kind::done;
}

Awaitable<void> ask_whether_satisfied(const Step& step, Platform& platform, bool& satisfied) {
  satisfied = co_await step.satisfied(platform);
}

// What the step came to, or the failure that ended it.
Awaitable<std::optional<Failure>> run(const Step& step, Platform& platform, StepOutcome::Kind& kind) {
  std::optional<Failure> failure;
  try {
    co_await with_deadline(platform.clock, attempt(step, platform, kind), step.info().deadline, step.info().changes);
  } catch (const Failure& thrown) {
    failure = thrown;
  } catch (const boost::system::system_error& error) {
    if (error.code() != asio::error::operation_aborted) throw;
    failure = Failure(FailureCode::cancelled, "given up on request");
  }
  co_return failure;
}

// After a failure that leaves it open: nullopt when nobody can tell.
Awaitable<std::optional<bool>> took_effect(const Step& step, Platform& platform) {
  bool satisfied = false;
  bool known = false;
  try {
    co_await with_deadline(platform.clock, ask_whether_satisfied(step, platform, satisfied), time_to_ask_again,
                           "asking whether the step took effect");
    known = true;
  } catch (const Failure&) {  // the failure that led here is the one to report
  } catch (const boost::system::system_error& error) {
    if (error.code() != asio::error::operation_aborted) throw;
  }
  co_return known ? std::optional<bool>(satisfied) : std::nullopt;
}

bool may_have_happened(FailureCode code) {
  return code == FailureCode::indeterminate || code == FailureCode::timed_out || code == FailureCode::cancelled;
}

std::string effect_text(std::optional<bool> effect) {
  if (!effect) return "; whether it took effect could not be asked";
  return *effect ? "; it had taken effect"
                 : "; it had not taken effect so far, or only in part: perform it again to go on";
}

}  // namespace

Awaitable<StepOutcome> perform(const Step& step, Platform platform, PerformOptions options) {
  // A cancelled coroutine throws at its next co_await; asking whether the step took effect still has to await.
  const bool threw_if_cancelled = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  if (options.observer) options.observer->step_began(step);

  StepOutcome outcome;
  std::optional<Failure> failure;
  const auto cancellation = co_await asio::this_coro::cancellation_state;
  if (cancellation.cancelled() == asio::cancellation_type::none) {
    failure = co_await run(step, platform, outcome.kind);
  } else {
    failure = Failure(FailureCode::cancelled, "given up on request before it began");
  }
  if (failure && may_have_happened(failure->code())) {
    const bool cancelled = failure->code() == FailureCode::cancelled;
    const std::optional<bool> effect = co_await took_effect(step, platform);
    if (effect == true && !cancelled) {
      failure.reset();
      outcome.kind = StepOutcome::Kind::done;
    } else {
      failure =
          Failure(failure->code(), failure->message() + effect_text(effect), failure->primitive(), failure->node());
    }
  }
  if (failure) {
    failure->attach_step(title_of(step));
    outcome.kind = StepOutcome::Kind::failed;
    outcome.failure = std::move(failure);
  }

  if (options.observer) options.observer->step_ended(step, outcome);
  co_await asio::this_coro::throw_if_cancelled(threw_if_cancelled);
  co_return outcome;
}

Awaitable<Performance> perform_all(const std::vector<StepPtr>& steps, Platform platform, PerformOptions options) {
  Performance performance;
  const bool threw_if_cancelled = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);  // perform() tells of cancellation, in its outcome
  for (std::size_t i = 0; i < steps.size(); ++i) {
    StepOutcome outcome = co_await perform(*steps[i], platform, options);
    const bool failed = outcome.kind == StepOutcome::Kind::failed;
    performance.entries.push_back({i, std::move(outcome)});
    if (failed) break;
  }
  co_await asio::this_coro::throw_if_cancelled(threw_if_cancelled);
  co_return performance;
}

}  // namespace rehearse::steps

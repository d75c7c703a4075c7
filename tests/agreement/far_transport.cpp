#include "tests/agreement/far_transport.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <optional>
#include <stdexcept>

#include "model/steps/clock_requests.hpp"
#include "model/steps/failure.hpp"
#include "model/steps/observation.hpp"
#include "real_backend/applying.hpp"
#include "tests/far_side/clockwork.hpp"

namespace far_side {

namespace asio = boost::asio;
namespace real = rehearse::real;
namespace steps = rehearse::steps;
using steps::Failure;
using steps::FailureCode;

steps::Awaitable<std::string> FarTransport::run(real::RemoteScript script) {
  const std::string name = machine_named(world, script.host);
  if (name.empty() || !machine_of(world, name).on) {
    pass(world, 5s);
    throw Failure(FailureCode::unreachable, "connect to host " + script.host + " port 22: No route to host");
  }
  // Keys of what is handed over differ by case, unlike those of tables in scripts.
  auto secrets = make_object("System.Collections.Hashtable", {});
  for (const steps::Secret& secret : script.secrets) secrets->members[secret.name()] = secret.reveal();
  FarMachine machine(world, name, logon);
  const Instant began = world.now;
  Array output;
  try {
    output = interpret(script.text, {{"Secrets", secrets}}, machine);
  } catch (const PowerLost&) {
    throw Failure(FailureCode::indeterminate, "the connection to " + script.host + " was lost");
  }
  if (world.now - began > script.limit) {
    throw Failure(FailureCode::timed_out, "the script took longer than its limit");
  }
  if (output.size() != 1) throw Failure(FailureCode::indeterminate, "the answer is not one line");
  std::string answer = output.front().text();
  if (told) told(script, answer);
  co_return answer;
}

struct FarClock::Sleeper {
  explicit Sleeper(const asio::any_io_executor& executor) : timer(executor, asio::steady_timer::time_point::max()) {}
  asio::steady_timer timer;  // never ends by itself
  bool woken = false;
};

steps::Awaitable<steps::Answer> FarClock::call(steps::ClockRequest request) {
  const auto* sleep = std::get_if<steps::clock::Sleep>(&request);
  if (sleep == nullptr) co_return steps::Answer(rehearse::Date(world_.now));
  if (sleep->length <= rehearse::Duration::zero()) co_return steps::Answer();
  const auto sleeper = std::make_shared<Sleeper>(co_await asio::this_coro::executor);
  const auto place = sleepers_.emplace(world_.now + std::chrono::ceil<Span>(sleep->length), sleeper);
  boost::system::error_code code;
  co_await sleeper->timer.async_wait(asio::redirect_error(asio::use_awaitable, code));
  if (!sleeper->woken) {
    sleepers_.erase(place);
    throw boost::system::system_error(asio::error::operation_aborted);
  }
  co_return steps::Answer();
}

bool FarClock::wake_next() {
  if (sleepers_.empty()) return false;
  const auto first = sleepers_.begin();
  const std::shared_ptr<Sleeper> sleeper = first->second;
  const Instant until = first->first;
  sleepers_.erase(first);
  sleeper->woken = true;
  if (until > world_.now) pass(world_, until - world_.now);
  sleeper->timer.cancel();
  return true;
}

steps::Awaitable<steps::Answer> WithFarClock::call(steps::AnyRequest request) {
  if (auto* clock = std::get_if<steps::ClockRequest>(&request)) {
    steps::Answer answer = co_await clock_.call(std::move(*clock));
    co_return answer;
  }
  steps::Answer answer = co_await rest_.call(std::move(request));
  co_return answer;
}

namespace {

template <class T>
steps::Awaitable<void> keep(steps::Awaitable<T> operation, std::optional<T>& result) {
  result.emplace(co_await std::move(operation));
}

}  // namespace

template <class T>
T run_on(FarClock& clock, steps::Awaitable<T> operation) {
  asio::io_context context;
  std::optional<T> result;
  std::exception_ptr failed;
  bool ended = false;
  asio::co_spawn(context, keep(std::move(operation), result), [&](std::exception_ptr exception) {
    failed = exception;
    ended = true;
  });
  auto last_move = std::chrono::steady_clock::now();
  while (!ended) {
    const bool moved = context.poll() > 0 || context.run_one_for(10 * own_timers) > 0 || clock.wake_next();
    const auto now = std::chrono::steady_clock::now();
    if (moved) last_move = now;
    if (now - last_move > 1min) throw std::logic_error("a coroutine hangs");
  }
  if (failed) std::rethrow_exception(failed);
  return std::move(*result);
}

template steps::Performance run_on(FarClock& clock, steps::Awaitable<steps::Performance> operation);
template steps::StepOutcome run_on(FarClock& clock, steps::Awaitable<steps::StepOutcome> operation);
template steps::Observation run_on(FarClock& clock, steps::Awaitable<steps::Observation> operation);
template real::Applied run_on(FarClock& clock, steps::Awaitable<real::Applied> operation);

}  // namespace far_side

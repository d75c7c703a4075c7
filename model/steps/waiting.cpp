#include "model/steps/waiting.hpp"

#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <utility>

#include "model/steps/failure.hpp"

namespace rehearse::steps {
namespace {

namespace asio = boost::asio;

bool was_aborted(const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const boost::system::system_error& error) {
    return error.code() == asio::error::operation_aborted;
  } catch (...) {
    return false;
  }
}

// What an operation says of its end when it was cancelled and left something behind; empty: it said nothing.
std::string last_words(const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const Failure& failure) {
    return failure.code() == FailureCode::cancelled ? failure.message() : "";
  } catch (...) {
    return {};
  }
}

// Several hosts' failures as one; anything that is not a Failure (a cancelled caller, a broken invariant) goes up as it
// is.
void rethrow_combined(const std::vector<std::string>& hosts, const std::vector<std::exception_ptr>& exceptions) {
  std::vector<std::pair<std::string, Failure>> failures;
  for (std::size_t i = 0; i < exceptions.size(); ++i) {
    if (!exceptions[i]) continue;
    try {
      std::rethrow_exception(exceptions[i]);
    } catch (const Failure& failure) {
      failures.emplace_back(hosts[i], failure);
    }
  }
  if (failures.empty()) return;
  if (failures.size() == 1) throw failures.front().second;

  FailureCode code = failures.front().second.code();
  std::string text, nodes;
  for (const auto& [host, failure] : failures) {
    if (failure.code() == FailureCode::indeterminate) code = failure.code();
    text += (text.empty() ? "" : "; ") + host + ": " + failure.what();
    nodes += (nodes.empty() ? "" : ", ") + host;
  }
  throw Failure(code, std::move(text), failures.front().second.primitive(), std::move(nodes));
}

}  // namespace

Awaitable<void> with_deadline(Clock& clock, Awaitable<void> operation, Duration within, std::string what) {
  const auto executor = co_await asio::this_coro::executor;
  auto group = asio::experimental::make_parallel_group(asio::co_spawn(executor, std::move(operation), asio::deferred),
                                                       asio::co_spawn(executor, clock.sleep(within), asio::deferred));
  const auto [order, failed, sleep_failed] =
      co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);

  if (!failed) co_return;
  const bool deadline_came_first = order[0] == 1;
  const std::string words = last_words(failed);
  const bool gave_up = was_aborted(failed) || !words.empty();
  if (!deadline_came_first || !gave_up) std::rethrow_exception(failed);
  if (sleep_failed) std::rethrow_exception(was_aborted(sleep_failed) ? failed : sleep_failed);
  throw Failure(FailureCode::timed_out, fmt::format("{}: not finished after {}{}{}", what, model::to_text(within),
                                                    words.empty() ? "" : "; ", words));
}

Awaitable<void> for_all(std::vector<std::string> hosts, HostAction action) {
  if (hosts.empty()) co_return;
  const auto executor = co_await asio::this_coro::executor;
  using Operation = decltype(asio::co_spawn(executor, action(std::string()), asio::deferred));
  std::vector<Operation> operations;
  operations.reserve(hosts.size());
  for (const std::string& host : hosts) operations.push_back(asio::co_spawn(executor, action(host), asio::deferred));
  auto group = asio::experimental::make_parallel_group(std::move(operations));
  const auto [order, exceptions] = co_await group.async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
  rethrow_combined(hosts, exceptions);
}

Awaitable<void> wait_until(Clock& clock, Duration every, Duration within, std::string what, Condition condition) {
  const Date give_up = co_await clock.now() + within;
  std::string unreachable;
  while (true) {
    bool reached = false;
    try {
      reached = co_await condition();
    } catch (const Failure& failure) {
      if (failure.code() != FailureCode::unreachable) throw;
      unreachable = failure.what();
    }
    if (reached) co_return;
    const Date now = co_await clock.now();
    if (now >= give_up) break;
    co_await clock.sleep(every);
  }
  throw Failure(FailureCode::timed_out, fmt::format("{}: not reached after {}{}{}", what, model::to_text(within),
                                                    unreachable.empty() ? "" : "; last: ", unreachable));
}

}  // namespace rehearse::steps

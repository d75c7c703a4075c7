// Runs coroutines in virtual time: when nothing can go on, the clock jumps to the next sleeper. The smallest honest
// stand-in for a world that drives steps.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>

#include "model/steps/awaitable.hpp"
#include "model/steps/gate.hpp"
#include "model/units.hpp"

namespace rehearse::steps {

class VirtualTime {
 public:
  Date now() const { return now_; }
  Awaitable<void> sleep(Duration length);

  /// Jumps to the earliest sleeper and wakes it; false: nobody sleeps.
  bool advance();

 private:
  using Key = std::pair<Date, std::uint64_t>;  // due, then in order of falling asleep
  Date now_ = Date(std::chrono::sys_days(std::chrono::year(2027) / 3 / 1));
  std::uint64_t sleeps_ = 0;
  std::map<Key, Gate*> sleepers_;
};

template <class T>
Awaitable<void> store_result(Awaitable<T> operation, std::optional<T>& result) {
  result.emplace(co_await std::move(operation));
}

/// Runs `operation` until it ends or `stop` says so (asked before every jump of the clock). nullopt: stopped. Throws
/// what the operation threw, and std::logic_error when nothing can go on.
template <class T>
std::optional<T> run_until(VirtualTime& time, Awaitable<T> operation, const std::function<bool()>& stop) {
  boost::asio::io_context context;
  std::optional<T> result;
  std::exception_ptr failed;
  bool ended = false;
  boost::asio::co_spawn(context, store_result(std::move(operation), result), [&](std::exception_ptr exception) {
    failed = exception;
    ended = true;
  });
  while (true) {
    context.restart();
    while (context.poll_one() != 0) {
      if (!ended && stop()) return std::nullopt;
    }
    if (ended) break;
    if (stop()) return std::nullopt;
    if (!time.advance()) throw std::logic_error("nothing can go on: somebody waits for ever");
  }
  if (failed) std::rethrow_exception(failed);
  return result;
}

template <class T>
T run(VirtualTime& time, Awaitable<T> operation) {
  return *run_until(time, std::move(operation), [] { return false; });
}

/// For operations without a result.
void run(VirtualTime& time, Awaitable<void> operation);

}  // namespace rehearse::steps

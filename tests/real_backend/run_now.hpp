// Runs one coroutine of the real back end to its end, with a limit of real time that only a hanging one reaches.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

#include "model/steps/awaitable.hpp"

namespace rehearse::real {

template <class T>
steps::Awaitable<void> store_in(steps::Awaitable<T> operation, std::optional<T>& result) {
  result.emplace(co_await std::move(operation));
}

/// Throws what the operation threw.
template <class T>
T run_now(steps::Awaitable<T> operation) {
  boost::asio::io_context context;
  std::optional<T> result;
  std::exception_ptr failed;
  bool ended = false;
  boost::asio::co_spawn(context, store_in(std::move(operation), result), [&](std::exception_ptr exception) {
    failed = exception;
    ended = true;
  });
  context.run_for(std::chrono::seconds(30));
  if (!ended) throw std::logic_error("a coroutine hangs");
  if (failed) std::rethrow_exception(failed);
  return std::move(*result);
}

}  // namespace rehearse::real

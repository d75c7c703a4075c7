#include "real_backend/real_clock.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <variant>

namespace rehearse::real {

namespace asio = boost::asio;
using steps::Answer;
using steps::Awaitable;

Awaitable<void> sleep_for(Duration length) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  timer.expires_after(length);
  co_await timer.async_wait(asio::use_awaitable);
}

Awaitable<Answer> answer_of_clock(steps::ClockRequest request) {
  if (const auto* sleep = std::get_if<steps::clock::Sleep>(&request)) {
    co_await sleep_for(sleep->length);
    co_return Answer();
  }
  co_return Answer(Date(std::chrono::system_clock::now()));
}

}  // namespace rehearse::real

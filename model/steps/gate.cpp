#include "model/steps/gate.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <optional>

namespace rehearse::steps {
namespace asio = boost::asio;

// A timer that never expires: cancelling it is Asio's cheapest way to resume a coroutine in order and once.
struct Gate::State {
  bool open = false;
  std::optional<asio::steady_timer> timer;
};

Gate::Gate() : state_(std::make_unique<State>()) {}
Gate::~Gate() = default;
Gate::Gate(Gate&&) noexcept = default;
Gate& Gate::operator=(Gate&&) noexcept = default;

Awaitable<void> Gate::wait() {
  if (state_->open) co_return;
  const auto executor = co_await asio::this_coro::executor;
  state_->timer.emplace(executor, asio::steady_timer::time_point::max());
  boost::system::error_code error;
  co_await state_->timer->async_wait(asio::redirect_error(asio::use_awaitable, error));
  if (!state_->open) throw boost::system::system_error(error);
}

void Gate::open() {
  state_->open = true;
  if (state_->timer) state_->timer->cancel();
}

bool Gate::is_open() const {
  return state_->open;
}

}  // namespace rehearse::steps

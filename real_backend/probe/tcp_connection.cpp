#include "real_backend/probe/tcp_connection.hpp"

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace rehearse::real {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// `a || timer` of Asio waits for the first success, so that a refusal would look like a timeout. Hence a group that
// waits for the first end, and the order of the two ends.
constexpr std::size_t timer_came_first = 1;

Received::End end_of(const error_code& error) {
  if (error == asio::error::eof) return Received::End::closed;
  const bool reset = error == asio::error::connection_reset || error == asio::error::broken_pipe ||
                     error == asio::error::connection_aborted;
  return reset ? Received::End::reset : Received::End::failed;
}

Attempt::End end_of_connect(const error_code& error) {
  if (!error) return Attempt::End::connected;
  if (error == asio::error::connection_refused || error == asio::error::connection_reset) return Attempt::End::refused;
  if (error == asio::error::timed_out) return Attempt::End::timed_out;
  if (error == asio::error::host_unreachable || error == asio::error::network_unreachable) {
    return Attempt::End::no_route;
  }
  return Attempt::End::failed;
}

}  // namespace

struct TcpConnection::Socket {
  explicit Socket(const asio::any_io_executor& executor) : tcp(executor) {}
  asio::ip::tcp::socket tcp;
};

TcpConnection::TcpConnection() = default;
TcpConnection::~TcpConnection() = default;
TcpConnection::TcpConnection(TcpConnection&&) noexcept = default;
TcpConnection& TcpConnection::operator=(TcpConnection&&) noexcept = default;

steps::Awaitable<Lookup> look_up(std::string host, Deadline deadline) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  tcp::resolver resolver(executor);
  asio::steady_timer timer(executor, deadline);
  auto group = asio::experimental::make_parallel_group(
      resolver.async_resolve(host, "", tcp::resolver::flags(), asio::deferred), timer.async_wait(asio::deferred));
  const auto [order, error, found, timer_error] =
      co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
  Lookup lookup;
  if (order[0] == timer_came_first) {
    lookup.words = "the name service did not answer in time";
  } else if (error) {
    lookup.words = error.message();
  } else {
    for (const auto& entry : found) lookup.addresses.push_back(entry.endpoint().address().to_string());
    if (lookup.addresses.empty()) lookup.words = "the name has no address";
  }
  co_return lookup;
}

steps::Awaitable<Attempt> TcpConnection::connect(NetworkAddress address, Deadline deadline) {
  const auto began = std::chrono::steady_clock::now();
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  Attempt attempt;
  attempt.address = address;
  error_code problem;
  const asio::ip::address where = asio::ip::make_address(address.host, problem);
  if (problem) {
    attempt.words = problem.message();
    co_return attempt;
  }
  socket_ = std::make_unique<Socket>(executor);
  asio::steady_timer timer(executor, deadline);
  const tcp::endpoint endpoint(where, static_cast<std::uint16_t>(address.port));
  auto group = asio::experimental::make_parallel_group(socket_->tcp.async_connect(endpoint, asio::deferred),
                                                       timer.async_wait(asio::deferred));
  const auto [order, error, timer_error] =
      co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
  attempt.took = std::chrono::steady_clock::now() - began;
  if (order[0] == timer_came_first) {
    attempt.end = Attempt::End::timed_out;
    attempt.words = "no answer";
  } else {
    attempt.end = end_of_connect(error);
    if (error) attempt.words = error.message();
  }
  if (attempt.end != Attempt::End::connected) socket_.reset();
  co_return attempt;
}

steps::Awaitable<Received> TcpConnection::send(std::string bytes, Deadline deadline) {
  asio::steady_timer timer(socket_->tcp.get_executor(), deadline);
  auto group = asio::experimental::make_parallel_group(
      asio::async_write(socket_->tcp, asio::buffer(bytes), asio::deferred), timer.async_wait(asio::deferred));
  const auto [order, error, sent, timer_error] =
      co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
  if (order[0] == timer_came_first) co_return Received(Received::End::timed_out, "no answer");
  if (error) co_return Received(end_of(error), error.message());
  co_return Received(Received::End::bytes, "");
}

steps::Awaitable<Received> TcpConnection::receive(Deadline deadline) {
  std::array<char, 16384> block;
  asio::steady_timer timer(socket_->tcp.get_executor(), deadline);
  auto group = asio::experimental::make_parallel_group(
      socket_->tcp.async_read_some(asio::buffer(block), asio::deferred), timer.async_wait(asio::deferred));
  const auto [order, error, size, timer_error] =
      co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
  if (order[0] == timer_came_first) co_return Received(Received::End::timed_out, "no answer");
  if (error) co_return Received(end_of(error), error.message());
  co_return Received(Received::End::bytes, std::string(block.data(), size));
}

}  // namespace rehearse::real

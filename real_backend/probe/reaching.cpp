#include "real_backend/probe/reaching.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace rehearse::real {

Deadline after(Duration patience) {
  return std::chrono::steady_clock::now() + std::chrono::duration_cast<std::chrono::steady_clock::duration>(patience);
}

steps::Awaitable<Reached> reach(NetworkAddress where, Duration patience) {
  Reached reached;
  std::vector<std::string> addresses;
  boost::system::error_code not_an_address;
  boost::asio::ip::make_address(where.host, not_an_address);
  if (not_an_address) {
    reached.lookup = co_await look_up(where.host, after(patience));
    addresses = reached.lookup->addresses;
  } else {
    addresses.push_back(where.host);
  }
  for (const std::string& address : addresses) {
    TcpConnection connection;
    NetworkAddress one{address, where.port};
    Attempt attempt = co_await connection.connect(std::move(one), after(patience));
    reached.attempts.push_back(std::move(attempt));
    if (!reached.connected()) continue;
    reached.connection = std::move(connection);
    break;
  }
  co_return reached;
}

}  // namespace rehearse::real

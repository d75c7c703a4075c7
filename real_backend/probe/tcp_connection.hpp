// A TCP connection whose every wait has a deadline and whose every end has a name: a probe wants to tell a refusal from
// a silence and a close from a reset.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "model/steps/awaitable.hpp"
#include "model/units.hpp"
#include "real_backend/probe/network_address.hpp"

namespace rehearse::real {

using Deadline = std::chrono::steady_clock::time_point;

/// How asking for a name's addresses ended.
struct Lookup {
  std::vector<std::string> addresses;  // in the order of the resolver; empty: `words` says why
  std::string words;
};

/// How connecting to one address ended.
struct Attempt {
  enum class End : unsigned char {
    connected,
    refused,    // the host answered that nothing listens there
    timed_out,  // no answer at all
    no_route,   // a router, or this machine itself, said that there is no way
    failed,     // anything else, see `words`
  };
  NetworkAddress address;
  End end = End::failed;
  std::string words;  // the system's own
  Duration took{};
};

/// What came, or why nothing will come.
struct Received {
  enum class End : unsigned char { bytes, closed, reset, timed_out, failed };
  Received(End the_end, std::string the_text) : end(the_end), text(std::move(the_text)) {}
  End end;
  std::string text;  // the bytes, or the system's words
};

/// Asks the system's resolver. After the deadline it answers at once, but the resolver's own thread ends in its own
/// time (seconds) and the program with it.
steps::Awaitable<Lookup> look_up(std::string host, Deadline deadline);

class TcpConnection {
 public:
  TcpConnection();
  ~TcpConnection();
  TcpConnection(TcpConnection&&) noexcept;
  TcpConnection& operator=(TcpConnection&&) noexcept;

  /// `address.host` is an IP address; anything else is a failed attempt. Call once, and before the others.
  steps::Awaitable<Attempt> connect(NetworkAddress address, Deadline deadline);

  /// Sends all of it. `end` is `bytes` when it was handed to the system.
  steps::Awaitable<Received> send(std::string bytes, Deadline deadline);

  /// Some bytes, at least one.
  steps::Awaitable<Received> receive(Deadline deadline);

 private:
  struct Socket;
  std::unique_ptr<Socket> socket_;
};

}  // namespace rehearse::real

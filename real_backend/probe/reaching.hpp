// From a name to a connection, as a client does it that knows nothing of multi-subnet failover: ask for the name's
// addresses, try one after the other.
#pragma once

#include <optional>
#include <vector>

#include "real_backend/probe/tcp_connection.hpp"

namespace rehearse::real {

struct Reached {
  std::optional<Lookup> lookup;   // absent: an address was given, no name
  std::vector<Attempt> attempts;  // up to and with the first that connected
  TcpConnection connection;       // of the last attempt, when that connected

  bool connected() const { return !attempts.empty() && attempts.back().end == Attempt::End::connected; }
};

/// `patience` for the name, and again for each address. `host` may be a name or an address.
steps::Awaitable<Reached> reach(NetworkAddress where, Duration patience);

Deadline after(Duration patience);

}  // namespace rehearse::real

// Where a connection goes: a host, by name or by address, and a port.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rehearse::real {

struct NetworkAddress {
  std::string host;  // "SQLFCI", "10.0.0.50", "fe80::1" (without brackets)
  int port = 0;
  friend bool operator==(const NetworkAddress&, const NetworkAddress&) = default;
};

/// "SQLFCI:8391", "10.0.0.50:8391", "[fe80::1]:8391"
std::string to_text(const NetworkAddress& address);

/// The same read back. nullopt: no host, no port from 1 to 65535, or an IPv6 address without brackets.
std::optional<NetworkAddress> parse_network_address(std::string_view text);

}  // namespace rehearse::real

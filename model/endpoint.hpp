// Names on the network as designs and settings files write them: the endpoint workers connect to, addresses, subnets,
// and which names a computer may have.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace rehearse::model {

/// "https://SQLFCI:8391" taken apart. Workers add /ClusterManagement/ themselves (S 1.1).
struct Endpoint {
  std::string host;
  int port = 0;
  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// nullopt: not https://host:port with a port from 1 to 65535 (one '/' may follow).
std::optional<Endpoint> parse_endpoint(std::string_view text);

/// "10.0.0.50" as a number, most significant byte first. nullopt: no dotted IPv4 address.
std::optional<std::uint32_t> parse_ipv4(std::string_view text);

struct Subnet {
  std::uint32_t network = 0;
  int prefix = 0;  // bits

  std::uint32_t mask() const;
  bool contains(std::uint32_t address) const { return (address & mask()) == network; }
  /// In the subnet and neither its network nor its broadcast address.
  bool has_host(std::uint32_t address) const;
  bool overlaps(const Subnet& other) const;
};

/// "10.0.0.0/24", prefix 1 to 30; nullopt with the reason in `problem`.
std::optional<Subnet> parse_subnet(std::string_view text, std::string& problem);

/// Why the text cannot be the NetBIOS name of a computer (1 to 15 letters, digits and hyphens); empty: it can.
std::string problem_of_computer_name(std::string_view name);

/// Why the text cannot be a DNS host name, with or without a domain; empty: it can.
std::string problem_of_host_name(std::string_view name);

/// Windows compares names without case; ASCII is all these names have.
bool same_name(std::string_view a, std::string_view b);

/// Order of names without case, for sets of names.
struct NameLess {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const;
};
using NameSet = std::set<std::string, NameLess>;

}  // namespace rehearse::model

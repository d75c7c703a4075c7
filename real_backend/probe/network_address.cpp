#include "real_backend/probe/network_address.hpp"

#include <algorithm>
#include <charconv>

#include "model/endpoint.hpp"

namespace rehearse::real {
namespace {

bool may_be_ipv6(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ':' || c == '.' ||
           c == '%';  // with the name of an interface for link-local addresses
  };
  return text.find(':') != text.npos && std::all_of(text.begin(), text.end(), allowed);
}

}  // namespace

std::string to_text(const NetworkAddress& address) {
  const bool ipv6 = address.host.find(':') != std::string::npos;
  return (ipv6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

std::optional<NetworkAddress> parse_network_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  int port = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (failure != std::errc() || end != digits.data() + digits.size() || port < 1 || port > 65535) return std::nullopt;
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
    if (!may_be_ipv6(host)) return std::nullopt;
  } else if (!model::problem_of_host_name(host).empty()) {
    return std::nullopt;
  }
  return NetworkAddress{std::string(host), port};
}

}  // namespace rehearse::real

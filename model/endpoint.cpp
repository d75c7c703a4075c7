#include "model/endpoint.hpp"

#include <algorithm>
#include <charconv>

namespace rehearse::model {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_name_character(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// A decimal number without sign and leading zeros, up to `highest`.
std::optional<int> small_number(std::string_view text, int highest) {
  if (text.empty() || text.size() > 6 || !std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value <= highest ? std::optional(value) : std::nullopt;
}

std::string problem_of_label(std::string_view label, std::size_t longest) {
  if (label.empty()) return "it has an empty part";
  if (label.size() > longest) return "it is longer than " + std::to_string(longest) + " characters";
  if (!std::all_of(label.begin(), label.end(), is_name_character))
    return "only letters, digits and hyphens may be in it";
  if (label.front() == '-' || label.back() == '-') return "it begins or ends with a hyphen";
  return {};
}

}  // namespace

std::optional<Endpoint> parse_endpoint(std::string_view text) {
  constexpr std::string_view scheme = "https://";
  if (!same_name(text.substr(0, scheme.size()), scheme)) return std::nullopt;
  text.remove_prefix(scheme.size());
  if (text.ends_with('/')) text.remove_suffix(1);
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view host = text.substr(0, colon);
  const std::optional<int> port = small_number(text.substr(colon + 1), 65535);
  if (!port || *port == 0 || !problem_of_host_name(host).empty()) return std::nullopt;
  return Endpoint{std::string(host), *port};
}

std::optional<std::uint32_t> parse_ipv4(std::string_view text) {
  std::uint32_t address = 0;
  for (int part = 0; part < 4; ++part) {
    const std::size_t end = part < 3 ? text.find('.') : text.size();
    if (end == std::string_view::npos) return std::nullopt;
    const std::optional<int> byte = small_number(text.substr(0, end), 255);
    if (!byte) return std::nullopt;
    address = address << 8 | static_cast<std::uint32_t>(*byte);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return address;
}

std::uint32_t Subnet::mask() const {
  return prefix == 0 ? 0 : ~std::uint32_t{0} << (32 - prefix);
}

bool Subnet::has_host(std::uint32_t address) const {
  return contains(address) && address != network && address != (network | ~mask());
}

bool Subnet::overlaps(const Subnet& other) const {
  return contains(other.network) || other.contains(network);
}

std::optional<Subnet> parse_subnet(std::string_view text, std::string& problem) {
  const std::size_t slash = text.find('/');
  const std::optional<std::uint32_t> address = parse_ipv4(text.substr(0, slash));
  const std::optional<int> prefix =
      slash == std::string_view::npos ? std::nullopt : small_number(text.substr(slash + 1), 30);
  if (!address || !prefix || *prefix == 0) {
    problem = "it is not an IPv4 network with a prefix length from 1 to 30";
    return std::nullopt;
  }
  const Subnet subnet{*address, *prefix};
  if ((*address & ~subnet.mask()) != 0) {
    problem = "its address has bits beyond the prefix length";
    return std::nullopt;
  }
  return subnet;
}

std::string problem_of_computer_name(std::string_view name) {
  constexpr std::size_t netbios_limit = 15;
  if (name.empty()) return "it is empty";
  return problem_of_label(name, netbios_limit);
}

std::string problem_of_host_name(std::string_view name) {
  constexpr std::size_t label_limit = 63;
  constexpr std::size_t name_limit = 253;
  if (name.empty()) return "it is empty";
  if (name.size() > name_limit) return "it is longer than 253 characters";
  while (true) {
    const std::size_t dot = name.find('.');
    const std::string problem = problem_of_label(name.substr(0, dot), label_limit);
    if (!problem.empty() || dot == std::string_view::npos) return problem;
    name.remove_prefix(dot + 1);
  }
}

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

bool NameLess::operator()(std::string_view a, std::string_view b) const {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                      [](char x, char y) { return lower(x) < lower(y); });
}

}  // namespace rehearse::model

#include "sim/study/address.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace rehearse::sim {
namespace {

constexpr std::array<std::string_view, 5> of_scenario = {"timeline", "start", "duration", "until", "deploy"};
constexpr std::array<std::string_view, 3> of_one_batch = {"like", "executions", "at"};

bool is_in(std::string_view word, const auto& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

Address::Document document_of(const Address& address) {
  const bool one_batch = address.head() == "workload" && address.steps.size() == 2 &&
                         std::holds_alternative<std::string>(address.steps[1]) &&
                         is_in(std::get<std::string>(address.steps[1]), of_one_batch);
  return one_batch || is_in(address.head(), of_scenario) ? Address::Document::scenario : Address::Document::design;
}

/// What stands between brackets: a place, or a key in quotes. `text` begins after the bracket and is moved behind the
/// closing one. False: it is neither.
bool read_brackets(std::string_view& text, Address& address) {
  if (text.starts_with('"')) {
    const std::size_t end = text.find("\"]", 1);
    if (end == std::string_view::npos || end == 1) return false;
    address.steps.emplace_back(std::string(text.substr(1, end - 1)));
    text.remove_prefix(end + 2);
    return true;
  }
  std::size_t place = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), place);
  const auto digits = static_cast<std::size_t>(end - text.data());
  if (error != std::errc() || digits == 0 || digits == text.size() || text[digits] != ']') return false;
  address.steps.emplace_back(place);
  text.remove_prefix(digits + 1);
  return true;
}

}  // namespace

std::optional<Address> parse_address(std::string_view text, std::string& problem) {
  constexpr std::size_t most_bytes = 1000, most_steps = 50;
  Address address;
  if (text.size() > most_bytes) {
    problem = fmt::format("it has {} bytes, and at most {} are read", text.size(), most_bytes);
    return std::nullopt;
  }
  address.text = text;
  bool key_wanted = true;
  while (!text.empty()) {
    if (!key_wanted && text.front() == '[') {
      text.remove_prefix(1);
      if (read_brackets(text, address)) continue;
      problem = "brackets hold a place that counts from 0, or a key in quotes";
      return std::nullopt;
    }
    if (!key_wanted) {
      if (text.front() != '.') break;
      text.remove_prefix(1);
    }
    const std::size_t end = std::min(text.find_first_of(".[]"), text.size());
    if (end == 0) break;
    address.steps.emplace_back(std::string(text.substr(0, end)));
    text.remove_prefix(end);
    key_wanted = false;
  }
  if (!text.empty() || address.steps.empty()) {
    problem = "an address is keys with points between them, and places in brackets";
    return std::nullopt;
  }
  if (address.steps.size() > most_steps) {
    problem = fmt::format("it has {} keys and places, and no file has {} levels", address.steps.size(), most_steps);
    return std::nullopt;
  }
  address.document = document_of(address);
  return address;
}

}  // namespace rehearse::sim

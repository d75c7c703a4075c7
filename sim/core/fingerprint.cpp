#include "sim/core/fingerprint.hpp"

#include <algorithm>

namespace rehearse::core {

void Fingerprint::add(std::span<const std::byte> bytes) {
  add(std::uint64_t{bytes.size()});
  while (!bytes.empty()) {
    const std::size_t count = std::min<std::size_t>(bytes.size(), 8);
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < count; ++i) word |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);
    add(word);
    bytes = bytes.subspan(count);
  }
}

std::string to_text(const Fingerprint& fingerprint) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text(16, '0');
  for (int i = 0; i < 16; ++i) text[i] = digits[fingerprint.value() >> (60 - 4 * i) & 15];
  return text;
}

}  // namespace rehearse::core

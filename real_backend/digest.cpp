#include "real_backend/digest.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <array>

namespace rehearse::real {

std::string short_digest(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  constexpr std::size_t bytes_shown = 8;
  std::string digits;
  for (std::size_t i = 0; i < bytes_shown; ++i) digits += fmt::format("{:02x}", digest[i]);
  return digits;
}

}  // namespace rehearse::real

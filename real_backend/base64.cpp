#include "real_backend/base64.hpp"

#include <openssl/evp.h>

#include <cstddef>
#include <cstdint>

namespace rehearse::real {
namespace {

constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string to_base64(std::string_view bytes) {
  // OpenSSL counts in int, so long texts go in pieces; pieces of a multiple of three need no padding between them.
  constexpr std::size_t piece_size = 3u << 20;
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, piece_size);
    std::string encoded((piece.size() + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock ends its text with NUL
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                        reinterpret_cast<const unsigned char*>(piece.data()), static_cast<int>(piece.size()));
    text.append(encoded, 0, static_cast<std::size_t>(length));
    bytes.remove_prefix(piece.size());
  }
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  while (!text.empty()) {
    const bool last = text.size() == 4;
    const std::size_t padding = !last ? 0 : text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 4 - padding; ++i) {
      const std::size_t value = digits.find(text[i]);
      if (value == std::string_view::npos) return std::nullopt;
      bits |= static_cast<std::uint32_t>(value) << (18 - 6 * i);
    }
    const std::uint32_t beyond = padding == 2 ? 0xFFFF : padding == 1 ? 0xFF : 0;
    if ((bits & beyond) != 0) return std::nullopt;
    for (std::size_t i = 0; i < 3 - padding; ++i) bytes += static_cast<char>(bits >> (16 - 8 * i) & 0xFF);
    text.remove_prefix(4);
  }
  return bytes;
}

}  // namespace rehearse::real

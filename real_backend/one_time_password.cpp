#include "real_backend/one_time_password.hpp"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <array>
#include <stdexcept>

namespace rehearse::real {

steps::Secret one_time_password(const std::string& purpose) {
  std::array<unsigned char, 32> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    throw std::runtime_error("the machine gives no random bytes for a one-time password");
  }
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return steps::Secret("password " + purpose, std::move(text));
}

}  // namespace rehearse::real

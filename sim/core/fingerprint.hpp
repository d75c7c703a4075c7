// A running 64-bit hash of what a run did, so that "the same seed gives the same run" is one number in a test and in a
// report. It is stable: the same values give the same fingerprint on every machine and in every version. It guards
// against change, not against an adversary.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace rehearse::core {

class Fingerprint {
 public:
  /// Values count in their order.
  void add(std::uint64_t value) {
    state_ ^= value;
    state_ *= 0x9FB21C651E98DF25U;
    state_ ^= state_ >> 32;
    state_ *= 0xD6E8FEB86659FD93U;
    state_ ^= state_ >> 29;
  }

  /// A run of bytes counts as one item: its length and its content, so that "ab", "c" and "a", "bc" differ.
  void add(std::span<const std::byte> bytes);

  std::uint64_t value() const { return state_; }

  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;

 private:
  std::uint64_t state_ = 0x2545F4914F6CDD1DU;
};

/// 16 lower-case hexadecimal digits.
std::string to_text(const Fingerprint& fingerprint);

}  // namespace rehearse::core

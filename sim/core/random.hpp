// Random draws without a generator's state: each draw is a function of the run (seed, replication), of what is drawn
// (the component's name and the purpose) and of which draw of that kind it is. So a draw does not depend on what was
// drawn before it: adding a node shifts nobody else's luck, two variants of a design meet the same failures, and
// replication 99 can be run alone. The function is Philox4x64 with ten rounds (Salmon et al. 2011).
#pragma once

#include <cstdint>
#include <string_view>

namespace rehearse::core {

/// What is drawn: a component's name and a purpose, hashed.
enum class Stream : std::uint64_t {};

/// A run: every replication of a seed has draws of its own.
struct Key {
  std::uint64_t seed = 0;
  std::uint64_t replication = 0;

  friend constexpr bool operator==(const Key&, const Key&) = default;
};

/// The streams of one component, by purpose: what its name contributes is hashed once.
///
/// Streams are part of what a seed means, so this function never changes: 64-bit FNV-1a over the bytes of the name, a
/// zero byte and the bytes of the purpose, and then twice h = (h xor h >> 32) * 0xD6E8FEB86659FD93, and once more
/// h xor h >> 32, so that names that differ in their last byte differ everywhere. Names hold no zero byte.
class ComponentStreams {
 public:
  constexpr explicit ComponentStreams(std::string_view component_name)
      : hash_(absorb(absorb(0xCBF29CE484222325U, component_name), std::string_view("\0", 1))) {}

  constexpr Stream of(std::string_view purpose) const {
    std::uint64_t hash = absorb(hash_, purpose);
    for (int round = 0; round < 2; ++round) hash = (hash ^ hash >> 32) * 0xD6E8FEB86659FD93U;
    return Stream{hash ^ hash >> 32};
  }

 private:
  static constexpr std::uint64_t absorb(std::uint64_t hash, std::string_view bytes) {
    for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3U;
    return hash;
  }

  std::uint64_t hash_;
};

/// The stream of a purpose of a component.
constexpr Stream stream(std::string_view component_name, std::string_view purpose) {
  return ComponentStreams(component_name).of(purpose);
}

/// Draw number `ordinal` of the stream: 64 independent fair bits.
std::uint64_t draw(Key key, Stream stream, std::uint64_t ordinal);

/// 64 bits as a uniform number in the open interval (0, 1): the midpoint of one of 2^52 equal cells, named by the upper
/// 52 bits. Both it and its distance from 1 are exact.
constexpr double unit(std::uint64_t bits) {
  return (static_cast<double>(bits >> 12) + 0.5) * 0x1p-52;
}

}  // namespace rehearse::core

// The order of events, defined here and nowhere else: by (time, rank of the event's kind, component, ordinal within the
// component). Periods are whole seconds, so that ties are the rule and not the exception; an order by insertion, by
// storage or by address would let two designs that differ by one worker, or a lazy and a ticking world, disagree about
// what happens first. What an event *is* decides, nothing else.
//
// The order is packed into one unsigned 128-bit number, so that comparing two events is one comparison:
//
//   time, sign bit flipped : 64 | rank : 6 | component : 18 | ordinal : 20 | index : 20
//
// The index says where a calendar keeps the rest of the event. It never decides, because a calendar refuses two pending
// events that agree in everything above it.
#pragma once

#include <cstdint>

#include "sim/core/time.hpp"

namespace rehearse::core {

/// Number of a journal record, counted from 1; 0 means none.
using RecordId = std::uint32_t;

/// What an event is, structurally: the rank of its kind (a lower rank fires first among simultaneous events), the
/// component that it happens to, and which of that component's events it is.
struct Address {
  std::uint8_t rank = 0;        // below 2^6
  std::uint32_t component = 0;  // below 2^18
  std::uint32_t ordinal = 0;    // below 2^20

  friend constexpr auto operator<=>(const Address&, const Address&) = default;
};

/// A timer of a component that lives as long as the world.
enum class Slot : std::uint32_t {};

constexpr Slot no_slot{0xFFFF'FFFFU};

__extension__ typedef unsigned __int128 EventKey;

constexpr int index_bits = 20;
constexpr int ordinal_bits = 20;
constexpr int component_bits = 18;
constexpr int rank_bits = 6;
constexpr std::uint32_t max_index = (1U << index_bits) - 1;

constexpr bool fits(const Address& address) {
  return ((std::uint32_t{address.rank} >> rank_bits) | (address.component >> component_bits) |
          (address.ordinal >> ordinal_bits)) == 0;
}

/// The upper half of a key: unsigned numbers in the order of the times.
constexpr std::uint64_t biased(Time time) {
  return static_cast<std::uint64_t>(time.time_since_epoch().count()) ^ (std::uint64_t{1} << 63);
}

/// The lower half of a key: the address and, below it, the index.
constexpr std::uint64_t packed(const Address& address, std::uint32_t index) {
  return std::uint64_t{address.rank} << (index_bits + ordinal_bits + component_bits) |
         std::uint64_t{address.component} << (index_bits + ordinal_bits) |
         std::uint64_t{address.ordinal} << index_bits | index;
}

constexpr EventKey make_key(std::uint64_t upper, std::uint64_t lower) {
  return EventKey{upper} << 64 | lower;
}

constexpr std::uint64_t upper_half(EventKey key) {
  return static_cast<std::uint64_t>(key >> 64);
}
constexpr std::uint64_t lower_half(EventKey key) {
  return static_cast<std::uint64_t>(key);
}

/// Later than the key of every event.
constexpr EventKey no_event = ~EventKey{0};

constexpr Time time_of(EventKey key) {
  return Time{Duration{static_cast<std::int64_t>(upper_half(key) ^ (std::uint64_t{1} << 63))}};
}

constexpr std::uint32_t index_of(EventKey key) {
  return static_cast<std::uint32_t>(lower_half(key)) & max_index;
}

constexpr Address address_of(EventKey key) {
  const std::uint64_t lower = lower_half(key);
  return {static_cast<std::uint8_t>(lower >> (index_bits + ordinal_bits + component_bits)),
          static_cast<std::uint32_t>(lower >> (index_bits + ordinal_bits)) & ((1U << component_bits) - 1),
          static_cast<std::uint32_t>(lower >> index_bits) & ((1U << ordinal_bits) - 1)};
}

/// Whether two keys agree in everything that may decide: two such events cannot both be pending.
constexpr bool same_event(EventKey a, EventKey b) {
  return ((a ^ b) >> index_bits) == 0;
}

/// Without a branch: which of two events comes first is a coin toss that no predictor learns.
constexpr EventKey earlier(EventKey a, EventKey b) {
  return b < a ? b : a;
}

/// Four keys in one cache line: what a step up or down a four-way tree reads.
struct alignas(64) KeyLine {
  EventKey key[4] = {no_event, no_event, no_event, no_event};

  friend bool operator==(const KeyLine& a, const KeyLine& b) {
    return a.key[0] == b.key[0] && a.key[1] == b.key[1] && a.key[2] == b.key[2] && a.key[3] == b.key[3];
  }
};

}  // namespace rehearse::core

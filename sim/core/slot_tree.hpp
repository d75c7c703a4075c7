// A tournament over fixed slots. Most timers belong to a component that lives as long as the world (a node's crash, a
// resource's poll, a worker's next completion), so each has its own leaf: arming, moving and disarming it replays one
// path from the leaf to the root, with no search, no handle and no allocation, and the whole tree is flat memory that
// copies with the world.
//
// Every node is a line of four keys, one cache line; a line's minimum is one key of the line above. On the way up the
// three siblings are known before the value from below is, so that a level costs one comparison in the chain of
// dependent instructions and no branch that depends on data.
//
// A disarmed leaf keeps its lower half (address and slot number) under the latest possible time.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/core/event_key.hpp"

namespace rehearse::core {

class SlotTree {
 public:
  /// Appends a disarmed slot. Only before seal().
  /// Throws std::logic_error for an address out of range, too many slots, or a sealed tree.
  Slot add(const Address& address);

  /// Builds the levels above the leaves. From here on root() holds.
  /// Throws std::logic_error if two slots have the same address.
  void seal();

  bool sealed() const { return sealed_; }
  std::uint32_t size() const { return size_; }

  /// The earliest leaf; no_event, or the key of a disarmed leaf, if none is armed. Only when sealed.
  EventKey root() const { return root_; }

  EventKey leaf(std::uint32_t slot) const { return lines_[slot >> 2].key[slot & 3]; }

  /// Gives the slot's leaf a new time and replays its path. Before seal() it only writes the leaf.
  void set(std::uint32_t slot, std::uint64_t upper) {
    EventKey value = make_key(upper, lower_half(leaf(slot)));
    std::uint32_t position = slot;
    if (levels_ == 0) {
      lines_[position >> 2].key[position & 3] = value;
      return;
    }
    for (std::uint32_t level = 0; level < levels_; ++level) {
      EventKey* const line = lines_[first_line_[level] + (position >> 2)].key;
      const std::uint32_t lane = position & 3;
      line[lane] = value;
      value = earlier(value, earlier(earlier(line[lane ^ 1], line[lane ^ 2]), line[lane ^ 3]));
      position >>= 2;
    }
    root_ = value;
  }

  /// The earliest leaf but one slot's: what the root would be if that slot were disarmed.
  EventKey root_without(std::uint32_t slot) const;

  /// The earliest leaf by looking at each: what holds before seal().
  EventKey scan() const;

  friend bool operator==(const SlotTree&, const SlotTree&) = default;

 private:
  static constexpr int most_levels = 11;

  std::vector<KeyLine> lines_;  // level 0, the leaves, first; the line that holds the root's children last
  std::array<std::uint32_t, most_levels> first_line_{};
  std::uint32_t levels_ = 0;
  std::uint32_t size_ = 0;
  bool sealed_ = false;
  EventKey root_ = no_event;
};

}  // namespace rehearse::core

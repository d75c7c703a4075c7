#include "sim/core/slot_tree.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace rehearse::core {

Slot SlotTree::add(const Address& address) {
  if (sealed_) throw std::logic_error("a slot was added to a calendar that has already fired");
  if (!fits(address)) throw std::logic_error("the address of a slot is out of range");
  if (size_ > max_index) throw std::logic_error("a calendar has at most 2^20 slots");
  if (size_ % 4 == 0) lines_.emplace_back();
  lines_.back().key[size_ % 4] = make_key(biased(never), packed(address, size_));
  return Slot{size_++};
}

void SlotTree::seal() {
  if (sealed_) return;
  std::vector<std::uint64_t> addresses(size_);
  for (std::uint32_t slot = 0; slot < size_; ++slot) addresses[slot] = lower_half(leaf(slot)) >> index_bits;
  std::sort(addresses.begin(), addresses.end());
  if (const auto twin = std::adjacent_find(addresses.begin(), addresses.end()); twin != addresses.end()) {
    const Address address = address_of(make_key(0, *twin << index_bits));
    throw std::logic_error("two slots have the address (" + std::to_string(address.rank) + ", " +
                           std::to_string(address.component) + ", " + std::to_string(address.ordinal) + ")");
  }

  sealed_ = true;
  if (size_ == 0) return;
  std::uint32_t keys = size_;
  std::uint32_t begin = 0;
  while (true) {
    const std::uint32_t end = static_cast<std::uint32_t>(lines_.size());
    first_line_[levels_++] = begin;
    std::vector<EventKey> minima;
    for (std::uint32_t line = begin; line < end; ++line) {
      const EventKey* const key = lines_[line].key;
      minima.push_back(earlier(earlier(key[0], key[1]), earlier(key[2], key[3])));
    }
    keys = (keys + 3) / 4;
    if (keys == 1) {
      root_ = minima.front();
      return;
    }
    lines_.resize(end + (keys + 3) / 4);
    for (std::uint32_t i = 0; i < keys; ++i) lines_[end + i / 4].key[i % 4] = minima[i];
    begin = end;
  }
}

EventKey SlotTree::root_without(std::uint32_t slot) const {
  EventKey least = no_event;
  std::uint32_t position = slot;
  for (std::uint32_t level = 0; level < levels_; ++level) {
    const EventKey* const line = lines_[first_line_[level] + (position >> 2)].key;
    for (std::uint32_t other = 1; other < 4; ++other) least = earlier(least, line[(position & 3) ^ other]);
    position >>= 2;
  }
  return least;
}

EventKey SlotTree::scan() const {
  EventKey least = no_event;
  for (std::uint32_t slot = 0; slot < size_; ++slot) least = earlier(least, leaf(slot));
  return least;
}

}  // namespace rehearse::core

// The pending events that belong to no slot: a task that was posted, a message under way. Their keys are a four-way
// heap, each node's children one cache line; what else an event carries lies in a pool and never moves.
//
// Cancelling does not search. It bumps the generation of the pool entry, and the key left behind in the heap is dropped
// when it comes to the top, or with all others when the dead outnumber the living. The top is never dead.
//
// Taking the top leaves a hole there, because the handler of the event usually pushes another one: that goes straight
// into the hole, in one pass. A hole that nobody fills is closed by settle().
#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/event_key.hpp"

namespace rehearse::core {

/// An ownerless event, for cancelling it. Becomes worthless, never wrong, once the event has fired or was cancelled
/// (until its pool entry has been used 2^31 times more).
struct EventHandle {
  std::uint32_t index = 0;
  std::uint32_t generation = 0;  // never even for an event, so that a default handle names none

  friend constexpr bool operator==(const EventHandle&, const EventHandle&) = default;
};

class EventHeap {
 public:
  /// What is kept beside the key.
  struct Body {
    std::int64_t payload = 0;  // of a free place: the next free one, or `none`
    RecordId cause = 0;
    std::uint32_t generation = 0;  // odd while the event is pending

    friend bool operator==(const Body&, const Body&) = default;
  };

  /// Throws std::logic_error when 2^20 events are pending.
  EventHandle push(std::uint64_t upper, const Address& address, RecordId cause, std::int64_t payload) {
    const std::uint32_t index = free_ == none ? new_body() : free_;
    Body& body = bodies_[index];
    free_ = static_cast<std::uint32_t>(body.payload);
    body.payload = payload;
    body.cause = cause;
    const std::uint32_t generation = ++body.generation;
    const EventKey key = make_key(upper, packed(address, index));
    ++live_;
    if (hole_) {
      hole_ = false;
      sink(key);
      if (dead_ != 0) bury();
    } else {
      rise(key);
    }
    return {index, generation};
  }

  /// False: no such event is pending any more.
  bool cancel(EventHandle handle);

  /// The earliest event; no_event if there is none. Not while there is a hole.
  EventKey top() const { return top_; }

  /// Another pending event that nothing but its index tells from the top. Not while there is a hole.
  bool top_has_twin() const {
    if (below_ == 0) return false;
    const EventKey* const key = lines_[0].key;
    const std::uint64_t time = upper_half(top_);
    const bool simultaneous = (upper_half(key[0]) == time) | (upper_half(key[1]) == time) |
                              (upper_half(key[2]) == time) | (upper_half(key[3]) == time);
    return simultaneous && live_twin_below(0);
  }

  /// Takes the top out and leaves a hole. Its index may be used again at once.
  Body take_top() {
    const std::uint32_t index = index_of(top_);
    Body& place = bodies_[index];
    const Body body{place.payload, place.cause, place.generation};
    ++place.generation;
    release(index);
    hole_ = true;
    --live_;
    return body;
  }

  bool has_hole() const { return hole_; }

  /// Closes the hole, if there is one.
  void settle() {
    if (hole_) close_hole();
  }

  /// The earliest event, hole or not.
  EventKey earliest() const;

  std::size_t live() const { return live_; }

  friend bool operator==(const EventHeap&, const EventHeap&) = default;

 private:
  static constexpr std::uint32_t none = 0xFFFF'FFFFU;

  bool alive(EventKey key) const { return (bodies_[index_of(key)].generation & 1) != 0; }

  std::uint32_t new_body();
  void release(std::uint32_t index) {
    bodies_[index].payload = free_;
    free_ = index;
  }

  EventKey& below(std::uint32_t position) { return lines_[position >> 2].key[position & 3]; }

  /// Puts a key where the top was.
  void sink(EventKey key) {
    EventKey* target = &top_;
    std::uint32_t line = 0;  // the children of the target
    while (4 * line < below_) {
      EventKey* const child = lines_[line].key;
      const EventKey least = earlier(earlier(child[0], child[1]), earlier(child[2], child[3]));
      // One of the next four lines comes next: fetch them while it is still being found out which.
      const std::uint32_t next = 4 * line + 1;
      if (next + 3 < lines_.size()) {
        for (std::uint32_t i = 0; i < 4; ++i) __builtin_prefetch(&lines_[next + i]);
      }
      if (key < least) break;
      *target = least;
      // Which child that was, in bits: a branch would be mispredicted every other time. No two events share a lower
      // half, because no two share an index.
      const std::uint64_t lower = lower_half(least);
      const std::uint32_t is_1 = lower_half(child[1]) == lower;
      const std::uint32_t is_2 = lower_half(child[2]) == lower;
      const std::uint32_t is_3 = lower_half(child[3]) == lower;
      const std::uint32_t lane = (is_1 | is_3) | (is_2 | is_3) << 1;
      target = child + lane;
      line = 4 * line + lane + 1;
    }
    *target = key;
  }

  /// Adds a key at the end.
  void rise(EventKey key) {
    if (top_ == no_event) {
      top_ = key;
      return;
    }
    std::uint32_t position = below_++;
    if ((position & 3) == 0) need_line(position >> 2);
    while (true) {
      const std::uint32_t parent = position >> 2;  // 0 is the top, n > 0 is position n - 1
      EventKey& above = parent == 0 ? top_ : below(parent - 1);
      if (above < key) break;
      below(position) = above;
      if (parent == 0) {
        top_ = key;
        return;
      }
      position = parent - 1;
    }
    below(position) = key;
  }

  void need_line(std::uint32_t line) {
    if (line == lines_.size()) lines_.emplace_back();
  }

  void drop_top() {
    if (below_ == 0) {
      top_ = no_event;
      return;
    }
    EventKey& last = below(--below_);
    const EventKey key = last;
    last = no_event;
    sink(key);
  }

  void close_hole() {
    hole_ = false;
    drop_top();
    if (dead_ != 0) bury();
  }

  void bury();
  void drop_dead();
  bool live_twin_below(std::uint32_t line) const;

  EventKey top_ = no_event;
  std::vector<KeyLine> lines_;  // line n holds the children of node n; node 0 is the top, node n > 0 is position n - 1
  std::vector<Body> bodies_;
  std::uint32_t free_ = none;  // the first free place among the bodies
  std::uint32_t below_ = 0;    // keys in the lines; the places behind them hold no_event
  std::uint32_t live_ = 0;
  std::uint32_t dead_ = 0;  // keys whose event was cancelled
  bool hole_ = false;
};

}  // namespace rehearse::core

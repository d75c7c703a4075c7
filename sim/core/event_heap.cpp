#include "sim/core/event_heap.hpp"

#include <algorithm>
#include <stdexcept>

namespace rehearse::core {

std::uint32_t EventHeap::new_body() {
  if (bodies_.size() > max_index) {
    if (dead_ == 0) throw std::logic_error("a calendar has at most 2^20 ownerless events pending");
    drop_dead();
    return free_;
  }
  bodies_.emplace_back().payload = none;  // no free place behind it
  return static_cast<std::uint32_t>(bodies_.size() - 1);
}

bool EventHeap::cancel(EventHandle handle) {
  if (handle.index >= bodies_.size() || (handle.generation & 1) == 0) return false;
  Body& body = bodies_[handle.index];
  if (body.generation != handle.generation) return false;
  ++body.generation;
  --live_;
  ++dead_;
  if (!hole_) bury();
  return true;
}

/// Restores "the top is never dead", and bounds the dead: otherwise a deadline that is moved all the time would fill
/// the heap with its past.
void EventHeap::bury() {
  if (dead_ > live_ + 16) {
    drop_dead();
    return;
  }
  while (top_ != no_event && !alive(top_)) {
    release(index_of(top_));
    --dead_;
    drop_top();
  }
}

/// Drops every dead key. A hole stays one.
void EventHeap::drop_dead() {
  std::vector<EventKey> living;
  living.reserve(live_);
  const auto sort_out = [&](EventKey key) {
    if (alive(key)) {
      living.push_back(key);
    } else {
      release(index_of(key));
    }
  };
  if (!hole_ && top_ != no_event) sort_out(top_);
  for (std::uint32_t position = 0; position < below_; ++position) {
    sort_out(below(position));
    below(position) = no_event;
  }
  // A sorted sequence is a heap.
  std::sort(living.begin(), living.end());
  auto next = living.begin();
  if (!hole_) top_ = next == living.end() ? no_event : *next++;
  below_ = 0;
  while (next != living.end()) below(below_++) = *next++;
  dead_ = 0;
}

/// The keys that agree with the top hang together below it, so the search ends where they do.
bool EventHeap::live_twin_below(std::uint32_t line) const {
  if (4 * line >= below_) return false;
  for (std::uint32_t lane = 0; lane < 4; ++lane) {
    const EventKey key = lines_[line].key[lane];
    if (key == no_event || !same_event(key, top_)) continue;
    if (alive(key) || live_twin_below(4 * line + lane + 1)) return true;
  }
  return false;
}

EventKey EventHeap::earliest() const {
  if (!hole_) return top_;
  EventKey least = no_event;
  const std::uint32_t lines = dead_ == 0 ? std::min<std::uint32_t>(below_, 1) : (below_ + 3) / 4;
  for (std::uint32_t line = 0; line < lines; ++line) {
    for (const EventKey key : lines_[line].key) {
      if (key < least && (dead_ == 0 || alive(key))) least = key;
    }
  }
  return least;
}

}  // namespace rehearse::core

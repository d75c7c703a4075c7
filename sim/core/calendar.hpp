// The event calendar: what will happen next. It holds two kinds of pending events under one order (event_key.hpp): the
// timers of components, each in a slot of its own, and ownerless events, posted one by one. It knows times, addresses,
// causes and payloads, and nothing of what they mean: the handler that fires an event gives it its meaning.
//
// A calendar is a value. A copy runs on exactly like the original, and assigning to a calendar that has held as much
// before allocates nothing. Equal calendars cannot be told apart by any use of them.
//
// The handler may arm, disarm, post and cancel whatever it likes. The slot that fires counts as disarmed during its
// handler and stays so unless the handler arms it again, which is the cheap case: its path through the tree is replayed
// once, not twice. The same holds for the first ownerless event posted while an ownerless event fires.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/event_heap.hpp"
#include "sim/core/event_key.hpp"
#include "sim/core/slot_tree.hpp"
#include "sim/core/time.hpp"

namespace rehearse::core {

/// An event while it happens.
struct Fired {
  Time at;
  Address address;
  RecordId cause = 0;
  std::int64_t payload = 0;  // 0 for slots
  Slot slot = no_slot;       // no_slot for ownerless events
};

class Calendar {
 public:
  /// A new disarmed slot; numbers count from 0. Only before the first event fires.
  /// Throws std::logic_error for an address out of range, for more than 2^20 slots, or after the first event. That no
  /// two slots share an address is checked by seal().
  Slot add_slot(Address address);

  /// Ends the set-up, as the first event does by itself. Throws std::logic_error if two slots have one address.
  void seal() { settle(); }

  std::size_t slots() const { return slots_.size(); }

  /// The slot's event is due at this time, whether it was armed before or not. At `never` it is disarmed.
  /// Throws std::logic_error for a time before now() or a slot that does not exist.
  void arm(Slot slot, Time time, RecordId cause) {
    const auto index = static_cast<std::uint32_t>(slot);
    if (index >= slots_.size()) refuse_slot(index);
    if (time < now_) refuse_past(time);
    armed_ += (time != never ? 1U : 0U) - (armed(slot) ? 1U : 0U);
    if (index == firing_) firing_ = none;
    causes_[index] = cause;
    slots_.set(index, biased(time));
  }

  /// No effect on a slot that is not armed.
  void disarm(Slot slot) {
    if (armed(slot)) arm(slot, never, 0);
  }

  bool armed(Slot slot) const { return due(slot) != never; }

  /// `never` if the slot is not armed. Throws std::logic_error for a slot that does not exist.
  Time due(Slot slot) const {
    const auto index = static_cast<std::uint32_t>(slot);
    if (index >= slots_.size()) refuse_slot(index);
    return index == firing_ ? never : time_of(slots_.leaf(index));
  }

  /// The record that armed the slot; 0 if it is not armed.
  RecordId cause(Slot slot) const { return armed(slot) ? causes_[static_cast<std::uint32_t>(slot)] : 0; }

  /// An event without a slot. Throws std::logic_error for a time before now(), for `never`, for an address out of range
  /// and for more than 2^20 such events. That no two pending events have the same time and address is checked when they
  /// are due: what would decide between them is not for a calendar to invent.
  EventHandle post(Time time, const Address& address, RecordId cause, std::int64_t payload) {
    if (time < now_ || time == never) refuse_past(time);
    if (!fits(address)) refuse_address(address);
    return posted_.push(biased(time), address, cause, payload);
  }

  /// False: the event has fired or was cancelled already.
  bool cancel(EventHandle event) { return posted_.cancel(event); }

  /// Armed slots and posted events.
  std::size_t pending() const { return armed_ + posted_.live(); }

  /// When the next event is due; `never` if none is pending.
  Time next_time() const;

  /// The time of the latest event that fired; the smallest Time before the first. Nothing can be armed before it.
  Time now() const { return now_; }

  /// Fires the next event if it is due at `until` or before: calls handler(const Fired&). False: nothing is due.
  /// If the handler throws, the event has fired all the same. Throws std::logic_error if the next two events have the
  /// same time and address, or on the first call for what seal() refuses.
  template <class Handler>
  bool fire_next(Time until, Handler&& handler) {
    if (!idle_) settle();
    const EventKey timer = slots_.root();
    const EventKey event = posted_.top();
    const EventKey next = earlier(timer, event);
    if (time_of(next) > until || upper_half(next) == biased(never)) return false;
    if (same_event(timer, event)) refuse_twins(next);
    now_ = time_of(next);
    std::uint32_t slot = none;
    RecordId cause = 0;
    std::int64_t payload = 0;
    if (timer < event) {
      slot = index_of(next);
      firing_ = slot;
      --armed_;
      cause = causes_[slot];
    } else {
      if (posted_.top_has_twin()) refuse_twins(next);
      const EventHeap::Body body = posted_.take_top();
      cause = body.cause;
      payload = body.payload;
    }
    call(handler, Fired{now_, address_of(next), cause, payload, Slot{slot}});
    if (firing_ != none) disarm_fired();
    posted_.settle();
    idle_ = true;
    return true;
  }

  /// Fires all events due at `until` or before, those included that the handler adds. Returns their number.
  template <class Handler>
  std::uint64_t run(Time until, Handler&& handler) {
    std::uint64_t events = 0;
    while (fire_next(until, handler)) ++events;
    return events;
  }

  friend bool operator==(const Calendar&, const Calendar&) = default;

 private:
  static constexpr auto none = static_cast<std::uint32_t>(no_slot);

  /// However the handler ends, the event is over.
  template <class Handler>
  void call(Handler& handler, const Fired& fired) {
    idle_ = false;
    try {
      handler(fired);
    } catch (...) {
      settle();
      throw;
    }
  }

  void settle();
  void disarm_fired();

  [[noreturn]] static void refuse_slot(std::uint32_t index);
  [[noreturn]] static void refuse_address(const Address& address);
  [[noreturn]] void refuse_past(Time time) const;
  [[noreturn]] static void refuse_twins(EventKey key);

  SlotTree slots_;
  EventHeap posted_;
  std::vector<RecordId> causes_;
  std::uint32_t armed_ = 0;
  std::uint32_t firing_ = none;  // the slot whose handler runs and has not armed it again; its leaf is out of date
  bool idle_ = false;            // sealed, and no event under way: nothing for settle() to do
  Time now_ = Time::min();
};

}  // namespace rehearse::core

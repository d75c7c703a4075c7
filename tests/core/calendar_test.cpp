#include "sim/core/calendar.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <tuple>
#include <vector>

#include "sim/core/random.hpp"

namespace rehearse::core {
namespace {

Time at(std::int64_t nanoseconds) {
  return Time{Duration{nanoseconds}};
}

/// What fired, in order: time, address, cause, payload.
using Happened = std::tuple<Time, Address, RecordId, std::int64_t>;

Happened happened(const Fired& fired) {
  return {fired.at, fired.address, fired.cause, fired.payload};
}

std::vector<Happened> run_out(Calendar calendar) {
  std::vector<Happened> events;
  calendar.run(never, [&](const Fired& fired) { events.push_back(happened(fired)); });
  return events;
}

TEST(Calendar, an_empty_calendar_has_nothing_to_fire) {
  Calendar calendar;
  EXPECT_EQ(calendar.pending(), 0U);
  EXPECT_EQ(calendar.next_time(), never);
  EXPECT_FALSE(calendar.fire_next(never, [](const Fired&) { FAIL(); }));
  calendar.seal();
  EXPECT_EQ(calendar.next_time(), never);
}

TEST(Calendar, a_slot_fires_once_with_its_time_address_and_cause) {
  Calendar calendar;
  const Slot slot = calendar.add_slot({7, 1234, 99});
  EXPECT_FALSE(calendar.armed(slot));
  calendar.arm(slot, at(-5), 17);
  EXPECT_TRUE(calendar.armed(slot));
  EXPECT_EQ(calendar.due(slot), at(-5));
  EXPECT_EQ(calendar.cause(slot), 17U);
  EXPECT_EQ(calendar.next_time(), at(-5));
  EXPECT_EQ(calendar.pending(), 1U);
  Slot seen = no_slot;
  EXPECT_TRUE(calendar.fire_next(never, [&](const Fired& fired) {
    EXPECT_EQ(happened(fired), Happened(at(-5), {7, 1234, 99}, 17, 0));
    EXPECT_FALSE(calendar.armed(fired.slot));
    EXPECT_EQ(calendar.pending(), 0U);
    EXPECT_EQ(calendar.next_time(), never);
    seen = fired.slot;
  }));
  EXPECT_EQ(seen, slot);
  EXPECT_FALSE(calendar.armed(slot));
  EXPECT_EQ(calendar.cause(slot), 0U);
  EXPECT_EQ(calendar.now(), at(-5));
  EXPECT_FALSE(calendar.fire_next(never, [](const Fired&) { FAIL(); }));
}

TEST(Calendar, a_posted_event_fires_once_with_its_payload) {
  Calendar calendar;
  const EventHandle event = calendar.post(at(3), {63, 0x3'FFFF, 0xF'FFFF}, 5, -42);
  EXPECT_EQ(calendar.pending(), 1U);
  EXPECT_EQ(run_out(calendar), (std::vector<Happened>{{at(3), {63, 0x3'FFFF, 0xF'FFFF}, 5, -42}}));
  calendar.run(never, [&](const Fired& fired) {
    EXPECT_EQ(fired.slot, no_slot);
    EXPECT_FALSE(calendar.cancel(event)) << "it has fired already";
  });
  EXPECT_EQ(calendar.pending(), 0U);
  EXPECT_FALSE(calendar.cancel(event));
  EXPECT_FALSE(calendar.cancel(EventHandle{}));
}

TEST(Calendar, nothing_fires_after_until_and_everything_at_until_does) {
  Calendar calendar;
  const Slot slot = calendar.add_slot({});
  calendar.arm(slot, at(10), 0);
  calendar.post(at(11), {1, 0, 0}, 0, 0);
  EXPECT_EQ(calendar.run(at(9), [](const Fired&) {}), 0U);
  EXPECT_EQ(calendar.run(at(10), [](const Fired&) {}), 1U);
  EXPECT_EQ(calendar.run(at(11), [](const Fired&) {}), 1U);
}

/// Every order of setting up simultaneous events, every split into slots and ownerless events, slots in every order.
TEST(Calendar, simultaneous_events_fire_by_rank_then_component_then_ordinal_however_they_were_set_up) {
  const std::vector<Address> sorted = {{0, 5, 9}, {1, 0, 1}, {1, 0, 2}, {1, 3, 0}, {2, 0, 0}};
  std::vector<std::size_t> order = {0, 1, 2, 3, 4};
  do {
    for (unsigned slotted = 0; slotted < 32; ++slotted) {
      Calendar calendar;
      for (const std::size_t i : order) {
        if ((slotted >> i & 1) != 0) {
          calendar.arm(calendar.add_slot(sorted[i]), at(7), 1);
        } else {
          calendar.post(at(7), sorted[i], 1, 0);
        }
      }
      std::vector<Address> fired;
      calendar.run(never, [&](const Fired& event) { fired.push_back(event.address); });
      ASSERT_EQ(fired, sorted);
    }
  } while (std::next_permutation(order.begin(), order.end()));
}

/// All sequences of four operations on three slots (arm at one of two times, or disarm), against a map.
TEST(Calendar, all_short_sequences_of_arming_and_disarming_leave_what_a_map_would_hold) {
  constexpr int choices = 9;
  for (int sequence = 0; sequence < choices * choices * choices * choices; ++sequence) {
    Calendar calendar;
    for (std::uint32_t i = 0; i < 3; ++i) calendar.add_slot({0, i, 0});
    if (sequence % 2 == 0) calendar.seal();
    std::map<std::uint32_t, Time> expected;
    int rest = sequence;
    for (int step = 0; step < 4; ++step, rest /= choices) {
      const std::uint32_t slot = rest % choices % 3;
      const int what = rest % choices / 3;
      if (what == 2) {
        calendar.disarm(Slot{slot});
        expected.erase(slot);
      } else {
        calendar.arm(Slot{slot}, at(what), 1);
        expected[slot] = at(what);
      }
    }
    ASSERT_EQ(calendar.pending(), expected.size());
    std::set<std::pair<Time, std::uint32_t>> by_time;
    for (const auto& [slot, time] : expected) by_time.emplace(time, slot);
    ASSERT_EQ(calendar.next_time(), by_time.empty() ? never : by_time.begin()->first);
    std::vector<std::pair<Time, std::uint32_t>> fired;
    calendar.run(never, [&](const Fired& event) { fired.emplace_back(event.at, event.address.component); });
    ASSERT_EQ(fired, std::vector(by_time.begin(), by_time.end()));
  }
}

TEST(Calendar, a_slot_armed_for_the_present_by_its_own_handler_fires_again) {
  Calendar calendar;
  const Slot slot = calendar.add_slot({});
  calendar.arm(slot, at(1), 0);
  int times = 0;
  calendar.run(never, [&](const Fired& fired) {
    if (++times < 3) {
      calendar.arm(slot, fired.at, 0);
      EXPECT_TRUE(calendar.armed(slot));
      EXPECT_EQ(calendar.pending(), 1U);
      EXPECT_EQ(calendar.next_time(), at(1));
    }
  });
  EXPECT_EQ(times, 3);
}

TEST(Calendar, an_event_of_lower_rank_added_for_the_present_fires_next) {
  Calendar calendar;
  const Slot early = calendar.add_slot({1, 0, 0});
  const Slot late = calendar.add_slot({9, 0, 0});
  calendar.arm(late, at(4), 0);
  calendar.post(at(4), {5, 0, 0}, 0, 0);
  std::vector<int> ranks;
  calendar.run(never, [&](const Fired& fired) {
    ranks.push_back(fired.address.rank);
    if (fired.address.rank == 5) {
      calendar.arm(early, fired.at, 0);
      calendar.post(fired.at, {0, 0, 0}, 0, 0);
    }
  });
  EXPECT_EQ(ranks, (std::vector<int>{5, 0, 1, 9}));
}

TEST(Calendar, a_handler_may_disarm_the_slot_that_fires_after_arming_it) {
  Calendar calendar;
  const Slot slot = calendar.add_slot({});
  calendar.arm(slot, at(1), 0);
  EXPECT_EQ(calendar.run(never,
                         [&](const Fired&) {
                           calendar.disarm(slot);
                           calendar.arm(slot, at(2), 0);
                           calendar.disarm(slot);
                         }),
            1U);
  EXPECT_EQ(calendar.pending(), 0U);
}

TEST(Calendar, arming_at_never_disarms) {
  Calendar calendar;
  const Slot slot = calendar.add_slot({});
  calendar.arm(slot, at(1), 3);
  calendar.arm(slot, never, 3);
  EXPECT_FALSE(calendar.armed(slot));
  EXPECT_EQ(calendar.pending(), 0U);
  EXPECT_EQ(calendar.next_time(), never);
}

TEST(Calendar, the_cause_of_an_event_leaves_no_trace_once_it_has_fired) {
  Calendar one;
  one.add_slot({});
  Calendar other = one;
  one.arm(Slot{0}, at(1), 3);
  other.arm(Slot{0}, at(1), 4);
  EXPECT_NE(one, other);
  one.run(never, [](const Fired&) {});
  other.run(never, [](const Fired&) {});
  EXPECT_EQ(one, other);
}

TEST(Calendar, the_past_is_refused) {
  Calendar calendar;
  const Slot slot = calendar.add_slot({});
  calendar.arm(slot, at(5), 0);
  calendar.run(never, [&](const Fired&) {
    EXPECT_THROW(calendar.arm(slot, at(4), 0), std::logic_error);
    EXPECT_THROW(calendar.post(at(4), {}, 0, 0), std::logic_error);
    EXPECT_FALSE(calendar.armed(slot)) << "a refused call changes nothing";
  });
  EXPECT_EQ(calendar.pending(), 0U);
}

TEST(Calendar, what_is_out_of_range_is_refused) {
  Calendar calendar;
  EXPECT_THROW(calendar.add_slot({64, 0, 0}), std::logic_error);
  EXPECT_THROW(calendar.add_slot({0, 1U << 18, 0}), std::logic_error);
  EXPECT_THROW(calendar.add_slot({0, 0, 1U << 20}), std::logic_error);
  EXPECT_THROW(calendar.post(at(0), {64, 0, 0}, 0, 0), std::logic_error);
  EXPECT_THROW(calendar.post(never, {}, 0, 0), std::logic_error);
  EXPECT_THROW(calendar.arm(Slot{0}, at(0), 0), std::logic_error);
  EXPECT_THROW((void)calendar.armed(no_slot), std::logic_error);
  EXPECT_EQ(calendar, Calendar{});
}

TEST(Calendar, two_slots_with_one_address_are_refused_when_it_is_sealed) {
  Calendar calendar;
  calendar.add_slot({1, 2, 3});
  calendar.add_slot({1, 2, 4});
  calendar.add_slot({1, 2, 3});
  EXPECT_THROW(calendar.seal(), std::logic_error);
}

TEST(Calendar, slots_are_added_before_the_first_event_only) {
  Calendar calendar;
  calendar.post(at(0), {}, 0, 0);
  calendar.add_slot({1, 0, 0});
  calendar.run(never, [](const Fired&) {});
  EXPECT_THROW(calendar.add_slot({1, 0, 1}), std::logic_error);
}

TEST(Calendar, two_pending_events_that_nothing_tells_apart_are_refused_when_due) {
  Calendar posted;
  posted.post(at(1), {3, 0, 0}, 0, 1);
  posted.post(at(1), {3, 0, 0}, 0, 2);
  EXPECT_THROW(posted.fire_next(never, [](const Fired&) {}), std::logic_error);

  Calendar mixed;
  mixed.arm(mixed.add_slot({3, 0, 0}), at(1), 0);
  mixed.post(at(1), {3, 0, 0}, 0, 2);
  EXPECT_THROW(mixed.fire_next(never, [](const Fired&) {}), std::logic_error);

  // A cancelled twin is none, wherever it lies between the two.
  for (int cancelled = 0; cancelled < 3; ++cancelled) {
    Calendar calendar;
    std::vector<EventHandle> events;
    for (int i = 0; i < 3; ++i) events.push_back(calendar.post(at(1), {3, 0, 0}, 0, i));
    calendar.cancel(events[cancelled]);
    EXPECT_THROW(calendar.fire_next(never, [](const Fired&) {}), std::logic_error) << cancelled;
    calendar.cancel(events[(cancelled + 1) % 3]);
    std::vector<std::int64_t> fired;
    calendar.run(never, [&](const Fired& event) { fired.push_back(event.payload); });
    EXPECT_EQ(fired, std::vector<std::int64_t>{(cancelled + 2) % 3});
  }
}

TEST(Calendar, an_event_may_post_its_like_for_the_present) {
  Calendar calendar;
  calendar.post(at(1), {3, 0, 0}, 0, 2);
  std::vector<std::int64_t> fired;
  calendar.run(never, [&](const Fired& event) {
    fired.push_back(event.payload);
    if (event.payload > 0) calendar.post(event.at, event.address, 0, event.payload - 1);
  });
  EXPECT_EQ(fired, (std::vector<std::int64_t>{2, 1, 0}));
}

TEST(Calendar, a_handle_of_a_fired_event_never_cancels_the_event_that_took_its_place) {
  Calendar calendar;
  const EventHandle first = calendar.post(at(1), {}, 0, 1);
  calendar.run(never, [](const Fired&) {});
  const EventHandle second = calendar.post(at(2), {}, 0, 2);
  EXPECT_EQ(first.index, second.index) << "the place is used again";
  EXPECT_FALSE(calendar.cancel(first));
  EXPECT_EQ(calendar.pending(), 1U);
  EXPECT_TRUE(calendar.cancel(second));
  EXPECT_FALSE(calendar.cancel(second));
  EXPECT_EQ(calendar.next_time(), never);
}

TEST(Calendar, a_handler_that_throws_has_consumed_its_event) {
  Calendar calendar;
  const Slot slot = calendar.add_slot({1, 0, 0});
  calendar.arm(slot, at(1), 0);
  calendar.post(at(2), {2, 0, 0}, 0, 0);
  calendar.post(at(3), {2, 0, 0}, 0, 0);
  const auto fail = [](const Fired&) { throw std::runtime_error("handler"); };
  EXPECT_THROW(calendar.fire_next(never, fail), std::runtime_error);
  EXPECT_FALSE(calendar.armed(slot));
  EXPECT_THROW(calendar.fire_next(never, fail), std::runtime_error);
  EXPECT_EQ(calendar.pending(), 1U);
  EXPECT_EQ(calendar.next_time(), at(3));
}

TEST(Calendar, a_copy_made_inside_a_handler_runs_on_from_after_the_event) {
  for (const bool slotted : {false, true}) {
    Calendar calendar;
    const Slot slot = calendar.add_slot({1, 0, 0});
    if (slotted) {
      calendar.arm(slot, at(1), 0);
    } else {
      calendar.post(at(1), {2, 0, 0}, 0, 0);
    }
    calendar.post(at(2), {3, 0, 0}, 0, 7);
    Calendar copy;
    calendar.fire_next(never, [&](const Fired&) { copy = calendar; });
    EXPECT_EQ(run_out(copy), run_out(calendar));
    EXPECT_EQ(run_out(copy).size(), 1U);
  }
}

TEST(Calendar, a_deadline_moved_a_hundred_thousand_times_does_not_fill_the_calendar_with_its_past) {
  Calendar calendar;
  EventHandle deadline = calendar.post(at(1'000'000), {1, 0, 0}, 0, 0);
  calendar.post(at(10), {0, 0, 0}, 0, 0);
  // Without burying, cancelled events would pass 2^20 places and the post would be refused.
  for (int i = 1; i <= (1 << 20) + 10; ++i) {
    ASSERT_TRUE(calendar.cancel(deadline));
    deadline = calendar.post(at(1'000'000 + i), {1, 0, 0}, 0, 0);
  }
  EXPECT_EQ(calendar.pending(), 2U);
}

TEST(Calendar, a_full_calendar_takes_an_event_for_each_one_cancelled_in_a_handler_or_not_and_no_more) {
  Calendar calendar;
  std::vector<EventHandle> events;
  for (std::uint32_t i = 0; i < 1U << 20; ++i) events.push_back(calendar.post(at(i), {1, 0, i}, 0, i));
  EXPECT_THROW(calendar.post(at(5), {2, 0, 0}, 0, 0), std::logic_error);
  EXPECT_TRUE(calendar.cancel(events[1000]));
  calendar.post(at(3), {2, 0, 1}, 0, -1);
  EXPECT_EQ(calendar.pending(), std::size_t{1} << 20);
  std::vector<std::int64_t> fired;
  calendar.run(at(4), [&](const Fired& event) {
    fired.push_back(event.payload);
    if (event.payload != 0) return;
    calendar.post(at(1), {2, 0, 2}, 0, -2);
    EXPECT_TRUE(calendar.cancel(events[2]));
    calendar.post(at(2), {2, 0, 3}, 0, -3);
    EXPECT_THROW(calendar.post(at(5), {2, 0, 4}, 0, 0), std::logic_error);
  });
  EXPECT_EQ(fired, (std::vector<std::int64_t>{0, 1, -2, -3, 3, -1, 4}));
  calendar.fire_next(never, [&](const Fired& event) {
    EXPECT_EQ(event.payload, 5);
    for (int i = 10; i < 20; ++i) EXPECT_TRUE(calendar.cancel(events[i]));
    for (int i = 10; i < 21 + 4; ++i) calendar.post(at(6), {0, 0, 100U + i}, 0, 0);
    EXPECT_EQ(calendar.next_time(), at(6));
  });
  EXPECT_EQ(calendar.next_time(), at(6));
}

TEST(Calendar, every_number_of_slots_up_to_three_hundred_yields_the_earliest_in_order) {
  for (std::uint32_t count = 1; count <= 300; ++count) {
    Calendar calendar;
    std::vector<std::pair<std::int64_t, std::uint32_t>> expected;
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::int64_t due = i * 7919 % 61;
      calendar.arm(calendar.add_slot({0, count - i, 0}), at(due), 0);
      expected.emplace_back(due, count - i);
    }
    std::sort(expected.begin(), expected.end());
    std::vector<std::pair<std::int64_t, std::uint32_t>> fired;
    calendar.run(never, [&](const Fired& event) {
      fired.emplace_back(event.at.time_since_epoch().count(), event.address.component);
    });
    ASSERT_EQ(fired, expected);
  }
}

// --- Against a reference ---------------------------------------------------------------------------------------------

/// A sorted set does the same in the plainest way.
class Reference {
 public:
  struct Entry {
    Time at;
    Address address;
    RecordId cause;
    std::int64_t payload;

    friend auto operator<=>(const Entry& a, const Entry& b) {
      return std::tie(a.at, a.address) <=> std::tie(b.at, b.address);
    }
  };

  void remove(const Address& address) {
    std::erase_if(entries_, [&](const Entry& entry) { return entry.address == address; });
  }
  void add(const Entry& entry) { ASSERT_TRUE(entries_.insert(entry).second); }
  bool holds(const Address& address) const {
    return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.address == address; });
  }
  const std::set<Entry>& entries() const { return entries_; }
  Entry pop() { return entries_.extract(entries_.begin()).value(); }

 private:
  std::set<Entry> entries_;
};

/// Random operations, in and out of handlers, on a calendar and on the reference side by side. Few distinct times, so
/// that ties are the rule. Every ownerless address is used by one pending event at a time.
class Rehearsal {
 public:
  Rehearsal(std::uint64_t seed, std::uint32_t slots, std::uint32_t posts) : key_{seed, 0}, slots_(slots) {
    posted_.resize(posts);
    for (std::uint32_t i = 0; i < slots; ++i) calendar.add_slot(slot_address(i));
  }

  void run(int steps) {
    for (int step = 0; step < steps && !testing::Test::HasFatalFailure(); ++step) {
      operate(below(3));
      check();
      if (below(2) == 0) fire();
    }
  }

  Calendar calendar;

 private:
  /// Ranks and components run against the slot numbers, so that these cannot decide unseen.
  Address slot_address(std::uint32_t i) const {
    return {static_cast<std::uint8_t>((slots_ - i) % 4 * 2), (slots_ - i) / 4, 1};
  }
  static Address post_address(std::uint32_t i) { return {static_cast<std::uint8_t>(i % 4 * 2), i / 4, 0}; }

  std::uint32_t below(std::uint32_t count) {
    return static_cast<std::uint32_t>(draw(key_, stream("rehearsal", "operations"), ordinal_++) % count);
  }
  Time soon() { return now_ + Duration{below(4)}; }

  void operate(std::uint32_t times) {
    for (std::uint32_t i = 0; i < times; ++i) operate();
  }

  void operate() {
    const RecordId cause = ++records_;
    const std::uint32_t what = below(6);
    if (what < 2 && slots_ > 0) {
      const std::uint32_t slot = below(slots_);
      const Time due = soon();
      calendar.arm(Slot{slot}, due, cause);
      reference_.remove(slot_address(slot));
      reference_.add({due, slot_address(slot), cause, 0});
    } else if (what == 2 && slots_ > 0) {
      const std::uint32_t slot = below(slots_);
      ASSERT_EQ(calendar.armed(Slot{slot}), reference_.holds(slot_address(slot)));
      calendar.disarm(Slot{slot});
      reference_.remove(slot_address(slot));
    } else if (!posted_.empty()) {
      const std::uint32_t post = below(static_cast<std::uint32_t>(posted_.size()));
      ASSERT_EQ(calendar.cancel(posted_[post]), reference_.holds(post_address(post)));
      reference_.remove(post_address(post));
      if (what < 5) {
        const Time due = soon();
        const std::int64_t payload = below(1000);
        posted_[post] = calendar.post(due, post_address(post), cause, payload);
        reference_.add({due, post_address(post), cause, payload});
      }
    }
  }

  void check() const {
    ASSERT_EQ(calendar.pending(), reference_.entries().size());
    ASSERT_EQ(calendar.next_time(), reference_.entries().empty() ? never : reference_.entries().begin()->at);
  }

  void fire() {
    const Time until = now_ + Duration{below(3)};
    const bool expected = !reference_.entries().empty() && reference_.entries().begin()->at <= until;
    const bool fired = calendar.fire_next(until, [&](const Fired& event) {
      const Reference::Entry entry = reference_.pop();
      ASSERT_EQ(happened(event), Happened(entry.at, entry.address, entry.cause, entry.payload));
      now_ = event.at;
      check();
      for (std::uint32_t i = below(4); i > 0; --i) {
        operate();
        check();
      }
      if (event.slot != no_slot && below(2) == 0) {
        const Time due = soon();
        calendar.arm(event.slot, due, ++records_);
        reference_.remove(event.address);
        reference_.add({due, event.address, records_, 0});
      }
      check();
    });
    ASSERT_EQ(fired, expected);
    check();
  }

  Key key_;
  std::uint64_t ordinal_ = 0;
  std::uint32_t slots_;
  std::vector<EventHandle> posted_;
  Reference reference_;
  RecordId records_ = 0;
  Time now_ = at(-20);
};

TEST(Calendar, random_operations_agree_with_a_sorted_set) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const std::uint32_t slots = std::vector<std::uint32_t>{0, 1, 3, 17, 70}[seed % 5];
    const std::uint32_t posts = std::vector<std::uint32_t>{2, 30, 0, 90}[seed % 4];
    SCOPED_TRACE(testing::Message() << "seed " << seed << ", slots " << slots << ", ownerless " << posts);
    Rehearsal(seed, slots, posts).run(1500);
    if (HasFatalFailure()) return;
  }
}

TEST(Calendar, a_copy_made_midway_runs_on_identically) {
  for (std::uint64_t seed = 100; seed < 110; ++seed) {
    Rehearsal original(seed, 20, 20);
    original.run(200);
    Rehearsal copy = original;
    EXPECT_EQ(copy.calendar, original.calendar);
    original.run(300);
    copy.run(300);
    EXPECT_EQ(copy.calendar, original.calendar);
    EXPECT_EQ(run_out(copy.calendar), run_out(original.calendar));
  }
}

TEST(Calendar, assigning_to_a_used_calendar_forgets_everything_it_held) {
  Rehearsal used(1, 20, 20);
  used.run(200);
  Rehearsal fresh(2, 20, 20);
  fresh.run(50);
  used.calendar = fresh.calendar;
  EXPECT_EQ(used.calendar, fresh.calendar);
  EXPECT_EQ(run_out(used.calendar), run_out(fresh.calendar));
}

}  // namespace
}  // namespace rehearse::core

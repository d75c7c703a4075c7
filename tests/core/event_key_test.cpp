#include "sim/core/event_key.hpp"

#include <gtest/gtest.h>

#include <tuple>
#include <vector>

namespace rehearse::core {
namespace {

TEST(EventKey, the_order_of_keys_is_the_order_of_time_rank_component_and_ordinal_at_all_extremes) {
  const std::vector<Time> times = {Time::min(), at_start - Duration{1}, at_start, at_start + Duration{1},
                                   never - Duration{1}};
  std::vector<std::pair<Time, Address>> events;
  for (const Time time : times) {
    for (const std::uint8_t rank : {0, 1, 63}) {
      for (const std::uint32_t component : {0U, 1U, 0x3'FFFFU}) {
        for (const std::uint32_t ordinal : {0U, 1U, 0xF'FFFFU}) events.push_back({time, {rank, component, ordinal}});
      }
    }
  }
  const auto key = [](const auto& event, std::uint32_t index) {
    return make_key(biased(event.first), packed(event.second, index));
  };
  for (const auto& a : events) {
    EXPECT_EQ(time_of(key(a, max_index)), a.first);
    EXPECT_EQ(address_of(key(a, max_index)), a.second);
    EXPECT_EQ(index_of(key(a, 77)), 77U);
    EXPECT_TRUE(key(a, max_index) < no_event);
    for (const auto& b : events) {
      // The larger index on the smaller side: it must not decide.
      if (a < b) {
        EXPECT_TRUE(key(a, max_index) < key(b, 0));
      }
      EXPECT_EQ(same_event(key(a, 3), key(b, 4)), a == b);
    }
  }
}

TEST(EventKey, an_address_fits_up_to_its_limits) {
  EXPECT_TRUE(fits({63, 0x3'FFFF, 0xF'FFFF}));
  EXPECT_FALSE(fits({64, 0, 0}));
  EXPECT_FALSE(fits({0, 0x4'0000, 0}));
  EXPECT_FALSE(fits({0, 0, 0x10'0000}));
}

}  // namespace
}  // namespace rehearse::core

#include "sim/core/random.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace rehearse::core {
namespace {

// What a seed means is a promise: these literals must never change.
TEST(Random, streams_keep_their_numbers) {
  EXPECT_EQ(stream("", ""), Stream{0xBC6F219BD915002F});
  EXPECT_EQ(stream("node1", "crash"), Stream{0x9B0E35C0C3FEF2FC});
  EXPECT_EQ(stream("node2", "crash"), Stream{0xD85468CA23E570A5});
  EXPECT_EQ(stream("node1", "repair"), Stream{0xE1A9C82AAF71522A});
  static_assert(stream("n", "ode1crash") == Stream{0x5CBFFC2A875A9A4B});
}

TEST(Random, draws_keep_their_bits) {
  const Stream crash = stream("node1", "crash");
  EXPECT_EQ(draw({1, 0}, crash, 0), 0xD773A1D550866AF1U);
  EXPECT_EQ(draw({1, 0}, crash, 1), 0xDB85C047C4741115U);
  EXPECT_EQ(draw({1, 0}, crash, 2), 0xC9CA5E880D6A956EU);
  EXPECT_EQ(draw({1, 1}, crash, 0), 0x627C2B203E6D70ADU);
  EXPECT_EQ(draw({1, 1}, crash, 1), 0xCD9784B4EE42C5D0U);
  EXPECT_EQ(draw({1, 1}, crash, 2), 0x30D2229901AAB374U);
  EXPECT_EQ(draw({2, 0}, crash, 0), 0x667763EDCD4B9DF1U);
  EXPECT_EQ(draw({2, 0}, crash, 1), 0x3D5B19C2F6E24650U);
  EXPECT_EQ(draw({2, 0}, crash, 2), 0x9EBDD65094F870E7U);
}

TEST(Random, a_draw_is_the_first_word_of_philox_4x64_10_by_its_authors_known_answer) {
  EXPECT_EQ(draw({0, 0}, Stream{0}, 0), 0x16554D9ECA36314CU);
}

TEST(Random, names_that_differ_at_all_have_streams_of_their_own) {
  std::set<Stream> streams;
  std::size_t count = 0;
  for (int node = 0; node < 1000; ++node) {
    for (const char* const purpose : {"crash", "repair", "poll", ""}) {
      streams.insert(stream("node" + std::to_string(node), purpose));
      ++count;
    }
  }
  streams.insert(stream("n", "ode1crash"));
  EXPECT_EQ(streams.size(), count + 1);
}

TEST(Random, seed_replication_stream_and_ordinal_each_change_the_draw) {
  std::set<std::uint64_t> draws;
  for (std::uint64_t a = 0; a < 4; ++a) {
    for (std::uint64_t b = 0; b < 4; ++b) {
      for (std::uint64_t c = 0; c < 4; ++c) {
        for (std::uint64_t d = 0; d < 4; ++d) draws.insert(draw({a, b}, Stream{c}, d));
      }
    }
  }
  EXPECT_EQ(draws.size(), 256U);
}

TEST(Random, a_unit_lies_strictly_between_zero_and_one_and_mirrors_exactly) {
  EXPECT_EQ(unit(0), 0x1p-53);
  EXPECT_EQ(unit(~std::uint64_t{0}), 1.0 - 0x1p-53);
  EXPECT_EQ(unit(std::uint64_t{1} << 63), 0.5 + 0x1p-53);
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const std::uint64_t bits = draw({3, 0}, Stream{1}, i);
    EXPECT_EQ(unit(bits) + unit(~bits), 1.0);
  }
}

TEST(Random, every_bit_of_a_draw_is_fair_along_a_stream_and_across_replications) {
  constexpr int count = 20'000;
  for (const bool along : {true, false}) {
    for (int bit = 0; bit < 64; ++bit) {
      int ones = 0;
      for (std::uint64_t i = 0; i < count; ++i) {
        ones += static_cast<int>((along ? draw({9, 0}, Stream{1}, i) : draw({9, i}, Stream{1}, 0)) >> bit & 1);
      }
      // Five standard deviations of a fair coin.
      EXPECT_NEAR(ones, count / 2, 5 * 71) << "bit " << bit;
    }
  }
}

}  // namespace
}  // namespace rehearse::core

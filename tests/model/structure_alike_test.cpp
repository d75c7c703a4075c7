#include "model/structure/alike.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace rehearse::model::structure {
namespace {

using Groups = std::vector<std::vector<int>>;
using Pair = std::array<int, 2>;
using Pairs = std::vector<Pair>;

TEST(Alike, any_two_of_three_is_one_sentence) {
  const auto told = told_together(Pairs{{0, 1}, {0, 2}, {1, 2}});
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].groups, (Groups{{0}, {1}, {2}}));
  EXPECT_EQ(told[0].count, 3U);
  EXPECT_EQ(told[0].first, (Pair{0, 1}));
}

TEST(Alike, what_has_the_same_partners_is_one_group) {
  const auto told = told_together(Pairs{{0, 2}, {0, 3}, {1, 2}, {1, 3}});
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].groups, (Groups{{0, 1}, {2, 3}}));
  EXPECT_EQ(told[0].count, 4U);
}

// Two nodes with a part each that counts in no vote, and a witness.
TEST(Alike, a_pair_that_overlaps_is_told_once) {
  enum { node_1, path_1, node_2, path_2, witness };
  const auto told = told_together(Pairs{
      {node_1, node_2}, {node_1, path_2}, {path_1, node_2}, {path_1, path_2}, {node_1, witness}, {node_2, witness}});
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].groups, (Groups{{node_1, path_1}, {node_2, path_2}}));
  EXPECT_EQ(told[1].groups, (Groups{{node_1, node_2}, {witness}}));
  EXPECT_EQ(told[0].count + told[1].count, 6U);
}

TEST(Alike, of_nothing_there_is_nothing_to_tell) {
  EXPECT_TRUE(told_together(Pairs{}).empty());
}

TEST(Alike, the_blocks_hold_exactly_the_pairs) {
  std::mt19937_64 random(5022);
  std::size_t pairs_told = 0, blocks = 0;
  for (int round = 0; round < 500; ++round) {
    const int members = 2 + static_cast<int>(random() % 8);
    const std::uint64_t density = 1 + random() % 4;
    Pairs pairs;
    for (int a = 0; a < members; ++a) {
      for (int b = a + 1; b < members; ++b) {
        if (random() % 5 < density) pairs.push_back({a, b});
      }
    }
    std::set<Pair> told;
    std::uint64_t counted = 0;
    for (const AlikePairs& block : told_together(pairs)) {
      ++blocks;
      counted += block.count;
      ASSERT_GT(block.count, 0U);
      ASSERT_GE(block.groups.size(), 2U);
      for (std::size_t i = 0; i < block.groups.size(); ++i) {
        for (std::size_t j = i + 1; j < block.groups.size(); ++j) {
          for (const int a : block.groups[i]) {
            for (const int b : block.groups[j]) told.insert({std::min(a, b), std::max(a, b)});
          }
        }
      }
      ASSERT_TRUE(told.contains(block.first));
    }
    ASSERT_EQ(told, std::set<Pair>(pairs.begin(), pairs.end())) << round;
    ASSERT_EQ(counted, pairs.size()) << round;
    pairs_told += pairs.size();
  }
  EXPECT_LT(blocks * 2, pairs_told);  // it is worth it
}

}  // namespace
}  // namespace rehearse::model::structure

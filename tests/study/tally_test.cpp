#include "sim/study/tally.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/core/random.hpp"
#include "sim/study/chunked_work.hpp"

#include <gtest/gtest.h>

namespace rehearse::sim {
namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

std::uint64_t bits(std::uint64_t replication, std::uint64_t ordinal) {
  return core::draw({7, replication}, core::stream("tally", "test"), ordinal);
}

/// What a replication might leave: lengths over all magnitudes, differences of both signs.
void replicate(Tally& tally, std::uint64_t replication) {
  tally.counts.resize(2);
  tally.moments.resize(1);
  tally.distributions.resize(2);
  tally.pairs.resize(1);
  const auto value = static_cast<std::int64_t>(bits(replication, 0) >> (1 + bits(replication, 1) % 60));
  ++tally.counts[replication % 2];
  tally.moments[0].add(static_cast<std::int64_t>(bits(replication, 2)), replication);
  if (replication % 5 == 0) ++tally.distributions[0].none;
  if (replication % 5 == 1) tally.distributions[0].add_censored(value, replication);
  if (replication % 5 > 1) tally.distributions[0].add(value, replication);
  tally.distributions[1].add(static_cast<std::int64_t>(replication % 7), replication);
  tally.pairs[0].add(value, largest, replication);
}

Tally tally_of(std::uint64_t from, std::uint64_t to) {
  Tally tally;
  for (std::uint64_t replication = from; replication < to; ++replication) replicate(tally, replication);
  return tally;
}

Tally merged(const Tally& a, const Tally& b) {
  Tally both = a;
  both.merge(b);
  return both;
}

TEST(Tally, MergesToTheSameBytesInAnyOrderAndGrouping) {
  const Tally whole = tally_of(0, 3000), a = tally_of(0, 1), b = tally_of(1, 1777), c = tally_of(1777, 3000);
  EXPECT_EQ(merged(a, merged(b, c)).bytes(), whole.bytes());
  EXPECT_EQ(merged(merged(a, b), c).bytes(), whole.bytes());
  EXPECT_EQ(merged(c, merged(b, a)).bytes(), whole.bytes());
  EXPECT_EQ(merged(c, merged(b, a)), whole);
}

TEST(Tally, OneWithoutCellsChangesNothing) {
  const Tally some = tally_of(0, 100);
  EXPECT_EQ(merged(some, {}), some);
  EXPECT_EQ(merged({}, some), some);
}

TEST(Tally, OfAnotherShapeIsRefused) {
  Tally other = tally_of(0, 1);
  other.counts.push_back(0);
  EXPECT_THROW(other.merge(tally_of(0, 1)), std::logic_error);
}

TEST(Tally, ComesBackFromItsBytes) {
  for (const Tally& tally : {Tally(), tally_of(0, 1), tally_of(0, 2000)}) {
    const auto back = Tally::from_bytes(tally.bytes());
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, tally);
    EXPECT_EQ(back->bytes(), tally.bytes());
  }
}

TEST(Tally, DamagedBytesAreNoTallyOrAnotherOneButNeverACrash) {
  const std::string right = tally_of(0, 40).bytes();
  for (std::size_t length = 0; length < right.size(); ++length) {
    EXPECT_FALSE(Tally::from_bytes(std::string_view(right).substr(0, length))) << length;
  }
  EXPECT_FALSE(Tally::from_bytes(right + '\0'));
  for (std::size_t place = 0; place < right.size(); ++place) {
    for (const unsigned char flipped : {0x01, 0x80, 0xff}) {
      std::string wrong = right;
      wrong[place] = static_cast<char>(static_cast<unsigned char>(wrong[place]) ^ flipped);
      const auto read = Tally::from_bytes(wrong);
      if (read) {
        EXPECT_EQ(read->bytes(), wrong) << "two spellings of one tally, byte " << place;
      }
    }
  }
}

TEST(Histogram, BucketsTileAllValuesAndAreNarrow) {
  for (Histogram::Bucket bucket = 0; bucket < Histogram::bucket_count; ++bucket) {
    const std::int64_t least = Histogram::least_in(bucket), greatest = Histogram::greatest_in(bucket);
    ASSERT_EQ(Histogram::bucket_of(least), bucket);
    ASSERT_EQ(Histogram::bucket_of(greatest), bucket);
    ASSERT_LE(static_cast<double>(greatest - least), static_cast<double>(least) / 256);
    if (bucket + 1 < Histogram::bucket_count) {
      ASSERT_EQ(Histogram::least_in(bucket + 1), greatest + 1);
    } else {
      ASSERT_EQ(greatest, largest);
    }
  }
}

TEST(Histogram, NoValueIsNegative) {
  EXPECT_THROW(Histogram().add(-1), std::logic_error);
}

TEST(Distribution, ItsQuantilesLieInTheBucketOfTheTrueOnes) {
  Distribution distribution;
  std::vector<std::int64_t> values;
  for (std::uint64_t number = 0; number < 4001; ++number) {
    values.push_back(static_cast<std::int64_t>(bits(number, 3) >> (4 + number % 40)));
    distribution.add(values.back(), number);
  }
  std::sort(values.begin(), values.end());
  for (std::uint64_t rank = 1; rank <= values.size(); rank += 13) {
    const auto told = distribution.of_rank(rank);
    EXPECT_EQ(Histogram::bucket_of(told.value), Histogram::bucket_of(values[rank - 1]));
    EXPECT_FALSE(told.at_least);
  }
  EXPECT_EQ(distribution.of_rank(1).value, values.front());
  EXPECT_EQ(distribution.of_rank(values.size()).value, values.back());
}

TEST(Distribution, AQuantileAboveACensoredValueIsOnlyABound) {
  Distribution distribution;
  for (std::int64_t value = 1; value <= 9; ++value) distribution.add(value, 0);
  distribution.add_censored(5, 0);
  EXPECT_EQ(distribution.of_rank(4).value, 4);
  EXPECT_FALSE(distribution.of_rank(4).at_least);
  EXPECT_TRUE(distribution.of_rank(5).at_least);
  EXPECT_TRUE(distribution.of_rank(10).at_least);
}

TEST(Moments, VarianceSurvivesALargeMeanAndLargeNumbers) {
  Moments near_a_day, extremes, negative;
  constexpr std::int64_t day = 86'400'000'000'000;
  for (std::uint64_t number = 0; number < 1000; ++number) {
    near_a_day.add(day + static_cast<std::int64_t>(number % 2), number);
    negative.add(-day - static_cast<std::int64_t>(number % 2), number);
    extremes.add(number % 2 == 0 ? largest : -largest, number);
  }
  EXPECT_NEAR(near_a_day.variance(), 250.0 / 999, 1e-12);
  EXPECT_NEAR(negative.variance(), 250.0 / 999, 1e-12);
  EXPECT_NEAR(extremes.variance() / std::pow(2.0, 126), 1000.0 / 999, 1e-12);
  EXPECT_EQ(extremes.mean(), 0);
}

TEST(Moments, RememberTheFirstReplicationWithTheGreatestValue) {
  Moments a, b;
  a.add(3, 10);
  a.add(7, 11);
  b.add(7, 4);
  b.add(7, 5);
  Moments both = a;
  both.merge(b);
  EXPECT_EQ(both.greatest_in, 4U);
  b.merge(a);
  EXPECT_EQ(both, b);
}

TEST(ChunkedWork, DecisionsAreTakenFourTimesInEveryDoubling) {
  std::vector<std::uint64_t> boundaries;
  for (std::uint64_t chunks = 0; chunks <= 40; ++chunks) {
    if (is_decision_boundary(chunks)) boundaries.push_back(chunks);
  }
  EXPECT_EQ(boundaries, (std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40}));
}

}  // namespace
}  // namespace rehearse::sim

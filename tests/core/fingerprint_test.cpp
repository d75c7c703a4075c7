#include "sim/core/fingerprint.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <set>
#include <string_view>

namespace rehearse::core {
namespace {

std::span<const std::byte> bytes(std::string_view text) {
  return std::as_bytes(std::span(text));
}

std::uint64_t of(std::initializer_list<std::string_view> texts) {
  Fingerprint fingerprint;
  for (const std::string_view text : texts) fingerprint.add(bytes(text));
  return fingerprint.value();
}

// Fingerprints are kept in files: these literals must never change.
TEST(Fingerprint, keeps_its_values) {
  Fingerprint fingerprint;
  fingerprint.add(1);
  fingerprint.add(2);
  EXPECT_EQ(fingerprint.value(), 0xCD95C1CB6C0D0840U);
  fingerprint.add(bytes("rehearse the failover"));
  EXPECT_EQ(to_text(fingerprint), "ea857ce930a0693d");
}

TEST(Fingerprint, order_and_boundaries_and_zeros_count) {
  const std::set<std::uint64_t> values = {of({}),
                                          of({""}),
                                          of({"", ""}),
                                          of({"ab", "c"}),
                                          of({"a", "bc"}),
                                          of({"abc"}),
                                          of({"c", "ab"}),
                                          of({std::string_view("\0", 1)}),
                                          of({std::string_view("\0\0", 2)}),
                                          of({"abcdefgh"}),
                                          of({"abcdefghi"})};
  EXPECT_EQ(values.size(), 11U);
}

TEST(Fingerprint, one_flipped_bit_anywhere_flips_about_half_of_the_bits) {
  for (int bit = 0; bit < 64; ++bit) {
    Fingerprint plain, flipped;
    plain.add(12345);
    flipped.add(12345 ^ std::uint64_t{1} << bit);
    const int differing = std::popcount(plain.value() ^ flipped.value());
    EXPECT_GT(differing, 12) << "bit " << bit;
    EXPECT_LT(differing, 52) << "bit " << bit;
  }
}

}  // namespace
}  // namespace rehearse::core

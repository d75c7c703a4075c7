// Whole numbers of 128 and 192 bits, for sums and sums of squares of nanoseconds. A year squared has 110 bits, so that
// a billion of them need more than 128; sums of whole numbers do not depend on their order, and that is why a study's
// result does not depend on how its work was cut.
#pragma once

#include <cstdint>

namespace rehearse::sim {

__extension__ typedef __int128 Wide;
__extension__ typedef unsigned __int128 UnsignedWide;

/// A sum of products of two 64-bit numbers, never negative.
struct SquareSum {
  UnsignedWide low = 0;
  std::uint64_t high = 0;

  void add(UnsignedWide value) {
    low += value;
    high += low < value;
  }
  void add(const SquareSum& other) {
    add(other.low);
    high += other.high;
  }
  /// The nearest real number, for the end of a computation only.
  double real() const {
    constexpr double two_to_64 = 0x1p64;
    return (static_cast<double>(high) * two_to_64 + static_cast<double>(static_cast<std::uint64_t>(low >> 64))) *
               two_to_64 +
           static_cast<double>(static_cast<std::uint64_t>(low));
  }
  friend bool operator==(const SquareSum&, const SquareSum&) = default;
};

/// |value|, also of the least of all.
constexpr std::uint64_t magnitude(std::int64_t value) {
  return value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

constexpr UnsignedWide square(std::int64_t value) {
  const UnsignedWide size = magnitude(value);
  return size * size;
}

}  // namespace rehearse::sim

// Random numbers for the benchmarks, the same for the kernel and for its yardsticks, and fast enough not to hide what
// is measured. The simulator itself never uses them: its draws are counter-based (sim/core/random.hpp).
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace rehearse::bench {

/// xoshiro256++ (Blackman and Vigna), seeded by splitmix64.
class Xoshiro256pp {
 public:
  explicit Xoshiro256pp(std::uint64_t seed) {
    for (std::uint64_t& word : state_) {
      seed += 0x9E3779B97F4A7C15U;
      std::uint64_t mixed = (seed ^ seed >> 30) * 0xBF58476D1CE4E5B9U;
      mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBU;
      word = mixed ^ mixed >> 31;
    }
  }

  std::uint64_t operator()() {
    auto& [a, b, c, d] = state_;
    const std::uint64_t result = std::rotl(a + d, 23) + a;
    const std::uint64_t shifted = b << 17;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = std::rotl(d, 45);
    return result;
  }

 private:
  std::array<std::uint64_t, 4> state_;
};

/// Standard exponential variates by Marsaglia and Tsang's ziggurat: 256 layers of equal area under e^-x, so that 99 of
/// 100 draws cost one table look-up and one multiplication.
class FastExponential {
 public:
  FastExponential() {
    // The right edge of the base layer: where 256 equal areas fill the curve, found by bisection.
    double low = 7.0;
    double high = 8.5;
    for (int i = 0; i < 80; ++i) {
      const double middle = 0.5 * (low + high);
      (overflows(middle) ? low : high) = middle;
    }
    right_ = high;
    const double area = (right_ + 1.0) * std::exp(-right_);
    edge_[0] = area * std::exp(right_);  // the base layer with its tail, as wide as a rectangle would be
    edge_[1] = right_;
    for (int i = 2; i < layers; ++i) edge_[i] = -std::log(std::exp(-edge_[i - 1]) + area / edge_[i - 1]);
    edge_[layers] = 0.0;
    for (int i = 0; i <= layers; ++i) height_[i] = std::exp(-edge_[i]);
    for (int i = 0; i < layers; ++i) scale_[i] = edge_[i] * 0x1p-53;
  }

  template <class Bits>
  double operator()(Bits& bits) const {
    double shift = 0.0;
    while (true) {
      const std::uint64_t word = bits();
      const std::uint64_t layer = word & (layers - 1);
      const double x = static_cast<double>(static_cast<std::int64_t>(word >> 11)) * scale_[layer];
      if (x < edge_[layer + 1]) return shift + x;
      if (layer == 0) {
        shift += right_;  // no memory: beyond the edge it is an exponential again
        continue;
      }
      const double y = static_cast<double>(static_cast<std::int64_t>(bits() >> 11)) * 0x1p-53;
      if (height_[layer] + y * (height_[layer + 1] - height_[layer]) < std::exp(-x)) return shift + x;
    }
  }

 private:
  static constexpr int layers = 256;

  /// Whether layers of the area that belongs to this right edge pile up beyond the curve's peak.
  static bool overflows(double right) {
    const double area = (right + 1.0) * std::exp(-right);
    double edge = right;
    for (int i = 2; i < layers; ++i) {
      const double next_height = std::exp(-edge) + area / edge;
      if (next_height >= 1.0) return true;
      edge = -std::log(next_height);
    }
    return std::exp(-edge) + area / edge > 1.0;
  }

  double right_ = 0.0;
  std::array<double, layers + 1> edge_{};
  std::array<double, layers + 1> height_{};
  std::array<double, layers> scale_{};
};

}  // namespace rehearse::bench

// Which share of many cases a build runs: all of them when it is optimized, and one in so many where each case takes
// its time.
#pragma once

#include <cstddef>

namespace far_side {

constexpr std::size_t one_in([[maybe_unused]] std::size_t in_debug, [[maybe_unused]] std::size_t under_sanitizers) {
#if defined(__SANITIZE_ADDRESS__)
  return under_sanitizers;
#elif defined(__OPTIMIZE__)
  return 1;
#else
  return in_debug;
#endif
}

}  // namespace far_side

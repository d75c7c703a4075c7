// Random designs: every shape of cluster that the reader accepts, small ones mostly. A number names one for good, so a
// failing test is rerun from what it printed.
#pragma once

#include <cstdint>
#include <string>

#include "model/design.hpp"
#include "sim/core/random.hpp"

namespace rehearse::sim {

/// Draws one after the other, from a seed; the same on every machine.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : key_{seed, 0} {}

  std::uint32_t below(std::uint32_t limit) {
    return static_cast<std::uint32_t>(core::draw(key_, core::stream("swarm", "dice"), next_++) % limit);
  }
  std::uint32_t from_to(std::uint32_t low, std::uint32_t high) { return low + below(high - low + 1); }
  bool chance(std::uint32_t percent) { return below(100) < percent; }
  template <class Values>
  auto one_of(const Values& values) {
    return values[below(static_cast<std::uint32_t>(values.size()))];
  }

 private:
  core::Key key_;
  std::uint64_t next_ = 0;
};

/// 1 to `most_nodes` nodes at up to three sites, any witness, joint or separate, SSISDB in an instance or in an
/// availability group, up to a dozen further roles.
model::Design random_design(Dice& dice, std::uint32_t most_nodes);

/// What the design is, in some lines, for the message of a failing test.
std::string to_text(const model::Design& design);

}  // namespace rehearse::sim

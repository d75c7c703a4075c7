// The other side of the comparison: the same case in Rehearse, as further roles of a deployed world, each happening an
// operation or a fault as scenarios have them, read back from state and journal.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "case.hpp"
#include "outcome.hpp"
#include "sim/world/world.hpp"

namespace rehearse::judge {

/// A cluster as Rehearse simulates it. A value: a copy goes its own way from the same past.
class RehearsedCluster {
 public:
  /// Every role online on its owner. Throws std::runtime_error where that cannot be had.
  explicit RehearsedCluster(const Case& cluster);

  /// Throws std::runtime_error where the cluster refuses it.
  Outcome let(const Happening& happening);

 private:
  void tell(const Happening& happening);
  /// `up`: what was online when the journal began.
  Outcome read(const world::Journal& journal, std::set<std::string> up) const;

  Case cluster_;
  world::World world_;
};

/// What the simulated cluster does about each happening of the case, in turn.
std::vector<Outcome> rehearse_case(const Case& cluster);

}  // namespace rehearse::judge

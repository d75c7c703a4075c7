// The outside judge: Debian's crm_simulate, Pacemaker's own scheduler run offline on a file. It decides where resources
// go and in which order they stop and start, and knows nothing of Rehearse.
#pragma once

#include <string>
#include <vector>

#include "case.hpp"
#include "cib.hpp"
#include "outcome.hpp"

namespace rehearse::judge {

/// A cluster as Pacemaker would run it. A value: a copy goes its own way from the same past. Everything throws
/// std::runtime_error, with crm_simulate's own words, where that is not installed or does not accept the case.
class JudgedCluster {
 public:
  /// Every role online on its owner.
  explicit JudgedCluster(const Case& cluster, std::string program = "crm_simulate");

  Verdict let(const Happening& happening);

 private:
  /// Tells crm_simulate: as a change of the configuration, or as an event on its command line, which is returned.
  std::string announce(const Happening& happening);
  Verdict simulate(const std::string& event);

  Case cluster_;
  std::string program_;
  std::string status_;  // the CIB's status section: all that Pacemaker remembers
  Wishes wishes_;
  Outcome now_;
};

/// What Pacemaker does about each happening of the case, in turn.
std::vector<Verdict> ask_pacemaker(const Case& cluster);

}  // namespace rehearse::judge

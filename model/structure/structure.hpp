// The structure of a design, studied: what it needs, what it cannot do without, and in how few words that can be told.
#pragma once

#include <set>
#include <string_view>
#include <vector>

#include "model/structure/weaknesses.hpp"

namespace rehearse::model::structure {

struct Structure {
  Requirements requirements;
  std::vector<CutSet> cut_sets;
  std::vector<Weakness> weaknesses;
  std::string_view unknown_switch;  // CutSet::otherwise is about this one; empty: the design settles it

  /// The components that are a single point of failure for this service, by number: for tree_dot().
  std::set<int> single_points(Service service) const;
};

/// The design must have been accepted by the reader. Of the unknown switches one changes what is lost: what the master
/// does without SSISDB (behaviour 6, S 9). Where the design does not settle it, both values are looked at.
Structure study(const Design& design);

}  // namespace rehearse::model::structure

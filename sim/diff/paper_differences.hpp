// What the rules and the structure say of one of two designs and not of the other.
#pragma once

#include <string>
#include <vector>

#include "model/rules/check.hpp"
#include "model/structure/structure.hpp"

namespace rehearse::sim {

/// Findings that nobody accepted and that the other design does not have: of the same rule and level at the same
/// pointer. On which line that is makes no difference. As many as there are more of than in the other.
struct RuleDifferences {
  std::vector<model::rules::Told> only_a, only_b;  // in the order of the checks
  bool empty() const { return only_a.empty() && only_b.empty(); }
};
RuleDifferences rule_differences(const model::rules::CheckResult& a, const model::rules::CheckResult& b);

/// A weakness as it is told.
struct ToldWeakness {
  std::string text;  // "any two of WRK1, WRK2"
  std::string lost;  // the services that go with it
  std::string way;   // "until it is repaired"
  friend auto operator<=>(const ToldWeakness&, const ToldWeakness&) = default;
};
struct StructureDifferences {
  std::vector<ToldWeakness> only_a, only_b;  // what costs something else in the other design is in both
  bool empty() const { return only_a.empty() && only_b.empty(); }
};
StructureDifferences structure_differences(const model::structure::Structure& a, const model::structure::Structure& b);

}  // namespace rehearse::sim

#include "random_requirements.hpp"

#include <algorithm>
#include <bit>

namespace rehearse::model::structure {

RandomRequirements random_requirements(std::mt19937_64& random, bool votes) {
  const auto below = [&](std::uint64_t limit) { return static_cast<int>(random() % limit); };
  RandomRequirements made;
  made.components = 2 + below(7);
  std::vector<int> parts;
  for (int component = 0; component < made.components; ++component)
    parts.push_back(made.graph.add_leaf("leaf", component));
  const int gates = 1 + below(6);
  for (int gate = 0; gate < gates; ++gate) {
    std::vector<int> chosen;
    for (int count = 1 + below(4); count > 0; --count)
      chosen.push_back(parts[static_cast<std::size_t>(random() % parts.size())]);
    const int kind = below(votes ? 3 : 2);
    if (kind == 0) parts.push_back(made.graph.add_all("all", chosen));
    if (kind == 1) parts.push_back(made.graph.add_any("any", chosen));
    if (kind == 2) parts.push_back(made.graph.add_some("some", below(5), chosen));
  }
  made.top = parts.back();
  return made;
}

bool met_plainly(const RequirementGraph& graph, int number, std::uint64_t working) {
  const Requirement& requirement = graph.at(number);
  if (requirement.component >= 0) return (working >> requirement.component & 1U) != 0;
  const auto met = std::count_if(requirement.parts.begin(), requirement.parts.end(),
                                 [&](int part) { return met_plainly(graph, part, working); });
  return met >= requirement.needed;
}

std::vector<std::uint64_t> all_minimal_cut_sets(const RandomRequirements& made) {
  const std::uint64_t all = (std::uint64_t{1} << made.components) - 1;
  std::vector<std::uint64_t> cuts;
  for (std::uint64_t failed = 0; failed <= all; ++failed) {
    if (!met_plainly(made.graph, made.top, all & ~failed)) cuts.push_back(failed);
  }
  std::erase_if(cuts, [cuts](std::uint64_t cut) {
    return std::any_of(cuts.begin(), cuts.end(),
                       [&](std::uint64_t other) { return other != cut && (other & cut) == other; });
  });
  return cuts;
}

}  // namespace rehearse::model::structure

#include "model/structure/structure.hpp"

namespace rehearse::model::structure {

std::set<int> Structure::single_points(Service service) const {
  std::set<int> points;
  for (const CutSet& set : cut_sets) {
    if (set.components.size() == 1 && set.lost.has(service)) points.insert(set.components.front());
  }
  return points;
}

Structure study(const Design& design) {
  Structure structure;
  structure.requirements = requirements_of(design);
  constexpr Switch unknown = Switch::master_exits_without_ssisdb;
  if (design.parameters.origin(unknown) == Origin::assumed) {
    Design flipped = design;
    flipped.parameters.set(unknown, !design.parameters[unknown], Origin::assumed, "the other value");
    const Requirements otherwise = requirements_of(flipped);
    structure.unknown_switch = name_of(unknown);
    structure.cut_sets = cut_sets_of(structure.requirements, &otherwise);
  } else {
    structure.cut_sets = cut_sets_of(structure.requirements);
  }
  structure.weaknesses = weaknesses_of(structure.requirements, structure.cut_sets);
  return structure;
}

}  // namespace rehearse::model::structure

// Shipped designs and what they need.
#pragma once

#include <string>
#include <vector>

#include "model/structure/structure.hpp"

namespace rehearse::model::structure {

/// By its file in scenarios/: "designs/reference.json".
Design shipped(const std::string& file);

struct Studied : Structure {
  explicit Studied(const Design& design) : Structure(study(design)) {}

  /// The weakness of that text; throws std::logic_error when there is none.
  const Weakness& weakness(const std::string& text) const;
  std::vector<std::string> texts(int chosen) const;
  /// "ssisdb, package_execution" of a component or of two; empty: none of these is a cut set.
  std::string lost_without(std::vector<std::string> names) const;
};

}  // namespace rehearse::model::structure

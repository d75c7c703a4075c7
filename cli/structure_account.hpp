// What `rehearse check` says about the structure of a design: what cannot fail without taking services along, the tree
// of what a service needs, and the scenarios that prove it.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "model/design.hpp"
#include "model/units.hpp"

namespace rehearse::cli {

struct StructureOptions {
  bool weaknesses = false;
  std::string tree;    // a service, as scenario files write it; empty: no tree
  std::string dot;     // a file for Graphviz; empty: none
  std::string proofs;  // a folder for scenarios; empty: none

  bool any() const { return weaknesses || !tree.empty() || !dot.empty() || !proofs.empty(); }
  /// They write files that are one design's.
  bool for_one_design() const { return !dot.empty() || !proofs.empty(); }
};

/// The services that `tree` may name.
std::vector<std::string> services_with_a_tree();

/// Studies the design and writes the files that are asked for. `design_file`: its path; `wanted`: the day of proofs,
/// or the first one later on which every certificate is valid. Text goes to `out`; `json`: instead, the object for a
/// JSON report. False: a file could not be written, which was told.
bool tell_structure(const StructureOptions& options, const model::Design& design, const std::string& design_file,
                    Date wanted, std::ostream& out, std::string* json);

}  // namespace rehearse::cli

// What `check` says about structure: weaknesses for people and for programs, each with the name of the scenario file
// that proves it.
#pragma once

#include <string>
#include <vector>

#include "model/structure/structure.hpp"

namespace rehearse::model::structure {

/// Text that ends with a line end. Weaknesses of one component first; of each what it costs, in what way and when that
/// shows. `proofs`: the folder where the scenarios lie that prove them; empty: they were not written.
std::string structure_text(const Structure& structure, const std::string& proofs = {});

/// The same as a JSON object: {"components", "cut_sets", "weaknesses": [{"text", "groups", "chosen", "count", "lost",
/// "way", "shows", "otherwise", "proof"}], "never_there", "unknown_switch"}. A component has "name", "kind" and the
/// "at" of the design that speaks of it.
std::string structure_json(const Structure& structure);

/// The file of the scenario that proves a weakness: "without-cluster-disk-1.json". Letters, digits and hyphens only; a
/// number is added where two would have one name, so the whole list is needed.
std::vector<std::string> proof_file_names(const Structure& structure);

}  // namespace rehearse::model::structure

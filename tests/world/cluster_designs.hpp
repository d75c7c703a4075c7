// Designs of clusters for tests, built on the shipped reference: more nodes, sites, witnesses, further roles.
#pragma once

#include <string>
#include <vector>

#include "model/design.hpp"

namespace rehearse::world {

/// Nodes A1, A2, ... at site A, B1, ... at site B and so on, `per_site` of them each; every site has a network of its
/// own. The instance's role has an address in each. The witness, if any, stands at a site of its own ("W").
model::Design stretched(const std::vector<int>& per_site, model::Witness::Kind witness);

/// N1 to Nn on one network, with a file share witness or none.
model::Design one_site(int nodes, bool with_witness = true);

/// A role of one generic service without dependencies.
model::Role service_role(const std::string& name, model::RoleSettings settings = {});

}  // namespace rehearse::world

// One or more of every request about the cluster and the catalog, with names of the caller's choice.
#pragma once

#include <string>
#include <vector>

#include "model/design.hpp"
#include "model/steps/requests.hpp"

namespace rehearse::real {

/// The design of scenarios/designs with this name.
model::Design design_named(const std::string& name);
/// The same with SSISDB in an availability group.
model::Design with_availability_group(model::Design design);

/// `name` stands wherever a request has a name; `address` is in a network of the design.
std::vector<steps::ClusterRequest> cluster_requests(const std::string& name, const std::string& address);
std::vector<steps::CatalogRequest> catalog_requests(const std::string& name);

}  // namespace rehearse::real

// Section 1 of the article: the Windows failover cluster that everything else stands on (W 8).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/design.hpp"
#include "model/steps/step.hpp"

namespace rehearse::steps {

StepPtr install_failover_clustering(std::vector<std::string> nodes);

/// Validation belongs before the cluster is formed: with a cluster there already, there is nothing left to validate
/// here.
StepPtr validate_cluster(std::string cluster, std::vector<std::string> nodes);

/// Also completes a cluster that lacks some of the nodes.
StepPtr create_cluster(std::string cluster, std::vector<std::string> nodes);

StepPtr configure_quorum(model::Witness witness);

/// Documented cluster common properties by their own names, in their own units (W 1.1).
StepPtr set_cluster_properties(std::map<std::string, std::int64_t> properties);

}  // namespace rehearse::steps

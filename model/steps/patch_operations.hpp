// Patching the nodes of a cluster: drain, install, restart, resume, one node after the other.
#pragma once

#include <string>
#include <vector>

#include "model/steps/step.hpp"

namespace rehearse::steps {

/// Satisfied when the node is up and every update is in place; picked up where it was left.
StepPtr patch_node(std::string node, Failback failback);

/// Every node that is not patched yet, the owner of the role last, so that it moves once; ends at the first failure.
StepPtr patch_rolling(std::vector<std::string> nodes, std::string role, Failback failback);

}  // namespace rehearse::steps

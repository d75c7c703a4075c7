// What is done to a deployment after it is built, as steps by name: for scenarios, plans and the command line. The
// steps themselves are in node_operations.hpp, role_operations.hpp, patch_operations.hpp, verify_steps.hpp and
// certificate_renewal.hpp.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/design.hpp"
#include "model/steps/step.hpp"

namespace rehearse::steps {

using OperationArguments = std::map<std::string, std::string>;

/// One operation and the arguments it knows, for readers and help.
struct OperationInfo {
  std::string name;
  std::vector<std::string> required;
  std::vector<std::string> optional;
  std::string what;
};

/// Of roles: move_role (role; to: a node, else the best possible one) · offline_role, online_role (role) ·
/// offline_resource, online_resource, fail_resource (resource)
/// Of an availability group: force_failover (to: a node) · resume_data_movement (node)
/// Of nodes: pause_node, drain_node, stop_node, start_node, rejoin_node, clear_quarantine, restart_node, shut_down_node
/// (node) · resume_node (node; failback: "none", the default, "immediate" or "policy") · force_quorum (node;
/// even_if_alive: "no", the default, or "yes") · patch_node (node; failback) · patch_rolling (failback)
/// Of the deployment: restart_workers · verify_deployment · renew_master_certificate (not_after; order: "documented",
/// the default, or "least_outage")
const std::vector<OperationInfo>& operations();

/// What is wrong with the name or the arguments, one sentence with the remedy; empty: nothing.
std::string problem_of_operation(const model::Design& design, std::string_view name,
                                 const OperationArguments& arguments);

/// The steps. The arguments must have no problem (else std::logic_error).
std::vector<StepPtr> operation_steps(const model::Design& design, std::string_view name,
                                     const OperationArguments& arguments);

/// All workers' services at once. Never satisfied beforehand: a restart is done when asked for.
StepPtr restart_workers(const model::Design& design);

}  // namespace rehearse::steps

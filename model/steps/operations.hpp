// What is done to a deployment after it is built, as steps by name: for scenarios, plans and the command line.
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

/// move_role (role, to) · drain_node, resume_node (node) · restart_workers · verify_deployment ·
/// renew_master_certificate (not_after; order: "documented", the default, or "least_outage")
const std::vector<OperationInfo>& operations();

/// What is wrong with the name or the arguments, one sentence with the remedy; empty: nothing.
std::string problem_of_operation(const model::Design& design, std::string_view name,
                                 const OperationArguments& arguments);

/// The steps. The arguments must have no problem (else std::logic_error).
std::vector<StepPtr> operation_steps(const model::Design& design, std::string_view name,
                                     const OperationArguments& arguments);

StepPtr move_role(std::string role, std::string node);
StepPtr drain_node(std::string node);
StepPtr resume_node(std::string node);

/// All workers' services at once. Never satisfied beforehand: a restart is done when asked for.
StepPtr restart_workers(const model::Design& design);

}  // namespace rehearse::steps

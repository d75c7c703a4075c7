#include "model/steps/operation_arguments.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "model/endpoint.hpp"
#include "model/units.hpp"

namespace rehearse::steps {
namespace {

using Names = std::vector<std::string>;

const OperationInfo* find_operation(std::string_view name) {
  const auto& all = operations();
  const auto found = std::find_if(all.begin(), all.end(), [&](const OperationInfo& info) { return info.name == name; });
  return found == all.end() ? nullptr : &*found;
}

bool contains(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// As the cluster writes it; nullptr: there is no such name.
const std::string* find_name(const Names& names, const std::string& wanted) {
  const auto found =
      std::find_if(names.begin(), names.end(), [&](const std::string& name) { return model::same_name(name, wanted); });
  return found == names.end() ? nullptr : &*found;
}

struct Word {
  std::string_view argument;
  Names words;  // the first is the default
};

const std::vector<Word>& words() {
  static const std::vector<Word> all = {{"failback", {"none", "immediate", "policy"}},
                                        {"even_if_alive", {"no", "yes"}},
                                        {"order", {"documented", "least_outage"}}};
  return all;
}

std::string problem_of_words(const OperationArguments& arguments) {
  for (const Word& word : words()) {
    const auto given = arguments.find(std::string(word.argument));
    if (given == arguments.end() || contains(word.words, given->second)) continue;
    return fmt::format("'{}' is no {}; it is \"{}\"", given->second, word.argument, fmt::join(word.words, "\" or \""));
  }
  return {};
}

std::string problem_of_names(const model::Design& design, const OperationArguments& arguments) {
  for (const char* argument : {"node", "to"}) {
    const auto node = arguments.find(argument);
    if (node != arguments.end() && !design.find_node(node->second)) {
      return fmt::format("the cluster has no node '{}'", node->second);
    }
  }
  const auto role = arguments.find("role");
  if (role != arguments.end() && !find_name(design.role_names(), role->second)) {
    return fmt::format("there is no role '{}'; there are {}", role->second, fmt::join(design.role_names(), ", "));
  }
  const auto resource = arguments.find("resource");
  if (resource != arguments.end() && !find_name(resource_names(design), resource->second)) {
    return fmt::format("there is no resource '{}'; there are {}", resource->second,
                       fmt::join(resource_names(design), ", "));
  }
  return {};
}

/// Operations on replicas name nodes that have one.
std::string problem_of_replica(const model::Design& design, std::string_view name,
                               const OperationArguments& arguments) {
  const char* const argument = name == "force_failover" ? "to" : name == "resume_data_movement" ? "node" : nullptr;
  if (argument == nullptr) return {};
  const auto& group = design.fci.availability_group;
  if (!group) return fmt::format("{} is for SSISDB in an availability group; the design has none", name);
  const std::string& node = arguments.at(argument);
  const bool replica = std::any_of(group->replicas.begin(), group->replicas.end(),
                                   [&](const auto& other) { return model::same_name(other.node, node); });
  return replica ? std::string() : fmt::format("'{}' has no replica of {}", node, group->name);
}

std::string problem_of_arguments(const OperationInfo& operation, const OperationArguments& arguments) {
  for (const std::string& required : operation.required) {
    if (!arguments.contains(required)) return fmt::format("{} needs '{}'", operation.name, required);
  }
  for (const auto& [argument, value] : arguments) {
    if (!contains(operation.required, argument) && !contains(operation.optional, argument)) {
      return fmt::format("{} knows no '{}'", operation.name, argument);
    }
  }
  return {};
}

std::string problem_of_renewal(const model::Design& design, const OperationArguments& arguments) {
  const std::optional<Date> not_after = model::parse_date(arguments.at("not_after"));
  if (!not_after) return fmt::format("'{}' is no date; write \"2030-01-01T00:00:00Z\"", arguments.at("not_after"));
  const model::Certificate* present = design.find_certificate(design.scale_out.master.certificate);
  if (present && present->not_after == *not_after)
    return "the certificate in the design ends then already; state a later end";
  return {};
}

}  // namespace

std::vector<std::string> node_names(const model::Design& design) {
  Names names;
  for (const model::Node& node : design.cluster.nodes) names.push_back(node.name);
  return names;
}

std::vector<std::string> resource_names(const model::Design& design) {
  Names names = design.instance_resources();
  for (std::string& name : design.master_role_resources()) names.push_back(std::move(name));
  for (const model::Role& role : design.cluster.roles) {
    for (const model::RoleResource& resource : role.resources) names.push_back(resource.name);
  }
  return names;
}

std::string named(const Names& names, const OperationArguments& arguments, const std::string& argument) {
  return *find_name(names, arguments.at(argument));
}

std::size_t word_given(const OperationArguments& arguments, std::string_view argument) {
  const auto given = arguments.find(std::string(argument));
  if (given == arguments.end()) return 0;
  for (const Word& word : words()) {
    if (word.argument != argument) continue;
    return static_cast<std::size_t>(std::find(word.words.begin(), word.words.end(), given->second) -
                                    word.words.begin());
  }
  throw std::logic_error(fmt::format("'{}' is no argument of words", argument));
}

const std::vector<OperationInfo>& operations() {
  static const std::vector<OperationInfo> all = {
      {"move_role", {"role"}, {"to"}, "move a role to a node, or to the best possible one, planned"},
      {"force_failover", {"to"}, {}, "make a replica of the availability group the primary, with loss of data"},
      {"resume_data_movement", {"node"}, {}, "let a replica follow again after a forced failover"},
      {"offline_role", {"role"}, {}, "take a role offline; it stays so"},
      {"online_role", {"role"}, {}, "bring a role online"},
      {"offline_resource", {"resource"}, {}, "take a resource offline, with what needs it"},
      {"online_resource", {"resource"}, {}, "bring a resource online, with what it needs"},
      {"fail_resource", {"resource"}, {}, "let a resource fail once, as a test"},
      {"pause_node", {"node"}, {}, "pause a node; roles stay where they are"},
      {"drain_node", {"node"}, {}, "pause a node and move its roles away"},
      {"resume_node", {"node"}, {"failback"}, "end the pause of a node; roles stay where they are, or come back"},
      {"stop_node", {"node"}, {}, "stop the cluster service of a node"},
      {"start_node", {"node"}, {}, "start the cluster service of a node"},
      {"force_quorum", {"node"}, {"even_if_alive"}, "start the cluster on a node whatever the votes say"},
      {"rejoin_node", {"node"}, {}, "start a node that may only join"},
      {"clear_quarantine", {"node"}, {}, "let a quarantined node join at once"},
      {"restart_node", {"node"}, {}, "restart Windows on a node"},
      {"shut_down_node", {"node"}, {}, "shut a node down"},
      {"patch_node", {"node"}, {"failback"}, "drain a node, install updates, restart and resume it"},
      {"patch_rolling", {}, {"failback"}, "patch every node, one after the other, the owner of SQL Server last"},
      {"restart_workers", {}, {}, "restart the service on every worker"},
      {"verify_deployment", {}, {}, "move every role to every node and hear every worker each time"},
      {"renew_master_certificate", {"not_after"}, {"order"}, "a new master certificate on every node and worker"},
  };
  return all;
}

std::string problem_of_operation(const model::Design& design, std::string_view name,
                                 const OperationArguments& arguments) {
  const OperationInfo* operation = find_operation(name);
  if (!operation) {
    Names names;
    for (const OperationInfo& info : operations()) names.push_back(info.name);
    return fmt::format("there is no operation '{}'; there are {}", name, fmt::join(names, ", "));
  }
  if (std::string problem = problem_of_arguments(*operation, arguments); !problem.empty()) return problem;
  if (std::string problem = problem_of_names(design, arguments); !problem.empty()) return problem;
  if (std::string problem = problem_of_words(arguments); !problem.empty()) return problem;
  if (std::string problem = problem_of_replica(design, name, arguments); !problem.empty()) return problem;
  return name == "renew_master_certificate" ? problem_of_renewal(design, arguments) : std::string();
}

}  // namespace rehearse::steps

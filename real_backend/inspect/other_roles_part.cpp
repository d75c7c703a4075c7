// The part "cluster.roles" of a design: what else fails over, and competes for nodes.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "model/dependency_expression.hpp"
#include "model/resource_graph.hpp"
#include "real_backend/inspect/parts.hpp"

namespace rehearse::real {
namespace {

using model::same_name;

constexpr std::size_t most_roles = 64, most_resources = 64;

/// What a design calls a type; empty: it has no word for it.
std::string_view word_for(std::string_view type) {
  if (same_name(type, resource_type::disk)) return "disk";
  if (same_name(type, resource_type::address)) return "address";
  if (same_name(type, resource_type::name)) return "name";
  if (same_name(type, resource_type::service)) return "generic_service";
  return {};
}

/// Reads what a resource needs; tells what cannot be stated and needs nothing then.
std::vector<std::vector<std::string>> needs_of(Survey& survey, const ExportedResource& resource,
                                               const std::vector<const ExportedResource*>& role) {
  if (resource.dependency.empty()) return {};
  const auto refuse = [&](const std::string& why) {
    survey.remarks.not_understood(resource.spot,
                                  fmt::format("'{}' depends on {}: {}", resource.name, resource.dependency, why),
                                  "the design lets it depend on nothing");
    return std::vector<std::vector<std::string>>();
  };
  const model::DependencyExpression expression = model::parse_dependency(resource.dependency);
  if (!expression.problem.empty()) return refuse(expression.problem);
  if (!can_be_stated(resource.dependency)) return refuse("the expression is too long for a design");
  const std::string_view word = word_for(resource.type);
  if (word == "disk" || word == "address") return refuse("in a design it depends on nothing");
  for (const auto& clause : expression.all_of_any) {
    model::NameSet seen;
    for (const std::string& name : clause) {
      const bool there =
          std::any_of(role.begin(), role.end(), [&](const auto* one) { return same_name(one->name, name); });
      if (!there) return refuse("'" + name + "' is no resource of the role");
      if (same_name(name, resource.name) || !seen.insert(name).second)
        return refuse("'" + name + "' stands there twice");
    }
  }
  return expression.all_of_any;
}

bool in_a_circle(const std::vector<const ExportedResource*>& resources,
                 const std::vector<std::vector<std::vector<std::string>>>& needs) {
  std::vector<model::GraphResource> graph;
  for (std::size_t i = 0; i < resources.size(); ++i) {
    model::Dependency dependency;
    for (const auto& clause : needs[i]) {
      auto& members = dependency.all_of_any.emplace_back();
      for (const std::string& name : clause) {
        const auto found = std::find_if(resources.begin(), resources.end(),
                                        [&](const auto* one) { return same_name(one->name, name); });
        members.push_back(static_cast<int>(found - resources.begin()));
      }
    }
    graph.push_back({resources[i]->name, std::move(dependency)});
  }
  return !model::ResourceGraph(std::move(graph)).cycle().empty();
}

/// Whether the role can be said at all; tells why not.
bool can_be_said(Survey& survey, const ExportedGroup& role, const std::vector<const ExportedResource*>& resources) {
  if (resources.empty()) {
    survey.remarks.note(role.spot, "the role '" + role.name + "' has no resources");
    return false;
  }
  bool known = resources.size() <= most_resources;
  for (const ExportedResource* resource : resources) {
    if (!word_for(resource->type).empty()) continue;
    known = false;
    survey.remarks.not_understood(
        resource->spot, fmt::format("'{}' of the type '{}'", resource->name, resource->type),
        "a design has no word for it, and so it states nothing about the role '" + role.name + "'");
  }
  return known;
}

/// The role, or null after a remark.
DesignJson say_role(Survey& survey, const ExportedGroup& role, const model::NameSet& taken) {
  const auto resources = survey.resources_of(role);
  if (!can_be_said(survey, role, resources)) return nullptr;
  std::vector<std::vector<std::vector<std::string>>> needs;
  for (const ExportedResource* resource : resources) needs.push_back(needs_of(survey, *resource, resources));
  DesignJson said = {{"name", role.name}, {"resources", DesignJson::array()}};
  bool whole = !in_a_circle(resources, needs);
  for (std::size_t i = 0; i < resources.size(); ++i) {
    const ExportedResource& resource = *resources[i];
    DesignJson one = {{"name", resource.name}, {"type", std::string(word_for(resource.type))}};
    whole = whole && !taken.contains(resource.name);
    if (one["type"] == "address") {
      const std::string address = resource.parameters.text("Address").value_or("");
      whole = survey.addresses.take(address, resource.spot, survey.remarks) && whole;
      one["address"] = address;
    }
    bool has_address = false;
    for (const auto& clause : needs[i]) {
      for (const std::string& name : clause) {
        has_address = has_address || std::any_of(resources.begin(), resources.end(), [&](const auto* other) {
                        return same_name(other->name, name) && same_name(other->type, resource_type::address);
                      });
      }
    }
    whole = whole && (one["type"] != "name" || has_address);
    if (!needs[i].empty()) one["depends_on"] = resource.dependency;
    if (one["type"] == "name") {
      DesignJson unused;
      say_name_settings(survey, resource, false, unused);
      if (!unused.is_null()) {
        survey.remarks.not_understood(resource.spot, fmt::format("'{}' has {}", resource.name, unused.dump()),
                                      "a design says it of the names of SQL Server and of the master only");
      }
    }
    one.update(resource_settings(survey, resource, 2));
    said["resources"].push_back(std::move(one));
  }
  said.update(role_settings(survey, role, resources, false));
  if (whole) return said;
  survey.remarks.not_understood(role.spot, "the role '" + role.name + "' cannot be stated as it is",
                                "its names and addresses must be its own, a name needs an address, and nothing may "
                                "depend on itself: the design leaves it out");
  return nullptr;
}

}  // namespace

void say_other_roles(Survey& survey, DesignJson& design) {
  model::NameSet taken = {"Cluster Name", "Cluster IP Address", "File Share Witness", "Cloud Witness",
                          survey.cluster.quorum_resource};
  for (const auto& [windows, name] : survey.design_names) taken.insert(name);
  model::NameSet roles;
  if (survey.instance_role != nullptr && survey.instance != nullptr) {
    model::FailoverClusterInstance names;
    names.instance = survey.instance->parameters.text("InstanceName").value_or(names.instance);
    if (survey.has_availability_group()) names.availability_group.emplace().name = survey.instance->name;
    roles.insert(names.role_name());
  }
  DesignJson said = DesignJson::array();
  for (const ExportedGroup& role : survey.cluster.groups) {
    if (role.core || &role == survey.instance_role || &role == survey.master_role) continue;
    if (said.size() == most_roles || roles.contains(role.name)) {
      survey.remarks.not_understood(role.spot, "the role '" + role.name + "' finds no place in a design");
      continue;
    }
    DesignJson one = say_role(survey, role, taken);
    if (!one.is_null()) said.push_back(std::move(one));
  }
  if (!said.empty()) design["cluster"]["roles"] = std::move(said);
}

}  // namespace rehearse::real

#include <fmt/format.h>

#include <stdexcept>

#include "model/steps/failure.hpp"
#include "real_backend/powershell/cluster_primitives.hpp"
#include "real_backend/powershell/cluster_script.hpp"
#include "real_backend/powershell/phrases.hpp"

namespace rehearse::real {

using namespace ps;
using steps::FailureCode;
namespace cluster = steps::cluster;
using steps::ResourceProperty;

namespace {

/// Names as Windows lists them, spelled as in the design; `wanted` is a condition on $one, the thing of that name.
Block list_names(const Expression& things, const Expression& wanted, const std::vector<std::string>& known) {
  Block take;
  take.let("name", text_of(variable("one").member("Name")));
  take.append(spell("name", known));
  take.let("names", binary(variable("names"), Operator::plus, variable("name")));
  Block block;
  block.let("names", list({}));
  block.for_each("one", things, Block().when(wanted, take));
  return block.answer(variable("names"));
}

std::vector<std::string> names_of_resources(const model::Design& design) {
  std::vector<std::string> names = design.instance_resources();
  for (const std::string& name : design.master_role_resources()) names.push_back(name);
  for (const model::Role& role : design.cluster.roles) {
    for (const model::RoleResource& resource : role.resources) names.push_back(resource.name);
  }
  return names;
}

/// A common property is a member of the resource (W 3.3), a private one a parameter of it (W 7.1).
bool is_common(ResourceProperty property) {
  switch (property) {
    case ResourceProperty::restart_action: return true;
    case ResourceProperty::health_check_timeout:
    case ResourceProperty::failure_condition_level: return false;
  }
  throw std::logic_error("a resource's property outside the list");
}

}  // namespace

// ------------------------------------------------------------------------------------------------ roles

// The cluster's own groups, Cluster Group and Available Storage, are no roles of anybody.
Primitive primitive(const cluster::Roles&, const Surroundings& around) {
  return on_cluster(around, list_names(value_of(Command("Get-ClusterGroup")),
                                       negate(variable("one").member("IsCoreGroup")), around.design.role_names()));
}

Primitive primitive(const cluster::QueryRole& request, const Surroundings& around) {
  Block script = find_role("role", request.role);
  script.append(read_role_state(request.role));
  return on_cluster(around, script.answer(variable("state")));
}

Primitive primitive(const cluster::RoleOwner& request, const Surroundings& around) {
  Block script = find_role("role", request.role);
  script.let("owner", text_of(variable("role").member("OwnerNode").member("Name")));
  script.append(spell("owner", names_of_nodes(around.design)));
  return on_cluster(around, script.answer(variable("owner")));
}

Primitive primitive(const cluster::Resources& request, const Surroundings& around) {
  Block script = find_role("role", request.role);
  script.append(list_names(resources_of(request.role), flag(true), names_of_resources(around.design)));
  return on_cluster(around, script);
}

// ------------------------------------------------------------------------------------------------ resources

// Initializing is the beginning of coming online (W 3.1).
Primitive primitive(const cluster::QueryResource& request, const Surroundings& around) {
  Block script = find_resource("resource", request.resource);
  script.let("state", text_of(variable("resource").member("State")));
  script.when(same(variable("state"), literal("Initializing")), Block().let("state", literal("OnlinePending")));
  return on_cluster(around, script.answer(variable("state")));
}

Primitive primitive(const cluster::Dependencies& request, const Surroundings& around) {
  Block script = find_resource("resource", request.resource);
  const Command ask = Command("Get-ClusterResourceDependency").with("InputObject", variable("resource"));
  return on_cluster(around, script.answer(text_of(value_of(ask).member("DependencyExpression"))));
}

// An empty expression clears (W 3.4). A name with a bracket or a double quote cannot stand in one.
Primitive primitive(const cluster::SetDependencies& request, const Surroundings& around) {
  std::string expression;
  for (const std::string& provider : request.providers) {
    if (provider.find_first_of("[]\"") != std::string::npos) {
      refuse(
          fmt::format("The name of the cluster resource '{}' holds a bracket or a double quote: no "
                      "dependency can name it",
                      provider));
    }
    expression += fmt::format("{}[{}]", expression.empty() ? "" : " and ", provider);
  }
  Block script = find_resource("resource", request.resource);
  for (const std::string& provider : request.providers) script.append(find_resource("provider", provider));
  script.run(Command("Set-ClusterResourceDependency")
                 .with("InputObject", variable("resource"))
                 .with("Dependency", literal(expression)));
  return on_cluster(around, script);
}

// ------------------------------------------------------------------------------------------------ properties

Primitive primitive(const cluster::QueryProperty& request, const Surroundings& around) {
  const std::string name(to_text(request.property));
  const Expression resource = variable("resource");
  const Command parameter = Command("Get-ClusterParameter").with("InputObject", resource).with("Name", literal(name));
  Block script = find_resource("resource", request.resource);
  const Expression value = is_common(request.property) ? resource.member(name) : value_of(parameter).member("Value");
  script.let("value", value);
  script.when(is_null(variable("value")),
              Block().fail(FailureCode::not_found, literal(fmt::format("The cluster resource '{}' has no property {}",
                                                                       request.resource, name))));
  return on_cluster(around, script.answer(cast("long", variable("value"))));
}

Primitive primitive(const cluster::SetResourceProperty& request, const Surroundings& around) {
  const std::string name(to_text(request.property));
  const Expression resource = variable("resource");
  Block script = find_resource("resource", request.resource);
  if (is_common(request.property)) {
    script.set_member(resource, name, number(request.value));
  } else {
    script.run(Command("Set-ClusterParameter")
                   .with("InputObject", resource)
                   .with("Name", literal(name))
                   .with("Value", number(request.value)));
  }
  return on_cluster(around, script);
}

}  // namespace rehearse::real

#include "real_backend/powershell/cluster_primitives.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "model/steps/failure.hpp"
#include "real_backend/powershell/cluster_script.hpp"
#include "real_backend/powershell/phrases.hpp"
#include "real_backend/powershell/second_hop.hpp"

namespace rehearse::real {

using namespace ps;
using steps::FailureCode;
namespace cluster = steps::cluster;

namespace {

constexpr Duration time_to_form =
    std::chrono::minutes(30);  // New-Cluster and Add-ClusterNode, storage and all (assumed)
constexpr Duration time_to_join = std::chrono::minutes(10);  // of a node whose service has started (assumed, W 1.6)

/// Properties are members of what Get-Cluster answers (W 1.1), so their names are words. Refused else.
void require_word(const std::string& name) {
  const auto in_word = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  const bool formed = !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 &&
                      std::all_of(name.begin(), name.end(), in_word);
  if (!formed) refuse(fmt::format("'{}' is no name of a cluster property", name));
}

Block no_such_property(const std::string& name) {
  return Block().fail(FailureCode::not_found, literal(fmt::format("The cluster has no property '{}'", name)));
}

/// Waits until all of the nodes are Up.
Block wait_until_up(const std::vector<std::string>& nodes) {
  Block of_node;
  of_node.when(both(binary(list_of(nodes), Operator::contains, variable("node").member("Name")),
                    is(variable("node").member("State"), "Up")),
               Block().let("up", binary(variable("up"), Operator::plus, number(1))));
  Block look;
  look.let("up", number(0));
  look.for_each("node", value_of(Command("Get-ClusterNode")), of_node);
  look.let("reached", same(variable("up"), number(static_cast<std::int64_t>(nodes.size()))));
  return wait_until_reached(
      time_to_join, look,
      sentence({literal("The cluster does not have all of its new nodes up; as many as are up: "), variable("up")}));
}

}  // namespace

Primitive on_cluster(const Surroundings& around, const Block& script) {
  Primitive primitive;
  primitive.where = Where::on_cluster;
  primitive.script = answers_for(around.design.cluster);
  primitive.script.append(script);
  return primitive;
}

// ------------------------------------------------------------------------------------------------ is there one?

// A machine that does not answer for the cluster is `unreachable`: whether nobody does is known when all were asked.
Primitive primitive(const cluster::Answers&, const Surroundings& around) {
  return on_cluster(around, Block().answer(flag(true)));
}

// Answered for the machine that is asked. The feature brings the cluster service with it, disabled until the machine
// joins a cluster (assumed); one that is stopped and not disabled belongs to a cluster whose name it cannot say.
Primitive primitive(const cluster::Exists& request, const Surroundings&) {
  const Expression service = variable("service");
  Block stopped;
  stopped.fail(FailureCode::unreachable,
               sentence({machine_name(), literal(" is a node of a cluster, and its cluster service does not run")}));

  Primitive primitive;
  primitive.where = Where::on_first_node;
  primitive.script.let("service", service_named("ClusSvc"));
  primitive.script.when(either(is_null(service), is(service.member("StartMode"), "Disabled")),
                        Block().answer(flag(false)));
  primitive.script.when(negate(is(service.member("State"), "Running")), stopped);
  primitive.script.append(get_cluster());
  primitive.script.answer(same(text_of(variable("cluster").member("Name")), literal(request.cluster)));
  return primitive;
}

// ------------------------------------------------------------------------------------------------ forming it

Primitive primitive(const cluster::Create& request, const Surroundings& around) {
  Command form("New-Cluster");
  form.with("Name", literal(request.cluster)).with("Node", list_of(request.nodes)).flag("Force");
  // Without an address Windows takes one by DHCP.
  if (!around.site.cluster_address.empty()) form.with("StaticAddress", list_of({around.site.cluster_address}));

  Block in_one;
  in_one.fail(FailureCode::conflict,
              sentence({literal("The node "), machine_name(), literal(" is in a cluster already")}));
  Primitive primitive;
  primitive.where = Where::on_first_node;
  primitive.limit = limit_with(time_to_form + time_to_join);
  const Expression service = value_of(
      Command("Get-Service").with("Name", literal("ClusSvc")).with("ErrorAction", literal("SilentlyContinue")));
  primitive.script.let("service", service);
  primitive.script.when(
      is_null(variable("service")),
      Block().fail(FailureCode::refused,
                   sentence({literal("The Failover Clustering feature is not installed on "), machine_name()})));
  primitive.script.when(is(variable("service").member("Status"), "Running"), in_one);
  primitive.script.run(form);
  primitive.script.append(wait_until_up(request.nodes));
  return primitive;
}

Primitive primitive(const cluster::AddNode& request, const Surroundings& around) {
  Block script;
  script.append(look_at_node("member", request.node));
  script.when(not_null(variable("member")),
              Block().fail(FailureCode::conflict,
                           literal(fmt::format("The node '{}' is in the cluster already", request.node))));
  script.run(Command("Add-ClusterNode").with("Name", literal(request.node)));
  script.append(wait_until_up({request.node}));
  Primitive primitive = on_cluster(around, script);
  primitive.limit = limit_with(time_to_form + time_to_join);
  return primitive;
}

Primitive primitive(const cluster::Nodes&, const Surroundings& around) {
  Block of_node;
  of_node.let("name", text_of(variable("node").member("Name")));
  of_node.append(spell("name", names_of_nodes(around.design)));
  of_node.let("names", binary(variable("names"), Operator::plus, variable("name")));
  Block script;
  script.let("names", list({}));
  script.for_each("node", value_of(Command("Get-ClusterNode")), of_node);
  return on_cluster(around, script.answer(variable("names")));
}

// ------------------------------------------------------------------------------------------------ properties

Primitive primitive(const cluster::Property& request, const Surroundings& around) {
  require_word(request.property);
  Block script;
  script.let("value", variable("cluster").member(request.property));
  script.when(is_null(variable("value")), no_such_property(request.property));
  return on_cluster(around, script.answer(cast("long", variable("value"))));
}

Primitive primitive(const cluster::SetProperty& request, const Surroundings& around) {
  require_word(request.property);
  Block script;
  script.when(is_null(variable("cluster").member(request.property)), no_such_property(request.property));
  return on_cluster(around, script.set_member(variable("cluster"), request.property, number(request.value)));
}

// ------------------------------------------------------------------------------------------------ all of them

Primitive primitive_of(const steps::ClusterRequest& request, const Surroundings& around) {
  Primitive result = std::visit([&](const auto& one) { return primitive(one, around); }, request);
  result.second_hop = needs_second_hop(request).has_value();
  return result;
}

}  // namespace rehearse::real

// Roles and resources online, offline and on other nodes. Every cmdlet is told not to wait (-Wait 0, W 8), and the
// script looks at the states itself: so it knows when what it waits for has failed for good, and when its time is over
// it has nothing under way that the cluster would not finish alone.
#include <fmt/format.h>

#include <optional>

#include "model/endpoint.hpp"
#include "model/steps/failure.hpp"
#include "real_backend/powershell/cluster_primitives.hpp"
#include "real_backend/powershell/cluster_script.hpp"
#include "real_backend/powershell/phrases.hpp"

namespace rehearse::real {

using namespace ps;
using steps::FailureCode;
namespace cluster = steps::cluster;

namespace {

Primitive waiting(const Surroundings& around, const Block& script, Duration within) {
  Primitive primitive = on_cluster(around, script);
  primitive.limit = limit_with(within);
  return primitive;
}

Expression at_rest() {
  return number(time_at_rest.count());
}

Expression resource_state() {
  return text_of(variable("resource").member("State"));
}

/// "The cluster resource 'X' is Failed, not online".
Expression resource_message(const std::string& resource, const char* wanted) {
  return sentence({literal(fmt::format("The cluster resource '{}' is ", resource)), resource_state(),
                   literal(fmt::format(", not {}", wanted))});
}

/// $faults: the resources of the role that are not online, with their states, as one text.
Block name_faults(const std::string& role) {
  const Expression part = variable("part");
  Block of_part;
  of_part.let("faults", binary(variable("faults"), Operator::plus,
                               sentence({text_of(part.member("Name")), literal(" is "), part.member("State")})));
  Block block;
  block.let("faults", list({}));
  block.for_each("part", resources_of(role), Block().when(negate(is(part.member("State"), "Online")), of_part));
  return block.let("faults", binary(variable("faults"), Operator::joined, literal(", ")));
}

Expression role_message(const std::string& role, const std::string& what) {
  return sentence({literal(fmt::format("The cluster group '{}' {}: ", role, what)), variable("faults")});
}

/// Waits until the role is in $wanted, a state, on a node for which `there` holds. A role that had failed, or was on
/// its way, is waited for in whatever state it settles.
Block wait_for_role(const std::string& role, Duration within, const Expression& there, const std::string& what,
                    std::chrono::milliseconds patience = time_at_rest) {
  const Expression settled = negate(same(variable("state"), literal("Pending")));
  const Expression any = binary(variable("wanted"), Operator::in, list_of({"Failed", "Pending"}));
  Block look = look_at_role("role", role);
  look.when(is_null(variable("role")),
            Block().fail(FailureCode::not_found, literal(fmt::format("The cluster group '{}' was not found", role))));
  look.append(read_role_state(role));
  look.append(name_faults(role));
  look.let("there", there);
  look.let("reached", both(both(variable("there"), settled), either(any, same(variable("state"), variable("wanted")))));
  look.append(
      refuse_at_rest(both(negate(variable("reached")), settled), number(patience.count()), role_message(role, what)));
  return wait_until_reached(within, look, role_message(role, what));
}

bool is_group(const std::string& role, const model::Design& design) {
  const std::optional<model::AvailabilityGroup>& group = design.fci.availability_group;
  return group && model::same_name(group->name, role);
}

/// A move can wait in the cluster's queue before the role goes offline (StatusInformation, W 4.1).
constexpr std::chrono::milliseconds time_in_queue = std::chrono::minutes(1);

}  // namespace

// ------------------------------------------------------------------------------------------------ resources

// Failed or offline while it is wanted online: at rest when it stays so for longer than a restart is away
// (RestartDelay, W 3.3).
Primitive primitive(const cluster::OnlineResource& request, const Surroundings& around) {
  const Expression resource = variable("resource");
  const Expression patience = binary(at_rest(), Operator::plus, resource.member("RestartDelay"));
  Block look = find_resource("resource", request.resource);
  look.let("reached", same(resource_state(), literal("Online")));
  look.append(refuse_at_rest(binary(resource_state(), Operator::in, list_of({"Failed", "Offline"})), patience,
                             resource_message(request.resource, "online")));

  Block script = find_resource("resource", request.resource);
  const Command start = Command("Start-ClusterResource").with("InputObject", resource).with("Wait", number(0));
  script.when(negate(same(resource_state(), literal("Online"))), Block().run(start));
  script.append(wait_until_reached(request.within, look, resource_message(request.resource, "online")));
  return waiting(around, script, request.within);
}

Primitive primitive(const cluster::OfflineResource& request, const Surroundings& around) {
  Block look = find_resource("resource", request.resource);
  look.let("reached", same(resource_state(), literal("Offline")));
  look.append(refuse_at_rest(binary(resource_state(), Operator::in, list_of({"Failed", "Online"})), at_rest(),
                             resource_message(request.resource, "offline")));

  Block script = find_resource("resource", request.resource);
  const Command stop =
      Command("Stop-ClusterResource").with("InputObject", variable("resource")).with("Wait", number(0));
  script.when(negate(same(resource_state(), literal("Offline"))), Block().run(stop));
  script.append(wait_until_reached(request.within, look, resource_message(request.resource, "offline")));
  return waiting(around, script, request.within);
}

Primitive primitive(const cluster::FailResource& request, const Surroundings& around) {
  Block script = find_resource("resource", request.resource);
  script.when(negate(same(resource_state(), literal("Online"))),
              Block().fail(FailureCode::refused, resource_message(request.resource, "online: it cannot fail")));
  script.run(Command("Test-ClusterResourceFailure").with("InputObject", variable("resource")));
  return on_cluster(around, script);
}

// ------------------------------------------------------------------------------------------------ roles

Primitive primitive(const cluster::OnlineRole& request, const Surroundings& around) {
  Block script = find_role("role", request.role);
  script.append(read_role_state(request.role));
  const Command start = Command("Start-ClusterGroup").with("InputObject", variable("role")).with("Wait", number(0));
  script.when(negate(same(variable("state"), literal("Online"))), Block().run(start));
  script.let("wanted", literal("Online"));
  script.append(wait_for_role(request.role, request.within, flag(true), "is not online"));
  return waiting(around, script, request.within);
}

// What failed for good is not up either (W 3.2).
Primitive primitive(const cluster::OfflineRole& request, const Surroundings& around) {
  const Expression part = variable("part");
  const Expression down = binary(text_of(part.member("State")), Operator::in, list_of({"Offline", "Failed"}));
  Block look;
  look.let("up", list({}));
  look.for_each("part", resources_of(request.role),
                Block().when(negate(down),
                             Block().let("up", binary(variable("up"), Operator::plus, text_of(part.member("Name"))))));
  look.let("reached", same(variable("up").member("Count"), number(0)));

  Block script = find_role("role", request.role);
  script.when(negate(is(variable("role").member("State"), "Offline")),
              Block().run(Command("Stop-ClusterGroup").with("InputObject", variable("role")).with("Wait", number(0))));
  script.append(wait_until_reached(
      request.within, look,
      sentence({literal(fmt::format("The cluster group '{}' is not offline; what is not: ", request.role)),
                binary(variable("up"), Operator::joined, literal(", "))})));
  return waiting(around, script, request.within);
}

// A move keeps the state of the role (W 4.4).
Primitive primitive(const cluster::MoveRole& request, const Surroundings& around) {
  if (is_group(request.role, around.design)) return fail_over(request, around);
  const Expression owner = variable("role").member("OwnerNode").member("Name");
  Block script = find_role("role", request.role);
  script.append(find_node("target", request.node));
  script.when(same(owner, literal(request.node)), Block().answer(null()));
  const Expression target = text_of(variable("target").member("State"));
  script.when(negate(same(target, literal("Up"))),
              Block().fail(FailureCode::refused,
                           sentence({literal(fmt::format("The cluster node '{}' is ", request.node)), target,
                                     literal(fmt::format(": it cannot own '{}'", request.role))})));
  script.append(read_role_state(request.role));
  script.let("wanted", variable("state"));
  script.run(Command("Move-ClusterGroup")
                 .with("InputObject", variable("role"))
                 .with("Node", literal(request.node))
                 .with("Wait", number(0)));
  script.append(wait_for_role(request.role, request.within, same(owner, literal(request.node)),
                              fmt::format("did not reach {} in the state it had", request.node), time_in_queue));
  return waiting(around, script, request.within);
}

Primitive primitive(const cluster::MoveRoleToBest& request, const Surroundings& around) {
  if (is_group(request.role, around.design)) {
    refuse(
        fmt::format("'{}' is an availability group: name the node whose replica shall be the primary", request.role));
  }
  const Expression owner = text_of(variable("role").member("OwnerNode").member("Name"));
  Block script = find_role("role", request.role);
  script.let("left_behind", owner);
  script.append(read_role_state(request.role));
  script.let("wanted", variable("state"));
  script.run(Command("Move-ClusterGroup").with("InputObject", variable("role")).with("Wait", number(0)));
  script.append(wait_for_role(request.role, request.within, negate(same(owner, variable("left_behind"))),
                              "did not reach another node in the state it had", time_in_queue));
  return waiting(around, script, request.within);
}

}  // namespace rehearse::real

#include <fmt/format.h>

#include <stdexcept>

#include "model/steps/failure.hpp"
#include "real_backend/powershell/cluster_primitives.hpp"
#include "real_backend/powershell/cluster_script.hpp"

namespace rehearse::real {

using namespace ps;
using steps::FailureCode;
namespace cluster = steps::cluster;

namespace {

/// A service that has stopped for so long after it was started is not about to be started again by Windows itself
/// (assumed: the restart delay of the cluster service is in no page, W 12).
constexpr Duration time_to_stay_stopped = std::chrono::minutes(2);

Expression state_of(const char* node) {
  return text_of(variable(node).member("State"));
}

/// $node, which has to be an active member: Up or Paused. Else `not_found`, or `unreachable` as it cannot be asked.
Block find_active_node(const std::string& node) {
  Block block = find_node("node", node);
  const Expression active = binary(state_of("node"), Operator::in, list_of({"Up", "Paused"}));
  return block.when(
      negate(active),
      Block().fail(FailureCode::unreachable,
                   sentence({literal(fmt::format("The cluster node '{}' is ", node)), state_of("node")})));
}

/// $service: the cluster service of the machine itself.
Block find_service(const std::string& host) {
  Block block;
  block.let(
      "service",
      value_of(
          Command("Get-Service").with("Name", literal("ClusSvc")).with("ErrorAction", literal("SilentlyContinue"))));
  return block.when(
      is_null(variable("service")),
      Block().fail(FailureCode::not_found, literal(fmt::format("There is no cluster service on '{}'", host))));
}

/// Whether the machine's own cluster service has made it an active member: $active. One that is joining does not
/// answer.
Block ask_whether_active() {
  Block ask;
  ask.let("node", first_where(Command("Get-ClusterNode"), same(item().member("Name"), machine_name())));
  ask.let("active", binary(state_of("node"), Operator::in, list_of({"Up", "Paused"})));
  return Block().attempt(ask, Block().let("active", flag(false)));
}

Block wait_until_active(const std::string& node, Duration within) {
  const Expression stopped = same(text_of(variable("service").member("Status")), literal("Stopped"));
  const auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(time_to_stay_stopped);
  Block look = ask_whether_active();
  look.let("reached", variable("active"));
  look.run(variable("service").method("Refresh"));
  look.append(refuse_at_rest(
      both(negate(variable("active")), stopped), number(patience.count()),
      literal(
          fmt::format("The cluster service on '{}' started and stopped again: the cluster does not take the node. Its "
                      "System log says why: 1672 is quarantine, 1177 lost quorum",
                      node))));
  return wait_until_reached(within, look,
                            literal(fmt::format("The cluster service on '{}' has not joined the cluster", node)));
}

}  // namespace

// Quarantine is a flag of the node's status, which tools show where a state is expected (W 1.4). An isolated node is
// one that the cluster has lost (W 1.5).
Primitive primitive(const cluster::QueryNode& request, const Surroundings& around) {
  Block script = find_node("node", request.node);
  script.let("state", state_of("node"));
  const Expression status = text_of(variable("node").member("StatusInformation"));
  script.when(both(same(variable("state"), literal("Down")), binary(status, Operator::like, literal("*Quarantined*"))),
              Block().let("state", literal("Quarantined")));
  script.when(same(variable("state"), literal("Isolated")), Block().let("state", literal("Down")));
  return on_cluster(around, script.answer(variable("state")));
}

Primitive primitive(const cluster::PauseNode& request, const Surroundings& around) {
  Block script = find_active_node(request.node);
  const Command pause = Command("Suspend-ClusterNode").with("InputObject", variable("node"));
  return on_cluster(around, script.when(same(state_of("node"), literal("Up")), Block().run(pause)));
}

// Without -Wait the cmdlet returns when the drain has begun (W 8); DrainStatus tells how it goes: NotInitiated,
// InProgress, Completed, Failed (W 1.4). A drain under way, or done, is not begun again; a node that is paused and was
// not drained has to be resumed first, since only an active node can be drained (assumed). A role that is offline
// serves nobody: it may stay.
Primitive primitive(const cluster::DrainNode& request, const Surroundings& around) {
  const Expression drain = text_of(variable("node").member("DrainStatus"));
  Block begin;
  begin.when(
      same(state_of("node"), literal("Paused")),
      Block().run(
          Command("Resume-ClusterNode").with("InputObject", variable("node")).with("Failback", literal("NoFailback"))));
  begin.run(Command("Suspend-ClusterNode").with("InputObject", variable("node")).flag("Drain"));

  const Expression group = variable("group");
  Block of_group;
  of_group.let("stays", both(same(group.member("OwnerNode").member("Name"), variable("node").member("Name")),
                             negate(is(group.member("State"), "Offline"))));
  of_group.when(both(variable("stays"), negate(group.member("IsCoreGroup"))),
                Block().let("left", binary(variable("left"), Operator::plus, text_of(group.member("Name")))));
  Block count_left;
  count_left.let("left", list({})).for_each("group", value_of(Command("Get-ClusterGroup")), of_group);
  const Expression refusal =
      sentence({literal(fmt::format("The drain of the cluster node '{}' failed; still there: ", request.node)),
                binary(variable("left"), Operator::joined, literal(", "))});

  Block look = look_at_node("node", request.node);
  look.when(same(drain, literal("Failed")), Block().append(count_left).fail(FailureCode::refused, refusal));
  look.let("reached", same(drain, literal("Completed")));

  Block script = find_active_node(request.node);
  const Expression drained = both(same(state_of("node"), literal("Paused")),
                                  binary(drain, Operator::in, list_of({"InProgress", "Completed"})));
  script.when(negate(drained), begin);
  script.append(wait_until_reached(request.within, look,
                                   literal(fmt::format("The drain of the cluster node '{}' goes on", request.node))));
  script.append(count_left);
  script.when(binary(variable("left").member("Count"), Operator::greater, number(0)),
              Block().fail(FailureCode::refused, refusal));
  Primitive primitive = on_cluster(around, script);
  primitive.limit = limit_with(request.within);
  return primitive;
}

Primitive primitive(const cluster::ResumeNode& request, const Surroundings& around) {
  Block script = find_active_node(request.node);
  const Command resume = Command("Resume-ClusterNode")
                             .with("InputObject", variable("node"))
                             .with("Failback", literal(to_text(request.failback)));
  return on_cluster(around, script.when(same(state_of("node"), literal("Paused")), Block().run(resume)));
}

// On the node itself, which needs no second hop: the others are told by the cluster service when it stops (W 1.2).
Primitive primitive(const cluster::StopNode& request, const Surroundings&) {
  const Expression status = text_of(variable("service").member("Status"));
  Block look;
  look.run(variable("service").method("Refresh"));
  look.let("reached", same(status, literal("Stopped")));

  Primitive primitive;
  primitive.host = request.node;
  primitive.limit = limit_with(request.within);
  primitive.script = find_service(request.node);
  primitive.script.when(same(status, literal("Running")),
                        Block().run(Command("Stop-ClusterNode").with("Name", machine_name()).with("Wait", number(0))));
  primitive.script.append(wait_until_reached(
      request.within, look, literal(fmt::format("The cluster service on '{}' has not stopped", request.node))));
  return primitive;
}

// On the machine itself, by its service control, which takes the words of `net start clussvc` (W 2.4):
// Start-ClusterNode wants more than a network logon even there (W 8). A service that runs and made no member of the
// node is joining, or is in a partition that the cluster has left behind; it is waited for, unless it was to be started
// in another way.
Primitive primitive(const cluster::StartNode& request, const Surroundings&) {
  Block start;
  switch (request.start) {
    case steps::NodeStart::usual: start.run(Command("Start-Service").with("InputObject", variable("service"))); break;
    case steps::NodeStart::force_quorum: start.run(variable("service").method("Start", {list_of({"/FQ"})})); break;
    case steps::NodeStart::prevent_quorum: start.run(variable("service").method("Start", {list_of({"/PQ"})})); break;
  }
  Block runs = ask_whether_active();
  runs.when(variable("active"), Block().answer(null()));
  if (request.start != steps::NodeStart::usual) {
    runs.fail(
        FailureCode::refused,
        literal(fmt::format("The cluster service on '{}' runs, in a partition that the cluster has left behind: it "
                            "has to be stopped before it can start with {}",
                            request.node, to_text(request.start))));
  }

  Primitive primitive;
  primitive.host = request.node;
  primitive.limit = limit_with(request.within);
  primitive.script = find_service(request.node);
  primitive.script.when(same(text_of(variable("service").member("Status")), literal("Stopped")), start, runs);
  if (request.within > Duration::zero()) primitive.script.append(wait_until_active(request.node, request.within));
  return primitive;
}

// The switch starts the service, too (W 1.5, W 8).
Primitive primitive(const cluster::ClearQuarantine& request, const Surroundings&) {
  Primitive primitive;
  primitive.host = request.node;
  primitive.limit = limit_with(request.within);
  primitive.script = find_service(request.node);
  primitive.script.append(ask_whether_active());
  primitive.script.when(variable("active"), Block().answer(null()));
  primitive.script.run(
      Command("Start-ClusterNode").with("Name", machine_name()).flag("ClearQuarantine").with("Wait", number(0)));
  primitive.script.append(wait_until_active(request.node, request.within));
  return primitive;
}

}  // namespace rehearse::real

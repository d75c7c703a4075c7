#include "real_backend/powershell/cluster_script.hpp"

#include <fmt/format.h>

#include <chrono>

#include "model/steps/failure.hpp"

namespace rehearse::real {

using namespace ps;
using steps::FailureCode;

namespace {

constexpr std::chrono::milliseconds looking_interval = std::chrono::seconds(1);

std::int64_t in_milliseconds(Duration length) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(length).count();
}

Expression named(const std::string& name) {
  return same(item().member("Name"), literal(name));
}

Expression elapsed() {
  return variable("clock").member("ElapsedMilliseconds");
}

Block find(std::string_view variable_name, const Block& look, const std::string& what, const std::string& name) {
  Block missing;
  missing.fail(FailureCode::not_found, literal(fmt::format("The cluster {} '{}' was not found", what, name)));
  Block block = look;
  return block.when(is_null(variable(variable_name)), missing);
}

}  // namespace

// ------------------------------------------------------------------------------------------------ expressions

Expression text_of(const Expression& value) {
  return cast("string", value);
}
Expression is_null(const Expression& value) {
  return binary(null(), Operator::equal, value);
}
Expression not_null(const Expression& value) {
  return binary(null(), Operator::not_equal, value);
}
Expression same(const Expression& left, const Expression& right) {
  return binary(left, Operator::equal, right);
}
Expression is(const Expression& value, const std::string& text) {
  return same(text_of(value), literal(text));
}
Expression both(const Expression& left, const Expression& right) {
  return binary(left, Operator::both, right);
}
Expression either(const Expression& left, const Expression& right) {
  return binary(left, Operator::either, right);
}

Expression sentence(const std::vector<Expression>& parts) {
  Expression text = parts.front();
  for (std::size_t i = 1; i < parts.size(); ++i) text = binary(text, Operator::plus, parts[i]);
  return text;
}

Expression first_where(const Command& command, const Expression& condition) {
  return pipeline(command, {Command("Where-Object").with("FilterScript", Block().emit(condition)),
                            Command("Select-Object").with("First", number(1))});
}

Expression all_where(const Command& command, const Expression& condition) {
  return list({pipeline(command, {Command("Where-Object").with("FilterScript", Block().emit(condition))})});
}

Expression machine_name() {
  return type_member("System.Environment", "MachineName");
}

// ------------------------------------------------------------------------------------------------ where a script
// stands

// An access denied is no silence: every node would say the same. 5 is ERROR_ACCESS_DENIED, 0x80070005 the same as an
// HRESULT.
Block get_cluster() {
  const Expression error = item().member("Exception");
  Block rescue;
  rescue.let("fault", error.method("GetBaseException"));
  const Expression denied = either(same(variable("fault").member("NativeErrorCode"), number(5)),
                                   same(variable("fault").member("HResult"), number(-2147024891)));
  rescue.when(denied, Block().fail(FailureCode::refused, error.member("Message")));
  rescue.fail(FailureCode::unreachable, sentence({literal("The cluster service on "), machine_name(),
                                                  literal(" does not answer: "), error.member("Message")}));
  return Block().attempt(Block().let("cluster", value_of(Command("Get-Cluster"))), rescue);
}

Block answers_for(const model::Cluster& cluster) {
  Block silent;
  silent.fail(FailureCode::unreachable, sentence({literal("The cluster service does not run on "), machine_name()}));
  const Expression name = text_of(variable("cluster").member("Name"));
  Block foreign;
  foreign.fail(FailureCode::conflict, sentence({machine_name(), literal(" is a node of the cluster "), name,
                                                literal(fmt::format(", not of {}", cluster.name))}));

  Block block;
  block.let(
      "service",
      value_of(
          Command("Get-Service").with("Name", literal("ClusSvc")).with("ErrorAction", literal("SilentlyContinue"))));
  block.when(negate(is(variable("service").member("Status"), "Running")), silent);
  block.append(get_cluster());
  return block.when(negate(same(name, literal(cluster.name))), foreign);
}

Block owns_instance(const model::Design& design) {
  const std::string role = design.fci.role_name();
  Block block = answers_for(design.cluster);
  block.append(look_at_role("role", role));
  block.when(is_null(variable("role")),
             Block().fail(FailureCode::unreachable, literal(fmt::format("The cluster has no role '{}'", role))));
  block.let("owner", text_of(variable("role").member("OwnerNode").member("Name")));
  return block.when(negate(same(variable("owner"), machine_name())), Block().fail(elsewhere, variable("owner")));
}

// ------------------------------------------------------------------------------------------------ finding

Block look_at_node(std::string_view variable_name, const std::string& node) {
  return Block().let(variable_name, first_where(Command("Get-ClusterNode"), named(node)));
}
Block look_at_role(std::string_view variable_name, const std::string& role) {
  return Block().let(variable_name, first_where(Command("Get-ClusterGroup"), named(role)));
}
Block look_at_resource(std::string_view variable_name, const std::string& resource) {
  return Block().let(variable_name, first_where(Command("Get-ClusterResource"), named(resource)));
}

Block find_node(std::string_view variable_name, const std::string& node) {
  return find(variable_name, look_at_node(variable_name, node), "node", node);
}
Block find_role(std::string_view variable_name, const std::string& role) {
  return find(variable_name, look_at_role(variable_name, role), "group", role);
}
Block find_resource(std::string_view variable_name, const std::string& resource) {
  return find(variable_name, look_at_resource(variable_name, resource), "resource", resource);
}

Expression resources_of(const std::string& role) {
  return all_where(Command("Get-ClusterResource"), same(item().member("OwnerGroup").member("Name"), literal(role)));
}

Block spell(std::string_view variable_name, const std::vector<std::string>& known) {
  const Expression written = variable(variable_name);
  Block take;
  take.when(same(variable("known"), written), Block().let(variable_name, variable("known")));
  return Block().for_each("known", list_of(known), take);
}

std::vector<std::string> names_of_nodes(const model::Design& design) {
  std::vector<std::string> names;
  for (const model::Node& node : design.cluster.nodes) names.push_back(node.name);
  return names;
}

// ------------------------------------------------------------------------------------------------ the state of a role

Block read_role_state(const std::string& role) {
  const Expression part = variable("part");
  const Expression user = variable("user");
  Block asks_user;
  asks_user.let(
      "needed",
      text_of(
          value_of(Command("Get-ClusterResourceDependency").with("InputObject", user)).member("DependencyExpression")));
  // Every name stands in brackets in the expression (W 3.4).
  const Expression bracketed = sentence({literal("["), part.member("Name"), literal("]")});
  asks_user.when(variable("needed").method("Contains", {bracketed}), Block().let("spare", flag(true)));

  Block of_part;
  of_part.let("spare", is(part.member("State"), "Online"));
  const Expression is_address =
      binary(text_of(part.member("ResourceType")), Operator::in, list_of({"IP Address", "IPv6 Address"}));
  const Expression idle = both(is_address, is(part.member("State"), "Offline"));
  of_part.when(
      idle, Block().for_each("user", variable("parts"), Block().when(is(user.member("State"), "Online"), asks_user)));
  of_part.when(negate(variable("spare")), Block().let("whole", flag(false)));

  Block look_closer;
  look_closer.let("whole", flag(true));
  look_closer.let("parts", resources_of(role));
  look_closer.for_each("part", variable("parts"), of_part);
  look_closer.when(variable("whole"), Block().let("state", literal("Online")));

  Block block;
  block.let("state", text_of(variable("role").member("State")));
  return block.when(same(variable("state"), literal("PartialOnline")), look_closer);
}

// ------------------------------------------------------------------------------------------------ waiting

Block wait_until_reached(Duration within, const Block& look, const Expression& late) {
  Block again;
  again.when(binary(elapsed(), Operator::at_least, number(in_milliseconds(within))),
             Block().fail(FailureCode::timed_out, late));
  again.run(Command("Start-Sleep").with("Milliseconds", number(looking_interval.count())));

  Block body = look;
  body.when(negate(variable("reached")), again);

  Block block;
  block.let("clock", type_method("System.Diagnostics.Stopwatch", "StartNew", {}));
  block.let("resting", number(-1));
  block.let("reached", flag(false));
  return block.repeat_while(negate(variable("reached")), body);
}

Block refuse_at_rest(const Expression& condition, const Expression& milliseconds, const Expression& message) {
  const Expression resting = variable("resting");
  Block rests;
  rests.when(binary(resting, Operator::less, number(0)), Block().let("resting", elapsed()));
  const Expression enough = binary(resting, Operator::plus, milliseconds);
  rests.when(binary(elapsed(), Operator::at_least, enough), Block().fail(FailureCode::refused, message));
  return Block().when(condition, rests, Block().let("resting", number(-1)));
}

Duration limit_with(Duration within) {
  return within + std::chrono::minutes(2);
}

}  // namespace rehearse::real

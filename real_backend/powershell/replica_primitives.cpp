// SSISDB in an availability group, on the replica of one node: the instance there is stand-alone, and its views tell
// of its own replica whatever has become of the others (W 10).
#include <fmt/format.h>

#include "model/steps/failure.hpp"
#include "real_backend/powershell/cluster_primitives.hpp"
#include "real_backend/powershell/cluster_script.hpp"
#include "real_backend/powershell/sql_script.hpp"

namespace rehearse::real {

using namespace ps;
using steps::FailureCode;
namespace cluster = steps::cluster;

namespace {

/// `not_found` where the instance has no replica of the group.
Block find_replica(const std::string& group, const std::string& node) {
  Block block =
      select("group", "SELECT name FROM sys.availability_groups WHERE name = @group", {{"@group", literal(group)}});
  return block.when(
      is_null(variable("group")),
      Block().fail(FailureCode::not_found,
                   literal(fmt::format("The availability group '{}' has no replica on '{}'", group, node))));
}

/// $suspended: 1 while data movement to the SSISDB of this replica stands.
Block ask_whether_suspended(const std::string& group, const std::string& node) {
  Block block = find_replica(group, node);
  block.append(select("suspended",
                      "SELECT CONVERT(int, drs.is_suspended) FROM sys.dm_hadr_database_replica_states AS drs "
                      "JOIN sys.databases AS db ON db.database_id = drs.database_id "
                      "WHERE drs.is_local = 1 AND db.name = @name",
                      {{"@name", literal("SSISDB")}}));
  return block.when(
      is_null(variable("suspended")),
      Block().fail(FailureCode::not_found, literal(fmt::format("The replica on '{}' has no SSISDB", node))));
}

Primitive on_replica(const std::string& node, const Surroundings& around, const Block& body) {
  Primitive primitive;
  primitive.host = node;
  primitive.script = with_connection(local_data_source(around.design.fci.instance), body);
  return primitive;
}

/// Waits until the role of the group is online on the node.
Block wait_until_there(const cluster::RoleToNode& move) {
  const Expression there = same(variable("role").member("OwnerNode").member("Name"), literal(move.node));
  const std::string what = fmt::format("The availability group '{}' did not come online on '{}'", move.role, move.node);
  Block look = look_at_role("role", move.role);
  look.append(read_role_state(move.role));
  look.let("reached", both(there, same(variable("state"), literal("Online"))));
  look.append(refuse_at_rest(
      both(there, binary(variable("state"), Operator::in, list_of({"Failed", "Offline", "PartialOnline"}))),
      number(time_at_rest.count()), sentence({literal(what + ": it is "), variable("state")})));
  return wait_until_reached(move.within, look, literal(what));
}

/// The replica's own instance performs it, while the cluster has quorum; the cluster then brings the role online there.
Primitive on_new_primary(const cluster::RoleToNode& move, const Surroundings& around, const Block& perform) {
  Primitive primitive;
  primitive.host = move.node;
  primitive.limit = limit_with(move.within);
  primitive.script = answers_for(around.design.cluster);
  primitive.script.append(find_role("role", move.role));
  primitive.script.append(with_connection(local_data_source(around.design.fci.instance), perform));
  primitive.script.append(wait_until_there(move));
  return primitive;
}

Block alter_group(const std::string& group, const char* what) {
  Block block = quote("quoted", literal(group));
  return block.append(execute(sentence({literal("ALTER AVAILABILITY GROUP "), variable("quoted"), literal(what)})));
}

/// $part: of the node's replica in its group.
Block ask_part(const std::string& group, const std::string& node) {
  Block block = find_replica(group, node);
  return block.append(select("part",
                             "SELECT ars.role_desc FROM sys.dm_hadr_availability_replica_states AS ars "
                             "JOIN sys.availability_groups AS ag ON ag.group_id = ars.group_id "
                             "WHERE ars.is_local = 1 AND ag.name = @group",
                             {{"@group", literal(group)}}));
}

}  // namespace

// Groups are not moved by the cluster's own tools, which know nothing of the state of replicas (documentation:
// "Failover clustering and availability groups"). SQL Server refuses where data would be lost.
Primitive fail_over(const cluster::RoleToNode& move, const Surroundings& around) {
  Block perform = ask_part(move.role, move.node);
  perform.when(negate(same(variable("part"), literal("PRIMARY"))), alter_group(move.role, " FAILOVER"));
  return on_new_primary(move, around, perform);
}

Primitive primitive(const cluster::ForceFailover& request, const Surroundings& around) {
  Block perform = ask_part(request.role, request.node);
  perform.when(
      same(variable("part"), literal("PRIMARY")),
      Block().fail(FailureCode::refused, literal(fmt::format("The replica on '{}' is the primary", request.node))));
  perform.append(alter_group(request.role, " FORCE_FAILOVER_ALLOW_DATA_LOSS"));
  return on_new_primary(request, around, perform);
}

Primitive primitive(const cluster::DataMoves& request, const Surroundings& around) {
  Block ask = ask_whether_suspended(request.role, request.node);
  return on_replica(request.node, around, ask.answer(same(variable("suspended"), number(0))));
}

Primitive primitive(const cluster::ResumeDataMovement& request, const Surroundings& around) {
  Block resume = ask_whether_suspended(request.role, request.node);
  resume.when(
      same(variable("suspended"), number(0)),
      Block().fail(FailureCode::refused,
                   literal(fmt::format("The data movement to the replica on '{}' does not stand", request.node))));
  return on_replica(request.node, around, resume.append(execute(literal("ALTER DATABASE SSISDB SET HADR RESUME"))));
}

}  // namespace rehearse::real

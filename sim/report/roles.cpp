#include "sim/report/roles.hpp"

namespace rehearse::sim {
namespace {

using world::ResourceStatus;

/// How often each role got another owner than it had.
std::vector<std::size_t> moves_of(const RunResult& result) {
  std::vector<std::size_t> moves(result.first.groups.size(), 0);
  std::vector<world::HostIndex> owners;
  for (const world::GroupState& role : result.first.groups) owners.push_back(role.owner);
  for (const world::Record& record : result.journal.records) {
    if (record.kind != world::RecordKind::owner_changed) continue;
    const world::GroupIndex group = record.subject.index();
    moves[group] += owners[group] != world::none && owners[group] != record.object;
    owners[group] = record.object;
  }
  return moves;
}

std::vector<RoleNote> notes_of(const RunResult& result, bool further_only) {
  std::vector<RoleNote> notes;
  const world::Blueprint& plan = *result.plan;
  const std::vector<std::size_t> moves = moves_of(result);
  for (world::GroupIndex group = 0; group < plan.groups.size(); ++group) {
    const world::GroupState& role = result.last.groups[group];
    const bool told = group == plan.sql_group || group == plan.master_group;
    if (!role.exists || (further_only && told)) continue;
    notes.push_back({plan.groups[group].name, role.owner == world::none ? "nobody" : plan.hosts[role.owner].name,
                     state_of_role(group, result.last, *result.plan), moves[group]});
  }
  return notes;
}

}  // namespace

std::string state_of_role(world::GroupIndex group, const world::State& state, const world::Blueprint& plan) {
  const world::GroupPlan& parts = plan.groups[group];
  std::size_t counted = 0, online = 0, failed = 0, pending = 0;
  for (world::ResourceIndex index = parts.first; index < parts.first + parts.count; ++index) {
    const ResourceStatus status = state.resources[index].status;
    if (status == ResourceStatus::absent || !world::counts_here(index, state, plan)) continue;
    ++counted;
    online += status == ResourceStatus::online;
    failed += status == ResourceStatus::failed;
    pending += status == ResourceStatus::online_pending || status == ResourceStatus::offline_pending;
  }
  if (pending > 0) return "pending";
  if (online == counted) return "online";
  if (online > 0) return "partially online";
  return failed > 0 ? "failed" : "offline";
}

std::vector<RoleNote> roles_at_end(const RunResult& result) {
  return notes_of(result, false);
}

std::vector<RoleNote> further_roles(const RunResult& result) {
  return notes_of(result, true);
}

}  // namespace rehearse::sim

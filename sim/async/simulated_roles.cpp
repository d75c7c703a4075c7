#include "sim/async/simulated_roles.hpp"

#include <algorithm>

#include "model/endpoint.hpp"
#include "sim/async/simulated_call.hpp"
#include "sim/world/installation.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/replicas.hpp"
#include "sim/world/roles.hpp"

namespace rehearse::sim {

namespace cluster = steps::cluster;
using model::Setting;
using model::Timing;
using steps::Answer;
using steps::FailureCode;
using steps::ResourceProperty;
using steps::ResourceState;
using steps::RoleState;
using world::Condition;
using world::GroupIndex;
using world::none;
using world::ResourceIndex;
using world::ResourceStatus;

namespace {

ResourceState state_of(const world::ResourceState& resource) {
  switch (resource.status) {
    case ResourceStatus::online: return ResourceState::online;
    case ResourceStatus::online_pending: return ResourceState::online_pending;
    case ResourceStatus::offline_pending: return ResourceState::offline_pending;
    case ResourceStatus::failed: return ResourceState::failed;
    case ResourceStatus::offline:
    case ResourceStatus::absent: return ResourceState::offline;
  }
  throw std::logic_error("a resource in no state");
}

}  // namespace

// ------------------------------------------------------------------------------------------------ finding

void OfRoles::require_cluster() const {
  require(state.cluster.created, FailureCode::not_found, "The cluster " + design.cluster.name + " does not exist");
  require(first_active_node() != none, FailureCode::unreachable,
          "The RPC server is unavailable: no node of " + design.cluster.name + " answers");
}

world::HostIndex OfRoles::first_active_node() const {
  for (world::HostIndex node = 0; node < plan.node_count; ++node) {
    if (world.membership().is_active(node) && is_reachable(world, node)) return node;
  }
  return none;
}

GroupIndex OfRoles::role(const std::string& name) const {
  require_cluster();
  const GroupIndex group = plan.find_group(name);
  require(group != none && state.groups[group].exists, FailureCode::not_found,
          "The cluster group '" + name + "' was not found");
  return group;
}

ResourceIndex OfRoles::resource(const std::string& name) const {
  require_cluster();
  const ResourceIndex index = plan.find_resource(name);
  require(index != none && state.resources[index].status != ResourceStatus::absent, FailureCode::not_found,
          "The cluster resource '" + name + "' was not found");
  return index;
}

// ------------------------------------------------------------------------------------------------ questions

Progress OfRoles::operator()(const cluster::Roles&) const {
  require_cluster();
  std::vector<std::string> names;
  for (GroupIndex group = 0; group < plan.groups.size(); ++group) {
    if (state.groups[group].exists) names.push_back(plan.groups[group].name);
  }
  return Answer(std::move(names));
}

Progress OfRoles::operator()(const cluster::QueryRole& request) const {
  const GroupIndex group = role(request.role);
  const world::GroupPlan& parts = plan.groups[group];
  std::size_t count = 0, online = 0, failed = 0;
  for (ResourceIndex index = parts.first; index < parts.first + parts.count; ++index) {
    const ResourceStatus status = state.resources[index].status;
    // An address of another subnet than the owner's does not count (W 6.2).
    count += status != ResourceStatus::absent && world::counts_here(index, state, plan);
    online += status == ResourceStatus::online;
    failed += status == ResourceStatus::failed;
  }
  RoleState result = RoleState::partially_online;  // W 4.1
  if (!world.roles().settled(group))
    result = RoleState::pending;
  else if (online == count)
    result = RoleState::online;
  else if (online == 0)
    result = failed > 0 ? RoleState::failed : RoleState::offline;
  return Answer(to_text(result));
}

Progress OfRoles::operator()(const cluster::RoleOwner& request) const {
  return Answer(plan.hosts[state.groups[role(request.role)].owner].name);
}

Progress OfRoles::operator()(const cluster::Resources& request) const {
  const world::GroupPlan& parts = plan.groups[role(request.role)];
  std::vector<std::string> names;
  for (ResourceIndex index = parts.first; index < parts.first + parts.count; ++index) {
    if (state.resources[index].status != ResourceStatus::absent) names.push_back(plan.resources[index].name);
  }
  return Answer(std::move(names));
}

Progress OfRoles::operator()(const cluster::QueryResource& request) const {
  return Answer(to_text(state_of(state.resources[resource(request.resource)])));
}

Progress OfRoles::operator()(const cluster::Dependencies& request) const {
  const ResourceIndex index = resource(request.resource);
  const ResourceIndex first = plan.groups[plan.resources[index].group].first;
  std::vector<std::string> names;
  world::for_each_bit(state.resources[index].needs.mentioned(),
                      [&](std::uint32_t place) { names.push_back(plan.resources[first + place].name); });
  std::sort(names.begin(), names.end());
  return Answer(std::move(names));
}

std::int64_t OfRoles::property(ResourceIndex index, ResourceProperty which) const {
  if (which == ResourceProperty::restart_action) return state.resources[index].restart_action;
  if (index != plan.sql_resource) refuse_unknown(std::string(to_text(which)) + " of " + plan.resources[index].name);
  if (which == ResourceProperty::failure_condition_level) return plan.parameters()[Setting::failure_condition_level];
  const Duration timeout = plan.parameters().length(Setting::health_check_timeout);
  return std::chrono::duration_cast<std::chrono::milliseconds>(timeout).count();
}

Progress OfRoles::operator()(const cluster::QueryProperty& request) const {
  return Answer(property(resource(request.resource), request.property));
}

// ------------------------------------------------------------------------------------------------ making and setting

Progress OfRoles::operator()(const cluster::SetResourceProperty& request) const {
  const ResourceIndex index = resource(request.resource);
  const bool changes = property(index, request.property) != request.value;
  const bool can_change =
      request.property == ResourceProperty::restart_action && request.value >= 0 && request.value <= 2;
  if (changes && !can_change) {
    refuse_unknown(std::string(to_text(request.property)) + " = " + std::to_string(request.value) +
                   ", which is not the design's");
  }
  if (turn.stage == 0) return pause_for(turn, Timing::small_change, world::resource_id(index));
  if (changes) world.roles().set_restart_action(index, static_cast<int>(request.value), turn.cause);
  return Answer();
}

Progress OfRoles::operator()(const cluster::SetDependencies& request) const {
  const ResourceIndex index = resource(request.resource);
  world::Needs needs;
  for (const std::string& name : request.providers) {
    const ResourceIndex provider = resource(name);
    require(plan.resources[provider].group == plan.resources[index].group && provider != index, FailureCode::refused,
            "The cluster resource '" + name + "' is in another group: a dependency cannot be made");
    needs.all |= plan.place(provider);
  }
  if (turn.stage == 0) return pause_for(turn, Timing::small_change, world::resource_id(index));
  world.roles().set_dependencies(index, needs, turn.cause);
  return Answer();
}

Progress OfRoles::operator()(const cluster::AddGenericService& request) const {
  const GroupIndex group = role(request.role);
  const bool designed = group == plan.resources[plan.master_resource].group && group == plan.sql_group &&
                        model::same_name(request.resource, plan.resources[plan.master_resource].name) &&
                        request.service == design.master_service();
  if (!designed) refuse_unknown("a resource '" + request.resource + "' in " + request.role);
  require(state.resources[plan.master_resource].status == ResourceStatus::absent, FailureCode::conflict,
          "The cluster resource '" + request.resource + "' exists already");
  if (turn.stage == 0) return pause_for(turn, Timing::small_change, world::group_id(group));
  world::Installation(world).add_master_resource(turn.cause);
  world.roles().want_resource(plan.master_resource, false, turn.cause);
  return Answer();
}

Progress OfRoles::operator()(const cluster::CreateRole& request) const {
  require_cluster();
  const auto& designed = design.scale_out.role;
  const bool known = designed && request.role == designed->name && request.dns_host_name == designed->dns_host_name &&
                     request.addresses == designed->addresses && request.service == design.master_service() &&
                     model::same_name(request.resource, plan.resources[plan.master_resource].name);
  if (!known) refuse_unknown("a role '" + request.role + "' with the name " + request.dns_host_name);
  require(!state.groups[plan.master_group].exists, FailureCode::conflict,
          "The cluster group '" + request.role + "' exists already");
  if (turn.stage == 0) return pause_for(turn, Timing::create_role, world::group_id(plan.master_group));
  // A wizard makes the role where it runs; the design's owners are properties of the world from the beginning.
  const world::GroupPlan& made = plan.groups[plan.master_group];
  world::HostIndex owner = first_active_node();
  for (world::HostIndex node = plan.node_count; node-- > 0;) {
    if ((made.policy.possible_owners & world::active_members(state) & world::bit(node)) != 0) owner = node;
  }
  if (!made.policy.preferred_owners.empty()) {
    const auto preferred = static_cast<world::HostIndex>(made.policy.preferred_owners.front());
    if (world.membership().is_active(preferred)) owner = preferred;
  }
  world::Installation(world).create_master_role(owner, turn.cause);
  return Answer();
}

// ------------------------------------------------------------------------------------------------ changing state

Progress OfRoles::operator()(const cluster::OnlineRole& request) const {
  const GroupIndex group = role(request.role);
  if (turn.stage == 0) {
    world.roles().want(group, true, turn.cause);
    return pause_until(turn, Condition::Kind::role_settled, group, request.within);
  }
  require(world.roles().fully_online(group), turn.met ? FailureCode::refused : FailureCode::timed_out,
          "The cluster group '" + request.role + "' is not online");
  return Answer();
}

Progress OfRoles::operator()(const cluster::OnlineResource& request) const {
  const ResourceIndex index = resource(request.resource);
  if (turn.stage == 0) {
    world.roles().want_resource(index, true, turn.cause);
    return pause_until(turn, Condition::Kind::role_settled, plan.resources[index].group, request.within);
  }
  const std::string state_now(to_text(state_of(state.resources[index])));
  require(state.resources[index].status == ResourceStatus::online,
          turn.met ? FailureCode::refused : FailureCode::timed_out,
          "The cluster resource '" + request.resource + "' is " + state_now + ", not online");
  return Answer();
}

Progress OfRoles::operator()(const cluster::OfflineResource& request) const {
  const ResourceIndex index = resource(request.resource);
  if (turn.stage == 0) {
    world.roles().want_resource(index, false, turn.cause);
    return pause_until(turn, Condition::Kind::role_settled, plan.resources[index].group, request.within);
  }
  const std::string state_now(to_text(state_of(state.resources[index])));
  require(state.resources[index].status == ResourceStatus::offline,
          turn.met ? FailureCode::refused : FailureCode::timed_out,
          "The cluster resource '" + request.resource + "' is " + state_now + ", not offline");
  return Answer();
}

Progress OfRoles::operator()(const cluster::OfflineRole& request) const {
  const GroupIndex group = role(request.role);
  if (turn.stage == 0) {
    world.roles().want(group, false, turn.cause);
    return pause_until(turn, Condition::Kind::role_settled, group, request.within);
  }
  const world::GroupPlan& parts = plan.groups[group];
  for (ResourceIndex index = parts.first; index < parts.first + parts.count; ++index) {
    require(!world.roles().active(index), turn.met ? FailureCode::refused : FailureCode::timed_out,
            "The cluster group '" + request.role + "' is not offline: " + plan.resources[index].name + " is not");
  }
  return Answer();
}

Progress OfRoles::operator()(const cluster::FailResource& request) const {
  const ResourceIndex index = resource(request.resource);
  require(world.roles().test_failure(index, turn.cause), FailureCode::refused,
          "The cluster resource '" + request.resource + "' is not online: it cannot fail");
  return Answer();
}

Progress OfRoles::operator()(const cluster::MoveRole& request) const {
  const GroupIndex group = role(request.role);
  const world::HostIndex node = plan.find_host(request.node);
  require(node < plan.node_count, FailureCode::not_found, "The cluster node '" + request.node + "' was not found");
  if (turn.stage == 0) {
    require(world.roles().move(group, node, turn.cause), FailureCode::refused,
            "The cluster node '" + request.node + "' is not up: it cannot own '" + request.role + "'");
    return pause_until(turn, Condition::Kind::role_on, group, request.within, node);
  }
  const std::string owner = plan.hosts[state.groups[group].owner].name;
  require(turn.met, FailureCode::timed_out,
          "The cluster group '" + request.role + "' did not reach " + request.node + "; its owner is " + owner);
  return Answer();
}

Progress OfRoles::operator()(const cluster::MoveRoleToBest& request) const {
  const GroupIndex group = role(request.role);
  if (turn.stage == 0) {
    require(world.roles().move_to_best(group, turn.cause), FailureCode::refused,
            "There is no other node that can own the cluster group '" + request.role + "'");
    return pause_until(turn, Condition::Kind::role_settled, group, request.within);
  }
  require(turn.met, FailureCode::timed_out, "The cluster group '" + request.role + "' is still on its way");
  return Answer();
}

// ------------------------------------------------------------------------------------------------ replicas

world::HostIndex OfRoles::replica(const std::string& name, const std::string& node) const {
  const GroupIndex group = role(name);
  const world::HostIndex host = plan.find_host(node);
  const bool known = group == plan.sql_group && host < plan.node_count && (plan.replicas & world::bit(host)) != 0;
  require(known, FailureCode::not_found, "The availability group '" + name + "' has no replica on '" + node + "'");
  return host;
}

Progress OfRoles::operator()(const cluster::ForceFailover& request) const {
  const world::HostIndex node = replica(request.role, request.node);
  if (turn.stage == 0) {
    require(
        world.replicas().force_failover(node, turn.cause), FailureCode::refused,
        "The replica on '" + request.node + "' cannot be forced: its SQL Server does not run, or it is the primary");
    return pause_until(turn, Condition::Kind::role_on, plan.sql_group, request.within, node);
  }
  require(turn.met && world.roles().fully_online(plan.sql_group),
          turn.met ? FailureCode::refused : FailureCode::timed_out,
          "The availability group '" + request.role + "' did not come online on '" + request.node + "'");
  return Answer();
}

Progress OfRoles::operator()(const cluster::DataMoves& request) const {
  const world::HostIndex node = replica(request.role, request.node);
  return Answer((state.availability.suspended & world::bit(node)) == 0);
}

Progress OfRoles::operator()(const cluster::ResumeDataMovement& request) const {
  const world::HostIndex node = replica(request.role, request.node);
  require(world.replicas().resume_data_movement(node, turn.cause), FailureCode::refused,
          "The replica on '" + request.node + "' cannot resume: its SQL Server does not run, or nothing stands there");
  return Answer();
}

}  // namespace rehearse::sim

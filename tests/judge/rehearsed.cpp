#include "rehearsed.hpp"

#include <memory>
#include <stdexcept>

#include "model/design_reader.hpp"
#include "sim/world/installation.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/roles.hpp"

namespace rehearse::judge {
namespace {

using namespace std::chrono_literals;
using Kind = Happening::Kind;
using world::RecordKind;

// Longer than any of these reactions takes at the median, and much shorter than RestartPeriod.
constexpr Duration reaction = 2min;
constexpr Duration boot_and_join = 15min;

model::ResourceType type_of(const std::string& name) {
  if (name.find("Disk") != std::string::npos) return model::ResourceType::disk;
  if (name.find("Ip") != std::string::npos) return model::ResourceType::address;
  if (name.find("Name") != std::string::npos) return model::ResourceType::name;
  return model::ResourceType::generic_service;
}

model::Role role_of(const Role& told, int& next_address) {
  model::Role role;
  role.name = told.name;
  role.settings.preferred_owners = told.preferred_owners;
  role.settings.possible_owners = told.possible_owners;
  role.settings.failback = told.failback;
  if (!told.avoids.empty()) role.settings.anti_affinity = {told.avoids};
  for (const Resource& one : told.resources) {
    model::RoleResource resource;
    resource.name = one.name;
    resource.type = type_of(one.name);
    resource.depends_on = one.needs;
    if (resource.type == model::ResourceType::address) resource.address = "10.0.0." + std::to_string(next_address++);
    resource.settings.restart_threshold = one.restart_threshold;
    resource.settings.restart_period = 15min;
    resource.settings.restart_action = one.restarts ? 2 : 0;
    role.resources.push_back(std::move(resource));
  }
  return role;
}

/// The shipped reference cluster with the case's nodes and roles, and without work.
model::Design design_of(const Case& cluster) {
  const auto read = model::read_design_file(std::string(REHEARSE_SOURCE_DIR) + "/scenarios/designs/reference.json");
  if (!read.design) throw std::runtime_error("the shipped reference design is not readable");
  model::Design design = *read.design;
  const model::Node like = design.cluster.nodes.front();
  design.cluster.nodes.clear();
  for (const std::string& name : cluster.nodes) {
    design.cluster.nodes.push_back(like);
    design.cluster.nodes.back().name = name;
  }
  design.scale_out.master.settings_by_node.clear();
  for (model::Certificate& certificate : design.certificates) certificate.installed.clear();
  design.batches.clear();
  int next_address = 100;
  for (const Role& told : cluster.roles) design.cluster.roles.push_back(role_of(told, next_address));
  design.parameters.set(model::Setting::enforced_anti_affinity, cluster.hard_anti_affinity ? 1 : 0,
                        model::Origin::given, "the case");
  return design;
}

bool is_told(const Case& cluster, const std::string& resource) {
  for (const Role& role : cluster.roles) {
    for (const Resource& one : role.resources) {
      if (one.name == resource) return true;
    }
  }
  return false;
}

/// A stop is the end of something that was up, in order or terminated; a failure or a node's death is none.
void read_operations(const Case& cluster, const world::Blueprint& plan, const world::Journal& journal,
                     std::set<std::string> up, Outcome& outcome) {
  for (const world::Record& record : journal.records) {
    if (record.subject.part() != world::Part::resource) continue;
    const std::string& name = plan.resources[record.subject.index()].name;
    if (!is_told(cluster, name)) continue;
    if (record.kind == RecordKind::resource_online) {
      outcome.starts.push_back(name);
      up.insert(name);
    } else if (record.kind == RecordKind::resource_offline || record.kind == RecordKind::resource_terminated) {
      if (up.erase(name) != 0) outcome.stops.push_back(name);
    } else if (record.kind == RecordKind::resource_failed) {
      up.erase(name);
    }
  }
}

Duration length_of(Kind kind) {
  if (kind == Kind::node_back) return boot_and_join;
  return kind == Kind::ten_minutes_pass ? Duration(10min) : reaction;
}

}  // namespace

RehearsedCluster::RehearsedCluster(const Case& cluster)
    : cluster_(cluster),
      world_(std::make_shared<const world::Blueprint>(design_of(cluster),
                                                      model::parse_date("2027-03-01T00:00:00Z").value(), 24h),
             world::Time(-2h), world::Pace::median) {
  world::Installation(world_).finish();
  world_.run_until(world::Time(-1h));
  const world::Blueprint& plan = world_.plan();
  for (const Role& role : cluster_.roles) {
    world_.roles().move(plan.find_group(role.name), plan.find_host(role.owner), 0);
  }
  world_.run_until(core::at_start);
  const Outcome outcome = read({}, {});
  for (const Role& role : cluster_.roles) {
    const bool online = world_.roles().fully_online(plan.find_group(role.name));
    if (outcome.owners.at(role.name) == role.owner && online) continue;
    throw std::runtime_error(cluster_.name + " does not begin as told: " + account(cluster_, outcome));
  }
  world_.begin(core::Key{1, 0});
}

Outcome RehearsedCluster::let(const Happening& happening) {
  std::set<std::string> up;
  for (const auto& [resource, node] : read({}, {}).online) up.insert(resource);
  world::Journal journal;
  world_.engine().write_to(&journal);
  tell(happening);
  world_.run_until(world_.now() + length_of(happening.kind));
  world_.engine().write_to(nullptr);
  return read(journal, std::move(up));
}

void RehearsedCluster::tell(const Happening& happening) {
  world::Roles roles = world_.roles();
  world::Membership membership = world_.membership();
  const world::HostIndex node = world_.plan().find_host(happening.what);
  const world::GroupIndex group = world_.plan().find_group(happening.what);
  const world::ResourceIndex resource = world_.plan().find_resource(happening.what);
  bool heard = true;
  switch (happening.kind) {
    case Kind::node_lost: membership.lose_power(node, 0); break;
    case Kind::node_back: membership.boot(node, 0); break;
    case Kind::node_drained: heard = membership.pause(node, true, 0); break;
    case Kind::node_resumed: heard = membership.resume(node, world::Membership::Failback::policy, 0); break;
    case Kind::resource_fails: heard = roles.test_failure(resource, 0); break;
    case Kind::resource_stopped: roles.want_resource(resource, false, 0); break;
    case Kind::resource_started: roles.want_resource(resource, true, 0); break;
    case Kind::role_stopped: roles.want(group, false, 0); break;
    case Kind::role_started: roles.want(group, true, 0); break;
    case Kind::role_moved: heard = roles.move(group, world_.plan().find_host(happening.where), 0); break;
    case Kind::ten_minutes_pass: break;
  }
  if (!heard) throw std::runtime_error(cluster_.name + ": the cluster refuses that " + to_text(happening));
}

Outcome RehearsedCluster::read(const world::Journal& journal, std::set<std::string> up) const {
  const world::Blueprint& plan = world_.plan();
  Outcome outcome;
  read_operations(cluster_, plan, journal, std::move(up), outcome);
  for (const Role& role : cluster_.roles) {
    const world::HostIndex owner = world_.state().groups[plan.find_group(role.name)].owner;
    const bool held = owner != world::none && world::is_active_member(owner, world_.state());
    outcome.owners[role.name] = held ? plan.hosts[owner].name : "";
    for (const Resource& one : role.resources) {
      const auto status = world_.state().resources[plan.find_resource(one.name)].status;
      if (held && status == world::ResourceStatus::online) outcome.online[one.name] = plan.hosts[owner].name;
    }
  }
  return outcome;
}

std::vector<Outcome> rehearse_case(const Case& cluster) {
  RehearsedCluster rehearsed(cluster);
  std::vector<Outcome> outcomes;
  for (const Happening& happening : cluster.happenings) outcomes.push_back(rehearsed.let(happening));
  return outcomes;
}

}  // namespace rehearse::judge

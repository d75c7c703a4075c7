#include "sim/report/tracks.hpp"

#include <stdexcept>
#include <utility>

namespace rehearse::sim {
namespace {

using world::Record;
using world::State;
using Kind = Track::Kind;

/// Every part of a run, with how it is looked at.
class Parts {
 public:
  explicit Parts(const world::Blueprint& plan, std::size_t replicas) : plan_(plan) {
    add_cluster(replicas);
    add_machines();
  }

  std::vector<WatchedPart> watched;
  std::vector<std::string> names;  // of them

 private:
  template <class Look>
  void add(Kind kind, std::uint32_t number, std::string name, Look look) {
    watched.push_back({std::move(look), {{kind, number}}});
    // What a role or a resource is may follow from what its owner is.
    const bool has_owner = kind == Kind::role || kind == Kind::resource;
    for (world::HostIndex node = 0; has_owner && node < plan_.node_count; ++node) {
      watched.back().told_by.push_back({Kind::node, node});
    }
    names.push_back(std::move(name));
  }

  void add_cluster(std::size_t replicas) {
    const std::string& cluster = plan_.design().cluster.name;
    add(Kind::cluster, 0, cluster.empty() ? "cluster" : cluster,
        [this](const State& state) { return cluster_status(state, plan_); });
    for (world::HostIndex node = 0; node < plan_.node_count; ++node) {
      add(Kind::node, node, plan_.hosts[node].name,
          [this, node](const State& state) { return node_status(node, state, plan_); });
    }
    for (world::HostIndex node = 0; node < replicas; ++node) {
      add(Kind::replica, node, plan_.hosts[node].name,
          [node](const State& state) { return replica_status(node, state); });
    }
    for (world::GroupIndex role = 0; role < plan_.groups.size(); ++role) {
      add(Kind::role, role, plan_.groups[role].name,
          [this, role](const State& state) { return role_status(role, state, plan_); });
    }
    for (world::ResourceIndex resource = 0; resource < plan_.resources.size(); ++resource) {
      add(Kind::resource, resource, plan_.resources[resource].name,
          [this, resource](const State& state) { return resource_status(resource, state, plan_); });
    }
    add(Kind::instance, 0, "SSISDB", [this](const State& state) { return instance_status(state, plan_); });
    for (world::HostIndex node = 0; node < plan_.node_count; ++node) {
      add(Kind::master, node, plan_.hosts[node].name,
          [node](const State& state) { return master_on_status(node, state); });
    }
  }

  void add_machines() {
    for (world::WorkerIndex worker = 0; worker < plan_.workers.size(); ++worker) {
      add(Kind::worker, worker, plan_.workers[worker].name,
          [this, worker](const State& state) { return worker_status(worker, state, plan_); });
    }
    for (world::HostIndex host = plan_.node_count; host < plan_.hosts.size(); ++host) {
      add(Kind::machine, host, plan_.hosts[host].name,
          [host](const State& state) { return machine_status(host, state); });
    }
  }

  const world::Blueprint& plan_;
};

}  // namespace

std::string_view to_text(Kind kind) {
  switch (kind) {
    case Kind::cluster: return "cluster";
    case Kind::node: return "node";
    case Kind::replica: return "replica";
    case Kind::role: return "role";
    case Kind::resource: return "resource";
    case Kind::instance: return "instance";
    case Kind::master: return "master";
    case Kind::worker: return "worker";
    case Kind::machine: return "machine";
  }
  throw std::logic_error("no such kind of track");
}

Tracks::Tracks(const RunResult& run) : places_(PartKey::kinds) {
  const world::Blueprint& plan = *run.plan;
  Parts parts(plan, run.first.replicas.size());
  std::vector<std::vector<Stretch>> stretches = watch_parts(run, parts.watched);
  for (std::size_t index = 0; index < stretches.size(); ++index) {
    if (stretches[index].empty()) continue;
    const auto [kind, number] = parts.watched[index].told_by.front();
    auto& places = places_[static_cast<std::size_t>(kind)];
    if (places.size() <= number) places.resize(number + 1);
    places[number] = tracks_.size();
    const bool in_role = kind == Kind::resource;
    tracks_.push_back({kind, std::move(parts.names[index]),
                       in_role ? plan.groups[plan.resources[number].group].name : std::string(),
                       std::move(stretches[index])});
  }
}

std::optional<std::size_t> Tracks::of(const Record& record) const {
  // Nodes are numbered before all other machines, so a number that has a node's track is a node's.
  const auto& nodes = places_[static_cast<std::size_t>(Kind::node)];
  const auto told = told_of(record, static_cast<std::uint32_t>(nodes.size()));
  if (!told) return std::nullopt;
  const auto& places = places_[static_cast<std::size_t>(told->kind)];
  return told->number < places.size() ? places[told->number] : std::nullopt;
}

}  // namespace rehearse::sim

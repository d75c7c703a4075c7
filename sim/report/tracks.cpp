#include "sim/report/tracks.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <stdexcept>
#include <utility>

namespace rehearse::sim {
namespace {

using core::Time;
using world::Part;
using world::Record;
using world::RecordId;
using world::RecordKind;
using world::State;
using Kind = Track::Kind;

constexpr std::size_t kind_count = static_cast<std::size_t>(Kind::machine) + 1;

/// Which part a record tells of, by kind and number.
std::optional<std::pair<Kind, std::uint32_t>> told_of(const Record& record, std::uint32_t node_count) {
  const std::uint32_t index = record.subject.index();
  switch (record.kind) {
    case RecordKind::master_started:
    case RecordKind::master_ended:
    case RecordKind::master_hung:
    case RecordKind::master_connected:
    case RecordKind::master_cannot_connect:
    case RecordKind::master_disconnected:
    case RecordKind::master_last_online: return std::pair(Kind::master, index);
    case RecordKind::replica_starting:
    case RecordKind::replica_started:
    case RecordKind::replica_role_changed:
    case RecordKind::replica_session:
    case RecordKind::replica_synchronized:
    case RecordKind::data_movement_resumed: return std::pair(Kind::replica, index);
    default: break;
  }
  switch (record.subject.part()) {
    case Part::cluster: return std::pair(Kind::cluster, 0U);
    case Part::host: return std::pair(index < node_count ? Kind::node : Kind::machine, index);
    case Part::group: return std::pair(Kind::role, index);
    case Part::resource: return std::pair(Kind::resource, index);
    case Part::instance: return std::pair(Kind::instance, 0U);
    case Part::worker: return std::pair(Kind::worker, index);
    case Part::batch:
    case Part::task:
    case Part::certificate:
    case Part::site: break;
  }
  return std::nullopt;
}

/// A part while the journal is replayed.
struct Watched {
  Kind kind;
  std::uint32_t number;
  std::string name;
  std::function<Status(const State&)> look;
  Status now{};
  Time since{};
  RecordId by = 0;
  std::vector<Stretch> stretches{};

  void close(Time until) {
    if (!now.state.empty() && until > since) stretches.push_back({since, until, now.tone, now.state, by});
  }
};

class Watch {
 public:
  explicit Watch(const RunResult& run) : run_(run), plan_(*run.plan), state_(run.first) {
    watch_cluster();
    watch_machines();
    for (Watched& one : watched_) one.now = one.look(state_);
    stale_.resize(watched_.size());
  }

  std::vector<Watched> watched() {
    RecordId id = run_.journal.first;
    for (const Record& record : run_.journal.records) {
      if (record.at > now_) look_again();
      now_ = record.at;
      world::apply(state_, record, plan_);
      note(record, id++);
    }
    look_again();
    for (Watched& one : watched_) one.close(run_.end);
    return std::move(watched_);
  }

 private:
  template <class Look>
  void add(Kind kind, std::uint32_t number, std::string name, Look look) {
    watched_.push_back({kind, number, std::move(name), std::move(look)});
  }

  void watch_cluster() {
    const std::string& cluster = plan_.design().cluster.name;
    add(Kind::cluster, 0, cluster.empty() ? "cluster" : cluster,
        [this](const State& state) { return cluster_status(state, plan_); });
    for (world::HostIndex node = 0; node < plan_.node_count; ++node) {
      add(Kind::node, node, plan_.hosts[node].name,
          [this, node](const State& state) { return node_status(node, state, plan_); });
    }
    for (world::HostIndex node = 0; node < run_.first.replicas.size(); ++node) {
      add(Kind::replica, node, plan_.hosts[node].name,
          [node](const State& state) { return replica_status(node, state); });
    }
    for (world::GroupIndex role = 0; role < plan_.groups.size(); ++role) {
      add(Kind::role, role, plan_.groups[role].name,
          [this, role](const State& state) { return role_status(role, state, plan_); });
    }
    for (world::ResourceIndex resource = 0; resource < plan_.resources.size(); ++resource) {
      add(Kind::resource, resource, plan_.resources[resource].name,
          [resource](const State& state) { return resource_status(resource, state); });
    }
    add(Kind::instance, 0, "SSISDB", [this](const State& state) { return instance_status(state, plan_); });
    for (world::HostIndex node = 0; node < plan_.node_count; ++node) {
      add(Kind::master, node, plan_.hosts[node].name,
          [node](const State& state) { return master_on_status(node, state); });
    }
  }

  void watch_machines() {
    first_worker_ = watched_.size();
    for (world::WorkerIndex worker = 0; worker < plan_.workers.size(); ++worker) {
      add(Kind::worker, worker, plan_.workers[worker].name,
          [this, worker](const State& state) { return worker_status(worker, state, plan_); });
    }
    for (world::HostIndex host = plan_.node_count; host < plan_.hosts.size(); ++host) {
      add(Kind::machine, host, plan_.hosts[host].name,
          [host](const State& state) { return machine_status(host, state); });
    }
  }

  /// Which parts the record may have changed. What befalls a worker's machine or SSISDB is told by records about those.
  void note(const Record& record, RecordId id) {
    const auto told = told_of(record, plan_.node_count);
    if (!told) return;
    latest_[*told] = id;
    latest_of_all_ = id;
    if (told->first != Kind::worker) {
      all_stale_ = true;
      return;
    }
    // Others may share its row of worker_agents.
    stale_[first_worker_ + told->second] = true;
    stale_[first_worker_ + plan_.workers[told->second].row] = true;
  }

  /// The instant is over: what it made of the parts.
  void look_again() {
    for (std::size_t index = 0; index < watched_.size(); ++index) {
      if (!all_stale_ && !stale_[index]) continue;
      Watched& one = watched_[index];
      Status status = one.look(state_);
      if (status == one.now) continue;
      one.close(now_);
      const auto own = latest_.find({one.kind, one.number});
      one.by = own == latest_.end() ? latest_of_all_ : own->second;
      one.since = now_;
      one.now = std::move(status);
    }
    std::fill(stale_.begin(), stale_.end(), false);
    all_stale_ = false;
    latest_.clear();
  }

  const RunResult& run_;
  const world::Blueprint& plan_;
  State state_;
  std::vector<Watched> watched_;
  std::size_t first_worker_ = 0;
  std::vector<bool> stale_;
  bool all_stale_ = false;
  std::map<std::pair<Kind, std::uint32_t>, RecordId> latest_;  // of this instant, by part
  RecordId latest_of_all_ = 0;
  Time now_ = core::at_start;
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

Tracks::Tracks(const RunResult& run) : places_(kind_count) {
  for (Watched& one : Watch(run).watched()) {
    if (one.stretches.empty()) continue;
    auto& places = places_[static_cast<std::size_t>(one.kind)];
    if (places.size() <= one.number) places.resize(one.number + 1);
    places[one.number] = tracks_.size();
    const world::Blueprint& plan = *run.plan;
    const bool in_role = one.kind == Kind::resource;
    tracks_.push_back({one.kind, std::move(one.name),
                       in_role ? plan.groups[plan.resources[one.number].group].name : std::string(),
                       std::move(one.stretches)});
  }
}

std::optional<std::size_t> Tracks::of(const Record& record) const {
  // Nodes are numbered before all other machines, so a number that has a node's track is a node's.
  const auto& nodes = places_[static_cast<std::size_t>(Kind::node)];
  const auto told = told_of(record, static_cast<std::uint32_t>(nodes.size()));
  if (!told) return std::nullopt;
  const auto& places = places_[static_cast<std::size_t>(told->first)];
  return told->second < places.size() ? places[told->second] : std::nullopt;
}

}  // namespace rehearse::sim

// What state a part of the system is in, in a word and a tone, read off the state of the world alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/world/blueprint.hpp"
#include "sim/world/state.hpp"

namespace rehearse::sim {

/// What a state means, whatever part it is of: charts have a colour for each.
enum class Tone : std::uint8_t { good, changing, limited, bad, idle, count_ };
/// "in service", "changing", "limited", "out", "not wanted".
std::string_view to_text(Tone tone);

struct Status {
  Tone tone = Tone::idle;
  std::string state;  // "online on SQL2"; empty: the part is not there
  std::string label;  // short, to be written on a bar: "SQL2"; empty: none
  friend bool operator==(const Status&, const Status&) = default;
};

/// Whether a quorum stands and who is in it.
Status cluster_status(const world::State& state, const world::Blueprint& plan);
Status node_status(world::HostIndex node, const world::State& state, const world::Blueprint& plan);
/// Of a machine that is no node.
Status machine_status(world::HostIndex host, const world::State& state);
/// What the cluster database says of a role, or of its resources below, counts only as long as its owner is active:
/// when a node dies nobody changes it until the others notice.
Status role_status(world::GroupIndex role, const world::State& state, const world::Blueprint& plan);
Status resource_status(world::ResourceIndex resource, const world::State& state, const world::Blueprint& plan);
Status replica_status(world::HostIndex node, const world::State& state);
/// The process of SQL Server, and SSISDB in it.
Status instance_status(const world::State& state, const world::Blueprint& plan);
/// The Scale Out Master's process on one node.
Status master_on_status(world::HostIndex node, const world::State& state);
/// The Scale Out Master, wherever its process is.
Status master_status(const world::State& state, const world::Blueprint& plan);
Status worker_status(world::WorkerIndex worker, const world::State& state, const world::Blueprint& plan);
/// Of many workers: how many of them take packages.
Status workers_status(const std::vector<world::WorkerIndex>& workers, const world::State& state,
                      const world::Blueprint& plan);

}  // namespace rehearse::sim

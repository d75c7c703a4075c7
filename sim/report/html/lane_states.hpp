// What state a part of the system is in, in a word and a tone, read off the state of the world alone.
#pragma once

#include <string>
#include <vector>

#include "sim/report/html/lanes.hpp"

namespace rehearse::sim::html {

struct Status {
  Tone tone = Tone::idle;
  std::string state;  // empty: the part is not there
  std::string label;
  friend bool operator==(const Status&, const Status&) = default;
};

Status node_status(world::HostIndex node, const world::State& state, const world::Blueprint& plan);
Status role_status(world::GroupIndex role, const world::State& state, const world::Blueprint& plan);
Status resource_status(world::ResourceIndex resource, const world::State& state);
Status replica_status(world::HostIndex node, const world::State& state);
/// The Scale Out Master, wherever its process is.
Status master_status(const world::State& state, const world::Blueprint& plan);
Status worker_status(world::WorkerIndex worker, const world::State& state, const world::Blueprint& plan);
/// Of many workers: how many of them take packages.
Status workers_status(const std::vector<world::WorkerIndex>& workers, const world::State& state,
                      const world::Blueprint& plan);

}  // namespace rehearse::sim::html

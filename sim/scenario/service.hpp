// The services whose outages are told, and whether one is there for its clients, read off a state alone (behaviour.md
// 10): the client is a new connection from the workers' network.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "sim/world/blueprint.hpp"
#include "sim/world/state.hpp"

namespace rehearse::sim {

struct Service {
  enum class Kind : std::uint8_t { sql_server, ssisdb, scale_out_master, worker, package_execution };
  Kind kind = Kind::sql_server;
  world::WorkerIndex worker = world::none;  // of Kind::worker
  friend bool operator==(const Service&, const Service&) = default;
};
/// "sql_server", "ssisdb", "scale_out_master", "package_execution", and for a worker "worker WRK1".
std::string name_of(const Service& service, const world::Blueprint& plan);
std::vector<Service> services_of(const world::Blueprint& plan);

/// Whether the service is there for its clients in this state.
bool is_up(const Service& service, const world::State& state, const world::Blueprint& plan);

/// The same for a client that stands on that machine, as client_machine says.
bool is_up(const Service& service, world::HostIndex client, const world::State& state, const world::Blueprint& plan);

/// The worker would pick up a ready execution if it had a free slot and SSISDB were there.
bool takes_packages(world::WorkerIndex worker, const world::State& state, const world::Blueprint& plan);

/// The side of the partitions and the site where a worker's machine that runs and has its card up stands; nullopt: it
/// does not.
struct ClientPlace {
  std::uint64_t side = 0;
  world::SiteIndex site = world::none;
  friend auto operator<=>(const ClientPlace&, const ClientPlace&) = default;
};
std::optional<ClientPlace> client_place(world::WorkerIndex worker, const world::State& state,
                                        const world::Blueprint& plan);

/// Where clients stand: the machine of the first worker at the place where most of them are; none: nowhere.
world::HostIndex client_machine(const world::State& state, const world::Blueprint& plan);

}  // namespace rehearse::sim

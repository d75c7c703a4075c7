// Whether each service is there, kept while a journal is replayed: after a record only those services are asked again
// that it can have changed. So a journal of a million executions on ten thousand workers is followed in a time that
// grows with its length alone.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "sim/scenario/service.hpp"
#include "sim/world/record.hpp"

namespace rehearse::sim {

class ServiceWatch {
 public:
  /// Services by their places in services_of(plan).
  using Index = std::size_t;

  /// Asks every service. Both must outlive the watch, and the state changes beside it.
  ServiceWatch(const world::State& state, const world::Blueprint& plan);

  /// The record has been applied to the state.
  void applied(const world::Record& record);
  /// The services whose answer the latest record changed.
  const std::vector<Index>& turned() const { return turned_; }

  const std::vector<Service>& services() const { return services_; }
  bool up(Index service) const { return up_[service]; }
  static constexpr Index of_worker(world::WorkerIndex worker) { return first_worker + worker; }

 private:
  static constexpr Index sql_server = 0, ssisdb = 1, master = 2, first_worker = 3;

  void turn(Index service, bool up);
  void ask(Index service);
  void ask_worker(world::WorkerIndex worker);
  void ask_instance();
  void ask_packages();
  void place(world::WorkerIndex worker);
  world::HostIndex crowded_machine() const;
  void applied_to_host(world::HostIndex host);
  void applied_to_worker(world::WorkerIndex worker);

  const world::State& state_;
  const world::Blueprint& plan_;
  std::vector<Service> services_;
  std::vector<bool> up_;
  std::vector<Index> turned_;

  std::vector<bool> takes_packages_;                         // by worker
  std::size_t takers_ = 0;                                   // how many of them do
  std::vector<std::vector<world::WorkerIndex>> workers_at_;  // by host
  std::vector<std::vector<world::WorkerIndex>> sharers_;     // by worker: those that share its row of worker_agents
  std::vector<std::optional<ClientPlace>> place_of_;         // by worker
  std::map<ClientPlace, std::set<world::WorkerIndex>> places_;
  world::HostIndex client_ = world::none;  // as client_machine says
};

}  // namespace rehearse::sim

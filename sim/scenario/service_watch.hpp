// Whether each service is there, kept while a journal is replayed: after a record only those services are asked again
// that it can have changed. So a journal of a million executions on ten thousand workers is followed in a time that
// grows with its length alone. A watch is a value: a copy goes on over the same state.
#pragma once

#include <cstdint>
#include <memory>
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
  void applied(const world::Record& record) {
    note(record);
    look();
  }
  /// The same for several records, of which only what they come to together counts: each is noted, then looked once.
  void note(const world::Record& record);
  void look();
  /// The services whose answer the latest look found changed.
  const std::vector<Index>& turned() const { return turned_; }

  const std::vector<Service>& services() const { return tables_->services; }
  bool up(Index service) const { return up_[service] != 0; }
  static constexpr Index of_worker(world::WorkerIndex worker) { return first_worker + worker; }

 private:
  static constexpr Index sql_server = 0, ssisdb = 1, master = 2, first_worker = 3;

  /// What never changes. Copies share it.
  struct Tables {
    std::vector<Service> services;
    std::vector<std::vector<world::WorkerIndex>> workers_at;  // by host
    std::vector<std::vector<world::WorkerIndex>> sharers;     // by worker: those that share its row of worker_agents
  };
  static std::shared_ptr<const Tables> tables_of(const world::Blueprint& plan);

  /// Machines from which clients could look, and how many there are.
  struct CrowdedPlace {
    ClientPlace place;
    std::size_t workers = 0;
  };

  void turn(Index service, bool up);
  void ask(Index service);
  void ask_worker(world::WorkerIndex worker);
  void place(world::WorkerIndex worker);
  void count(const ClientPlace& place, int change);
  world::HostIndex crowded_machine() const;

  const world::State* state_;
  const world::Blueprint* plan_;
  std::shared_ptr<const Tables> tables_;
  std::vector<unsigned char> up_;
  std::vector<Index> turned_;

  std::vector<unsigned char> takes_packages_;         // by worker
  std::size_t takers_ = 0;                            // how many of them do
  std::vector<std::optional<ClientPlace>> place_of_;  // by worker
  std::vector<CrowdedPlace> places_;                  // in their order
  world::HostIndex client_ = world::none;             // as client_machine says

  // Noted and not yet looked at.
  bool any_noted_ = false, all_workers_noted_ = false, instance_noted_ = false;
  std::vector<world::HostIndex> machines_noted_;  // of workers
  std::vector<world::WorkerIndex> workers_noted_;
};

}  // namespace rehearse::sim

#include "sim/scenario/service_watch.hpp"

#include <algorithm>

namespace rehearse::sim {
namespace {

using world::HostIndex;
using world::Part;
using world::Record;
using world::RecordKind;
using world::WorkerIndex;

/// What nodes tell each other about themselves changes nothing for clients until something else follows from it.
bool is_talk_of_nodes(RecordKind kind) {
  return kind == RecordKind::peer_silent || kind == RecordKind::peer_heard || kind == RecordKind::regroup_done;
}

}  // namespace

std::shared_ptr<const ServiceWatch::Tables> ServiceWatch::tables_of(const world::Blueprint& plan) {
  Tables tables;
  tables.services = services_of(plan);
  tables.workers_at.resize(plan.hosts.size());
  tables.sharers.resize(plan.workers.size());
  for (WorkerIndex worker = 0; worker < plan.workers.size(); ++worker) {
    tables.workers_at[plan.workers[worker].host].push_back(worker);
    tables.sharers[plan.workers[worker].row].push_back(worker);
  }
  return std::make_shared<const Tables>(std::move(tables));
}

ServiceWatch::ServiceWatch(const world::State& state, const world::Blueprint& plan)
    : state_(&state),
      plan_(&plan),
      tables_(tables_of(plan)),
      up_(tables_->services.size()),
      takes_packages_(plan.workers.size()),
      place_of_(plan.workers.size()) {
  for (WorkerIndex worker = 0; worker < plan.workers.size(); ++worker) place(worker);
  client_ = crowded_machine();
  any_noted_ = all_workers_noted_ = instance_noted_ = true;
  look();
  turned_.clear();
}

void ServiceWatch::note(const Record& record) {
  const std::uint32_t index = record.subject.index();
  switch (record.subject.part()) {
    case Part::batch:
    case Part::task:
    case Part::certificate: return;
    case Part::worker:
      workers_noted_.push_back(index);
      for (const WorkerIndex sharer : tables_->sharers[index]) {
        if (sharer != index) workers_noted_.push_back(sharer);
      }
      break;
    case Part::host:
      if (is_talk_of_nodes(record.kind)) return;
      if (index < plan_->node_count) {
        all_workers_noted_ = instance_noted_ = true;  // any worker may be connected to it
      } else {
        machines_noted_.push_back(index);
      }
      break;
    case Part::site: all_workers_noted_ = instance_noted_ = true; break;
    case Part::cluster:
    case Part::group:
    case Part::resource:
    case Part::instance: instance_noted_ = true; break;
  }
  any_noted_ = true;
}

void ServiceWatch::look() {
  turned_.clear();
  if (!any_noted_) return;
  for (const HostIndex host : machines_noted_) {
    for (const WorkerIndex worker : tables_->workers_at[host]) {
      place(worker);
      if (!all_workers_noted_) ask_worker(worker);
    }
  }
  if (!machines_noted_.empty()) {
    const HostIndex before = client_;
    client_ = crowded_machine();
    const bool clients_change =
        std::find(machines_noted_.begin(), machines_noted_.end(), client_) != machines_noted_.end();
    instance_noted_ = instance_noted_ || client_ != before || clients_change;
  }
  if (all_workers_noted_) {
    for (WorkerIndex worker = 0; worker < place_of_.size(); ++worker) ask_worker(worker);
  } else {
    for (const WorkerIndex worker : workers_noted_) ask_worker(worker);
  }
  if (instance_noted_) {
    ask(sql_server);
    ask(ssisdb);
  }
  ask(master);  // clients are told what workers are told
  turn(up_.size() - 1, up(ssisdb) && takers_ > 0);
  any_noted_ = all_workers_noted_ = instance_noted_ = false;
  machines_noted_.clear();
  workers_noted_.clear();
}

void ServiceWatch::turn(Index service, bool up) {
  if (this->up(service) == up) return;
  up_[service] = up ? 1 : 0;
  turned_.push_back(service);
}

void ServiceWatch::ask(Index service) {
  turn(service, is_up(tables_->services[service], client_, *state_, *plan_));
}

void ServiceWatch::ask_worker(WorkerIndex worker) {
  ask(of_worker(worker));
  const bool takes = sim::takes_packages(worker, *state_, *plan_);
  if (takes == (takes_packages_[worker] != 0)) return;
  takes_packages_[worker] = takes ? 1 : 0;
  takers_ = takes ? takers_ + 1 : takers_ - 1;
}

void ServiceWatch::place(WorkerIndex worker) {
  const std::optional<ClientPlace> now = client_place(worker, *state_, *plan_);
  std::optional<ClientPlace>& before = place_of_[worker];
  if (now == before) return;
  if (before) count(*before, -1);
  if (now) count(*now, 1);
  before = now;
}

void ServiceWatch::count(const ClientPlace& place, int change) {
  auto found =
      std::lower_bound(places_.begin(), places_.end(), place,
                       [](const CrowdedPlace& crowded, const ClientPlace& wanted) { return crowded.place < wanted; });
  if (found == places_.end() || place < found->place) found = places_.insert(found, {place, 0});
  found->workers += static_cast<std::size_t>(change);
}

/// Of places with equally many the first in their order, as client_machine has it.
HostIndex ServiceWatch::crowded_machine() const {
  const CrowdedPlace* most = nullptr;
  for (const CrowdedPlace& crowded : places_) {
    if (crowded.workers > (most == nullptr ? 0 : most->workers)) most = &crowded;
  }
  if (most == nullptr) return world::none;
  for (WorkerIndex worker = 0; worker < place_of_.size(); ++worker) {
    if (place_of_[worker] == most->place) return plan_->workers[worker].host;
  }
  return world::none;
}

}  // namespace rehearse::sim

#include "sim/scenario/service_watch.hpp"

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

ServiceWatch::ServiceWatch(const world::State& state, const world::Blueprint& plan)
    : state_(state),
      plan_(plan),
      services_(services_of(plan)),
      up_(services_.size()),
      takes_packages_(plan.workers.size()),
      workers_at_(plan.hosts.size()),
      sharers_(plan.workers.size()),
      place_of_(plan.workers.size()) {
  for (WorkerIndex worker = 0; worker < plan.workers.size(); ++worker) {
    workers_at_[plan.workers[worker].host].push_back(worker);
    sharers_[plan.workers[worker].row].push_back(worker);
    place(worker);
  }
  client_ = crowded_machine();
  for (WorkerIndex worker = 0; worker < plan.workers.size(); ++worker) ask_worker(worker);
  ask_instance();
  turned_.clear();
}

void ServiceWatch::applied(const Record& record) {
  turned_.clear();
  switch (record.subject.part()) {
    case Part::batch:
    case Part::task:
    case Part::certificate: return;
    case Part::worker: return applied_to_worker(record.subject.index());
    case Part::host:
      if (!is_talk_of_nodes(record.kind)) applied_to_host(record.subject.index());
      return;
    case Part::site:
      for (WorkerIndex worker = 0; worker < plan_.workers.size(); ++worker) ask_worker(worker);
      return ask_instance();
    case Part::cluster:
    case Part::group:
    case Part::resource:
    case Part::instance: return ask_instance();
  }
}

void ServiceWatch::applied_to_host(HostIndex host) {
  if (host < plan_.node_count) {
    // Any worker may be connected to it.
    for (WorkerIndex worker = 0; worker < plan_.workers.size(); ++worker) ask_worker(worker);
    return ask_instance();
  }
  for (const WorkerIndex worker : workers_at_[host]) {
    place(worker);
    ask_worker(worker);
  }
  const HostIndex before = client_;
  client_ = crowded_machine();
  if (client_ != before || client_ == host) return ask_instance();
  ask(master);
  ask_packages();
}

void ServiceWatch::applied_to_worker(WorkerIndex worker) {
  ask_worker(worker);
  for (const WorkerIndex sharer : sharers_[worker]) {
    if (sharer != worker) ask_worker(sharer);
  }
  ask(master);  // clients are told what workers are told
  ask_packages();
}

void ServiceWatch::turn(Index service, bool up) {
  if (up_[service] == up) return;
  up_[service] = up;
  turned_.push_back(service);
}

void ServiceWatch::ask(Index service) {
  turn(service, is_up(services_[service], client_, state_, plan_));
}

void ServiceWatch::ask_worker(WorkerIndex worker) {
  ask(of_worker(worker));
  const bool takes = sim::takes_packages(worker, state_, plan_);
  if (takes == takes_packages_[worker]) return;
  takes_packages_[worker] = takes;
  takers_ = takes ? takers_ + 1 : takers_ - 1;
}

void ServiceWatch::ask_instance() {
  ask(sql_server);
  ask(ssisdb);
  ask(master);
  ask_packages();
}

void ServiceWatch::ask_packages() {
  turn(services_.size() - 1, up_[ssisdb] && takers_ > 0);
}

void ServiceWatch::place(WorkerIndex worker) {
  const std::optional<ClientPlace> now = client_place(worker, state_, plan_);
  std::optional<ClientPlace>& before = place_of_[worker];
  if (now == before) return;
  if (before) {
    const auto left = places_.find(*before);
    left->second.erase(worker);
    if (left->second.empty()) places_.erase(left);
  }
  if (now) places_[*now].insert(worker);
  before = now;
}

/// Of places with equally many the first in their order, as client_machine has it.
HostIndex ServiceWatch::crowded_machine() const {
  HostIndex client = world::none;
  std::size_t most = 0;
  for (const auto& [place, workers] : places_) {
    if (workers.size() > most) client = plan_.workers[*workers.begin()].host;
    most = std::max(most, workers.size());
  }
  return client;
}

}  // namespace rehearse::sim

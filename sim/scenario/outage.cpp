#include "sim/scenario/outage.hpp"

#include <algorithm>
#include <utility>

#include "sim/scenario/outage_phases.hpp"

namespace rehearse::sim {
namespace {

using core::Time;
using world::Part;
using world::Record;
using world::RecordId;
using world::RecordKind;

/// A service while the journal is replayed.
struct Watch {
  Service service;
  bool up = true;          // after the latest record
  RecordId turned_by = 0;  // record that last changed `up`
  bool out = false;        // at the end of the latest instant
  Time out_since{};
  RecordId out_by = 0;
};

/// Whether a record about this part can change the service; the rest need not be looked at again.
bool concerns(const Record& record, const Service& service) {
  const bool worker = service.kind == Service::Kind::worker;
  switch (record.subject.part()) {
    case Part::batch:
    case Part::task:
    case Part::certificate: return false;
    case Part::worker: return worker ? service.worker == record.subject.index() : true;
    case Part::host: return true;
    case Part::cluster:
    case Part::group:
    case Part::resource:
    case Part::instance: return !worker;
  }
  return true;
}

bool cluster_is_active(const world::State& state, const world::Blueprint& plan) {
  for (world::HostIndex node = 0; node < plan.node_count; ++node) {
    const world::HostState& host = state.hosts[node];
    const bool member = (state.cluster.members >> node & 1) != 0;
    if (member && host.powered && host.service == world::ClusterService::up) return true;
  }
  return false;
}

class Replay {
 public:
  Replay(const world::Blueprint& plan, const world::State& first, const world::Journal& journal, Time end)
      : plan_(plan), journal_(journal), end_(end), state_(first), walk_(plan, journal, stops_) {
    for (const Service& service : services_of(plan)) watches_.push_back({service, true, 0, false, {}, 0});
  }

  std::vector<Outage> outages() {
    for (Watch& watch : watches_) watch.up = is_up(watch.service, state_, plan_);
    const std::vector<Record>& records = journal_.records;
    bool started = false;
    std::size_t next = 0;
    while (next < records.size() && records[next].at <= end_) {
      const Time now = records[next].at;
      if (!started && now > core::at_start) close_instant(core::at_start);
      started = started || now >= core::at_start;
      for (; next < records.size() && records[next].at == now; ++next) step(next);
      if (started) close_instant(now);
    }
    if (!started) close_instant(core::at_start);
    for (Watch& watch : watches_) {
      if (watch.out && watch.out_since < end_) add(watch, end_, true);
    }
    std::stable_sort(found_.begin(), found_.end(), [](const Outage& a, const Outage& b) {
      return std::pair(a.service.kind, a.service.worker) < std::pair(b.service.kind, b.service.worker);
    });
    return std::move(found_);
  }

 private:
  void step(std::size_t index) {
    const Record& record = journal_.records[index];
    const RecordId id = journal_.first + index;
    world::apply(state_, record, plan_);
    const bool power = record.kind == RecordKind::host_power_lost || record.kind == RecordKind::host_bugchecked;
    const bool node = power && record.subject.part() == Part::host && record.subject.index() < plan_.node_count;
    // A node that loses quorum says so first; the cluster has stopped when its service has ended.
    constexpr std::int64_t without_quorum = 1;  // of node_service_ended
    const bool gave_up = record.kind == RecordKind::node_service_ended && record.value == without_quorum;
    if ((node || gave_up) && !cluster_is_active(state_, plan_)) {
      stops_.push_back({id, node ? Phase::boot_and_join : Phase::no_quorum});
    }
    for (Watch& watch : watches_) {
      if (!concerns(record, watch.service)) continue;
      const bool up = is_up(watch.service, state_, plan_);
      if (up != watch.up) watch.turned_by = id;
      watch.up = up;
    }
  }

  /// All records of the instant are in: what counts is how they leave the service.
  void close_instant(Time now) {
    for (Watch& watch : watches_) {
      if (watch.out != watch.up) continue;  // as it was
      if (watch.up) {
        add(watch, now, false);
        watch.out = false;
      } else {
        watch.out = true;
        watch.out_since = now;
        watch.out_by = watch.turned_by;
      }
    }
  }

  void add(const Watch& watch, Time to, bool censored) {
    Outage outage{watch.service, watch.out_since, to, censored, {}};
    outage.phases = walk_.phases(outage, watch.out_by, censored ? 0 : watch.turned_by);
    found_.push_back(std::move(outage));
  }

  const world::Blueprint& plan_;
  const world::Journal& journal_;
  Time end_;
  world::State state_;
  std::vector<ClusterStop> stops_;
  PhaseWalk walk_;
  std::vector<Watch> watches_;
  std::vector<Outage> found_;
};

}  // namespace

std::vector<Outage> find_outages(const world::Blueprint& plan, const world::State& first, const world::Journal& journal,
                                 Time end) {
  return Replay(plan, first, journal, end).outages();
}

}  // namespace rehearse::sim

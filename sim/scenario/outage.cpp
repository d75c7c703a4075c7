#include "sim/scenario/outage.hpp"

#include <algorithm>
#include <utility>

#include "sim/scenario/outage_phases.hpp"
#include "sim/scenario/service_watch.hpp"

namespace rehearse::sim {
namespace {

using core::Time;
using world::Part;
using world::Record;
using world::RecordId;
using world::RecordKind;

/// How long a service has been out while the journal is replayed.
struct Spell {
  RecordId turned_by = 0;  // record that last changed whether it is up
  bool out = false;        // at the end of the latest instant
  Time out_since{};
  RecordId out_by = 0;
};

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
      : plan_(plan),
        journal_(journal),
        end_(end),
        state_(first),
        watch_(state_, plan),
        spells_(watch_.services().size()),
        walk_(plan, journal, stops_) {
    for (std::size_t service = 0; service < spells_.size(); ++service) touched_.push_back(service);
  }

  std::vector<Outage> outages() {
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
    for (std::size_t service = 0; service < spells_.size(); ++service) {
      if (spells_[service].out && spells_[service].out_since < end_) add(service, end_, true);
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
    watch_.applied(record);
    for (const std::size_t service : watch_.turned()) {
      spells_[service].turned_by = id;
      touched_.push_back(service);
    }
  }

  /// All records of the instant are in: what counts is how they leave the services.
  void close_instant(Time now) {
    for (const std::size_t service : touched_) {
      Spell& spell = spells_[service];
      if (spell.out != watch_.up(service)) continue;  // as it was
      if (spell.out) {
        add(service, now, false);
        spell.out = false;
      } else {
        spell.out = true;
        spell.out_since = now;
        spell.out_by = spell.turned_by;
      }
    }
    touched_.clear();
  }

  void add(std::size_t service, Time to, bool censored) {
    const Spell& spell = spells_[service];
    Outage outage{watch_.services()[service], spell.out_since, to, censored, {}};
    outage.phases = walk_.phases(outage, spell.out_by, censored ? 0 : spell.turned_by);
    found_.push_back(std::move(outage));
  }

  const world::Blueprint& plan_;
  const world::Journal& journal_;
  Time end_;
  world::State state_;
  ServiceWatch watch_;
  std::vector<Spell> spells_;         // by service
  std::vector<std::size_t> touched_;  // services that a record of this instant turned
  std::vector<ClusterStop> stops_;
  PhaseWalk walk_;
  std::vector<Outage> found_;
};

}  // namespace

std::vector<Outage> find_outages(const world::Blueprint& plan, const world::State& first, const world::Journal& journal,
                                 Time end) {
  return Replay(plan, first, journal, end).outages();
}

}  // namespace rehearse::sim

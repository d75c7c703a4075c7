#include "sim/report/part_watch.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace rehearse::sim {
namespace {

using core::Time;
using world::Part;
using world::Record;
using world::RecordId;
using world::RecordKind;
using Kind = PartKey::Kind;

class Watch {
 public:
  Watch(const RunResult& run, const std::vector<WatchedPart>& parts) : run_(run), plan_(*run.plan), state_(run.first) {
    of_worker_.resize(plan_.workers.size());
    for (std::size_t index = 0; index < parts.size(); ++index) {
      watched_.push_back({&parts[index], parts[index].look(state_), {}, 0, {}});
      for (const PartKey& key : parts[index].told_by) {
        if (key.kind == Kind::worker) of_worker_[key.number].push_back(index);
      }
    }
    stale_.resize(parts.size());
  }

  std::vector<std::vector<Stretch>> stretches() {
    RecordId id = run_.journal.first;
    for (const Record& record : run_.journal.records) {
      if (record.at > now_) look_again();
      now_ = record.at;
      world::apply(state_, record, plan_);
      note(record, id++);
    }
    look_again();
    std::vector<std::vector<Stretch>> all;
    for (Watched& one : watched_) {
      close(one, run_.end);
      all.push_back(std::move(one.stretches));
    }
    return all;
  }

 private:
  struct Watched {
    const WatchedPart* part;
    Status now;
    Time since{};
    RecordId by = 0;
    std::vector<Stretch> stretches;
  };

  static void close(Watched& one, Time until) {
    if (!one.now.state.empty() && until > one.since) one.stretches.push_back({one.since, until, one.now, one.by});
  }

  /// Which parts the record may have changed. What befalls a worker's machine or SSISDB is told by records about those.
  void note(const Record& record, RecordId id) {
    const Part part = record.subject.part();
    if (part == Part::task || part == Part::batch) return;
    latest_of_all_ = id;
    if (const auto told = told_of(record, plan_.node_count)) latest_[*told] = id;
    if (part != Part::worker) {
      all_stale_ = true;
      return;
    }
    // Others may share its row of worker_agents.
    const world::WorkerIndex worker = record.subject.index();
    for (const world::WorkerIndex touched : {worker, plan_.workers[worker].row}) {
      for (const std::size_t index : of_worker_[touched]) stale_[index] = true;
    }
  }

  /// The instant is over: what it made of the parts.
  void look_again() {
    for (std::size_t index = 0; index < watched_.size(); ++index) {
      if (!all_stale_ && !stale_[index]) continue;
      Watched& one = watched_[index];
      Status status = one.part->look(state_);
      if (status == one.now) continue;
      close(one, now_);
      one.by = cause_of(*one.part);
      one.since = now_;
      one.now = std::move(status);
    }
    std::fill(stale_.begin(), stale_.end(), false);
    all_stale_ = false;
    latest_.clear();
  }

  RecordId cause_of(const WatchedPart& part) const {
    for (const PartKey& key : part.told_by) {
      const auto found = latest_.find(key);
      if (found != latest_.end()) return found->second;
    }
    return latest_of_all_;
  }

  const RunResult& run_;
  const world::Blueprint& plan_;
  world::State state_;
  std::vector<Watched> watched_;
  std::vector<std::vector<std::size_t>> of_worker_;  // the parts that its records may change
  std::vector<bool> stale_;
  bool all_stale_ = false;
  std::map<PartKey, RecordId> latest_;  // of this instant, by part
  RecordId latest_of_all_ = 0;
  Time now_ = core::at_start;
};

}  // namespace

std::optional<PartKey> told_of(const Record& record, std::uint32_t node_count) {
  const std::uint32_t index = record.subject.index();
  switch (record.kind) {
    case RecordKind::master_started:
    case RecordKind::master_ended:
    case RecordKind::master_hung:
    case RecordKind::master_connected:
    case RecordKind::master_cannot_connect:
    case RecordKind::master_disconnected:
    case RecordKind::master_last_online: return PartKey{Kind::master, index};
    case RecordKind::replica_starting:
    case RecordKind::replica_started:
    case RecordKind::replica_role_changed:
    case RecordKind::replica_session:
    case RecordKind::replica_synchronized:
    case RecordKind::data_movement_resumed: return PartKey{Kind::replica, index};
    default: break;
  }
  switch (record.subject.part()) {
    case Part::cluster: return PartKey{Kind::cluster, 0U};
    case Part::host: return PartKey{index < node_count ? Kind::node : Kind::machine, index};
    case Part::group: return PartKey{Kind::role, index};
    case Part::resource: return PartKey{Kind::resource, index};
    case Part::instance: return PartKey{Kind::instance, 0U};
    case Part::worker: return PartKey{Kind::worker, index};
    case Part::batch:
    case Part::task:
    case Part::certificate:
    case Part::site: break;
  }
  return std::nullopt;
}

std::vector<std::vector<Stretch>> watch_parts(const RunResult& run, const std::vector<WatchedPart>& parts) {
  return Watch(run, parts).stretches();
}

}  // namespace rehearse::sim

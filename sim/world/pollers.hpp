// Who will ask for work next. Polls are periodic, so among workers that ask with one period the order of their polls is
// a ring of phases: the next to poll after an instant is the next on the ring. While there is work, only that one poll
// needs to be an event, not those of ten thousand workers.
#pragma once

#include <set>
#include <utility>
#include <vector>

#include "sim/world/ids.hpp"

namespace rehearse::world {

/// The workers of each WorkerSet that would take work at their next poll. It says nothing that the state does not: it
/// is an index, and lies beside the state as the rhythms do.
class Pollers {
 public:
  using Ring = std::set<std::pair<Duration, WorkerIndex>>;  // phase within the period of polls, worker

  Pollers() = default;
  Pollers(const Pollers& other) : rings_(other.rings_), phases_(other.phases_) {}
  /// Uses the memory that it has: worlds are assigned once a replication.
  Pollers& operator=(const Pollers& other) {
    if (this == &other) return *this;
    for (Ring& ring : rings_) {
      while (!ring.empty()) spare_.push_back(ring.extract(ring.begin()));
    }
    rings_.resize(other.rings_.size());
    for (std::size_t set = 0; set < rings_.size(); ++set) {
      for (const auto& entry : other.rings_[set]) put(rings_[set], entry);
    }
    phases_ = other.phases_;
    return *this;
  }

  void resize(std::size_t sets, std::size_t workers) {
    rings_.resize(sets);
    phases_.assign(workers, absent);
  }
  const Ring& ring(WorkerSet set) const { return rings_[set]; }

  void enter(WorkerIndex worker, Duration phase, const std::vector<WorkerSet>& sets) {
    if (phases_[worker] == phase) return;
    leave(worker, sets);
    phases_[worker] = phase;
    for (const WorkerSet set : sets) put(rings_[set], {phase, worker});
  }
  void leave(WorkerIndex worker, const std::vector<WorkerSet>& sets) {
    if (phases_[worker] == absent) return;
    for (const WorkerSet set : sets) spare_.push_back(rings_[set].extract({phases_[worker], worker}));
    phases_[worker] = absent;
  }

 private:
  static constexpr Duration absent = Duration::min();

  void put(Ring& ring, const Ring::value_type& entry) {
    if (spare_.empty()) {
      ring.insert(ring.end(), entry);
      return;
    }
    Ring::node_type node = std::move(spare_.back());
    spare_.pop_back();
    node.value() = entry;
    ring.insert(ring.end(), std::move(node));
  }

  std::vector<Ring> rings_;             // by set
  std::vector<Duration> phases_;        // by worker
  std::vector<Ring::node_type> spare_;  // left over, for entries to come
};

}  // namespace rehearse::world

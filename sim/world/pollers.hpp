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

  void resize(std::size_t sets, std::size_t workers) {
    rings_.resize(sets);
    phases_.assign(workers, absent);
  }
  const Ring& ring(WorkerSet set) const { return rings_[set]; }

  void enter(WorkerIndex worker, Duration phase, const std::vector<WorkerSet>& sets) {
    if (phases_[worker] == phase) return;
    leave(worker, sets);
    phases_[worker] = phase;
    for (const WorkerSet set : sets) rings_[set].emplace(phase, worker);
  }
  void leave(WorkerIndex worker, const std::vector<WorkerSet>& sets) {
    if (phases_[worker] == absent) return;
    for (const WorkerSet set : sets) rings_[set].erase({phases_[worker], worker});
    phases_[worker] = absent;
  }

 private:
  static constexpr Duration absent = Duration::min();

  std::vector<Ring> rings_;       // by set
  std::vector<Duration> phases_;  // by worker
};

}  // namespace rehearse::world

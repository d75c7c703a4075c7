// The simulated deployment: machines, network, cluster, SQL Server, Scale Out Master, workers and their work, in
// virtual time. A World is a value: a copy runs on exactly like the original, also with steps waiting on it.
//
// From outside a world is three things: faults and operations that change it (each under the record that explains it),
// questions about its state, and time that passes in `step`. What happens inside is split by subject: membership,
// roles, SQL Server, masters, workers, catalog, workload; each of those sees the others only through this class.
#pragma once

#include <limits>
#include <memory>

#include "sim/world/engine.hpp"
#include "sim/world/pollers.hpp"
#include "sim/world/submissions.hpp"
#include "sim/world/target.hpp"

namespace rehearse::world {

class Network;
class Membership;
class Roles;
class SqlServer;
class Replicas;
class Names;
class Masters;
class Workers;
class Catalog;
class Workload;
class Certificates;
class Configuration;

class World {
 public:
  World(std::shared_ptr<const Blueprint> blueprint, Time start, Pace pace = Pace::median,
        Tempo tempo = Tempo::when_it_matters);

  Engine& engine() { return engine_; }
  const Engine& engine() const { return engine_; }
  const Blueprint& plan() const { return engine_.plan(); }
  const State& state() const { return engine_.state(); }
  Time now() const { return engine_.now(); }

  Network network() const;
  Membership membership();
  Roles roles();
  SqlServer sql();
  Replicas replicas();
  Names names();
  Masters masters();
  Workers workers();
  Catalog catalog();
  Workload workload();
  Certificates certificates();
  Configuration configuration();

  /// Ends the preparation: draws the phases of all periodic work, lays out the batches and lets the rehearsal begin.
  void begin(core::Key key);

  /// Fires the next event due at `until` or before. False: none is; the clock then stands at `until`.
  bool step(Time until);
  /// All events up to and including `until`.
  void run_until(Time until);

  /// Opens a wait; it fires at once (in `fired` after the next step or settle) where its condition holds already.
  WaitId wait(Condition condition, Time deadline);
  bool holds(const Condition& condition) const;
  /// Looks at all waits now.
  void settle() {
    engine_.fire_waits([this](const Condition& condition) { return holds(condition); });
  }

  /// Something changed that a beat may notice: where one would do something now, the next one becomes an event, and
  /// else the first one after the instant at which that may come to be by the mere passing of time.
  void wake(Event event, std::uint32_t component, std::uint32_t ordinal = 0);

  /// What a node knows of a peer's heartbeats beside their rhythm. The beats themselves are not events.
  struct Hearing {
    Time heard{};     // the last good beat before `since`
    Time since{};     // when the present share of lost beats began
    double loss = 1;  // 0: every beat arrives, 1: none does
    friend bool operator==(const Hearing&, const Hearing&) = default;
  };
  Hearing& hearing(HostIndex node, HostIndex peer) { return hearing_[node * plan().node_count + peer]; }
  const Hearing& hearing(HostIndex node, HostIndex peer) const { return hearing_[node * plan().node_count + peer]; }

  /// Kept by Workers.
  Pollers& pollers() { return pollers_; }
  /// Kept by Workers: what its endpoint led to when the ways had moved so often.
  struct KnownTarget {
    std::uint64_t ways_moved = std::numeric_limits<std::uint64_t>::max();
    Target target;
  };
  KnownTarget& known_target(WorkerIndex worker) { return known_targets_[worker]; }
  /// Until when the worker's connection is taken by its latest call; looked at only where a second one would be
  /// refused.
  Time& line_busy(WorkerIndex worker) { return line_busy_[worker]; }
  /// Kept by Workload.
  Submissions& submissions() { return submissions_; }

  friend bool operator==(const World& a, const World& b) {
    return a.engine_ == b.engine_ && a.hearing_ == b.hearing_ && a.line_busy_ == b.line_busy_ &&
           a.submissions_ == b.submissions_;
  }

 private:
  void handle(Event event, std::uint32_t component, std::uint32_t ordinal, RecordId cause);
  void beat(Event event, std::uint32_t component, std::uint32_t ordinal);
  RecordId matters(Event event, std::uint32_t component, std::uint32_t ordinal);
  void act(Event event, std::uint32_t component, std::uint32_t ordinal, RecordId why);
  void wake_if(bool matters, Event event, std::uint32_t component, std::uint32_t ordinal);
  Time next_alarm(Event event, std::uint32_t component, std::uint32_t ordinal);

  Engine engine_;
  std::vector<Hearing> hearing_;
  Pollers pollers_;
  std::vector<KnownTarget> known_targets_;
  std::vector<Time> line_busy_;
  Submissions submissions_;
};

/// What all subjects of the world have in common: the world they work in.
class Subject {
 public:
  explicit Subject(World& world) : world_(world), engine_(world.engine()), state_(world.state()), plan_(world.plan()) {}

 protected:
  World& world_;
  Engine& engine_;
  const State& state_;
  const Blueprint& plan_;
};

}  // namespace rehearse::world

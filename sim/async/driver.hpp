// Performs procedures (coroutines of steps) over a world, in virtual time. The world knows no coroutine: a port call
// that takes time opens a wait in the world, which is a value, and suspends; the driver resumes it when the world says
// that the wait has fired, after the event that fired it and before the next one.
//
// A fork is a copy of the world with the procedures under way in it. The copy holds the waits; the bookmark of the
// driver holds the transcript, which brings restarted coroutines to the same place, and the calls in flight, which
// attach to their waits again. A fork may be taken between any two events.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "model/steps/adapters/transcript.hpp"
#include "model/steps/awaitable.hpp"
#include "model/steps/platform.hpp"
#include "sim/async/calls.hpp"
#include "sim/world/world.hpp"

namespace rehearse::sim {

/// A call of a procedure that has not come to its end, and what it waits for.
struct OpenWait {
  std::string step;     // the act under way; empty where there is none
  std::string request;  // "Cluster.MoveRole('SQL Server (MSSQLSERVER)', 'SQL2', 10m)"
  world::Condition condition;
  world::Time deadline{};
};

/// What a fork needs beside a copy of the world. A value: it outlives the driver it was taken from.
struct Bookmark {
  steps::Transcript transcript;
  std::vector<CallInFlight> calls;  // in the order in which they began
  std::vector<Act> acts;
};

class Driver {
 public:
  /// Makes the coroutine; called once by `start`. What it refers to must outlive the driver.
  using Procedure = std::function<steps::Awaitable<void>()>;

  /// The world must outlive the driver.
  explicit Driver(world::World& world);
  /// Goes on in a copy of the world that was taken together with the bookmark. The procedures started so far must be
  /// started again, in the same order, before time passes; they touch nothing until they are where they were.
  Driver(world::World& copy, Bookmark bookmark);
  /// Ends what is under way; its waits leave the world.
  ~Driver();
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  world::World& world();
  /// The simulated platform, every call of which goes into the transcript. Valid as long as the driver.
  steps::Platform platform();

  /// Begins a procedure at this instant and lets it run until it waits.
  void start(const Procedure& procedure);

  /// Lets everything happen that is ready now, then fires one event due at `until` or before and lets the procedures go
  /// on that waited for what it did. False: no event is due; the world's clock then stands at `until`.
  /// Throws what escaped a procedure: the failures of steps are values, so that is a broken invariant.
  bool step(world::Time until);
  void run_until(world::Time until);
  /// Until no procedure is under way. Every wait has a deadline, so that instant comes.
  void run_until_idle();

  /// No procedure is under way.
  bool idle() const;
  std::vector<OpenWait> open_waits() const;

  /// The operator begins to do something (a step): an operator_acts record, which is the cause of all that port calls
  /// change until it ends. Returns its number, an index into acts() and the record's object.
  std::size_t begin_act(std::string name);
  void end_act(std::size_t act);
  const std::vector<Act>& acts() const;

  const steps::Transcript& transcript() const;
  /// Only between events, never from inside a procedure.
  Bookmark bookmark() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rehearse::sim

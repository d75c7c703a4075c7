// What became of the farm in a rehearsal, as one word. The services that count are SQL Server, SSISDB, the master's
// endpoint and package execution; that a single worker is away counts only at the end.
//
// - masked: none of the services was out, and every execution ended once and with success;
// - recovered: a service was out, and came back before anybody did anything;
// - recovered with loss: the services came back likewise (or were never out), but executions were lost, run twice at a
//   time, or had not ended at the end;
// - needs a person: a service was out when somebody repaired something, or a service or a worker was when somebody
// began
//   an operation after the last fault;
// - lost: a service or a worker is out at the end, whatever was repaired and done.
//
// The gravest word that is true is the outcome.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/run_result.hpp"
#include "sim/scenario/service_watch.hpp"

namespace rehearse::sim {

enum class FarmOutcome : std::uint8_t { masked, recovered, recovered_with_loss, needs_person, lost };
inline constexpr std::size_t farm_outcome_count = 5;
/// "masked", "recovered", "recovered with loss", "needs a person", "lost".
std::string_view to_text(FarmOutcome outcome);
const std::vector<std::string>& farm_outcome_names();

/// What the word rests on. Lengths are of virtual time.
struct FarmFigures {
  static constexpr std::size_t services = 4;  // sql_server, ssisdb, scale_out_master, package_execution
  std::array<Duration, services> out{};       // in all
  Duration longest_outage{};                  // of one of them, at a stretch
  bool out_when_repaired = false;             // when somebody acted, as above
  bool out_at_end = false;                    // one of them, or a worker
  std::uint64_t lost = 0, doubled = 0, unfinished = 0;
  friend bool operator==(const FarmFigures&, const FarmFigures&) = default;

  /// The most that any of the services was out, in all.
  Duration longest_out() const;
};
FarmOutcome outcome_of(const FarmFigures& figures);

/// The figures of a run. Operations that wait for something ("after") are not looked at.
FarmFigures farm_figures(const RunResult& run);

/// The same, kept while a world runs: told of its records instant by instant, without a journal of the whole. A value:
/// a copy goes on over the same state.
class FarmWatch {
 public:
  struct Spell {
    bool out = false;
    core::Time since{};
    Duration total{}, longest{};
  };
  /// What it has seen so far, as a value: another watch goes on from there in a copy of the world.
  struct Memory {
    std::vector<Spell> spells;         // by service, as ServiceWatch has them
    std::vector<std::size_t> touched;  // services that records of this instant turned
    core::Time now{};
    bool out_when_repaired = false;
  };

  FarmWatch(const world::State& state, const world::Blueprint& plan);
  FarmWatch(const world::State& copy, const world::Blueprint& plan, Memory memory);
  const Memory& memory() const { return seen_; }

  /// What has happened since the last call, at one instant; its records may come in several calls.
  void records(const std::vector<world::Record>& records);
  enum class Act : bool { repair, operation };
  /// Somebody repairs something or, after the last fault, begins an operation. What happened before has been told.
  void somebody_acts(core::Time now, Act act);
  /// Some of the services or workers are out, as far as told.
  bool any_out() const;
  /// The figures when the world ends here, without those of executions.
  FarmFigures figures(core::Time end);

 private:
  void close_instant();

  bool is_worker(std::size_t service) const;

  ServiceWatch watch_;
  Memory seen_;
};

}  // namespace rehearse::sim

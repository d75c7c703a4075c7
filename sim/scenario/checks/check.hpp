// What must hold in every rehearsal, whatever the design and whatever happens to it (behaviour.md 11). Each invariant
// is a check of its own that follows a journal record by record; a broken one is a bug in Rehearse, never a finding
// about the design. A check looks only at what the record at hand touches, so that all of them can watch every run.
//
// A check says the rule again in its own words, from the state alone: it must not call what the world decides with.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/world/blueprint.hpp"
#include "sim/world/record.hpp"
#include "sim/world/state.hpp"

namespace rehearse::sim {

/// A broken invariant; what() says which and where.
class InvariantBroken : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

class Check {
 public:
  explicit Check(const world::Blueprint& plan) : plan_(plan) {}
  Check(const Check&) = delete;
  Check& operator=(const Check&) = delete;
  virtual ~Check() = default;

  /// The record is about to be applied to the state. `id` is its number.
  virtual void before(const world::Record& record, world::RecordId id, const world::State& state);
  /// All records of an instant are applied.
  virtual void instant_over(core::Time now, const world::State& state);
  /// The run is over.
  virtual void run_over(const world::State& state);

 protected:
  [[noreturn]] static void broken(const std::string& what) { throw InvariantBroken(what); }
  std::string name(world::PartId part) const { return plan_.name_of(part); }
  std::string node_name(world::HostIndex node) const { return plan_.hosts[node].name; }

  const world::Blueprint& plan_;
};

// One a file.
std::unique_ptr<Check> check_order(const world::Blueprint& plan);
std::unique_ptr<Check> check_partitions(const world::Blueprint& plan);
std::unique_ptr<Check> check_quarantine(const world::Blueprint& plan);
std::unique_ptr<Check> check_owners(const world::Blueprint& plan);
std::unique_ptr<Check> check_wishes(const world::Blueprint& plan);
std::unique_ptr<Check> check_providers(const world::Blueprint& plan);
std::unique_ptr<Check> check_replicas(const world::Blueprint& plan);
std::unique_ptr<Check> check_restarts(const world::Blueprint& plan);
std::unique_ptr<Check> check_reservations(const world::Blueprint& plan);
std::unique_ptr<Check> check_machines(const world::Blueprint& plan);
std::unique_ptr<Check> check_tasks(const world::Blueprint& plan);

/// All of them over a journal that began in `first`, and that it leads to `last`. Throws InvariantBroken.
void check_journal(const world::Blueprint& plan, const world::State& first, const world::Journal& journal,
                   const world::State& last);

}  // namespace rehearse::sim

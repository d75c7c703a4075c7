// Every course of up to k faults: each fault of the catalogue alone, then each ordered pair and triple with the later
// fault at each of the instants that the earlier ones bring about (instants.hpp), and the faults during operations. A
// course is run with the design's own value of every unknown switch, and again with the other value of each that a
// decision of it rested on: where the outcome differs, it is unknown.
//
// During an operation the first fault comes in the middle of each kind of its steps. Further faults follow only the one
// that comes while the operation keeps a service away, in the middle of the longest phase that it brings about.
//
// What courses have in common is run once (course.hpp). Units of work are whole prefixes and do not depend on each
// other, so the result is the same on any number of threads.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sim/faults/catalogue.hpp"
#include "sim/faults/course.hpp"
#include "sim/faults/stage.hpp"

namespace rehearse::sim {

inline constexpr std::size_t most_faults = 3;

struct ExplorationOptions {
  unsigned faults = 1;  // k, 1 to most_faults
  unsigned threads = 1;
  bool operations = true;           // also during a rotation and a rolling patch
  bool only_count = false;          // courses of k faults are counted, those of fewer are run
  std::uint64_t limit = 2'000'000;  // courses; a unit of work that does not fit as a whole is not run
  std::function<bool()> interrupted;
  std::function<void(std::uint64_t done, std::uint64_t of)> progress;  // units of work; from any thread, one at a time
};

/// An operation during which faults come.
struct ExploredOperation {
  std::string name;  // "renew_master_certificate"
  TimelineEntry entry;
  FarmOutcome alone = FarmOutcome::masked;  // without any fault
};

/// One course and what became of it.
struct Trial {
  std::uint8_t count = 0;                           // of faults
  std::uint8_t operation = 0;                       // 1 + its number in Exploration::operations; 0: none
  std::array<std::uint16_t, most_faults> faults{};  // of the catalogue
  std::array<core::Time, most_faults> at{};
  std::array<std::uint16_t, most_faults> when{};  // in Exploration::words
  std::uint64_t multiplicity = 1;

  bool idle = false;                          // the last fault found nothing to act on: what follows is not told
  FarmOutcome outcome = FarmOutcome::masked;  // with the design's own switches
  bool mended = false;
  std::uint32_t deciding = 0;                 // switches under whose other value the outcome is another; not 0: unknown
  FarmOutcome gravest = FarmOutcome::masked;  // under any of these values
  FarmFigures figures;

  bool unknown() const { return deciding != 0; }
  friend bool operator==(const Trial&, const Trial&) = default;
};

struct Exploration {
  std::vector<ExploredOperation> operations;
  std::vector<std::string> words;  // for when a fault came
  CourseEnd healthy;               // the course without any fault
  std::vector<Trial> trials;       // by number of faults, then in the order of the catalogue and of time

  // Coverage.
  std::array<std::uint64_t, most_faults + 1> courses{};  // by number of faults, operations included
  std::uint64_t during_operations = 0;                   // of these
  std::uint64_t idle = 0;                                // of these
  std::uint64_t runs = 0;                                // of the world: courses, and again under other switches
  std::uint64_t events = 0;                              // fired in all of them
  std::array<std::uint64_t, most_faults + 1> prefixes{}, prefixes_run{};  // by number of faults that they hold
  bool interrupted = false;

  /// Everything that was to be run was.
  bool complete() const { return prefixes == prefixes_run; }
};

/// Throws std::logic_error for a broken invariant.
Exploration explore(const Stage& stage, const FaultCatalogue& catalogue, const ExplorationOptions& options);

/// The events of a trial as they were planned, for its story and for its scenario.
std::vector<PlannedEvent> events_of(const Trial& trial, const Exploration& exploration,
                                    const FaultCatalogue& catalogue);

}  // namespace rehearse::sim

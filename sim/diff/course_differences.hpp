// Courses of faults that come to something else in another design. A course is the same in two designs where the same
// faults come during the same operation, each in the same phase of what those before it brought about; at which second
// that is depends on the design. Of several that are the same so far, the first goes with the first.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/faults/exploration.hpp"

namespace rehearse::sim {

/// What B is, seen from A. `unclear`: an unknown switch decides in one of them.
enum class Change : std::uint8_t { same, better, unclear, worse };
std::string_view to_text(Change change);

/// Times out that differ by less are the same: phases of timers differ between any two designs.
inline constexpr Duration shortest_difference = std::chrono::seconds(1);

/// An exploration with what its numbers mean.
struct Explored {
  const Exploration& exploration;
  const FaultCatalogue& catalogue;
};

struct CourseDifference {
  std::string name;          // as the first design that has it tells the course
  std::size_t a = 0, b = 0;  // trials
  bool outcome = false;      // another word; else only the time out, or executions lost, doubled and unfinished
  Change change = Change::same;
};

/// Courses that only one design has and that begin with one fault, or come in one operation.
struct OwnCourses {
  std::string fault;          // "node.power_loss on SQL3"
  std::string operation;      // empty: none
  std::uint64_t courses = 0;  // with those that are alike
  std::string worst;          // the gravest of their outcomes
};

struct CourseDifferences {
  std::uint64_t compared = 0;
  std::vector<CourseDifference> differing;  // worse before unclear before better; graver and longer changes first
  std::vector<OwnCourses> only_a, only_b;   // in the order of their catalogues
  FarmOutcome healthy_a = FarmOutcome::masked, healthy_b = FarmOutcome::masked;  // without any fault
  bool complete = true;                                                          // both explorations ran everything

  bool empty() const;
  bool any(Change change) const;
};
CourseDifferences course_differences(const Explored& a, const Explored& b);

}  // namespace rehearse::sim

// The scenario that proves a cut set: the design, the faults of its components at one instant, what makes them show
// when they lurk, and the expectation that the services are out. A scenario file as people would write it, so that it
// can be run, changed and kept.
#pragma once

#include <optional>
#include <string>

#include "model/structure/weaknesses.hpp"
#include "model/units.hpp"

namespace rehearse::model::structure {

/// The scenario's instants, counted from its start.
inline constexpr Duration faults_at = std::chrono::minutes(10);
inline constexpr Duration provoked_at = std::chrono::minutes(20);
inline constexpr Duration proof_length = std::chrono::hours(2);

/// `wanted`, or the next date from then on, else any, at which every certificate of the design is valid for a week, as
/// the design says; nothing: there is none, and the deployment never works.
std::optional<Date> date_of_proof(const Design& design, Date wanted);

/// A scenario file's text. `design_file`: as it shall name the design, relative to the folder where the file will lie.
/// Throws std::logic_error for a component that no fault of a scenario takes down.
std::string proof_scenario(const Requirements& requirements, const CutSet& set, const std::string& design_file,
                           Date start);

}  // namespace rehearse::model::structure

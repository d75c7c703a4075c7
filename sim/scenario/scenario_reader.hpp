// From a scenario file to a Scenario, or to the list of everything that is wrong with the file and with the design that
// it names. A scenario that comes out is consistent with its design: every node, role, worker and batch it speaks of
// exists, everything happens within the time rehearsed, and this version's world can be built from the design.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/diagnostic.hpp"
#include "sim/scenario/scenario.hpp"

namespace rehearse::sim {

struct ScenarioResult {
  std::optional<Scenario> scenario;            // only when no diagnostic is an error
  std::vector<model::Diagnostic> diagnostics;  // the scenario's in the order of their places, then the design's
};

/// Reads the file, the design that it names relative to its own folder, and the artefacts of that design.
ScenarioResult read_scenario_file(const std::string& path);

/// The same for text that is already there. `file_name` is what diagnostics call it; the design is opened relative to
/// `base_folder` and named relative to the folder of `file_name`.
ScenarioResult read_scenario(std::string_view text, std::string file_name, std::string base_folder);

/// The same with other text in place of the design's file; what that names is still relative to the file's folder.
ScenarioResult read_scenario(std::string_view text, std::string file_name, std::string base_folder,
                             std::string design_text);

/// The longest time that can be rehearsed; a rehearsal "until quiescent" ends after `longest_until_quiescent` at the
/// latest.
inline constexpr Duration longest_rehearsal = std::chrono::hours(24 * 366);
inline constexpr Duration longest_until_quiescent = std::chrono::hours(24 * 30);

}  // namespace rehearse::sim

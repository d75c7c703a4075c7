// From a study file to a Study, or to the list of everything that is wrong with it, with the scenario and with the
// design that these name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/diagnostic.hpp"
#include "sim/study/study.hpp"

namespace rehearse::sim {

/// What the caller wants otherwise than the file.
struct StudyOverrides {
  std::optional<std::uint64_t> seed, replications;
};

struct StudyResult {
  std::optional<Study> study;                  // only when no diagnostic is an error
  std::vector<model::Diagnostic> diagnostics;  // the study's in the order of their places, then the scenario's
};

/// Reads the file, and the scenario that it names relative to its own folder.
StudyResult read_study_file(const std::string& path, const StudyOverrides& overrides = {});

/// The same for text that is already there. `file_name` is what diagnostics call it; the scenario is opened relative to
/// `base_folder` and named relative to the folder of `file_name`.
StudyResult read_study(std::string_view text, std::string file_name, std::string base_folder,
                       const StudyOverrides& overrides = {});

}  // namespace rehearse::sim

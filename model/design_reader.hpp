// From a design file to a Design, or to the list of everything that is wrong with the file. A design that comes out is
// complete and consistent in itself: every reference is resolved, every artefact it names was read, every number is in
// range. Whether it is a good design is a question for the design rules, not for the reader.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/design.hpp"
#include "model/diagnostic.hpp"

namespace rehearse::model {

struct DesignResult {
  std::optional<Design> design;         // only when no diagnostic is an error
  std::vector<Diagnostic> diagnostics;  // in the order of the places in the design file
};

/// Reads the file and the certificates and settings files that it names, relative to its own folder.
DesignResult read_design_file(const std::string& path);

/// The same for text that is already there. `file_name` is what diagnostics call it; artefacts are opened relative to
/// `base_folder` and named relative to the folder of `file_name`.
DesignResult read_design(std::string_view text, std::string file_name, std::string base_folder);

}  // namespace rehearse::model

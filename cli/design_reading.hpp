// A design file as commands take it: read, and its problems told.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/design.hpp"
#include "model/design_differences.hpp"
#include "model/diagnostic.hpp"

namespace rehearse::cli {

/// nullopt: it cannot be read, and `problems` receives why.
std::optional<model::DesignText> read_design_text(const std::string& path, std::vector<model::Diagnostic>& problems);

/// A design that the world can be built from. nullopt where the reader refused it or this world cannot hold it. All
/// diagnostics are told, those of the reader first.
std::optional<model::Design> for_world(std::optional<model::Design> design, std::vector<model::Diagnostic> of_reader);

/// The same for the design of a file.
std::optional<model::Design> read_for_world(const std::string& path);

}  // namespace rehearse::cli

// Inspections for tests: of a text or of an export that lies in the tests, and the design of one read back with its
// files.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/design.hpp"
#include "real_backend/inspect/export_reader.hpp"
#include "real_backend/inspect/inspection.hpp"

namespace rehearse::real::testing {

/// The errors among the diagnostics, one after the other.
std::string errors_of(const std::vector<model::Diagnostic>& diagnostics);

/// What was not understood and what is missing, a line each.
std::string remarks_of(const Inspection& inspection);

/// The design as its reader takes it from a folder with its files; nullopt without one. `errors` receives what the
/// reader says against it, which is never anything.
std::optional<model::Design> read_back(const Inspection& inspection, std::string& errors);

/// The path of an export in tests/real_backend/exports.
std::string export_path(const std::string& name);

/// Reads and inspects it; throws std::runtime_error where the reader refuses it.
Inspection inspect_export(const std::string& name);
Inspection inspect_text(const std::string& text);

}  // namespace rehearse::real::testing

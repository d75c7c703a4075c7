// From the files of an export to its values, or to the list of everything that is wrong with them. Files come from
// machines of somebody else by ways that nobody watched: whatever they hold, the answer is diagnostics.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/diagnostic.hpp"
#include "real_backend/inspect/export.hpp"

namespace rehearse::real {

struct ExportResult {
  std::optional<Export> exported;  // only when no diagnostic is an error
  std::vector<model::Diagnostic> diagnostics;
};

/// Reads files that make up one export together; each pair is a name, for diagnostics, and its bytes (UTF-8, or UTF-16
/// with a byte order mark as a redirection of Windows PowerShell writes it).
ExportResult read_export(const std::vector<std::pair<std::string, std::string>>& files);

/// The same for a file, or for every *.json directly in a folder.
ExportResult read_export_at(const std::string& path);

}  // namespace rehearse::real

// MasterSettings.config and WorkerSettings.config as real machines hold them (S 2). JSON is tried first and XML
// key/value pairs second; UTF-8 with and without a byte order mark and UTF-16 are understood; what is odd but readable
// gives warnings, what cannot be meant gives errors.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/design.hpp"
#include "model/diagnostic.hpp"

namespace rehearse::model {

template <class Settings>
struct SettingsFile {
  std::optional<Settings> settings;  // only when no diagnostic is an error; keys that are absent have their defaults
  std::vector<std::string> stated;   // the keys that were there, as spelled
  std::vector<Diagnostic> diagnostics;
};

/// `file` is what diagnostics call the file.
SettingsFile<MasterSettings> read_master_settings(std::string_view bytes, const std::string& file);
SettingsFile<WorkerSettings> read_worker_settings(std::string_view bytes, const std::string& file);

}  // namespace rehearse::model

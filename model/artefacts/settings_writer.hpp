// Changes values in MasterSettings.config and WorkerSettings.config (S 2) and nothing else: the order of the keys, keys
// that are not known here, comments, blanks, the notation (JSON or XML), the encoding and the spelling of values that
// stay the same are those of the file as it was.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/design.hpp"
#include "model/diagnostic.hpp"

namespace rehearse::model {

struct RewrittenSettings {
  std::optional<std::string> bytes;  // without them, at least one diagnostic is an error
  std::vector<Diagnostic> diagnostics;
};

/// The file with every value of `settings`: reading it gives `settings`. A key that the file lacks is added only when
/// its value is not the default. `file` is what diagnostics call the file; a file that cannot be read is not changed.
RewrittenSettings rewrite_settings(std::string_view bytes, const std::string& file, const MasterSettings& settings);
RewrittenSettings rewrite_settings(std::string_view bytes, const std::string& file, const WorkerSettings& settings);

}  // namespace rehearse::model

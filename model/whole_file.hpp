// Files that users name, read whole: a design, a certificate, a settings file. What cannot be read is said in words
// that fit into a diagnostic.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace rehearse::model {

/// The whole of a file, or nullopt with the reason in `problem`. Directories and files beyond `limit` bytes are
/// refused.
std::optional<std::string> read_whole_file(const std::string& path, std::size_t limit, std::string& problem);

}  // namespace rehearse::model

// Scenarios as people name them on a command line: files, or folders of files.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"

namespace rehearse::cli {

/// The files that the paths stand for, in their order: a file itself, of a folder the .json files directly in it, by
/// name, without schemas. "-" stays as it is. nullopt after telling which folder has none or cannot be read, with
/// `exit`.
std::optional<std::vector<std::string>> scenario_files(const std::vector<std::string>& paths, Exit& exit);

}  // namespace rehearse::cli

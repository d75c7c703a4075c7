#include "cli/scenario_files.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>

namespace rehearse::cli {
namespace {

namespace fs = std::filesystem;

/// Throws fs::filesystem_error where a folder cannot be read.
std::vector<std::string> files_of(const std::string& path) {
  if (path == "-" || !fs::is_directory(path)) return {path};
  std::vector<std::string> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(path)) {
    const std::string name = entry.path().filename().string();
    const bool scenario = name.ends_with(".json") && !name.ends_with(".schema.json");
    if (scenario && entry.is_regular_file()) files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::optional<std::vector<std::string>> scenario_files(const std::vector<std::string>& paths, Exit& exit) {
  std::vector<std::string> all;
  for (const std::string& path : paths) {
    try {
      const std::vector<std::string> files = files_of(path);
      if (files.empty()) {
        spdlog::error("{}: no scenario file (*.json) in this folder", path);
        exit = Exit::usage;
        return std::nullopt;
      }
      all.insert(all.end(), files.begin(), files.end());
    } catch (const fs::filesystem_error& error) {
      spdlog::error("{}", error.what());
      exit = Exit::io;
      return std::nullopt;
    }
  }
  return all;
}

}  // namespace rehearse::cli

#include "source_tree.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>

namespace rehearse::house {
namespace {

namespace fs = std::filesystem;

SourceFile read(const fs::path& path, const fs::path& root) {
  SourceFile file{fs::relative(path, root).generic_string(), {}};
  std::ifstream stream(path);
  for (std::string line; std::getline(stream, line);) file.lines.push_back(std::move(line));
  return file;
}

bool is_source(const fs::path& path) {
  return path.extension() == ".hpp" || path.extension() == ".cpp";
}

}  // namespace

std::vector<SourceFile> sources_in(const std::vector<std::string>& folders) {
  const fs::path root = REHEARSE_SOURCE_DIR;
  std::vector<SourceFile> files;
  for (const std::string& folder : folders) {
    if (!fs::is_directory(root / folder)) continue;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.is_regular_file() && is_source(entry.path())) files.push_back(read(entry.path(), root));
    }
  }
  std::sort(files.begin(), files.end(), [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return files;
}

std::string included_by(std::string_view line) {
  const std::size_t hash = line.find_first_not_of(" \t");
  if (hash == line.npos || line[hash] != '#') return {};
  const std::size_t directive = line.find_first_not_of(" \t", hash + 1);
  if (directive == line.npos || !line.substr(directive).starts_with("include")) return {};
  const std::size_t begin = line.find_first_of("\"<", directive);
  if (begin == line.npos) return {};
  const std::size_t end = line.find_first_of("\">", begin + 1);
  return end == line.npos ? std::string() : std::string(line.substr(begin + 1, end - begin - 1));
}

bool lies_in(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

bool holds_word(std::string_view line, std::string_view word) {
  const auto upper = [](char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; };
  const auto letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  for (std::size_t i = 0; i + word.size() <= line.size(); ++i) {
    const bool begins = i == 0 || !letter(line[i - 1]) || (upper(line[i]) && !upper(line[i - 1]));
    if (!begins) continue;
    const bool same = std::equal(word.begin(), word.end(), line.begin() + static_cast<std::ptrdiff_t>(i),
                                 [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
    if (same) return true;
  }
  return false;
}

}  // namespace rehearse::house

#include "shipped_requirements.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "model/design_reader.hpp"
#include "model/json_tree.hpp"
#include "model/whole_file.hpp"

namespace rehearse::model::structure {

Design shipped(const std::string& file) {
  const std::filesystem::path path = std::filesystem::path(REHEARSE_SOURCE_DIR) / "scenarios" / file;
  std::string problem;
  const auto text = read_whole_file(path.string(), json_size_limit, problem);
  if (!text) throw std::logic_error(problem);
  return read_design(*text, file, path.parent_path().string()).design.value();
}

const Weakness& Studied::weakness(const std::string& text) const {
  for (const Weakness& one : weaknesses) {
    if (one.text == text) return one;
  }
  throw std::logic_error("no weakness '" + text + "'");
}

std::vector<std::string> Studied::texts(int chosen) const {
  std::vector<std::string> found;
  for (const Weakness& one : weaknesses) {
    if (one.chosen == chosen) found.push_back(one.text);
  }
  return found;
}

std::string Studied::lost_without(std::vector<std::string> names) const {
  std::sort(names.begin(), names.end());
  for (const CutSet& set : cut_sets) {
    std::vector<std::string> own;
    for (const int number : set.components) {
      own.push_back(requirements.components[static_cast<std::size_t>(number)].name);
    }
    std::sort(own.begin(), own.end());
    if (own == names) return to_text(set.lost);
  }
  return {};
}

}  // namespace rehearse::model::structure

#include "cli/design_reading.hpp"

#include <filesystem>
#include <utility>

#include "cli/telling.hpp"
#include "model/design_reader.hpp"
#include "model/json_tree.hpp"
#include "model/whole_file.hpp"
#include "sim/world/blueprint.hpp"

namespace rehearse::cli {

std::optional<model::DesignText> read_design_text(const std::string& path, std::vector<model::Diagnostic>& problems) {
  std::string problem;
  std::optional<std::string> text = model::read_whole_file(path, model::json_size_limit, problem);
  if (text) return model::DesignText{std::move(*text), path, std::filesystem::path(path).parent_path().string()};
  problems.push_back({model::Severity::error, path, {}, "the design cannot be read: " + problem, "name a design file"});
  return std::nullopt;
}

std::optional<model::Design> for_world(std::optional<model::Design> design, std::vector<model::Diagnostic> of_reader) {
  if (design) {
    const std::vector<model::Diagnostic> unsupported = world::Blueprint::unsupported(*design);
    of_reader.insert(of_reader.end(), unsupported.begin(), unsupported.end());
  }
  tell(of_reader);
  if (model::has_errors(of_reader)) return std::nullopt;
  return design;
}

std::optional<model::Design> read_for_world(const std::string& path) {
  model::DesignResult read = model::read_design_file(path);
  return for_world(std::move(read.design), std::move(read.diagnostics));
}

}  // namespace rehearse::cli

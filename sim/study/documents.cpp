#include "sim/study/documents.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "model/json_tree.hpp"
#include "model/steps/sha256.hpp"
#include "model/whole_file.hpp"

namespace rehearse::sim {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

/// The readers have accepted it, or will say what is wrong.
Json parsed(const std::string& text) {
  return Json::parse(text, nullptr, false, true);
}

/// The value at the address; nullptr: there is none. With `make`, missing members on the way become objects.
Json* find(Json& root, const Address& address, bool make, std::string& problem) {
  Json* here = &root;
  for (const auto& step : address.steps) {
    if (const auto* place = std::get_if<std::size_t>(&step)) {
      if (!here->is_array() || *place >= here->size()) {
        problem = here->is_array() ? fmt::format("the list has {} entries, and the places count from 0", here->size())
                                   : "a place stands behind something that is no list";
        return nullptr;
      }
      here = &(*here)[*place];
      continue;
    }
    const std::string& key = std::get<std::string>(step);
    if (here->is_null() && make) *here = Json::object();
    if (!here->is_object()) {
      problem = "'" + key + "' stands behind something that has no keys";
      return nullptr;
    }
    if (!here->contains(key)) {
      if (!make) return nullptr;
      (*here)[key] = Json();
    }
    here = &(*here)[key];
  }
  return here;
}

/// Names of files that a design reads beside itself, in their order.
void collect_files(const Json& node, bool settings, std::vector<std::string>& files) {
  if (node.is_object() || node.is_array()) {
    for (const auto& [key, value] : node.items()) {
      const bool names_file = node.is_object() && (settings || key == "file" || key == "settings_file");
      if (value.is_string() && names_file) files.push_back(value.get<std::string>());
      collect_files(value, node.is_object() && key == "settings_file", files);
    }
  }
}

}  // namespace

std::optional<Documents> Documents::read(const std::string& scenario_path, const std::string& shown_path,
                                         std::vector<model::Diagnostic>& diagnostics) {
  Documents documents;
  documents.scenario_path_ = scenario_path;
  documents.shown_path_ = shown_path;
  documents.scenario_folder_ = fs::path(scenario_path).parent_path().string();
  std::string problem;
  const auto text = model::read_whole_file(scenario_path, model::json_size_limit, problem);
  if (!text) {
    diagnostics.push_back({model::Severity::error,
                           shown_path,
                           {},
                           "the scenario cannot be read: " + problem,
                           "write a path relative to the folder of the study"});
    return std::nullopt;
  }
  ScenarioResult result = read_scenario(*text, shown_path, documents.scenario_folder_);
  diagnostics.insert(diagnostics.end(), result.diagnostics.begin(), result.diagnostics.end());
  if (!result.scenario) return std::nullopt;
  Json scenario = parsed(*text);
  scenario.erase("expect");
  const fs::path design = fs::path(documents.scenario_folder_) / scenario.at("design").get<std::string>();
  const auto design_text = model::read_whole_file(design.string(), model::json_size_limit, problem);
  if (!design_text) {
    diagnostics.push_back({model::Severity::error,
                           shown_path,
                           {},
                           "the design cannot be read: " + problem,
                           "it was there a moment ago: try again"});
    return std::nullopt;
  }
  documents.design_folder_ = design.parent_path().string();
  documents.scenario_ = scenario.dump();
  documents.design_ = parsed(*design_text).dump();
  return documents;
}

bool Documents::set(const Address& address, const std::string& value, std::string& problem) {
  std::string& text = address.document == Address::Document::design ? design_ : scenario_;
  Json root = parsed(text);
  Json* place = find(root, address, true, problem);
  if (place == nullptr) return false;
  *place = Json::parse(value);
  // A scenario has one of the two.
  if (address.document == Address::Document::scenario && address.head() == "duration") root.erase("until");
  if (address.document == Address::Document::scenario && address.head() == "until") root.erase("duration");
  text = root.dump();
  return true;
}

std::optional<std::string> Documents::get(const Address& address) const {
  Json root = parsed(address.document == Address::Document::design ? design_ : scenario_);
  std::string problem;
  const Json* place = find(root, address, false, problem);
  return place == nullptr ? std::nullopt : std::optional(place->dump());
}

ScenarioResult Documents::scenario() const {
  return read_scenario(scenario_, shown_path_, scenario_folder_, design_);
}

std::string Documents::fingerprint_text() const {
  Json scenario = parsed(scenario_), design = parsed(design_);
  for (const char* key : {"$schema", "name", "description", "design", "seed"}) scenario.erase(key);
  design.erase("$schema");
  std::string text = scenario.dump() + '\n' + design.dump() + '\n';
  std::vector<std::string> files;
  collect_files(design, false, files);
  for (const std::string& file : files) {
    std::string problem;
    const auto content =
        model::read_whole_file((fs::path(design_folder_) / file).string(), model::json_size_limit, problem);
    text += file + ' ' + steps::sha256_hex(content.value_or(problem)) + '\n';
  }
  return text;
}

std::string Documents::deployment_text() const {
  Json scenario = parsed(scenario_);
  for (const char* key : {"$schema", "name", "description", "timeline"}) scenario.erase(key);
  return scenario.dump() + design_;
}

}  // namespace rehearse::sim

#include "sim/diff/scenario_file.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "model/json_tree.hpp"
#include "model/whole_file.hpp"

namespace rehearse::sim {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// How many bytes the string takes that begins with the quote at `begin`. The text is JSON.
std::size_t length_of_string(const std::string& text, std::size_t begin) {
  std::size_t end = begin + 1;
  while (text[end] != '"') end += text[end] == '\\' ? 2 : 1;
  return end + 1 - begin;
}

}  // namespace

std::optional<ScenarioFile> ScenarioFile::read(const std::string& path, std::vector<model::Diagnostic>& diagnostics) {
  std::string problem;
  std::optional<std::string> text = model::read_whole_file(path, model::json_size_limit, problem);
  if (text) return of(std::move(*text), path, diagnostics);
  diagnostics.push_back(
      {model::Severity::error, path, {}, "the scenario cannot be read: " + problem, "name a scenario file"});
  return std::nullopt;
}

std::optional<ScenarioFile> ScenarioFile::of(std::string text, const std::string& path,
                                             std::vector<model::Diagnostic>& diagnostics) {
  // Offsets count from behind the mark.
  if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
  std::vector<model::Diagnostic> of_json;
  const std::optional<model::JsonDocument> document = model::parse_json(text, path, of_json);
  if (!document) {
    diagnostics.insert(diagnostics.end(), of_json.begin(), of_json.end());
    return std::nullopt;
  }
  ScenarioFile file;
  file.path_ = path;
  const model::JsonMember* design = document->root.find("design");
  if (design != nullptr && design->value.kind == model::JsonNode::Kind::text) {
    file.design_ = design->value.offset;
    file.design_length_ = length_of_string(text, file.design_);
  }
  file.text_ = std::move(text);
  return file;
}

ScenarioResult ScenarioFile::with_design(const std::string& design_path) const {
  std::string text = text_;
  if (design_length_ != 0) {
    // In full, since the ways between folders may lead over links.
    const std::string full = fs::absolute(design_path).lexically_normal().string();
    using Json = nlohmann::json;
    text.replace(design_, design_length_, Json(full).dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  return read_scenario(text, path_, fs::path(path_).parent_path().string());
}

}  // namespace rehearse::sim

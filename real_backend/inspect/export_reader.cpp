#include "real_backend/inspect/export_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>

#include "model/artefacts/encoded_text.hpp"
#include "model/whole_file.hpp"
#include "real_backend/base64.hpp"
#include "real_backend/inspect/export_reading.hpp"

namespace rehearse::real {
namespace {

using model::Diagnostic;
using model::Object;
using model::Severity;
using model::Value;

constexpr std::size_t most_files = 10'000;
constexpr const char* make_one = "make one with the script that `rehearse inspect --export-script` prints";

/// Whether this is an export that can be understood; tells why not. Asked first: the keys of another schema would all
/// be told as unknown.
bool is_known_export(const Value& root) {
  const model::JsonMember* const schema = root.node().find("rehearse_export");
  if (root.node().kind != model::JsonNode::Kind::object || schema == nullptr) {
    root.error("this is no export of a deployment: there is no 'rehearse_export' in it", make_one);
    return false;
  }
  if (schema->value.kind == model::JsonNode::Kind::whole && schema->value.whole == export_schema) return true;
  root.error(fmt::format("the export has the schema {}, and only {} is known here",
                         schema->value.text.empty() ? "of another kind" : schema->value.text, export_schema),
             make_one);
  return false;
}

void read_file(const std::string& name, const std::string& bytes, Export& exported,
               std::vector<Diagnostic>& diagnostics) {
  const std::optional<std::string> text = model::utf8_of(bytes);
  if (!text) {
    diagnostics.push_back({Severity::error, name, {}, "the file begins like UTF-16 but is not", make_one});
    return;
  }
  const auto document = model::parse_json(*text, name, diagnostics);
  if (!document) return;
  const Value root(*document, document->root, "", diagnostics);
  if (!is_known_export(root)) return;
  const auto object = root.object(export_shape(""));
  if (!object) return;
  ExportReading reading(name, exported);
  exported.files.push_back(name);
  for (const char* key : {"written", "by"}) {
    if (const auto value = object->find(key)) value->text();
  }
  if (const auto value = object->find("cluster")) reading.read_cluster(*value);
  if (const auto value = object->find("machines")) reading.read_machines(*value);
  if (const auto value = object->find("ssisdb")) reading.read_ssisdb(*value);
  if (const auto value = object->find("gaps")) reading.read_gaps(*value);
}

void sort_by_place(std::vector<Diagnostic>& diagnostics, std::size_t from) {
  std::stable_sort(diagnostics.begin() + static_cast<std::ptrdiff_t>(from), diagnostics.end(),
                   [](const Diagnostic& a, const Diagnostic& b) {
                     return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
                   });
}

ExportResult refused(const std::string& path, const std::string& what, const std::string& remedy) {
  return {std::nullopt, {{Severity::error, path, {}, what, remedy}}};
}

}  // namespace

std::optional<std::string> read_computer(const Object& object, std::string_view key) {
  const auto value = object.find(key);
  auto name = value ? value->text() : std::nullopt;
  if (!name) return std::nullopt;
  const std::string problem = model::problem_of_computer_name(*name);
  if (problem.empty()) return name;
  value->error("'" + *name + "' cannot be a computer's name: " + problem, "export again");
  return std::nullopt;
}

Enumerated read_enumerated(const Object& object, std::string_view key) {
  Enumerated result;
  const auto value = object.find(key);
  const auto opened = value ? value->object(export_shape("#enumerated")) : std::nullopt;
  if (!opened) return result;
  const auto number = opened->find("number");
  if (number && !is_null(*number)) {
    result.number = number->whole(std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::uint32_t>::max());
  }
  result.text = read_any_text(*opened, "text");
  return result;
}

std::optional<std::string> read_free_text(const Value& value) {
  if (value.node().kind == model::JsonNode::Kind::text) return value.node().text;
  value.wrong_type("a string", "export again");
  return std::nullopt;
}

std::string read_any_text(const Object& object, std::string_view key) {
  const auto value = object.find(key);
  return value ? read_free_text(*value).value_or("") : std::string();
}

std::optional<bool> read_known_flag(const Object& object, std::string_view key) {
  const auto value = object.find(key);
  return !value || is_null(*value) ? std::nullopt : value->boolean();
}

std::optional<std::string> read_base64(const Value& value) {
  const auto text = read_free_text(value);
  if (!text) return std::nullopt;
  auto bytes = from_base64(*text);
  if (!bytes) value.error("this is no base64", "export again");
  return bytes;
}

std::optional<std::vector<std::string>> read_texts(const Object& object, std::string_view key) {
  const auto value = object.find(key);
  return !value || is_null(*value) ? std::nullopt : value->texts();
}

void claim(const Object& object, std::string_view key, const std::string& name, std::string_view kind,
           model::NameSet& taken) {
  if (taken.insert(name).second) return;
  object.find(key)->error(fmt::format("there is already {} '{}'", kind, name), "keep one of the two");
}

void ExportReading::read_gaps(const Value& value) {
  if (is_null(value)) return;
  for (const Value& entry : value.elements().value_or(std::vector<Value>())) {
    const auto object = entry.object(export_shape("/gaps/*"));
    if (!object) continue;
    exported.gaps.push_back({read_any_text(*object, "what"), read_any_text(*object, "why"), spot(entry)});
  }
}

ExportResult read_export(const std::vector<std::pair<std::string, std::string>>& files) {
  ExportResult result;
  Export exported;
  for (const auto& [name, bytes] : files) {
    const std::size_t before = result.diagnostics.size();
    read_file(name, bytes, exported, result.diagnostics);
    sort_by_place(result.diagnostics, before);
  }
  if (!model::has_errors(result.diagnostics)) result.exported = std::move(exported);
  return result;
}

ExportResult read_export_at(const std::string& path) {
  namespace fs = std::filesystem;
  std::vector<std::string> paths = {path};
  std::error_code failed;
  if (fs::is_directory(path, failed)) {
    paths.clear();
    for (fs::directory_iterator entry(path, failed), end; !failed && entry != end; entry.increment(failed)) {
      if (entry->path().extension() == ".json") paths.push_back(entry->path().string());
      if (paths.size() > most_files) return refused(path, "there are too many files in this folder", make_one);
    }
    if (failed) return refused(path, "the folder cannot be read: " + failed.message(), "");
    if (paths.empty()) return refused(path, "there is no export (*.json) in this folder", make_one);
    std::sort(paths.begin(), paths.end());
  }
  std::vector<std::pair<std::string, std::string>> files;
  ExportResult unreadable;
  for (const std::string& name : paths) {
    std::string problem;
    auto bytes = model::read_whole_file(name, model::json_size_limit, problem);
    if (!bytes) {
      unreadable.diagnostics.push_back({Severity::error,
                                        name,
                                        {},
                                        "the file cannot be read: " + problem,
                                        "name the folder of an export, or one of its files"});
      continue;
    }
    files.emplace_back(name, std::move(*bytes));
  }
  ExportResult result = read_export(files);
  if (unreadable.diagnostics.empty()) return result;
  unreadable.diagnostics.insert(unreadable.diagnostics.end(), result.diagnostics.begin(), result.diagnostics.end());
  return unreadable;
}

}  // namespace rehearse::real

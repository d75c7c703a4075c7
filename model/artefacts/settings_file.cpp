#include "model/artefacts/settings_file.hpp"

#include <algorithm>

#include "model/artefacts/encoded_text.hpp"
#include "model/artefacts/settings_keys.hpp"
#include "model/artefacts/settings_text.hpp"

namespace rehearse::model {
namespace {

constexpr const char* wanted = "a settings file is JSON, or XML with <add key=\"...\" value=\"...\"/> elements";

template <class Settings>
SettingsFile<Settings> read_file(std::string_view bytes, const std::string& file,
                                 const std::vector<SettingsKey<Settings>>& keys,
                                 const std::vector<std::string>& expected) {
  SettingsFile<Settings> result;
  const auto refuse = [&](const char* problem) {
    result.diagnostics.push_back({Severity::error, file, {}, problem, wanted});
    return result;
  };
  const std::optional<std::string> text = utf8_of(bytes);
  if (!text) return refuse("the file begins like UTF-16 but is not");

  const bool xml = looks_like_xml(*text);
  const std::optional<JsonDocument> document =
      xml ? parse_xml_settings(*text, file, result.diagnostics)
          : parse_json(*text, file, result.diagnostics, SingleBackslashes::tolerated);
  if (!document) return result;
  if (document->root.kind == JsonNode::Kind::object && document->root.members.empty()) {
    return refuse("the file holds no settings");
  }

  Settings settings;
  const Value root(*document, document->root, "", result.diagnostics);
  const auto stated = read_settings(root, keys, xml ? SettingsStyle::xml_file : SettingsStyle::json_file, settings);
  for (const StatedSetting<Settings>& setting : stated) result.stated.push_back(setting.name);
  if (document->root.kind == JsonNode::Kind::object) {
    for (const std::string& key : expected) {
      if (document->root.find(key) == nullptr)
        root.warning("'" + key + "' is missing", "setup writes it into every file");
    }
  }
  std::stable_sort(result.diagnostics.begin(), result.diagnostics.end(), [](const auto& a, const auto& b) {
    return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
  });
  if (!has_errors(result.diagnostics)) result.settings = std::move(settings);
  return result;
}

}  // namespace

SettingsFile<MasterSettings> read_master_settings(std::string_view bytes, const std::string& file) {
  return read_file(bytes, file, master_settings_keys(), {"PortNumber", "SSLCertThumbprint", "SqlServerName"});
}

SettingsFile<WorkerSettings> read_worker_settings(std::string_view bytes, const std::string& file) {
  return read_file(bytes, file, worker_settings_keys(),
                   {"MasterEndpoint", "MasterHttpsCertThumbprint", "WorkerHttpsCertThumbprint"});
}

}  // namespace rehearse::model

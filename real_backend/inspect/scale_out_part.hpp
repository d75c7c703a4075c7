// The inside of an inspection: what masters and workers have in common, a service with a settings file on a machine.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/artefacts/settings_file.hpp"
#include "real_backend/inspect/survey.hpp"

namespace rehearse::real {

const ExportedService* find_service(const ExportedMachine& machine, std::string_view name);

/// The settings file of the service; nullptr: the machine has no such service.
const ExportedSettings* find_settings(const std::vector<ExportedSettings>& files, std::string_view service);

/// Reads a settings file that was exported. Whatever it holds that is not understood is remarked; nullopt: it cannot be
/// used at all.
template <class Settings>
std::optional<Settings> use_settings(Survey& survey, const ExportedMachine& machine, const ExportedSettings& file,
                                     model::SettingsFile<Settings> (*read)(std::string_view, const std::string&)) {
  if (!file.bytes) {
    survey.remarks.missing(file.spot, "the settings file of " + file.service + " on " + machine.name,
                           "see whether it lies in DTS\\Binn there");
    return std::nullopt;
  }
  model::SettingsFile<Settings> result = read(*file.bytes, machine.name);
  for (const model::Diagnostic& one : result.diagnostics) {
    survey.remarks.not_understood(file.spot,
                                  "in the settings file of " + file.service + " on " + machine.name +
                                      (one.place.line > 0 ? ", line " + std::to_string(one.place.line) : "") + ": " +
                                      one.what,
                                  one.remedy);
  }
  return std::move(result.settings);
}

}  // namespace rehearse::real

// What the readers of the master and of the workers share: certificates named by key, and settings files that lie
// beside the values of the design.
#pragma once

#include <fmt/format.h>

#include <iterator>
#include <string>
#include <vector>

#include "model/artefacts/settings_file.hpp"
#include "model/artefacts/settings_keys.hpp"
#include "model/design_reading.hpp"

namespace rehearse::model {

/// Reads the key "certificate" and tells a name that the design has no certificate for.
void read_certificate_name(const Object& object, std::string& into, const DesignReading& reading);

/// Opens a settings file and passes its diagnostics on; nullopt after an error.
template <class Settings>
std::optional<Settings> read_settings_file(const Value& path,
                                           SettingsFile<Settings> (*read)(std::string_view, const std::string&),
                                           DesignReading& reading) {
  std::string shown;
  const auto bytes = reading.open_artefact(path, shown);
  if (!bytes) return std::nullopt;
  SettingsFile<Settings> file = read(*bytes, shown);
  std::move(file.diagnostics.begin(), file.diagnostics.end(), std::back_inserter(reading.of_artefacts));
  if (!file.settings)
    path.error("the settings file '" + shown + "' cannot be used", "mend what is told about that file");
  return std::move(file.settings);
}

/// The file of a host wins over what the design states; a difference is worth a word.
template <class Settings>
void compare_with_file(const std::vector<StatedSetting<Settings>>& stated, const Settings& file,
                       const std::string& where) {
  for (const StatedSetting<Settings>& setting : stated) {
    Settings with_stated = file;
    setting.key->apply(setting.value, SettingsStyle::design, with_stated);
    if (with_stated == file) continue;
    setting.value.warning(fmt::format("{} says something else about '{}'; the file is believed", where, setting.name),
                          "change the file, or remove the value here");
  }
}

}  // namespace rehearse::model

// The keys of MasterSettings.config and WorkerSettings.config (S 2), each with its type, its range and what it sets.
// Real files and the "settings" of a design are read by the same table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/design.hpp"
#include "model/reading.hpp"

namespace rehearse::model {

/// Whose hand wrote the values. A design may write "1m" where a file has "00:01:00", and a file may hold numbers as
/// strings (always in XML).
enum class SettingsStyle : unsigned char { design, json_file, xml_file };

/// A value as a settings file has it: in JSON numbers stand without quotes.
struct SettingText {
  std::string text;
  bool is_number = false;
  friend bool operator==(const SettingText&, const SettingText&) = default;
};

template <class Settings>
struct SettingsKey {
  std::string_view name;        // the spelling of the older documents and, it seems, of real files
  std::string_view other_name;  // the corrected spelling, or empty
  /// Reads the value into its place; tells and returns false when it is wrong.
  bool (*apply)(const Value& value, SettingsStyle style, Settings& settings);
  /// The value that `settings` has for it, in one spelling only; null for keys that the settings have no place for.
  SettingText (*text)(const Settings& settings) = nullptr;
};

const std::vector<SettingsKey<MasterSettings>>& master_settings_keys();
const std::vector<SettingsKey<WorkerSettings>>& worker_settings_keys();

/// One key that was there and right.
template <class Settings>
struct StatedSetting {
  std::string name;
  Value value;
  const SettingsKey<Settings>* key;
};

/// Reads the members of an object into `settings`. Unknown keys are errors in a design and warnings in a file. Returns
/// what was stated.
template <class Settings>
std::vector<StatedSetting<Settings>> read_settings(const Value& object, const std::vector<SettingsKey<Settings>>& keys,
                                                   SettingsStyle style, Settings& settings);

extern template std::vector<StatedSetting<MasterSettings>> read_settings(
    const Value&, const std::vector<SettingsKey<MasterSettings>>&, SettingsStyle, MasterSettings&);
extern template std::vector<StatedSetting<WorkerSettings>> read_settings(
    const Value&, const std::vector<SettingsKey<WorkerSettings>>&, SettingsStyle, WorkerSettings&);

/// 40 hexadecimal digits as upper case; nullopt after a diagnostic. An empty text is a thumbprint that is not stated.
std::optional<std::string> read_thumbprint(const Value& value);

}  // namespace rehearse::model

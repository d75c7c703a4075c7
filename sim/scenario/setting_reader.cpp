#include "sim/scenario/setting_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/artefacts/settings_keys.hpp"
#include "sim/scenario/settings_change.hpp"

namespace rehearse::sim {
namespace {

using model::Value;

template <class Settings>
const model::SettingsKey<Settings>* find_key(const std::vector<model::SettingsKey<Settings>>& keys,
                                             const std::string& name) {
  const auto found = std::find_if(keys.begin(), keys.end(), [&](const model::SettingsKey<Settings>& key) {
    return key.name == name || (!key.other_name.empty() && key.other_name == name);
  });
  return found == keys.end() ? nullptr : &*found;
}

/// The documented spelling of a key that something in a rehearsal depends on; nullopt after a diagnostic.
template <class Settings>
std::optional<std::string> check_key(const Value& value, const std::string& name, std::string_view file,
                                     const std::vector<model::SettingsKey<Settings>>& keys,
                                     const std::vector<std::string>& simulated) {
  const model::SettingsKey<Settings>* key = find_key(keys, name);
  if (key == nullptr) {
    const std::string guess = model::did_you_mean(name, simulated);
    value.error(fmt::format("{} has no setting '{}'", file, name),
                guess.empty() ? "write " + model::listed(simulated) : "did you mean '" + guess + "'?");
    return std::nullopt;
  }
  std::string spelling(key->name);
  if (std::find(simulated.begin(), simulated.end(), spelling) != simulated.end()) return spelling;
  value.error(fmt::format("nothing in a rehearsal depends on '{}'", name), "write " + model::listed(simulated));
  return std::nullopt;
}

bool is_of_worker(const TimelineEntry& entry, const ScenarioReading& reading) {
  return reading.plan && !entry.hosts.empty() && reading.plan->find_worker(entry.hosts.front()) != world::none;
}

}  // namespace

bool read_setting_key(const Value& value, TimelineEntry& entry, const ScenarioReading& reading) {
  std::optional<std::string> name = value.text();
  if (!name) return false;
  if (reading.plan) {
    name =
        is_of_worker(entry, reading)
            ? check_key(value, *name, "WorkerSettings.config", model::worker_settings_keys(), simulated_worker_keys())
            : check_key(value, *name, "MasterSettings.config", model::master_settings_keys(), simulated_master_keys());
  }
  if (!name) return false;
  entry.setting.emplace().key = *name;
  return true;
}

bool read_setting_value(const Value& value, TimelineEntry& entry, const ScenarioReading& reading) {
  if (!entry.setting || !reading.plan) return true;  // what is wrong with them was told
  TimelineEntry::Setting& setting = *entry.setting;
  setting.value = value.node().text;
  constexpr auto style = model::SettingsStyle::design;
  if (!is_of_worker(entry, reading)) {
    return find_key(model::master_settings_keys(), setting.key)->apply(value, style, setting.master);
  }
  if (!find_key(model::worker_settings_keys(), setting.key)->apply(value, style, setting.worker)) return false;
  const auto slots = static_cast<int>(reading.plan->slots_per_worker);
  if (setting.key != "MaxTaskCount" || setting.worker.max_task_count <= slots) return true;
  value.error(fmt::format("{} is more than any worker of the design may hold", setting.worker.max_task_count),
              fmt::format("write at most {}, or give a worker of the design a higher MaxTaskCount", slots));
  return false;
}

}  // namespace rehearse::sim

#include "model/artefacts/settings_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "model/endpoint.hpp"

namespace rehearse::model {
namespace {

constexpr std::int64_t int32_max = std::numeric_limits<std::int32_t>::max();

/// The text as a number when the style allows numbers in quotes; tells how a JSON file should have it.
template <class Number>
std::optional<Number> quoted_number(const Value& value, SettingsStyle style) {
  if (style == SettingsStyle::design || value.node().kind != JsonNode::Kind::text) return std::nullopt;
  const std::string& text = value.node().text;
  Number number{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (style == SettingsStyle::json_file)
    value.warning("a number in quotes; it is taken as a number", "remove the quotes");
  return number;
}

std::optional<std::int64_t> whole(const Value& value, SettingsStyle style, std::int64_t low, std::int64_t high) {
  const std::optional<std::int64_t> quoted = quoted_number<std::int64_t>(value, style);
  if (!quoted && style != SettingsStyle::design && value.node().kind == JsonNode::Kind::text) {
    value.error(value.described() + " is no whole number",
                fmt::format("write a whole number from {} to {}", low, high));
    return std::nullopt;
  }
  if (!quoted) return value.whole(low, high);
  if (*quoted >= low && *quoted <= high) return quoted;
  value.error(fmt::format("{} is out of range", *quoted), fmt::format("write a whole number from {} to {}", low, high));
  return std::nullopt;
}

bool check_number(const Value& value, SettingsStyle style, double low, double high) {
  const std::optional<double> quoted = quoted_number<double>(value, style);
  if (!quoted) return value.number(low, high).has_value();
  if (std::isfinite(*quoted) && *quoted >= low && *quoted <= high) return true;
  value.error(fmt::format("{} is out of range", value.described()),
              fmt::format("write a number from {} to {}", low, high));
  return false;
}

bool check_flag(const Value& value, SettingsStyle style) {
  const JsonNode& node = value.node();
  const bool quoted = style != SettingsStyle::design && node.kind == JsonNode::Kind::text &&
                      (same_name(node.text, "true") || same_name(node.text, "false"));
  return quoted || value.boolean().has_value();
}

/// .NET's form ("00:01:00"); in a design the house's form ("1m"), too.
bool read_timespan(const Value& value, SettingsStyle style, Duration low, Duration& into) {
  if (value.node().kind != JsonNode::Kind::text) {
    value.wrong_type("a length of time", "write hours, minutes and seconds: \"00:01:00\"");
    return false;
  }
  std::optional<Duration> length = parse_timespan(value.node().text);
  if (!length && style == SettingsStyle::design) length = parse_duration(value.node().text);
  if (!length) {
    value.error(value.described() + " is no length of time",
                style == SettingsStyle::design ? "write \"00:01:00\" (hours, minutes, seconds) or \"1m\""
                                               : "write hours, minutes and seconds: \"00:01:00\"");
    return false;
  }
  if (*length < low) {
    value.error(value.described() + " is too short", "write at least " + to_text(low));
    return false;
  }
  into = *length;
  return true;
}

bool check_timespan(const Value& value, SettingsStyle style) {
  Duration ignored{};
  return read_timespan(value, style, Duration::zero(), ignored);
}

bool check_text(const Value& value, SettingsStyle /*style*/) {
  return value.any_text().has_value();
}

template <auto field, class Settings>
bool milliseconds(const Value& value, SettingsStyle style, Settings& settings) {
  const auto read = whole(value, style, 1, int32_max);
  if (read) settings.*field = std::chrono::milliseconds(*read);
  return read.has_value();
}

template <auto field, class Settings>
bool timespan(const Value& value, SettingsStyle style, Settings& settings) {
  return read_timespan(value, style, std::chrono::milliseconds(1), settings.*field);
}

template <auto field, class Settings>
bool thumbprint(const Value& value, SettingsStyle /*style*/, Settings& settings) {
  const auto read = read_thumbprint(value);
  if (read) settings.*field = *read;
  return read.has_value();
}

bool port(const Value& value, SettingsStyle style, MasterSettings& settings) {
  const auto read = whole(value, style, 1, 65535);
  if (read) settings.port = static_cast<int>(*read);
  return read.has_value();
}

bool sql_server_name(const Value& value, SettingsStyle /*style*/, MasterSettings& settings) {
  const auto read = value.text();
  if (!read) return false;
  if (read->find("//") != std::string::npos) {
    value.warning(
        "the server name holds '//', which no client understands (one page of the documentation prints it so)",
        "write name\\\\instance, with the backslash doubled as JSON wants it");
  }
  settings.sql_server_name = *read;
  return true;
}

bool connect_timeout(const Value& value, SettingsStyle style, MasterSettings& settings) {
  const auto read = whole(value, style, 1, 86400);
  if (read) settings.sql_connection_timeout = std::chrono::seconds(*read);
  return read.has_value();
}

bool endpoint(const Value& value, SettingsStyle /*style*/, WorkerSettings& settings) {
  const auto read = value.text();
  if (!read) return false;
  if (!parse_endpoint(*read)) {
    value.error(value.described() + " is no endpoint", "write https://host:port, for example \"https://SQLFCI:8391\"");
    return false;
  }
  settings.endpoint = *read;
  return true;
}

bool max_task_count(const Value& value, SettingsStyle style, WorkerSettings& settings) {
  const auto read = whole(value, style, 1, 10000);
  if (read) settings.max_task_count = static_cast<int>(*read);
  return read.has_value();
}

bool agent_id(const Value& value, SettingsStyle /*style*/, WorkerSettings& settings) {
  const auto read = value.any_text();
  if (!read) return false;
  std::string_view id = *read;
  if (id.starts_with('{') && id.ends_with('}')) id = id.substr(1, id.size() - 2);
  bool formed = id.size() == 36 || id.empty();
  for (std::size_t i = 0; i < id.size() && formed; ++i) {
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    formed = hyphen ? id[i] == '-' : std::isxdigit(static_cast<unsigned char>(id[i])) != 0;
  }
  if (!formed) {
    value.error(value.described() + " is no GUID", "write 8-4-4-4-12 hexadecimal digits");
    return false;
  }
  if (id == "11111111-1111-1111-1111-111111111111") {
    value.error("this AgentId is reserved for 'any worker'", "let the worker generate its own");  // S 1.3
    return false;
  }
  settings.agent_id = std::string(id);
  return true;
}

// ---- the other way round
template <auto field, class Settings>
SettingText text_of(const Settings& settings) {
  return {settings.*field, false};
}

template <auto field, class Settings>
SettingText whole_of(const Settings& settings) {
  return {std::to_string(settings.*field), true};
}

template <class Unit, auto field, class Settings>
SettingText count_of(const Settings& settings) {
  return {std::to_string(std::chrono::duration_cast<Unit>(settings.*field).count()), true};
}

/// .NET's constant form: "00:01:00", "7.00:00:00", "00:00:00.5000000".
template <auto field, class Settings>
SettingText timespan_of(const Settings& settings) {
  using namespace std::chrono;
  const Duration length = settings.*field;
  const auto whole_days = duration_cast<days>(length);
  const hh_mm_ss<Duration> rest(length - whole_days);
  std::string text = whole_days.count() == 0 ? std::string() : fmt::format("{}.", whole_days.count());
  text += fmt::format("{:02}:{:02}:{:02}", rest.hours().count(), rest.minutes().count(), rest.seconds().count());
  const auto ticks = rest.subseconds().count() / 100;  // of 100 ns
  if (ticks != 0) text += fmt::format(".{:07}", ticks);
  return {std::move(text), false};
}

bool free_text(const Value& value, SettingsStyle style, WorkerSettings& /*settings*/) {
  return check_text(value, style);
}
bool free_flag(const Value& value, SettingsStyle style, WorkerSettings& /*settings*/) {
  return check_flag(value, style);
}
bool free_timespan(const Value& value, SettingsStyle style, WorkerSettings& /*settings*/) {
  return check_timespan(value, style);
}
bool percent(const Value& value, SettingsStyle style, WorkerSettings& /*settings*/) {
  return check_number(value, style, 0, 100);
}
bool megabytes(const Value& value, SettingsStyle style, WorkerSettings& /*settings*/) {
  return check_number(value, style, 0, static_cast<double>(int32_max));
}
bool free_count(const Value& value, SettingsStyle style, WorkerSettings& /*settings*/) {
  return whole(value, style, 0, int32_max).has_value();
}
bool log_level(const Value& value, SettingsStyle style, WorkerSettings& /*settings*/) {
  return whole(value, style, 0, 127).has_value();
}
bool store(const Value& value, SettingsStyle /*style*/, WorkerSettings& /*settings*/) {
  const auto read = value.text();
  if (!read) return false;
  if (*read != "LocalMachine" && *read != "My") {
    value.warning(value.described() + " is not the documented store",
                  "workers keep their key in LocalMachine, My (S 3)");
  }
  return true;
}

template <class Settings>
const SettingsKey<Settings>* find_key(const std::vector<SettingsKey<Settings>>& keys, std::string_view name) {
  const auto found = std::find_if(keys.begin(), keys.end(), [&](const SettingsKey<Settings>& key) {
    return key.name == name || (!key.other_name.empty() && key.other_name == name);
  });
  return found == keys.end() ? nullptr : &*found;
}

}  // namespace

const std::vector<SettingsKey<MasterSettings>>& master_settings_keys() {
  static const std::vector<SettingsKey<MasterSettings>> keys = {
      {"PortNumber", "", &port, &whole_of<&MasterSettings::port>},
      {"SSLCertThumbprint", "", &thumbprint<&MasterSettings::certificate_thumbprint>,
       &text_of<&MasterSettings::certificate_thumbprint>},
      {"SqlServerName", "", &sql_server_name, &text_of<&MasterSettings::sql_server_name>},
      {"CleanupCompletedJobsIntervalInMs", "", &milliseconds<&MasterSettings::cleanup_interval>,
       &count_of<std::chrono::milliseconds, &MasterSettings::cleanup_interval>},
      {"DealWithExpiredTasksIntervalInMs", "", &milliseconds<&MasterSettings::sweep_interval>,
       &count_of<std::chrono::milliseconds, &MasterSettings::sweep_interval>},
      {"MasterHeartbeatIntervalInMs", "", &milliseconds<&MasterSettings::heartbeat_interval>,
       &count_of<std::chrono::milliseconds, &MasterSettings::heartbeat_interval>},
      {"SqlConnectionTimeoutInSecs", "", &connect_timeout,
       &count_of<std::chrono::seconds, &MasterSettings::sql_connection_timeout>},
  };
  return keys;
}

const std::vector<SettingsKey<WorkerSettings>>& worker_settings_keys() {
  static const std::vector<SettingsKey<WorkerSettings>> keys = {
      {"DisplayName", "", &free_text},
      {"Description", "", &free_text},
      {"MasterEndpoint", "", &endpoint, &text_of<&WorkerSettings::endpoint>},
      {"MasterHttpsCertThumbprint", "", &thumbprint<&WorkerSettings::master_certificate_thumbprint>,
       &text_of<&WorkerSettings::master_certificate_thumbprint>},
      {"WorkerHttpsCertThumbprint", "", &thumbprint<&WorkerSettings::worker_certificate_thumbprint>,
       &text_of<&WorkerSettings::worker_certificate_thumbprint>},
      {"StoreLocation", "", &store},
      {"StoreName", "", &store},
      {"AgentHeartbeatInterval", "", &timespan<&WorkerSettings::agent_heartbeat_interval>,
       &timespan_of<&WorkerSettings::agent_heartbeat_interval>},
      {"TaskHeartbeatInterval", "", &timespan<&WorkerSettings::task_heartbeat_interval>,
       &timespan_of<&WorkerSettings::task_heartbeat_interval>},
      {"HeartbeatErrorTollerance", "HeartbeatErrorTolerance", &timespan<&WorkerSettings::heartbeat_error_tolerance>,
       &timespan_of<&WorkerSettings::heartbeat_error_tolerance>},
      {"TaskRequestMaxCPU", "", &percent},
      {"TaskRequestMinMemory", "", &megabytes},
      {"MaxTaskCount", "", &max_task_count, &whole_of<&WorkerSettings::max_task_count>},
      {"LeaseInternval", "LeaseInterval", &timespan<&WorkerSettings::lease_interval>,
       &timespan_of<&WorkerSettings::lease_interval>},
      {"TasksRootFolder", "", &free_text},
      {"TaskLogLevel", "", &log_level},
      {"TaskLogSegment", "", &free_timespan},
      {"TaskLogEnabled", "", &free_flag},
      {"ExecutionLogCacheFolder", "", &free_text},
      {"ExecutionLogMaxBufferLogCount", "", &free_count},
      {"ExecutionLogMaxInMemoryBufferCount", "", &free_count},
      {"ExecutionLogRetryCount", "", &free_count},
      {"ExecutionLogRetryTimeout", "", &free_timespan},
      {"AgentId", "", &agent_id, &text_of<&WorkerSettings::agent_id>},
  };
  return keys;
}

template <class Settings>
std::vector<StatedSetting<Settings>> read_settings(const Value& object, const std::vector<SettingsKey<Settings>>& keys,
                                                   SettingsStyle style, Settings& settings) {
  std::vector<StatedSetting<Settings>> stated;
  const std::optional<std::vector<Member>> members = object.members();
  if (!members) return stated;

  std::vector<std::string> known;
  for (const SettingsKey<Settings>& key : keys) {
    known.emplace_back(key.name);
    if (!key.other_name.empty()) known.emplace_back(key.other_name);
  }
  const Member* old_spelling = nullptr;
  const Member* new_spelling = nullptr;
  std::vector<const SettingsKey<Settings>*> seen;
  for (const Member& member : *members) {
    const SettingsKey<Settings>* key = find_key(keys, member.name);
    if (key == nullptr) {
      member.unknown_name("setting", known, style == SettingsStyle::design ? Severity::error : Severity::warning);
      continue;
    }
    if (!key->other_name.empty()) (member.name == key->name ? old_spelling : new_spelling) = &member;
    if (std::find(seen.begin(), seen.end(), key) != seen.end()) {
      member.value.error(fmt::format("'{}' and '{}' are one setting in two spellings", key->name, key->other_name),
                         "keep one of the two");
      continue;
    }
    seen.push_back(key);
    if (key->apply(member.value, style, settings)) stated.push_back({member.name, member.value, key});
  }
  if (old_spelling != nullptr && new_spelling != nullptr) {
    new_spelling->value.warning(
        fmt::format("'{}' and '{}' come from documents of different age; a worker reads only one of the spellings",
                    old_spelling->name, new_spelling->name),
        "use the spellings of the file that setup wrote");
  }
  return stated;
}

template std::vector<StatedSetting<MasterSettings>> read_settings(const Value&,
                                                                  const std::vector<SettingsKey<MasterSettings>>&,
                                                                  SettingsStyle, MasterSettings&);
template std::vector<StatedSetting<WorkerSettings>> read_settings(const Value&,
                                                                  const std::vector<SettingsKey<WorkerSettings>>&,
                                                                  SettingsStyle, WorkerSettings&);

std::optional<std::string> read_thumbprint(const Value& value) {
  std::optional<std::string> read = value.any_text();
  if (!read || read->empty()) return read;
  constexpr std::size_t sha1_digits = 40;
  const bool hex = std::all_of(read->begin(), read->end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
  if (!hex || read->size() != sha1_digits) {
    const bool invisible =
        std::any_of(read->begin(), read->end(), [](unsigned char c) { return c >= 0x80 || c <= 0x20; });
    value.error(value.described() + " is no certificate thumbprint",
                invisible
                    ? "write 40 hexadecimal digits; this text holds blanks or invisible characters, as copies out of "
                      "the certificate dialog do"
                    : "write 40 hexadecimal digits");
    return std::nullopt;
  }
  std::transform(read->begin(), read->end(), read->begin(), [](unsigned char c) { return std::toupper(c); });
  return read;
}

}  // namespace rehearse::model

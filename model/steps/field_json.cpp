#include "model/steps/field_json.hpp"

#include <fmt/format.h>

#include <initializer_list>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

namespace rehearse::steps {
namespace {

using model::Choices;
using model::Need;
using model::Object;
using model::Shape;
using model::Value;

template <class Enum>
Choices<Enum> choices(std::initializer_list<Enum> values) {
  Choices<Enum> result;
  for (const Enum value : values) result.emplace_back(to_text(value), value);
  return result;
}

// Every member of the settings with its key. The structured bindings stop compiling when a member is added.
template <class Settings, class Visit>
void visit_members(Settings& settings, Visit visit, const model::MasterSettings*) {
  auto& [port, certificate, server, cleanup, sweep, heartbeat, connection_timeout] = settings;
  visit("port", port);
  visit("certificate_thumbprint", certificate);
  visit("sql_server_name", server);
  visit("cleanup_interval", cleanup);
  visit("sweep_interval", sweep);
  visit("heartbeat_interval", heartbeat);
  visit("sql_connection_timeout", connection_timeout);
}

template <class Settings, class Visit>
void visit_members(Settings& settings, Visit visit, const model::WorkerSettings*) {
  auto& [endpoint, master, worker, agent_heartbeat, task_heartbeat, tolerance, lease, tasks, agent] = settings;
  visit("endpoint", endpoint);
  visit("master_certificate_thumbprint", master);
  visit("worker_certificate_thumbprint", worker);
  visit("agent_heartbeat_interval", agent_heartbeat);
  visit("task_heartbeat_interval", task_heartbeat);
  visit("heartbeat_error_tolerance", tolerance);
  visit("lease_interval", lease);
  visit("max_task_count", tasks);
  visit("agent_id", agent);
}

template <class Settings>
Json settings_json(const Settings& settings) {
  Json json = Json::object();
  visit_members(
      settings, [&](const char* key, const auto& member) { json[key] = json_of(member); }, &settings);
  return json;
}

template <class Settings>
void read_settings(const Value& value, std::string_view path, std::optional<Settings>& into) {
  Settings settings;
  Shape shape{path, {}};
  visit_members(
      settings,
      [&](const char* key, auto&) {
        shape.keys.push_back({key, Need::required});
      },
      &settings);
  const std::optional<Object> object = value.object(shape);
  if (!object) return;
  bool complete = true;
  visit_members(
      settings,
      [&]<class Member>(const char* key, Member& member) {
        std::optional<Member> read;
        if (const auto found = object->find(key)) read_field(*found, read);
        if (read) member = std::move(*read);
        complete = complete && read.has_value();
      },
      &settings);
  if (complete) into = std::move(settings);
}

template <class Item>
void read_items(const Value& value, std::optional<std::vector<Item>>& into) {
  const auto elements = value.elements();
  if (!elements) return;
  std::vector<Item> items;
  for (const Value& element : *elements) {
    std::optional<Item> item;
    read_field(element, item);
    if (item) items.push_back(std::move(*item));
  }
  if (items.size() == elements->size()) into = std::move(items);
}

/// The member, or nothing after a diagnostic (a missing one was told when the object was opened).
template <class T>
std::optional<T> member_of(const Object& object, std::string_view key) {
  std::optional<T> result;
  if (const auto value = object.find(key)) read_field(*value, result);
  return result;
}

/// model::to_text, but exact: it shows milliseconds only.
std::string exact_text(Date date) {
  constexpr std::int64_t second = 1'000'000'000;
  const std::int64_t fraction = (date.time_since_epoch().count() % second + second) % second;
  const std::string text = model::to_text(date);
  if (fraction == 0) return text;
  std::string digits = fmt::format("{:09}", fraction);
  digits.erase(digits.find_last_not_of('0') + 1);
  return text.substr(0, text.find_first_of(".Z")) + "." + digits + "Z";
}

}  // namespace

Json json_of(bool value) {
  return value;
}
Json json_of(int value) {
  return value;
}
Json json_of(std::int64_t value) {
  return value;
}
Json json_of(const std::string& value) {
  return value;
}
Json json_of(const std::vector<std::string>& value) {
  return value;
}
Json json_of(Date value) {
  return exact_text(value);
}
Json json_of(Duration value) {
  return model::to_text(value);
}
Json json_of(const Secret& value) {
  return {{"secret", value.name()}};
}
Json json_of(const model::MasterSettings& value) {
  return settings_json(value);
}
Json json_of(const model::WorkerSettings& value) {
  return settings_json(value);
}
Json json_of(const CertificateInfo& value) {
  return {{"thumbprint", value.thumbprint},        {"names", value.names}, {"not_before", json_of(value.not_before)},
          {"not_after", json_of(value.not_after)}, {"store", value.store}, {"has_private_key", value.has_private_key}};
}
Json json_of(const std::vector<CertificateInfo>& value) {
  Json json = Json::array();
  for (const CertificateInfo& certificate : value) json.push_back(json_of(certificate));
  return json;
}
Json json_of(StartType value) {
  return to_text(value);
}
Json json_of(NodeStart value) {
  return to_text(value);
}
Json json_of(Failback value) {
  return to_text(value);
}
Json json_of(ResourceProperty value) {
  return to_text(value);
}
Json json_of(model::Witness::Kind value) {
  return to_text(value);
}
Json json_of(FailureCode value) {
  return to_text(value);
}

void read_field(const Value& value, std::optional<bool>& into) {
  into = value.boolean();
}
void read_field(const Value& value, std::optional<int>& into) {
  const auto number = value.whole(std::numeric_limits<int>::min(), std::numeric_limits<int>::max());
  if (number) into = static_cast<int>(*number);
}
void read_field(const Value& value, std::optional<std::int64_t>& into) {
  into = value.whole(std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
}
void read_field(const Value& value, std::optional<std::string>& into) {
  if (value.node().kind == model::JsonNode::Kind::text) {
    into = value.node().text;
  } else {
    value.wrong_type("a string", "write it in double quotes");
  }
}
void read_field(const Value& value, std::optional<std::vector<std::string>>& into) {
  read_items(value, into);
}
void read_field(const Value& value, std::optional<Date>& into) {
  into = value.date();
}
void read_field(const Value& value, std::optional<Duration>& into) {
  // What steps compute can be negative, what people write cannot.
  const std::string& text = value.node().text;
  if (value.node().kind == model::JsonNode::Kind::text && text.starts_with('-')) {
    if (const auto length = model::parse_duration(std::string_view(text).substr(1))) {
      into = -*length;
      return;
    }
  }
  into = value.duration();
}
void read_field(const Value& value, std::optional<Secret>& into) {
  static const Shape shape{"secret", {{"secret", Need::required}}};
  const std::optional<Object> object = value.object(shape);
  if (!object) return;
  if (auto name = member_of<std::string>(*object, "secret")) into.emplace(std::move(*name), std::string());
}
void read_field(const Value& value, std::optional<model::MasterSettings>& into) {
  read_settings(value, "master_settings", into);
}
void read_field(const Value& value, std::optional<model::WorkerSettings>& into) {
  read_settings(value, "worker_settings", into);
}
void read_field(const Value& value, std::optional<CertificateInfo>& into) {
  static const Shape shape{"certificate",
                           {{"thumbprint", Need::required},
                            {"names", Need::required},
                            {"not_before", Need::required},
                            {"not_after", Need::required},
                            {"store", Need::required},
                            {"has_private_key", Need::required}}};
  const std::optional<Object> object = value.object(shape);
  if (!object) return;
  auto thumbprint = member_of<std::string>(*object, "thumbprint");
  auto names = member_of<std::vector<std::string>>(*object, "names");
  const auto not_before = member_of<Date>(*object, "not_before");
  const auto not_after = member_of<Date>(*object, "not_after");
  auto store = member_of<std::string>(*object, "store");
  const auto has_key = member_of<bool>(*object, "has_private_key");
  if (thumbprint && names && not_before && not_after && store && has_key) {
    into.emplace(std::move(*thumbprint), std::move(*names), *not_before, *not_after, std::move(*store), *has_key);
  }
}
void read_field(const Value& value, std::optional<std::vector<CertificateInfo>>& into) {
  read_items(value, into);
}
void read_field(const Value& value, std::optional<StartType>& into) {
  into = value.one_of(choices({StartType::automatic, StartType::manual, StartType::disabled}));
}
void read_field(const Value& value, std::optional<NodeStart>& into) {
  into = value.one_of(choices({NodeStart::usual, NodeStart::force_quorum, NodeStart::prevent_quorum}));
}
void read_field(const Value& value, std::optional<Failback>& into) {
  into = value.one_of(choices({Failback::none, Failback::immediate, Failback::policy}));
}
void read_field(const Value& value, std::optional<ResourceProperty>& into) {
  into = value.one_of(choices({ResourceProperty::restart_action, ResourceProperty::health_check_timeout,
                               ResourceProperty::failure_condition_level}));
}
void read_field(const Value& value, std::optional<model::Witness::Kind>& into) {
  using Kind = model::Witness::Kind;
  into = value.one_of(choices({Kind::none, Kind::disk, Kind::file_share, Kind::cloud}));
}
void read_field(const Value& value, std::optional<FailureCode>& into) {
  into = value.one_of(
      choices({FailureCode::refused, FailureCode::not_found, FailureCode::conflict, FailureCode::unreachable,
               FailureCode::timed_out, FailureCode::cancelled, FailureCode::indeterminate}));
}

}  // namespace rehearse::steps

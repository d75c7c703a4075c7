#include "sim/faults/scenario_text.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "model/units.hpp"
#include "sim/scenario/fault_kinds.hpp"

namespace rehearse::sim {
namespace {

using Json = nlohmann::ordered_json;
using Action = TimelineEntry::Action;

std::string in_one_line(const Json& json) {
  // Spaces after the punctuation, as people write it.
  std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace), spaced;
  bool quoted = false;
  for (std::size_t place = 0; place < text.size(); ++place) {
    const char c = text[place];
    if (c == '"' && (place == 0 || text[place - 1] != '\\')) quoted = !quoted;
    if (!quoted && c == '}') spaced += ' ';
    spaced += c;
    if (!quoted && (c == ',' || c == ':' || c == '{')) spaced += ' ';
  }
  return spaced;
}

/// "90s", or "-90s" of a clock that is behind.
std::string signed_length(Duration length) {
  return length < Duration::zero() ? "-" + model::to_text(-length) : model::to_text(length);
}

Json value_of(std::string_view key, const TimelineEntry& entry) {
  if (key == "node" || key == "worker" || key == "host") return entry.hosts.at(0);
  if (key == "hosts") return entry.hosts;
  if (key == "sites") return entry.sites;
  if (key == "network") return entry.network;
  if (key == "port") return entry.port;
  if (key == "disk" || key == "resource") return entry.resource;
  if (key == "kind" || key == "component") return entry.kind;
  if (key == "certificate") return entry.certificate;
  if (key == "store") return entry.store;
  if (key == "account") return entry.account;
  if (key == "role") return entry.role;
  if (key == "batch") return entry.batch;
  if (key == "key") return entry.setting.value().key;
  if (key == "value") {
    const std::string& value = entry.setting.value().value;
    const bool number = !value.empty() && value.find_first_not_of("0123456789") == value.npos;
    return number ? Json(std::stoll(value)) : Json(value);
  }
  if (key == "share" || key == "factor") return entry.amount;
  if (key == "add" || key == "by") return signed_length(entry.length);
  if (key == "every") return model::to_text(entry.every);
  if (key == "down") return model::to_text(entry.down);
  throw std::logic_error("a fault with a key that nobody writes: " + std::string(key));
}

bool is_there(std::string_view key, const TimelineEntry& entry) {
  if (key == "network") return !entry.network.empty();
  if (key == "node" || key == "host") return !entry.hosts.empty();
  if (key == "store") return !entry.store.empty();
  if (key == "kind") return !entry.kind.empty();
  return true;
}

Json json_of(const TimelineEntry& entry) {
  Json json;
  if (entry.at) json["at"] = model::to_text(*entry.at);
  if (!entry.after.empty()) json["after"] = entry.after;
  if (entry.wait != Duration::zero()) json["wait"] = model::to_text(entry.wait);
  if (entry.action == Action::step) {
    json["step"] = entry.step;
    for (const auto& [name, value] : entry.arguments) json[name] = value;
    if (entry.fails) json["fails"] = true;
    return json;
  }
  const bool fault = entry.action == Action::fault;
  const FaultInfo& info = info_of(entry.fault);
  json[fault ? "fault" : "repair"] = info.name;
  const auto add = [&](const std::vector<model::Key>& keys) {
    for (const model::Key& key : keys) {
      const bool optional = key.need == model::Need::optional;
      if (!optional || is_there(key.name, entry)) json[std::string(key.name)] = value_of(key.name, entry);
    }
  };
  add(info.target);
  if (fault) add(info.amount);
  if (fault && entry.lasts) json["for"] = model::to_text(*entry.lasts);
  return json;
}

}  // namespace

std::string scenario_text(const Scenario& scenario, const std::string& design) {
  std::string text = "{\n";
  const auto add = [&](const std::string& key, const std::string& value) {
    text += (text.size() > 2 ? ",\n  \"" : "  \"") + key + "\": " + value;
  };
  const auto list = [](const std::vector<std::string>& lines) {
    std::string joined;
    for (const std::string& line : lines) joined += (joined.empty() ? "\n    " : ",\n    ") + line;
    return "[" + joined + (lines.empty() ? "]" : "\n  ]");
  };
  add("name", Json(scenario.name).dump());
  if (!scenario.description.empty()) add("description", Json(scenario.description).dump());
  add("design", Json(design).dump());
  if (scenario.seed != 1) add("seed", std::to_string(scenario.seed));
  add("start", Json(model::to_text(scenario.start)).dump());
  if (scenario.duration) {
    add("duration", Json(model::to_text(*scenario.duration)).dump());
  } else {
    add("until", "\"quiescent\"");
  }
  add("deploy", scenario.deploy == Deploy::installed ? "\"installed\"" : "\"steps\"");
  if (const auto& batch = scenario.one_batch) {
    add("workload",
        in_one_line({{"like", batch->like}, {"executions", batch->executions}, {"at", model::to_text(batch->at)}}));
  }
  std::vector<std::string> lines;
  for (const TimelineEntry& entry : scenario.timeline) lines.push_back(in_one_line(json_of(entry)));
  add("timeline", list(lines));
  lines.clear();
  for (const Expectation& expectation : scenario.expectations) lines.push_back(expectation.text);
  add("expect", list(lines));
  return text + "\n}\n";
}

}  // namespace rehearse::sim

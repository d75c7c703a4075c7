// The section "expect" of a scenario.
#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "sim/scenario/checks/observation.hpp"
#include "sim/scenario/farm_outcome.hpp"
#include "sim/scenario/handshake_names.hpp"
#include "sim/scenario/scenario_reading.hpp"
#include "sim/scenario/scenario_shapes.hpp"

namespace rehearse::sim {
namespace {

using model::Choices;
using model::JsonNode;
using model::Object;
using model::Shape;
using model::Value;
using Kind = Expectation::Kind;

constexpr std::size_t most_expectations = 10'000;

std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// The JSON again, on one line and without comments.
std::string one_line(const JsonNode& node) {
  std::string text;
  switch (node.kind) {
    case JsonNode::Kind::null: return "null";
    case JsonNode::Kind::boolean: return node.boolean ? "true" : "false";
    case JsonNode::Kind::whole:
    case JsonNode::Kind::real: return node.text;
    case JsonNode::Kind::text: return quoted(node.text);
    case JsonNode::Kind::array:
      for (const JsonNode& element : node.elements) text += (text.empty() ? "" : ", ") + one_line(element);
      return "[" + text + "]";
    case JsonNode::Kind::object:
      for (const model::JsonMember& member : node.members) {
        text += (text.empty() ? "" : ", ") + quoted(member.key) + ": " + one_line(member.value);
      }
      return "{" + text + "}";
  }
  throw std::logic_error("a JSON node of no kind");
}

/// One of a few words that the expectation keeps as they are.
std::string word(const Value& value, const std::vector<std::string>& words) {
  Choices<std::size_t> choices;
  for (std::size_t i = 0; i < words.size(); ++i) choices.emplace_back(words[i], i);
  const auto found = value.one_of(choices);
  return found ? words[*found] : std::string();
}

void read_by_or_at(const Object& object, const Shape& shape, Expectation& expectation, const ScenarioReading& reading) {
  const auto moment = only_one_of(object, shape, {"by", "at"});
  if (!moment) return;
  (*moment == "by" ? expectation.by : expectation.at) = reading.instant(*object.find(*moment));
}

void read_role(const Object& object, const Shape& shape, Expectation& expectation, const ScenarioReading& reading) {
  static const std::vector<std::string> states = {"online", "partially_online", "offline", "failed"};
  expectation.role = reading.role(*object.find("role")).value_or("");
  const auto what = only_one_of(object, shape, {"owner", "state"});
  expectation.kind = what == "state" ? Kind::role_state : Kind::role_owner;
  if (what == "owner") expectation.owner = reading.node(*object.find("owner")).value_or("");
  if (what == "state") expectation.state = word(*object.find("state"), states);
  read_by_or_at(object, shape, expectation, reading);
}

/// "ssisdb", or "worker WRK1" with the worker in the design's spelling.
std::string read_service(const Value& value, const ScenarioReading& reading) {
  static const std::vector<std::string> services = {"sql_server",        "ssisdb",  "scale_out_master",
                                                    "package_execution", "workers", "worker NAME"};
  static const std::string prefix = "worker ";
  const auto text = value.text();
  if (!text) return {};
  if (text->starts_with(prefix) && *text != services.back()) {
    const auto worker = reading.worker_named(text->substr(prefix.size()), value);
    return worker ? prefix + *worker : std::string();
  }
  const std::string service = word(value, services);
  if (service != services.back()) return service;
  value.error("\"worker NAME\" stands for \"worker\" and the name of one", "write the name of a worker");
  return {};
}

/// "min" and "max" of a figure, at least one of them and the first no larger; empty after a diagnostic.
template <class T, class... Given>
Bounds<T> read_bounds(const Object& object, std::string_view example, std::optional<T> (Value::*reader)(Given...) const,
                      Given... given) {
  Bounds<T> bounds;
  object.read("min", bounds.min, reader, given...);
  object.read("max", bounds.max, reader, given...);
  if (!object.has("min") && !object.has("max")) {
    object.value().error("neither \"min\" nor \"max\" is there", fmt::format("write {}", example));
  }
  if (bounds.min && bounds.max && *bounds.min > *bounds.max) {
    object.value().error("\"min\" is more than \"max\"", "write the smaller one as \"min\"");
  }
  return bounds;
}

void read_outage(const Object& object, Expectation& expectation, const ScenarioReading& reading) {
  expectation.kind = Kind::outage;
  expectation.service = read_service(*object.find("service"), reading);
  const auto value = object.find("outage");
  const auto outage = value ? value->object(scenario_shape("/expect/*:service/outage")) : std::nullopt;
  if (!outage) return;
  expectation.lengths["outage"] = read_bounds(*outage, R"({ "max": "90s" })", &Value::duration);
  outage->read("with", expectation.with, &Value::number, 0.01, 1.0);
}

void read_work(const Object& object, Expectation& expectation) {
  static const Shape& shape = scenario_shape("/expect/*:work/work");
  constexpr double most_queued = 1e9;
  expectation.kind = Kind::work;
  const auto work = object.find("work")->object(shape);
  if (!work) return;
  for (const model::Key& key : shape.keys) {
    const std::string name(key.name);
    const auto value = work->find(key.name);
    const auto bounds = value ? value->object(scenario_shape(fmt::format("{}/{}", shape.path, name))) : std::nullopt;
    if (!bounds) continue;
    if (name == "queue") {
      expectation.numbers[name] = read_bounds(*bounds, R"({ "max": 500 })", &Value::number, 0.0, most_queued);
    } else if (name == "utilisation") {
      expectation.numbers[name] = read_bounds(*bounds, R"({ "min": 0.5 })", &Value::number, 0.0, 1.0);
    } else {
      expectation.lengths[name] = read_bounds(*bounds, R"({ "max": "10m" })", &Value::duration);
    }
  }
  if (work->value().node().members.empty()) {
    work->value().error("no figure is expected", R"(write { "wait": { "max": "10m" } })");
  }
}

void read_workers(const Object& object, const Shape& shape, Expectation& expectation, const ScenarioReading& reading) {
  expectation.worker = reading.worker_or_all(*object.find("workers")).value_or("");
  const auto what = only_one_of(object, shape, {"connected_by", "connected_at", "disconnected_from"});
  expectation.kind = what == "disconnected_from" ? Kind::workers_disconnected : Kind::workers_connected;
  if (!what) return;
  (*what == "connected_by" ? expectation.by : expectation.at) = reading.instant(*object.find(*what));
}

void read_executions(const Object& object, Expectation& expectation) {
  static const Shape& shape = scenario_shape("/expect/*:executions/executions");
  expectation.kind = Kind::executions;
  const auto counts = object.find("executions")->object(shape);
  if (!counts) return;
  for (const model::Key& key : shape.keys) {
    const auto value = counts->find(key.name);
    const auto count = value ? value->whole(0, std::numeric_limits<std::int64_t>::max()) : std::nullopt;
    if (count) expectation.counts.emplace(key.name, *count);
  }
  if (counts->value().node().members.empty()) counts->value().error("no count is expected", "write { \"lost\": 0 }");
}

void read_batch(const Object& object, const Shape& shape, Expectation& expectation, const ScenarioReading& reading) {
  expectation.kind = Kind::batch_done;
  expectation.batch = reading.batch(*object.find("batch")).value_or("");
  const auto what = only_one_of(object, shape, {"done_by", "deadline"});
  if (what == "done_by") expectation.by = reading.instant(*object.find("done_by"));
  if (what != "deadline") return;
  const Value deadline = *object.find("deadline");
  word(deadline, {"met"});
  if (!reading.plan) return;
  for (const model::Batch& batch : reading.plan->design().batches) {
    if (batch.name != expectation.batch || batch.deadline) continue;
    deadline.error("the batch '" + batch.name + "' has no deadline in the design",
                   "write \"done_by\" with a length of time since the start, or give the batch a deadline");
  }
}

void read_condition(const Value& value, Kind kind, Expectation& expectation) {
  expectation.kind = kind;
  expectation.condition = kind == Kind::always ? word(value, {"one owner per role", "one master process"})
                                               : word(value, {"two masters", "split brain"});
}

/// A safety observation by its name.
void read_finding(const Value& value, Expectation& expectation) {
  std::vector<std::string> names;
  for (const NamedObservation& observation : named_observations()) names.emplace_back(observation.name);
  expectation.kind = Kind::finding;
  expectation.condition = word(value, names);
}

void read_outcome(const Value& value, Expectation& expectation) {
  expectation.kind = Kind::farm_outcome;
  expectation.outcome = word(value, farm_outcome_names());
}

void read_handshake(const Object& object, const Shape& shape, Expectation& expectation,
                    const ScenarioReading& reading) {
  expectation.worker = reading.worker_or_all(*object.find("worker")).value_or("");
  const auto what = only_one_of(object, shape, {"refused", "lurks", "second_connection_refused"});
  expectation.kind = what == "lurks"                       ? Kind::lurking
                     : what == "second_connection_refused" ? Kind::second_refused
                                                           : Kind::handshake;
  if (what) expectation.outcome = word(*object.find(*what), refusal_names());
}

Expectation read_expectation(const Value& value, const std::string& head, const ScenarioReading& reading) {
  const Shape& shape = scenario_shape("/expect/*:" + head);
  const Object object(value, shape);
  Expectation expectation;
  expectation.place = object.place();
  expectation.text = one_line(value.node());
  if (head == "role") read_role(object, shape, expectation, reading);
  if (head == "service") read_outage(object, expectation, reading);
  if (head == "workers") read_workers(object, shape, expectation, reading);
  if (head == "executions") read_executions(object, expectation);
  if (head == "batch") read_batch(object, shape, expectation, reading);
  if (head == "work") read_work(object, expectation);
  if (head == "always") read_condition(*object.find(head), Kind::always, expectation);
  if (head == "never") read_condition(*object.find(head), Kind::never, expectation);
  if (head == "finding") read_finding(*object.find(head), expectation);
  if (head == "outcome") read_outcome(*object.find(head), expectation);
  if (head == "worker") read_handshake(object, shape, expectation, reading);
  return expectation;
}

}  // namespace

void read_expectations(const Value& value, ScenarioReading& reading) {
  const auto entries = value.elements(0, most_expectations);
  if (!entries) return;
  for (const Value& entry : *entries) {
    const auto head = head_of(entry, "the expectation", expectation_heads());
    if (head) reading.scenario.expectations.push_back(read_expectation(entry, head->name, reading));
  }
}

}  // namespace rehearse::sim

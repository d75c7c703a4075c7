#include "sim/scenario/scenario_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <utility>

#include "model/design_reader.hpp"
#include "model/reading.hpp"
#include "model/whole_file.hpp"
#include "sim/scenario/scenario_reading.hpp"
#include "sim/scenario/scenario_shapes.hpp"

namespace rehearse::sim {
namespace {

using model::Choices;
using model::Diagnostic;
using model::Object;
using model::Severity;
using model::Value;

namespace fs = std::filesystem;

void read_design_of(const Value& value, ScenarioReading& reading) {
  const std::optional<std::string> path = value.text();
  if (!path) return;
  const fs::path file = fs::path(reading.base_folder) / *path;
  std::string problem;
  const std::optional<std::string> text = reading.design_text
                                              ? reading.design_text
                                              : model::read_whole_file(file.string(), model::json_size_limit, problem);
  if (!text) {
    value.error("cannot read the design '" + *path + "': " + problem,
                "write a path relative to the folder of this scenario");
    return;
  }
  reading.scenario.design_file = (fs::path(reading.display_folder) / *path).string();
  model::DesignResult result = model::read_design(*text, reading.scenario.design_file, file.parent_path().string());
  reading.of_design = std::move(result.diagnostics);
  if (result.design) {
    const std::vector<Diagnostic> unsupported = world::Blueprint::unsupported(*result.design);
    reading.of_design.insert(reading.of_design.end(), unsupported.begin(), unsupported.end());
  }
  if (!result.design || model::has_errors(reading.of_design)) {
    value.error("the design '" + *path + "' cannot be rehearsed", "its own errors are listed below");
    return;
  }
  reading.plan.emplace(*result.design, Date{}, Duration::zero());
  reading.scenario.design = std::move(*result.design);
}

void read_start(const Value& value, ScenarioReading& reading) {
  // Far enough from both ends of what nanoseconds can count for the longest rehearsal and the deployment before it.
  constexpr Date earliest = std::chrono::sys_days(std::chrono::year(1990) / 1 / 1);
  constexpr Date latest = std::chrono::sys_days(std::chrono::year(2200) / 1 / 1);
  const std::optional<Date> date = value.date();
  if (!date) return;
  if (*date < earliest || *date > latest) {
    value.error(model::to_text(*date) + " is out of range", "write a date of the years 1990 to 2199");
    return;
  }
  reading.scenario.start = *date;
}

void read_end(const Object& root, ScenarioReading& reading) {
  static const Choices<bool> quiescent = {{"quiescent", true}};
  reading.end = longest_until_quiescent;
  const auto end = only_one_of(root, scenario_shape(""), {"duration", "until"});
  if (!end) return;
  if (*end == "until") {
    root.find("until")->one_of(quiescent);
    return;
  }
  reading.scenario.duration = root.find("duration")->duration_within(std::chrono::seconds(1), longest_rehearsal);
  reading.end = reading.scenario.duration.value_or(longest_rehearsal);
}

/// One batch in place of the design's work. What comes later in the file sees the design with it.
void read_workload(const Value& value, ScenarioReading& reading) {
  constexpr std::int64_t most = 1'000'000;
  const auto object = value.object(scenario_shape("/workload"));
  if (!object) return;
  OneBatch batch{"", 0, std::chrono::minutes(1)};
  const auto like = object->find("like");
  const auto executions = object->find("executions");
  const auto source = like ? reading.batch(*like) : std::nullopt;
  const auto count = executions ? executions->whole(1, most) : std::nullopt;
  bool right = source && count;
  if (const auto at = object->find("at")) {
    const auto moment = reading.instant(*at);
    const bool whole = moment && *moment % std::chrono::seconds(1) == Duration::zero();
    if (moment && !whole) at->error("a batch is due at a whole second", "write whole seconds, for example \"1m\"");
    right = right && whole;
    batch.at = moment.value_or(batch.at);
  }
  if (!right || !reading.plan) return;
  batch.like = *source;
  batch.executions = static_cast<int>(*count);
  put_one_batch(reading.scenario.design, reading.scenario.start, batch);
  reading.scenario.one_batch = batch;
  reading.plan.emplace(reading.scenario.design, Date{}, Duration::zero());
}

/// The article's steps build the roles of a failover cluster instance and of the master; nobody's steps build others.
void check_deployment(const Object& root, const ScenarioReading& reading) {
  if (!reading.plan || reading.scenario.deploy == Deploy::installed) return;
  const std::optional<Value> deploy = root.find("deploy");
  const Value& place = deploy ? *deploy : *root.find("design");
  const model::Design& design = reading.plan->design();
  if (design.fci.availability_group) {
    place.error("the design has SSISDB in an availability group, which no step builds",
                R"(write "deploy": "installed")");
  }
  if (design.cluster.roles.empty()) return;
  place.error("the design has roles that no step builds, such as '" + design.cluster.roles.front().name + "'",
              R"(write "deploy": "installed")");
}

void read_root(const Object& root, ScenarioReading& reading) {
  static const Choices<Deploy> deploys = {{"steps", Deploy::steps}, {"installed", Deploy::installed}};
  Scenario& scenario = reading.scenario;
  if (const auto schema = root.find("$schema")) schema->text();
  root.read("name", scenario.name, &Value::text);
  root.read("description", scenario.description, &Value::text);
  if (const auto seed = root.find("seed")) {
    const auto number = seed->whole(0, std::numeric_limits<std::int64_t>::max());
    if (number) scenario.seed = static_cast<std::uint64_t>(*number);
  }
  root.read("deploy", scenario.deploy, deploys);
  if (const auto start = root.find("start")) read_start(*start, reading);
  read_end(root, reading);
  if (const auto design = root.find("design")) read_design_of(*design, reading);
  check_deployment(root, reading);
  if (const auto workload = root.find("workload")) read_workload(*workload, reading);
  if (const auto timeline = root.find("timeline")) read_timeline(*timeline, reading);
  if (const auto expect = root.find("expect")) read_expectations(*expect, reading);
}

bool earlier(const Diagnostic& a, const Diagnostic& b) {
  return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
}

ScenarioResult read(std::string_view text, std::string file_name, std::string base_folder,
                    std::optional<std::string> design_text) {
  ScenarioReading reading;
  reading.scenario.file = file_name;
  reading.design_text = std::move(design_text);
  reading.base_folder = std::move(base_folder);
  reading.display_folder = fs::path(file_name).parent_path().string();

  const std::optional<model::JsonDocument> document = model::parse_json(text, file_name, reading.of_scenario);
  if (document) {
    const Value root(*document, document->root, "", reading.of_scenario);
    if (const std::optional<Object> object = root.object(scenario_shape(""))) read_root(*object, reading);
  }

  ScenarioResult result;
  result.diagnostics = std::move(reading.of_scenario);
  std::stable_sort(result.diagnostics.begin(), result.diagnostics.end(), &earlier);
  result.diagnostics.insert(result.diagnostics.end(), reading.of_design.begin(), reading.of_design.end());
  if (!model::has_errors(result.diagnostics)) result.scenario = std::move(reading.scenario);
  return result;
}

}  // namespace

ScenarioResult read_scenario(std::string_view text, std::string file_name, std::string base_folder) {
  return read(text, std::move(file_name), std::move(base_folder), std::nullopt);
}

ScenarioResult read_scenario(std::string_view text, std::string file_name, std::string base_folder,
                             std::string design_text) {
  return read(text, std::move(file_name), std::move(base_folder), std::move(design_text));
}

ScenarioResult read_scenario_file(const std::string& path) {
  std::string problem;
  const std::optional<std::string> text = model::read_whole_file(path, model::json_size_limit, problem);
  if (!text) {
    return {std::nullopt,
            {{Severity::error, path, {}, "the scenario cannot be read: " + problem, "name a scenario file"}}};
  }
  return read_scenario(*text, path, fs::path(path).parent_path().string());
}

}  // namespace rehearse::sim

// The sections "workload" and "parameters" of a design.
#include <fmt/format.h>

#include "model/defaults.hpp"
#include "model/design_reading.hpp"
#include "model/design_shapes.hpp"
#include "model/restart_policy.hpp"

namespace rehearse::model {
namespace {

constexpr std::int64_t most_executions = 1'000'000;
constexpr std::size_t most_batches = 1000;

void read_batch(const Value& value, NameSet& taken, DesignReading& reading) {
  static const Choices<Submitter> submitters = {{"sql_agent", Submitter::sql_agent}, {"external", Submitter::external}};
  const auto object = value.object(design_shape("/workload/batches/*"));
  if (!object) return;
  Batch batch;
  batch.place = object->place();
  if (const auto name = object->find("name")) {
    if (auto text = name->text()) {
      claim_name(*name, *text, "a batch", taken);
      batch.name = std::move(*text);
    }
  }
  object->read("at", batch.at, &Value::time_of_day);
  object->read("executions", batch.executions, &Value::whole, std::int64_t{1}, most_executions);
  object->read("duration", batch.duration, &Value::distribution);
  object->read("retry_count", batch.retry_count, &Value::whole, std::int64_t{0}, std::int64_t{1000});
  if (const auto deadline = object->find("deadline")) {
    batch.deadline = deadline->time_of_day();
    if (batch.deadline && *batch.deadline == batch.at) {
      deadline->error("the deadline is the very time of submission",
                      "state a later time; an earlier one is the next day's");
    }
  }
  object->read("submitter", batch.submitter, submitters);
  object->read("uses_instance", batch.uses_instance, &Value::number, 0.0, 1.0);
  reading.design.batches.push_back(std::move(batch));
}

/// The range of a setting that the world can stand.
std::pair<std::int64_t, std::int64_t> range_of(Setting setting) {
  constexpr std::int64_t many = 1'000'000'000;
  switch (setting) {
    case Setting::uses_instance_percent: return {0, 100};
    case Setting::failure_condition_level: return {0, 5};
    case Setting::hang_recovery_action: return {0, 6};
    case Setting::plumb_all_cross_subnet_routes: return {0, 2};
    case Setting::lower_quorum_priority_node: return {0, 64};
    case Setting::dynamic_quorum:
    case Setting::drain_on_shutdown:
    case Setting::enforced_anti_affinity:
    case Setting::stealth_mode: return {0, 1};
    case Setting::restart_threshold:
    case Setting::failover_threshold: return {0, SlidingWindow::capacity};
    default: return {1, many};
  }
}

void read_parameter(const Member& member, DesignReading& reading) {
  for (std::size_t i = 0; i < timing_count; ++i) {
    const Timing timing = static_cast<Timing>(i);
    if (name_of(timing) != member.name) continue;
    if (auto value = member.value.distribution()) reading.give(timing, std::move(*value), member.value);
    return;
  }
  for (std::size_t i = 0; i < setting_count; ++i) {
    const Setting setting = static_cast<Setting>(i);
    if (name_of(setting) != member.name) continue;
    if (is_count(setting)) {
      const auto [low, high] = range_of(setting);
      if (const auto value = member.value.whole(low, high)) reading.give(setting, *value, member.value);
    } else if (const auto value = member.value.duration()) {
      reading.give(setting, value->count(), member.value);
    }
    return;
  }
  for (std::size_t i = 0; i < switch_count; ++i) {
    const Switch which = static_cast<Switch>(i);
    if (name_of(which) != member.name) continue;
    if (const auto value = member.value.boolean()) reading.give(which, *value, member.value);
    return;
  }
  member.unknown_name("parameter", parameter_names());
}

}  // namespace

void read_workload(const Value& value, DesignReading& reading) {
  const auto object = value.object(design_shape("/workload"));
  const auto batches = object ? object->find("batches") : std::nullopt;
  const auto entries = batches ? batches->elements(0, most_batches) : std::nullopt;
  if (!entries) return;
  NameSet taken;
  for (const Value& entry : *entries) read_batch(entry, taken, reading);
}

void read_parameters(const Value& value, DesignReading& reading) {
  const auto members = value.members();
  if (!members) return;
  for (const Member& member : *members) read_parameter(member, reading);
}

std::vector<std::string> parameter_names() {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < timing_count; ++i) names.emplace_back(name_of(static_cast<Timing>(i)));
  for (std::size_t i = 0; i < setting_count; ++i) names.emplace_back(name_of(static_cast<Setting>(i)));
  for (std::size_t i = 0; i < switch_count; ++i) names.emplace_back(name_of(static_cast<Switch>(i)));
  return names;
}

}  // namespace rehearse::model

// The section "timeline" of a scenario.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "model/steps/operations.hpp"
#include "sim/scenario/fault_kinds.hpp"
#include "sim/scenario/scenario_reading.hpp"
#include "sim/scenario/scenario_shapes.hpp"
#include "sim/scenario/trigger.hpp"

namespace rehearse::sim {
namespace {

using model::Object;
using model::Shape;
using model::Value;

constexpr std::size_t most_entries = 10'000;

/// The trigger with its name in the design's spelling.
std::optional<std::string> read_trigger(const Value& value, const ScenarioReading& reading) {
  const std::optional<std::string> text = value.text();
  if (!text) return std::nullopt;
  const std::optional<Trigger> trigger = parse_trigger(*text);
  if (!trigger) {
    value.error("'" + *text + "' is nothing that can be waited for",
                "write a node and \"joined\", \"down\" or \"quarantined\", or a role or resource and \"online\" or "
                "\"failed\", for example \"SQL1 joined\"");
    return std::nullopt;
  }
  const auto name = is_of_node(trigger->what) ? reading.node_named(trigger->name, value)
                                              : reading.role_or_resource_named(trigger->name, value);
  return name ? std::optional(to_text(Trigger{*name, trigger->what})) : std::nullopt;
}

void read_moment(const Object& object, const Shape& shape, TimelineEntry& entry, const ScenarioReading& reading) {
  const auto moment = only_one_of(object, shape, {"at", "after"});
  if (const auto wait = object.find("wait")) {
    if (const auto length = reading.instant(*wait)) entry.wait = *length;
    if (moment == "at") wait->error("'wait' counts from what 'after' names", "add it to 'at', or write 'after'");
  }
  if (moment == "at") entry.at = reading.instant(*object.find("at"));
  if (moment == "after") entry.after = read_trigger(*object.find("after"), reading).value_or("");
}

/// "network.partition of SQL1, SQL2"
std::string described(const TimelineEntry& fault) {
  std::vector<std::string> target;
  for (const std::string& name : {fault.resource, fault.certificate, fault.role, fault.account, fault.store}) {
    if (!name.empty()) target.push_back(name);
  }
  if (fault.setting) target.push_back(fault.setting->key);
  target.insert(target.end(), fault.hosts.begin(), fault.hosts.end());
  target.insert(target.end(), fault.sites.begin(), fault.sites.end());
  if (!fault.network.empty()) target.push_back(fault.network);
  if (fault.port != 0) target.push_back(std::to_string(fault.port));
  if (fault.fault == FaultKind::sql_component_error) target.push_back(fault.kind);
  const std::string name(to_text(fault.fault));
  return target.empty() ? name : fmt::format("{} of {}", name, fmt::join(target, ", "));
}

/// Tells what cannot be repaired. An entry that waits for an event may come before or after any other.
void check_repair(const TimelineEntry& repair, const Value& value, const ScenarioReading& reading) {
  const auto& timeline = reading.scenario.timeline;
  const bool begun = std::any_of(timeline.begin(), timeline.end(), [&](const TimelineEntry& other) {
    return other.action == TimelineEntry::Action::fault && same_target(other, repair) &&
           (!other.at || !repair.at || *other.at < *repair.at);
  });
  if (begun) return;
  value.error(described(repair) + " is repaired but has not begun before",
              "add that fault at an earlier time, or remove this entry");
}

/// `head` is the member "fault" or "repair" of the entry. An entry that is not understood adds nothing to the timeline.
void read_fault(const Value& value, const model::Member& head, ScenarioReading& reading) {
  const Value& name = head.value;
  const bool repair = head.name == "repair";
  model::Choices<FaultKind> choices;
  for (const std::string& known : fault_names()) choices.emplace_back(to_text(*fault_from(known)), *fault_from(known));
  const std::optional<FaultKind> kind = name.one_of(choices);
  if (!kind) return;
  if (repair && !can_be_repaired(*kind)) {
    const bool at_once = info_of(*kind).end == FaultInfo::End::at_once;
    name.error(fmt::format("{} is over {} and needs no repair", to_text(*kind), at_once ? "at once" : "by itself"),
               "remove this entry");
    return;
  }
  const Shape& shape = fault_shape(head.name, *kind);
  const Object object(value, shape);
  TimelineEntry entry;
  entry.action = repair ? TimelineEntry::Action::repair : TimelineEntry::Action::fault;
  entry.fault = *kind;
  entry.place = object.place();
  read_moment(object, shape, entry, reading);
  const bool no_witness = reading.plan && reading.plan->witness == model::Witness::Kind::none;
  if (*kind == FaultKind::witness_down && no_witness) {
    name.error("the design has no witness that could be lost", "remove this entry, or give the design a witness");
    return;
  }
  if (!read_fault_details(object, entry, reading)) return;
  reading.scenario.timeline.push_back(std::move(entry));
}

/// An argument as the operation wants it; nullopt after a diagnostic.
std::optional<std::string> read_argument(const std::string& name, const Value& value, const ScenarioReading& reading) {
  if (name == "role") return reading.role(value);
  if (name == "resource") return reading.resource(value);
  if (name == "to" || name == "node") return reading.node(value);
  if (name == "not_after") {
    const std::optional<Date> date = value.date();
    if (!date) return std::nullopt;
    if (*date <= reading.scenario.start) {
      value.error("a certificate that ends then has expired when the scenario starts", "write a later date");
      return std::nullopt;
    }
  }
  return value.text();
}

void read_step(const Value& value, const Value& name, ScenarioReading& reading) {
  model::Choices<const steps::OperationInfo*> choices;
  for (const steps::OperationInfo& operation : steps::operations()) choices.emplace_back(operation.name, &operation);
  const auto operation = name.one_of(choices);
  if (!operation) return;
  const Shape& shape = scenario_shape("/timeline/*:" + (*operation)->name);
  const std::size_t told_before = reading.of_scenario.size();
  const Object object(value, shape);
  TimelineEntry entry;
  entry.action = TimelineEntry::Action::step;
  entry.step = (*operation)->name;
  entry.place = object.place();
  read_moment(object, shape, entry, reading);
  object.read("fails", entry.fails, &Value::boolean);
  for (const auto* arguments : {&(*operation)->required, &(*operation)->optional}) {
    for (const std::string& argument : *arguments) {
      const auto given = object.find(argument);
      if (!given) continue;
      if (auto text = read_argument(argument, *given, reading)) entry.arguments.emplace(argument, std::move(*text));
    }
  }
  // What only the operation itself knows about its arguments is asked once they are right as far as the reader can
  // tell.
  if (reading.plan && reading.of_scenario.size() == told_before) {
    const std::string problem = steps::problem_of_operation(reading.plan->design(), entry.step, entry.arguments);
    if (!problem.empty()) value.error(problem, "see the operations in README.md");
  }
  reading.scenario.timeline.push_back(std::move(entry));
}

}  // namespace

/// A number for each set of hosts that is cut off, so that partitions may overlap and heal one by one.
static void number_partitions(const Value& value, std::vector<TimelineEntry>& timeline) {
  constexpr std::size_t most_partitions = 64;
  std::vector<std::vector<std::string>> sets;
  for (TimelineEntry& entry : timeline) {
    if (entry.action == TimelineEntry::Action::step || entry.fault != FaultKind::network_partition) continue;
    const auto found = std::find(sets.begin(), sets.end(), entry.hosts);
    entry.partition = static_cast<int>(found - sets.begin());
    if (found == sets.end()) sets.push_back(entry.hosts);
  }
  if (sets.size() > most_partitions) {
    value.error("more than 64 different sets of hosts are cut off", "split the scenario");
  }
}

void read_timeline(const Value& value, ScenarioReading& reading) {
  static const std::vector<std::string> actions = {"fault", "repair", "step"};
  const auto entries = value.elements(0, most_entries);
  if (!entries) return;
  std::vector<TimelineEntry>& timeline = reading.scenario.timeline;
  std::vector<std::pair<std::size_t, Value>> repairs;
  bool every_fault_known = true;
  for (const Value& entry : *entries) {
    const auto action = head_of(entry, "the entry", actions);
    const std::size_t before = timeline.size();
    if (action && action->name == "step") read_step(entry, action->value, reading);
    if (action && action->name != "step") read_fault(entry, *action, reading);
    const bool understood = timeline.size() > before;
    if (understood && action->name == "repair") repairs.emplace_back(before, entry);
    if (!understood && (!action || action->name == "fault")) every_fault_known = false;
  }
  if (!every_fault_known) return;  // what a repair belongs to may be among the entries that were not understood
  for (const auto& [index, entry] : repairs) check_repair(timeline[index], entry, reading);
  number_partitions(value, timeline);
}

}  // namespace rehearse::sim

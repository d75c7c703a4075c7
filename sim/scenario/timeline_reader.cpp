// The section "timeline" of a scenario.
#include <fmt/format.h>

#include <algorithm>

#include "model/steps/operations.hpp"
#include "sim/scenario/scenario_reading.hpp"
#include "sim/scenario/scenario_shapes.hpp"

namespace rehearse::sim {
namespace {

using model::Object;
using model::Shape;
using model::Value;

constexpr std::size_t most_entries = 10'000;

/// "SQL1 joined" or "SQL Server (MSSQLSERVER) online", with the name in the design's spelling.
std::optional<std::string> read_trigger(const Value& value, const ScenarioReading& reading) {
  const std::optional<std::string> text = value.text();
  if (!text) return std::nullopt;
  const auto name_before = [&](std::string_view ending) {
    const bool there = text->size() > ending.size() && text->ends_with(ending);
    return there ? text->substr(0, text->size() - ending.size()) : std::string();
  };
  if (const std::string name = name_before(" joined"); !name.empty()) {
    const auto node = reading.node_named(name, value);
    return node ? std::optional(*node + " joined") : std::nullopt;
  }
  if (const std::string name = name_before(" online"); !name.empty()) {
    const auto role = reading.role_named(name, value);
    return role ? std::optional(*role + " online") : std::nullopt;
  }
  value.error("'" + *text + "' is nothing that can be waited for",
              "write a node and \"joined\" or a role and \"online\", for example \"SQL1 joined\"");
  return std::nullopt;
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

/// Hosts on a side of their own: at least one, and at least one on the other side.
std::optional<std::vector<std::string>> read_side(const Value& value, const ScenarioReading& reading) {
  const auto elements = value.elements(1);
  if (!elements) return std::nullopt;
  std::vector<std::string> side;
  for (const Value& element : *elements) {
    const auto host = reading.any_host(element);
    if (!host) return std::nullopt;
    if (std::find(side.begin(), side.end(), *host) != side.end()) {
      element.error("the host '" + *host + "' is there twice", "name every host once");
      return std::nullopt;
    }
    side.push_back(*host);
  }
  if (reading.plan && side.size() == reading.plan->hosts.size()) {
    value.error("every host is on this side", "name the hosts of one side only");
    return std::nullopt;
  }
  std::sort(side.begin(), side.end());
  return side;
}

/// What the fault acts on, or nullopt after a diagnostic.
std::optional<std::vector<std::string>> read_scope(const Object& object, FaultKind kind,
                                                   const ScenarioReading& reading) {
  const FaultScope scope = scope_of(kind);
  if (scope == FaultScope::none) return std::vector<std::string>{};
  const auto value = object.find(key_of(scope));
  if (!value) return std::nullopt;
  if (scope == FaultScope::hosts) return read_side(*value, reading);
  const auto name = scope == FaultScope::node     ? reading.node(*value)
                    : scope == FaultScope::worker ? reading.worker(*value)
                                                  : reading.host(*value);
  return name ? std::optional(std::vector{*name}) : std::nullopt;
}

std::string described(const TimelineEntry& fault) {
  std::string text(to_text(fault.fault));
  for (const std::string& host : fault.hosts) text += (&host == fault.hosts.data() ? " of " : ", ") + host;
  return text;
}

/// Tells what cannot be repaired. An entry that waits for an event may come before or after any other.
void check_repair(const TimelineEntry& repair, const Value& value, const ScenarioReading& reading) {
  const auto& timeline = reading.scenario.timeline;
  const bool begun = std::any_of(timeline.begin(), timeline.end(), [&](const TimelineEntry& other) {
    return other.action == TimelineEntry::Action::fault && other.fault == repair.fault && other.hosts == repair.hosts &&
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
    name.error(fmt::format("{} is over at once and needs no repair", to_text(*kind)), "remove this entry");
    return;
  }
  const Shape& shape = fault_shape(head.name, scope_of(*kind));
  const Object object(value, shape);
  TimelineEntry entry;
  entry.action = repair ? TimelineEntry::Action::repair : TimelineEntry::Action::fault;
  entry.fault = *kind;
  entry.place = object.place();
  read_moment(object, shape, entry, reading);
  if (*kind == FaultKind::witness_down && reading.plan && reading.plan->witness_host == world::none) {
    name.error("the design has no witness that could be lost", "remove this entry, or give the design a witness");
    return;
  }
  auto scope = read_scope(object, *kind, reading);
  if (!scope) return;
  entry.hosts = std::move(*scope);
  reading.scenario.timeline.push_back(std::move(entry));
}

/// An argument as the operation wants it; nullopt after a diagnostic.
std::optional<std::string> read_argument(const std::string& name, const Value& value, const ScenarioReading& reading) {
  if (name == "role") return reading.role(value);
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

#include "sim/report/describe.hpp"

#include <fmt/format.h>

#include "model/endpoint.hpp"
#include "model/handshake.hpp"
#include "sim/report/events.hpp"
#include "sim/report/reading.hpp"

namespace rehearse::sim {
namespace {

using fmt::format;
using world::Blueprint;
using world::none;
using world::Record;
using world::RecordKind;

std::string who(const Reading& r) {
  switch (r.record.kind) {
    case RecordKind::begun:
    case RecordKind::fault_injected:
    case RecordKind::fault_repaired:
    case RecordKind::operator_acts:
    case RecordKind::switch_consulted: return {};
    default: break;
  }
  switch (r.record.subject.part()) {
    case world::Part::batch: return "batch " + r.subject();
    case world::Part::site: return "site " + r.subject();
    default: return r.subject();
  }
}

std::string number_of(std::uint32_t object) {
  return object == none ? "an operation" : format("number {}", object);
}

std::string say_rehearsal(const Reading& r, const Scenario& scenario, const std::vector<std::string>& acts) {
  const std::uint32_t object = r.record.object;
  const auto entry = [&] {
    return object < scenario.timeline.size() ? name_of(scenario.timeline[object]) : number_of(object);
  };
  const auto act = [&] { return object < acts.size() ? acts[object] : number_of(object); };
  switch (r.record.kind) {
    case RecordKind::begun: return "the rehearsal begins";
    case RecordKind::fault_injected: return "FAULT " + entry();
    case RecordKind::fault_repaired: return "REPAIR " + entry();
    case RecordKind::operator_acts:
      return r.record.value == 1 ? format("OPERATOR {} ends", act()) : format("OPERATOR {}", act());
    case RecordKind::switch_consulted:
      if (r.record.value < 0 || r.record.value >= static_cast<std::int64_t>(model::switch_count))
        return "a switch matters";
      return format("from here on it matters whether {}", model::name_of(static_cast<model::Switch>(r.record.value)));
    default: return {};
  }
}

std::string what(const Reading& r, const Scenario& scenario, const std::vector<std::string>& acts) {
  std::string said = say_rehearsal(r, scenario, acts);
  for (const auto say :
       {say_machine, say_installation, say_membership, say_role, say_storage, say_instance, say_scale_out, say_work}) {
    if (said.empty()) said = say(r);
  }
  if (said.empty()) said = std::string(world::to_text(r.record.kind));
  return said + events_text(r.record, r.plan);
}

std::string more(const Reading& r) {
  const auto outcome = met_by(r.record);
  if (!outcome || *outcome == model::HandshakeOutcome::accepted) return {};
  const model::Design& design = r.plan.design();
  model::Endpoint endpoint{design.master_host_name(), design.scale_out.master.settings.port};
  if (r.record.subject.index() < r.plan.workers.size()) {
    const std::uint32_t pool = r.plan.workers[r.record.subject.index()].pool;
    if (const auto own = model::parse_endpoint(design.scale_out.workers[pool].settings.endpoint)) endpoint = *own;
  }
  return format("The worker's log shows \"{}\" {}", model::message_of(*outcome, endpoint.host, endpoint.port),
                model::remedy_of(*outcome, endpoint.host, endpoint.port));
}

}  // namespace

Sentence describe(const Record& record, const Blueprint& plan, const Scenario& scenario,
                  const std::vector<std::string>& acts) {
  const Reading reading(record, plan);
  return {who(reading), what(reading, scenario, acts), more(reading)};
}

std::string to_text(const Sentence& sentence) {
  return sentence.who.empty() ? sentence.what : sentence.who + ": " + sentence.what;
}

namespace {

using Details = std::vector<std::pair<std::string, std::string>>;

std::string in_brackets(const Details& details) {
  std::string text;
  for (const auto& [name, value] : details) text += (text.empty() ? " (" : ", ") + name + ": " + value;
  return text.empty() ? text : text + ")";
}

/// How the fault is, beside what it acts on.
Details details_of(const TimelineEntry& fault) {
  Details details;
  const auto add = [&](std::string name, std::string value) {
    details.emplace_back(std::move(name), std::move(value));
  };
  if (!fault.resource.empty() && !fault.hosts.empty()) add("node", fault.hosts.front());
  if (!fault.certificate.empty() && !fault.hosts.empty()) add("host", fault.hosts.front());
  if (!fault.store.empty()) add("store", fault.store);
  if (fault.setting) add("key", fault.setting->key);
  if (fault.setting && !fault.setting->value.empty()) add("value", fault.setting->value);
  if (!fault.network.empty()) add("network", fault.network);
  if (fault.port != 0) add("port", std::to_string(fault.port));
  if (!fault.kind.empty()) add(fault.fault == FaultKind::sql_component_error ? "component" : "kind", fault.kind);
  if (fault.amount != 0) add(fault.fault == FaultKind::network_loss ? "share" : "factor", format("{:g}", fault.amount));
  const bool late = fault.fault == FaultKind::operator_late || fault.fault == FaultKind::clock_skew;
  if (fault.length != Duration::zero()) add(late ? "by" : "add", model::to_text(fault.length));
  if (fault.every == Duration::zero()) return details;
  add("every", model::to_text(fault.every));
  add("down", model::to_text(fault.down));
  return details;
}

}  // namespace

std::string name_of(const TimelineEntry& entry) {
  if (entry.action == TimelineEntry::Action::step) {
    return entry.step + in_brackets(Details(entry.arguments.begin(), entry.arguments.end()));
  }
  std::vector<std::string> targets = entry.hosts.empty() ? entry.sites : entry.hosts;
  for (const std::string& one : {entry.resource, entry.certificate, entry.role, entry.account, entry.batch}) {
    if (!one.empty()) targets = {one};
  }
  std::string text(to_text(entry.fault));
  for (std::size_t i = 0; i < targets.size(); ++i) text += (i == 0 ? " on " : ", ") + targets[i];
  return text + in_brackets(details_of(entry));
}

}  // namespace rehearse::sim

#include "model/structure/proof.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

namespace rehearse::model::structure {
namespace {

using Json = nlohmann::ordered_json;

/// An outage of this length has not ended by itself; a restart is shorter.
constexpr Duration lasting = std::chrono::hours(1);
constexpr Duration interruption = std::chrono::milliseconds(1);
/// By then the last connection has gone.
constexpr Duration all_gone = std::chrono::hours(1);

/// With the spaces that people put there.
std::string on_one_line(const Json& json) {
  std::vector<std::string> members;
  if (json.is_object()) {
    for (const auto& [key, value] : json.items()) members.push_back(on_one_line(key) + ": " + on_one_line(value));
    return fmt::format("{{ {} }}", fmt::join(members, ", "));
  }
  if (json.is_array()) {
    for (const Json& value : json) members.push_back(on_one_line(value));
    return fmt::format("[{}]", fmt::join(members, ", "));
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json entry_of(const TimelineLine& line, Duration at) {
  Json entry = {{"at", model::to_text(at)}};
  entry[line.head == TimelineLine::Head::fault ? "fault" : "step"] = line.name;
  for (const auto& [key, value] : line.keys) {
    std::visit([&entry, &name = key](const auto& one) { entry[name] = one; }, value);
  }
  return entry;
}

std::vector<Json> timeline_of(const Requirements& requirements, const CutSet& set) {
  std::vector<TimelineLine> faults, provocations;
  const auto add = [](std::vector<TimelineLine>& lines, const std::vector<TimelineLine>& more) {
    for (const TimelineLine& line : more) {
      if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(line);
    }
  };
  for (const int number : set.components) {
    const Component& component = requirements.components.at(static_cast<std::size_t>(number));
    if (component.faults.empty()) throw std::logic_error("no fault takes " + component.name + " down");
    add(faults, component.faults);
    add(provocations, component.provocations);
  }
  std::vector<Json> entries;
  for (const TimelineLine& line : faults) entries.push_back(entry_of(line, faults_at));
  for (const TimelineLine& line : provocations) entries.push_back(entry_of(line, provoked_at));
  return entries;
}

std::vector<Json> expectations_of(const CutSet& set) {
  const bool short_one = set.way == Way::until_restarted;
  std::vector<Json> expectations;
  for (const Service service : set.lost.list()) {
    if (service == Service::workers && !short_one) {
      expectations.push_back({{"workers", "all"}, {"disconnected_from", model::to_text(all_gone)}});
      continue;
    }
    const std::string least = model::to_text(short_one ? interruption : lasting);
    expectations.push_back({{"service", std::string(to_text(service))}, {"outage", {{"min", least}}}});
  }
  return expectations;
}

std::string names_of(const Requirements& requirements, const CutSet& set) {
  std::vector<std::string> names;
  for (const int number : set.components) {
    names.push_back(requirements.components.at(static_cast<std::size_t>(number)).name);
  }
  return fmt::format("{}", fmt::join(names, " and "));
}

std::string described(const Requirements& requirements, const CutSet& set) {
  std::string text =
      fmt::format("Without {} there is no {}, {}.", names_of(requirements, set), to_text(set.lost), to_text(set.way));
  for (const int number : set.components) {
    const Component& component = requirements.components[static_cast<std::size_t>(number)];
    if (component.shows == Shows::at_once) continue;
    text += fmt::format(" The loss of {} shows {}.", component.name, to_text(component.shows));
  }
  return text;
}

std::string listed(const std::vector<Json>& entries) {
  std::vector<std::string> lines;
  for (const Json& entry : entries) lines.push_back("    " + on_one_line(entry));
  return fmt::format("[\n{}\n  ]", fmt::join(lines, ",\n"));
}

}  // namespace

std::optional<Date> date_of_proof(const Design& design, Date wanted) {
  constexpr Duration day = std::chrono::hours(24), week = 7 * day;  // what is deployed has its time to settle
  const Date earliest = std::chrono::sys_days(std::chrono::year(2000) / 1 / 1);
  Date first = earliest, last = Date::max();
  for (const Certificate& certificate : design.certificates) {
    first = std::max(first, certificate.not_before + day);
    last = std::min(last, certificate.not_after);
  }
  if (last - week < first) return std::nullopt;
  return std::clamp(wanted, first, last - week);
}

std::string proof_scenario(const Requirements& requirements, const CutSet& set, const std::string& design_file,
                           Date start) {
  std::string text = "{\n";
  const auto add = [&](const char* key, const std::string& value) {
    text += fmt::format("  \"{}\": {},\n", key, value);
  };
  add("name", on_one_line("without " + names_of(requirements, set)));
  add("description", on_one_line(described(requirements, set)));
  add("design", on_one_line(design_file));
  add("seed", "1");
  add("start", on_one_line(model::to_text(start)));
  add("duration", on_one_line(model::to_text(proof_length)));
  add("deploy", "\"installed\"");
  add("timeline", listed(timeline_of(requirements, set)));
  text += fmt::format("  \"expect\": {}\n}}\n", listed(expectations_of(set)));
  return text;
}

}  // namespace rehearse::model::structure

// The settings of roles and of their resources, by Windows' own names and in Windows' own units: hours, milliseconds
// or seconds from one property to the next (W 11, 20).
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "model/design_roles.hpp"
#include "model/restart_policy.hpp"

namespace rehearse::model {
namespace {

constexpr std::int64_t largest_dword = std::numeric_limits<std::uint32_t>::max();

const Node* find_owner(const Value& value, const std::string& name, const DesignReading& reading) {
  const Node* node = reading.design.find_node(name);
  if (node != nullptr || !reading.nodes_known) return node;
  std::vector<std::string> nodes;
  for (const Node& known : reading.design.cluster.nodes) nodes.push_back(known.name);
  unknown_reference(value, name, "node", nodes);
  return nullptr;
}

std::vector<std::string> read_owners(const Value& value, const DesignReading& reading) {
  std::vector<std::string> owners;
  const auto entries = value.elements(1);
  if (!entries) return owners;
  NameSet taken;
  for (const Value& entry : *entries) {
    const auto name = entry.text();
    if (!name) continue;
    const Node* node = find_owner(entry, *name, reading);
    if (node != nullptr && claim_name(entry, node->name, "an owner", taken)) owners.push_back(node->name);
  }
  return owners;
}

/// A preferred owner that may never own the role is a slip, though Windows takes it.
void compare_owners(const Value& preferred, const RoleSettings& settings) {
  if (settings.possible_owners.empty()) return;
  for (const std::string& owner : settings.preferred_owners) {
    const auto& possible = settings.possible_owners;
    if (std::find(possible.begin(), possible.end(), owner) != possible.end()) continue;
    preferred.warning("the preferred owner '" + owner + "' is no possible owner", "the role will never move there");
  }
}

/// FailbackWindowStart and End: both or none, in hours of the cluster's local time.
void read_failback_window(const Object& object, RoleSettings& settings) {
  const auto from = object.find("FailbackWindowStart");
  const auto until = object.find("FailbackWindowEnd");
  const auto first = from ? from->whole(0, 23) : std::nullopt;
  const auto last = until ? until->whole(0, 23) : std::nullopt;
  if (from.has_value() != until.has_value()) {
    (from ? *from : *until)
        .error(from ? "the window for failback has no end" : "the window for failback has no beginning",
               "state FailbackWindowStart and FailbackWindowEnd, or neither");
    return;
  }
  if (!first || !last) return;
  if (*first == *last) {
    until->error("the window for failback ends in the hour in which it begins", "state another hour");
    return;
  }
  settings.failback_from = static_cast<int>(*first);
  settings.failback_until = static_cast<int>(*last);
  if (!settings.failback) {
    from->warning("without failback its window means nothing", "add \"AutoFailbackType\": 1, or remove the window");
  }
}

void read_failback(const Object& object, RoleSettings& settings) {
  if (const auto type = object.find("AutoFailbackType")) {
    const auto number = type->whole(0, 1);
    settings.failback = number == 1;
    if (settings.failback && !object.has("preferred_owners")) {
      type->error("there is nowhere to fail back to: the role has no preferred owners", "add \"preferred_owners\"");
    }
  }
  read_failback_window(object, settings);
}

void read_failover_threshold(const Value& value, RoleSettings& settings) {
  if (value.node().kind == JsonNode::Kind::whole && value.node().whole == largest_dword) return;  // nodes - 1
  if (const auto number = value.whole(1, SlidingWindow::capacity)) {
    settings.failover_threshold = static_cast<int>(*number);
  }
}

/// A length of time as a number of Windows' own units, which a wrong value is told.
std::optional<std::int64_t> read_units(const Object& object, std::string_view key, std::int64_t low, std::int64_t high,
                                       std::string_view unit) {
  const auto value = object.find(key);
  if (!value) return std::nullopt;
  const JsonNode& node = value->node();
  const std::string wanted = fmt::format("{} to {} {}", low, high, unit);
  if (node.kind != JsonNode::Kind::whole) {
    value->wrong_type("a whole number", "write it in Windows' own unit, without quotes: " + wanted);
  } else if (node.whole < low || node.whole > high) {
    value->error(fmt::format("{} is out of range for {}", node.whole, key), "write " + wanted);
  } else {
    return node.whole;
  }
  return std::nullopt;
}

void read_milliseconds(const Object& object, std::string_view key, std::int64_t low, std::optional<Duration>& into) {
  const auto number = read_units(object, key, low, largest_dword, "ms");
  if (number) into = std::chrono::milliseconds(*number);
}

/// A poll interval; Windows' largest number stands for "as the resource type has it".
void read_interval(const Object& object, std::string_view key, std::optional<Duration>& into) {
  constexpr std::int64_t shortest = 10;
  read_milliseconds(object, key, shortest, into);
  if (into == std::chrono::milliseconds(largest_dword)) into.reset();
}

void read_retry_period(const Object& object, ResourceSettings& settings, const DesignReading& reading) {
  const auto retry = object.find("RetryPeriodOnFailure");
  read_milliseconds(object, "RetryPeriodOnFailure", 0, settings.retry_period_on_failure);
  if (settings.retry_period_on_failure == std::chrono::milliseconds(largest_dword)) {
    settings.retry_period_on_failure = Duration::max();
  }
  if (!settings.restart_period && !settings.retry_period_on_failure) return;
  const Parameters& ledger = reading.design.parameters;
  const Duration period = settings.restart_period.value_or(ledger.length(Setting::restart_period));
  const Duration until_retry =
      settings.retry_period_on_failure.value_or(ledger.length(Setting::retry_period_on_failure));
  if (until_retry >= period) return;
  const Value where = settings.retry_period_on_failure ? *retry : *object.find("RestartPeriod");
  where.error(fmt::format("RetryPeriodOnFailure ({}) is shorter than RestartPeriod ({})", to_text(until_retry),
                          to_text(period)),
              "state both, in milliseconds, with RetryPeriodOnFailure at least as long");
}

}  // namespace

std::optional<bool> read_flag(const Value& value) {
  if (value.node().kind == JsonNode::Kind::boolean) return value.node().boolean;
  const auto number = value.whole(0, 1);
  return number ? std::optional(*number == 1) : std::nullopt;
}

void read_role_settings(const Object& object, RoleSettings& settings, DesignReading& reading) {
  constexpr std::int64_t highest_priority = 4999;
  constexpr std::int64_t longest_period = 1193;  // hours
  settings.place = object.place();
  object.read("Priority", settings.priority, &Value::whole, std::int64_t{0}, highest_priority);
  const auto preferred = object.find("preferred_owners");
  if (preferred) settings.preferred_owners = read_owners(*preferred, reading);
  if (const auto owners = object.find("possible_owners")) settings.possible_owners = read_owners(*owners, reading);
  if (preferred) compare_owners(*preferred, settings);
  read_failback(object, settings);
  if (const auto threshold = object.find("FailoverThreshold")) read_failover_threshold(*threshold, settings);
  const auto period = read_units(object, "FailoverPeriod", 0, longest_period, "hours");
  if (period) settings.failover_period = std::chrono::hours(*period);
  if (const auto names = object.find("AntiAffinityClassNames")) {
    NameSet taken;
    for (const Value& entry : names->elements(1).value_or(std::vector<Value>())) {
      const auto name = entry.text();
      if (name && claim_name(entry, *name, "a class", taken)) settings.anti_affinity.push_back(*name);
    }
  }
  if (const auto site = object.find("PreferredSite")) {
    if (auto name = read_preferred_site(*site, reading)) settings.preferred_site = std::move(*name);
  }
}

void read_resource_settings(const Object& object, ResourceSettings& settings, const DesignReading& reading) {
  if (const auto action = object.find("RestartAction")) {
    if (const auto number = action->whole(0, 2)) settings.restart_action = static_cast<int>(*number);
  }
  if (const auto threshold = object.find("RestartThreshold")) {
    const auto number = threshold->whole(0, SlidingWindow::capacity);
    if (number) settings.restart_threshold = static_cast<int>(*number);
  }
  read_milliseconds(object, "RestartPeriod", 0, settings.restart_period);
  read_milliseconds(object, "RestartDelay", 0, settings.restart_delay);
  read_retry_period(object, settings, reading);
  read_milliseconds(object, "PendingTimeout", 10, settings.pending_timeout);
  read_milliseconds(object, "DeadlockTimeout", 1000, settings.deadlock_timeout);
  read_interval(object, "LooksAlivePollInterval", settings.looks_alive_interval);
  read_interval(object, "IsAlivePollInterval", settings.is_alive_interval);
  if (const auto separate = object.find("SeparateMonitor")) {
    settings.separate_monitor = read_flag(*separate).value_or(false);
  }
}

void read_name_settings(const Object& object, std::optional<bool>& register_all_ips,
                        std::optional<Duration>& record_ttl) {
  constexpr std::int64_t longest_ttl = std::numeric_limits<std::int32_t>::max();  // what DNS can say
  if (const auto all = object.find("RegisterAllProvidersIP")) register_all_ips = read_flag(*all);
  const auto seconds = read_units(object, "HostRecordTTL", 0, longest_ttl, "seconds");
  if (seconds) record_ttl = std::chrono::seconds(*seconds);
}

std::vector<std::string> read_addresses(const Value& value, DesignReading& reading) {
  std::vector<std::string> addresses;
  const auto entries = value.elements(1);
  if (!entries) return addresses;
  for (const Value& entry : *entries) {
    auto address = reading.read_cluster_address(entry);
    if (!address) continue;
    const Subnet* subnet = reading.subnet_of(*address);
    const auto beside = std::find_if(addresses.begin(), addresses.end(), [&](const std::string& other) {
      return subnet != nullptr && reading.subnet_of(other) == subnet;
    });
    if (beside != addresses.end()) {
      entry.error("the addresses " + *beside + " and " + *address + " are in one subnet",
                  "a name has one address a subnet: remove one of them");
      continue;
    }
    addresses.push_back(std::move(*address));
  }
  return addresses;
}

}  // namespace rehearse::model

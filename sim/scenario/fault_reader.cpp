// A fault or a repair in the section "timeline" of a scenario: what it acts on and how much, against the design.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "sim/scenario/fault_injection.hpp"
#include "sim/scenario/fault_kinds.hpp"
#include "sim/scenario/scenario_reader.hpp"
#include "sim/scenario/scenario_reading.hpp"
#include "sim/scenario/scenario_shapes.hpp"
#include "sim/scenario/setting_reader.hpp"

namespace rehearse::sim {
namespace {

using model::Object;
using model::Value;

using Names = std::vector<std::string>;
constexpr double least_share = 0.0001, most_factor = 1000;
constexpr Duration most_latency = std::chrono::minutes(1), most_lateness = std::chrono::hours(24 * 30);
constexpr Duration least_time = std::chrono::milliseconds(1);
constexpr Duration most_skew = std::chrono::hours(24 * 366);
constexpr Duration least_flap = std::chrono::seconds(1), most_flap = std::chrono::hours(24);

/// Names that must differ, at least `least` of them, sorted.
template <class Resolve>
std::optional<Names> read_names(const Value& value, std::string_view kind, std::size_t least, std::size_t most,
                                Resolve&& resolve) {
  const auto elements = value.elements(least, most);
  if (!elements) return std::nullopt;
  Names names;
  for (const Value& element : *elements) {
    const std::optional<std::string> name = resolve(element);
    if (!name) return std::nullopt;
    if (std::find(names.begin(), names.end(), *name) != names.end()) {
      element.error(fmt::format("the {} '{}' is there twice", kind, *name), fmt::format("name every {} once", kind));
      return std::nullopt;
    }
    names.push_back(*name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

class FaultReader {
 public:
  FaultReader(const Object& object, const FaultInfo& info, TimelineEntry& entry, const ScenarioReading& reading)
      : object_(object), info_(info), entry_(entry), reading_(reading) {}

  /// False: something was told.
  bool read_target() {
    return std::all_of(info_.target.begin(), info_.target.end(), [&](const model::Key& key) { return read(key); });
  }
  bool read_amount() {
    bool right = true;
    for (const model::Key& key : info_.amount) right = read(key) && right;
    if (info_.kind == FaultKind::certificate_wrong_binding && entry_.kind.empty()) entry_.kind = "missing";
    if (info_.end == FaultInfo::End::at_once) return right;
    const std::optional<Value> lasts = object_.find("for");
    if (!lasts) return right && info_.end == FaultInfo::End::by_repair;
    entry_.lasts = lasts->duration_within(least_time, longest_rehearsal);
    return right && entry_.lasts.has_value();
  }

 private:
  bool read(const model::Key& key) {
    const std::optional<Value> value = object_.find(key.name);
    return value ? read(key.name, *value) : key.need == model::Need::optional;
  }

  bool read(std::string_view key, const Value& value) {
    if (key == "node") return take_host(reading_.node(value));
    if (key == "worker") return take_host(reading_.worker(value));
    if (key == "host") {
      const bool witness_too = info_.kind == FaultKind::network_port_blocked;
      return take_host(witness_too ? reading_.any_host(value) : reading_.host(value));
    }
    if (key == "hosts") return read_hosts(value);
    if (key == "sites") return read_sites(value);
    if (key == "network") return read_network(value);
    if (key == "port") return read_port(value);
    if (key == "disk" || key == "resource") return read_resource(key, value);
    if (key == "kind") return take(entry_.kind, value.one_of(hangs() ? hang_kinds() : binding_kinds()));
    if (key == "certificate") return take(entry_.certificate, reading_.certificate(value));
    if (key == "store") return take(entry_.store, value.one_of(store_names()));
    if (key == "batch") return take(entry_.batch, reading_.batch(value));
    if (key == "account") return read_account(value);
    if (key == "role") return read_role(value);
    if (key == "key") return read_setting_key(value, entry_, reading_);
    if (key == "value") return read_setting_value(value, entry_, reading_);
    if (key == "component") return take(entry_.kind, value.one_of(error_components()));
    if (key == "share") return take(entry_.amount, value.number(least_share, 1));
    if (key == "factor") return take(entry_.amount, value.number(1, most_factor));
    if (key == "add") return take(entry_.length, value.duration_within(least_time, most_latency));
    if (key == "by" && info_.kind == FaultKind::clock_skew) return read_skew(value);
    if (key == "by") return take(entry_.length, value.duration_within(least_time, most_lateness));
    if (key == "every") return take(entry_.every, value.duration_within(least_flap, most_flap));
    if (key == "down") return read_down(value);
    throw std::logic_error("a fault with a key that nobody reads: " + std::string(key));
  }

  template <class Target, class Result>
  static bool take(Target& target, const std::optional<Result>& result) {
    if (result) target = *result;
    return result.has_value();
  }

  bool take_host(const std::optional<std::string>& name) {
    if (name) entry_.hosts = {*name};
    return name.has_value();
  }

  bool hangs() const { return info_.kind == FaultKind::node_hang; }

  /// Only the password of a domain account can expire: virtual accounts have none (S 4.3).
  bool read_account(const Value& value) {
    if (!take(entry_.account, value.one_of(account_owners()))) return false;
    if (!reading_.plan) return true;
    const model::ScaleOut& scale_out = reading_.plan->design().scale_out;
    const bool of_master = entry_.account == "master";
    const bool domain = of_master
                            ? scale_out.master.uses_domain_account()
                            : std::any_of(scale_out.workers.begin(), scale_out.workers.end(),
                                          [](const auto& pool) { return model::is_domain_account(pool.account); });
    if (domain) return true;
    value.error(fmt::format("the {} a virtual account, which has no password",
                            of_master ? "master of the design uses" : "workers of the design use"),
                fmt::format("give the {} of the design a domain account, or remove this entry",
                            of_master ? "master" : "workers"));
    return false;
  }

  bool read_role(const Value& value) {
    if (!take(entry_.role, reading_.role(value))) return false;
    if (!reading_.plan) return true;
    const world::GroupPlan& role = reading_.plan->groups[reading_.plan->find_group(entry_.role)];
    if (!role.host_name.empty()) return true;
    value.error("'" + role.name + "' has no network name", "name a role that clients find by its name");
    return false;
  }

  /// "5m": the clock is ahead; "-90s": it is behind.
  bool read_skew(const Value& value) {
    const std::optional<std::string> text = value.text();
    if (!text) return false;
    const bool behind = text->starts_with('-');
    const auto length = model::parse_duration(std::string_view(*text).substr(behind ? 1 : 0));
    if (length && *length >= least_time && *length <= most_skew) {
      entry_.length = behind ? -*length : *length;
      return true;
    }
    value.error(fmt::format("'{}' is no length of time by which a clock can be wrong", *text),
                fmt::format("write {} to {}, for example \"5m\", or \"-90s\" for a clock that is behind",
                            model::to_text(least_time), model::to_text(most_skew)));
    return false;
  }

  bool read_hosts(const Value& value) {
    const auto names = read_names(value, "host", 1, std::numeric_limits<std::size_t>::max(),
                                  [&](const Value& one) { return reading_.any_host(one); });
    if (!names) return false;
    const bool all = reading_.plan && names->size() == reading_.plan->hosts.size();
    if (all && info_.kind == FaultKind::network_partition) {
      value.error("every host is on this side", "name the hosts of one side only");
      return false;
    }
    entry_.hosts = *names;
    return true;
  }

  bool read_sites(const Value& value) {
    const auto names = read_names(value, "site", 2, 2, [&](const Value& one) { return reading_.site(one); });
    return take(entry_.sites, names);
  }

  bool read_network(const Value& value) {
    const auto name = reading_.network(value);
    if (!name) return false;
    entry_.network = *name;
    if (!reading_.plan || entry_.hosts.empty()) return true;
    const world::HostPlan& host = reading_.plan->hosts[reading_.plan->find_host(entry_.hosts.front())];
    const bool card = (host.cards & world::bit(reading_.plan->find_network(*name))) != 0;
    if (host.kind == world::HostKind::cluster_node && card) return true;
    if (host.kind == world::HostKind::cluster_node) {
      value.error(fmt::format("{} has no card on '{}'", host.name, *name),
                  "name a network of the node, or leave it out");
    } else {
      value.error(host.name + " is no cluster node and has one card only", "leave 'network' out");
    }
    return false;
  }

  bool read_port(const Value& value) {
    constexpr int most = 65'535;
    const auto port = value.whole(1, most);
    if (!port) return false;
    entry_.port = static_cast<int>(*port);
    if (!reading_.plan || entry_.hosts.empty()) return true;
    const world::HostIndex host = reading_.plan->find_host(entry_.hosts.front());
    if (port_behind(*reading_.plan, host, entry_.port)) return true;
    Names known;
    for (const int one : ports_of(*reading_.plan, host)) known.push_back(std::to_string(one));
    value.error(fmt::format("nobody speaks to port {} of {}", entry_.port, entry_.hosts.front()),
                known.empty() ? "name a host that others connect to" : "its ports are " + model::listed(known));
    return false;
  }

  bool read_resource(std::string_view key, const Value& value) {
    const bool path = info_.kind == FaultKind::storage_path_lost;
    const bool address = info_.kind == FaultKind::network_duplicate_address;
    return take(entry_.resource, key == "disk" ? (path ? reading_.any_disk(value) : reading_.disk(value))
                                 : address     ? reading_.address(value)
                                               : reading_.resource(value));
  }

  bool read_down(const Value& value) {
    if (!take(entry_.down, value.duration_within(least_time, most_flap))) return false;
    if (entry_.every == Duration::zero() || entry_.down < entry_.every) return true;
    value.error("the card is down for longer than it takes until it goes down again",
                "write a shorter time than that of 'every', " + model::to_text(entry_.every));
    return false;
  }

  const Object& object_;
  const FaultInfo& info_;
  TimelineEntry& entry_;
  const ScenarioReading& reading_;
};

}  // namespace

bool read_fault_details(const Object& object, TimelineEntry& entry, const ScenarioReading& reading) {
  FaultReader reader(object, info_of(entry.fault), entry, reading);
  const bool target = reader.read_target();
  return (entry.action == TimelineEntry::Action::repair || reader.read_amount()) && target;
}

}  // namespace rehearse::sim

// SSISDB in an availability group: the part of the section "fci" that says so (S 4.2, W 10). Names, addresses and role
// of the listener go where those of a failover cluster instance would stand.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "model/design_roles.hpp"
#include "model/design_shapes.hpp"

namespace rehearse::model {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr std::size_t most_replicas = 9;        // a primary and eight secondaries
constexpr std::size_t most_basic_replicas = 2;  // a basic availability group: W 7.4

std::optional<AvailabilityGroup::Replica> read_replica(const Value& value, NameSet& taken, DesignReading& reading) {
  static const Choices<CommitMode> commits = {{"synchronous", CommitMode::synchronous},
                                              {"asynchronous", CommitMode::asynchronous}};
  static const Choices<FailoverMode> failovers = {{"automatic", FailoverMode::automatic},
                                                  {"manual", FailoverMode::manual}};
  const auto object = value.object(design_shape("/fci/ssisdb/replicas/*"));
  if (!object) return std::nullopt;
  AvailabilityGroup::Replica replica;
  replica.place = object->place();
  object->read("commit", replica.commit, commits);
  object->read("failover", replica.failover, failovers);
  object->read("hosted_by_fci", replica.hosted_by_fci, &Value::boolean);
  object->read("log_login", replica.log_login, &Value::boolean);
  object->read("master_key", replica.master_key, &Value::boolean);
  if (replica.failover == FailoverMode::automatic && object->has("failover")) {
    const Value failover = *object->find("failover");
    if (replica.commit == CommitMode::asynchronous) {
      failover.error("a replica of asynchronous commit cannot fail over automatically", "write \"manual\"");
    } else if (replica.hosted_by_fci) {
      failover.error("a replica hosted by a failover cluster instance cannot fail over automatically",
                     "write \"manual\"");
    }
  }
  const auto node = object->find("node");
  const auto name = node ? node->text() : std::nullopt;
  if (!name) return std::nullopt;
  const Node* known = reading.design.find_node(*name);
  if (known == nullptr && reading.nodes_known) {
    std::vector<std::string> nodes;
    for (const Node& other : reading.design.cluster.nodes) nodes.push_back(other.name);
    unknown_reference(*node, *name, "node", nodes);
    return std::nullopt;
  }
  if (!claim_name(*node, *name, "a replica on", taken)) return std::nullopt;
  replica.node = known == nullptr ? *name : known->name;
  return replica;
}

void read_replicas(const Value& value, AvailabilityGroup& group, DesignReading& reading) {
  const auto entries = value.elements(2, most_replicas);
  if (!entries) return;
  NameSet taken;
  for (const Value& entry : *entries) {
    if (auto replica = read_replica(entry, taken, reading)) group.replicas.push_back(std::move(*replica));
  }
  if (reading.design.edition == Edition::standard && entries->size() > most_basic_replicas) {
    value.error("Standard edition has only basic availability groups, of two replicas",
                "keep two replicas, or write \"edition\": \"enterprise\"");
  }
  // The group itself keeps the list of possible owners: the nodes of its replicas.
  for (const AvailabilityGroup::Replica& replica : group.replicas) {
    reading.design.fci.role.possible_owners.push_back(replica.node);
  }
}

void read_listener(const Value& value, AvailabilityGroup& group, DesignReading& reading) {
  const auto object = value.object(design_shape("/fci/ssisdb/listener"));
  if (!object) return;
  FailoverClusterInstance& fci = reading.design.fci;
  if (const auto name = object->find("name")) {
    if (auto text = read_computer_name(*name)) fci.network_name = std::move(*text);
  }
  if (const auto port = object->find("port")) {
    constexpr std::int64_t last_port = 65535;
    if (const auto number = port->whole(1, last_port)) group.port = static_cast<int>(*number);
  }
  if (const auto addresses = object->find("addresses")) fci.addresses = read_addresses(*addresses, reading);
  // A listener registers all its addresses unless told otherwise (W 6.1).
  fci.register_all_ips = true;
  read_name_settings(*object, fci.register_all_ips, fci.record_ttl);
}

void read_length(const Object& object, std::string_view key, Setting setting, Duration shortest,
                 DesignReading& reading) {
  const auto value = object.find(key);
  if (!value) return;
  if (const auto length = value->duration_within(shortest, hours(24))) {
    reading.give(setting, length->count(), *value);
  }
}

void read_timeouts(const Object& object, DesignReading& reading) {
  Parameters& ledger = reading.design.parameters;
  const Duration usual_health_check = seconds(30);
  ledger.set(Setting::health_check_timeout, usual_health_check.count(), Origin::documented, "W 10");
  read_length(object, "HealthCheckTimeout", Setting::health_check_timeout, seconds(15), reading);
  read_length(object, "SESSION_TIMEOUT", Setting::session_timeout, seconds(5), reading);
  read_length(object, "LeaseTimeout", Setting::lease_timeout, seconds(1), reading);
  if (const auto level = object.find("FailureConditionLevel")) {
    if (const auto number = level->whole(1, 5)) reading.give(Setting::failure_condition_level, *number, *level);
  }
  const Duration lease = ledger.length(Setting::lease_timeout);
  const Duration delay = ledger.length(Setting::same_subnet_delay);
  const std::int64_t threshold = ledger[Setting::same_subnet_threshold];
  if (lease_is_short_enough(lease, delay, threshold)) return;
  const auto stated = object.find("LeaseTimeout");
  (stated ? *stated : object.value())
      .warning(fmt::format("half of LeaseTimeout ({}) is not shorter than SameSubnetDelay x SameSubnetThreshold ({})",
                           to_text(lease), to_text(delay * threshold)),
               "a node that the others removed may still count itself the primary: shorten LeaseTimeout, or raise "
               "SameSubnetThreshold");
}

/// Two nodes or more must be able to take over from each other, else nothing fails over by itself.
void check_failover(const Value& replicas, const AvailabilityGroup& group) {
  const auto automatic =
      std::count_if(group.replicas.begin(), group.replicas.end(), [](const AvailabilityGroup::Replica& replica) {
        return replica.commit == CommitMode::synchronous && replica.failover == FailoverMode::automatic &&
               !replica.hosted_by_fci;
      });
  if (automatic >= 2 || group.replicas.size() < 2) return;
  replicas.warning(
      "no two replicas are of synchronous commit and automatic failover: SSISDB never fails over by itself",
      "give two of them \"commit\": \"synchronous\" and \"failover\": \"automatic\"");
}

}  // namespace

void read_availability_group(const Object& object, DesignReading& reading) {
  AvailabilityGroup group;
  group.place = object.place();
  for (const char* key : {"name", "listener", "replicas"}) {
    if (object.has(key)) continue;
    object.value().error(fmt::format("an availability group needs the key '{}'", key), fmt::format("add \"{}\"", key));
  }
  object.read("name", group.name, &Value::text);
  if (const auto listener = object.find("listener")) read_listener(*listener, group, reading);
  if (const auto replicas = object.find("replicas")) {
    read_replicas(*replicas, group, reading);
    check_failover(*replicas, group);
  }
  read_timeouts(object, reading);
  object.read("failover_monitor_job", group.failover_monitor_job, &Value::boolean);
  if (const auto recovery = object.find("recovery")) {
    if (const auto length = recovery->distribution()) reading.give(Timing::replica_redo, *length, *recovery);
  }
  reading.design.fci.availability_group = std::move(group);
}

void refuse_group_keys(const Object& object) {
  for (const char* key : {"name", "listener", "replicas", "LeaseTimeout", "HealthCheckTimeout", "FailureConditionLevel",
                          "SESSION_TIMEOUT", "failover_monitor_job"}) {
    if (const auto value = object.find(key)) {
      value->error(fmt::format("only an availability group has a '{}'", key),
                   "remove it, or write \"in\": \"availability_group\"");
    }
  }
}

void refuse_instance_keys(const Object& fci) {
  for (const char* key : {"network_name", "addresses", "RegisterAllProvidersIP", "HostRecordTTL"}) {
    if (const auto value = fci.find(key)) {
      value->error(fmt::format("with an availability group, '{}' is the listener's", key),
                   "write it under ssisdb, \"listener\"");
    }
  }
  for (const char* key : {"HealthCheckTimeout", "FailureConditionLevel"}) {
    if (const auto value = fci.find(key)) {
      value->error(fmt::format("with an availability group, '{}' is the group's", key), "write it under ssisdb");
    }
  }
  for (const char* key : {"disks", "storage_pool"}) {
    if (const auto value = fci.find(key)) {
      value->error(fmt::format("the replicas of an availability group share no storage: there are no '{}'", key),
                   "remove it");
    }
  }
}

}  // namespace rehearse::model

// NET: addresses, names in several subnets, and what clients make of them (W 6, W 7.6).
#include <fmt/format.h>

#include <algorithm>

#include "model/endpoint.hpp"
#include "model/json_tree.hpp"
#include "model/rules/design_source.hpp"
#include "model/rules/families.hpp"
#include "model/rules/questions.hpp"

namespace rehearse::model::rules {
namespace {

/// A name with its addresses: SQL Server's or the listener, and the master's own in the separate placement.
struct AccessPoint {
  std::string name, pointer;
  const std::vector<std::string>& addresses;
  const RoleSettings& role;
  bool all_registered;
  Duration ttl;
};

AccessPoint of_sql(const Facts& facts) {
  const FailoverClusterInstance& fci = facts.design.fci;
  return {fci.network_name,
          fci.availability_group ? "/fci/ssisdb/listener" : "/fci",
          fci.addresses,
          fci.role,
          fci.register_all_ips.value_or(fci.addresses.size() > 1),
          fci.record_ttl.value_or(facts.design.parameters.length(Setting::record_ttl))};
}

std::vector<AccessPoint> access_points(const Facts& facts) {
  std::vector<AccessPoint> points = {of_sql(facts)};
  if (facts.design.scale_out.role) {
    const MasterRole& role = *facts.design.scale_out.role;
    points.push_back({role.dns_host_name, "/scale_out/role", role.addresses, role.settings,
                      role.register_all_ips.value_or(false),
                      role.record_ttl.value_or(facts.design.parameters.length(Setting::record_ttl))});
  }
  return points;
}

/// Where the addresses stand: a role with one may say "address".
std::string at_addresses(const Facts& facts, const AccessPoint& point) {
  const std::string one = point.pointer + "/address";
  return facts.source.has(one) ? one : point.pointer + "/addresses";
}

Findings owner_without_address(const Facts& facts) {
  Findings findings;
  for (const AccessPoint& point : access_points(facts)) {
    if (point.addresses.empty()) continue;
    for (const std::string& owner : owners(facts.design, point.role)) {
      const Node* node = facts.design.find_node(owner);
      if (node == nullptr || reaches(facts.design, *node, point.addresses)) continue;
      findings.push_back(
          {point.pointer + "/addresses",
           fmt::format("'{}' may run on '{}', which is on no network of its addresses", point.name, owner),
           fmt::format("add an address of a network of '{}', or take it from possible_owners", owner)});
    }
  }
  return findings;
}

Findings address_without_owner(const Facts& facts) {
  Findings findings;
  for (const AccessPoint& point : access_points(facts)) {
    const auto possible = owners(facts.design, point.role);
    for (std::size_t i = 0; i < point.addresses.size(); ++i) {
      const bool used = std::any_of(possible.begin(), possible.end(), [&](const std::string& owner) {
        const Node* node = facts.design.find_node(owner);
        return node != nullptr && reaches(facts.design, *node, {point.addresses[i]});
      });
      if (used) continue;
      findings.push_back(
          {point.addresses.size() == 1 ? at_addresses(facts, point) : pointer_to(point.pointer + "/addresses", i),
           fmt::format("no node that may own '{}' is on the network of {}", point.name, point.addresses[i]),
           "remove the address, or let a node of that network own the role"});
    }
  }
  return findings;
}

Findings stale_names(const Facts& facts) {
  const Duration short_enough = std::chrono::minutes(5);
  Findings findings;
  for (const AccessPoint& point : access_points(facts)) {
    if (point.addresses.size() < 2 || point.all_registered || point.ttl <= short_enough) continue;
    findings.push_back(
        {point.pointer + "/HostRecordTTL",
         fmt::format("after a failover to the other subnet clients use the old address of '{}' for up to {}",
                     point.name, to_text(point.ttl)),
         "write \"HostRecordTTL\": 300"});
  }
  return findings;
}

Findings impatient_master(const Facts& facts) {
  const AccessPoint point = of_sql(facts);
  const Parameters& ledger = facts.design.parameters;
  if (point.addresses.size() < 2 || !point.all_registered) return {};
  // Who has tested it says so in the design; the value that others get is a guess.
  const Switch parallel = Switch::master_connects_in_parallel;
  if (ledger[parallel] && ledger.origin(parallel) == Origin::given) return {};
  const Duration dead_address = ledger.length(Setting::tcp_connect_timeout);
  Findings findings;
  for (const std::string& node : master_owners(facts.design)) {
    const Duration patience = facts.design.master_settings(node).sql_connection_timeout;
    if (patience > dead_address) continue;
    findings.push_back(
        {setting_of_node(facts, node, "SqlConnectionTimeoutInSecs"),
         fmt::format("the master gives up after {}, but an address of '{}' in the other subnet may cost {}",
                     to_text(patience), point.name, to_text(dead_address)),
         fmt::format("write SqlConnectionTimeoutInSecs {}",
                     std::chrono::ceil<std::chrono::seconds>(dead_address * static_cast<int>(point.addresses.size()))
                         .count())});
  }
  return findings;
}

Findings dead_addresses_first(const Facts& facts) {
  const std::vector<AccessPoint> points = access_points(facts);
  const AccessPoint& point = points.back();  // the name that workers connect to
  if (point.addresses.size() < 2 || !point.all_registered) return {};
  const Duration each = facts.design.parameters.length(Setting::tcp_connect_timeout);
  const std::string stated = point.pointer + "/RegisterAllProvidersIP";
  return {{facts.source.has(stated) ? stated : at_addresses(facts, point),
           fmt::format("workers try the addresses of '{}' one after the other, {} for each that is not online",
                       point.name, to_text(each)),
           "reckon with it in HeartbeatErrorTollerance, or write \"RegisterAllProvidersIP\": 0 with a short "
           "HostRecordTTL"}};
}

Findings ttl_in_milliseconds(const Facts& facts) {
  const Duration implausible = std::chrono::hours(24);
  Findings findings;
  for (const AccessPoint& point : access_points(facts)) {
    if (point.ttl <= implausible) continue;
    findings.push_back({point.pointer + "/HostRecordTTL",
                        fmt::format("clients keep the address of '{}' for {}", point.name, to_text(point.ttl)),
                        "write seconds: 300 are five minutes"});
  }
  return findings;
}

constexpr Rule rules[] = {
    {"NET-001", Level::error, "a node cannot bring an address of the role online",
     "An address comes online only on a node that is on its network, and a name needs one address. The role fails over "
     "to "
     "that node and fails there.",
     "One address a subnet of the possible owners.", "W 6.2; W 3.4", &owner_without_address},
    {"NET-002", Level::warning, "an address that no owner can use",
     "It is never online. Where all addresses are registered, clients still try it and wait.",
     "Remove it, or widen the possible owners.", "W 6.2", &address_without_owner},
    {"NET-003", Level::warning, "names stay old for long after a failover to another subnet",
     "With RegisterAllProvidersIP 0 only the online address is in DNS. Clients keep the old one for the record's time "
     "to "
     "live, after it was replicated: up to 20 minutes with the default of 1200 s.",
     "HostRecordTTL 300 or less.", "W 6.1; W 7.6; W 9, A9", &stale_names},
    {"NET-004", Level::note, "the master's connection to SSISDB may end before the right address is tried",
     "All addresses of the name are in DNS. Without MultiSubnetFailover they are tried in turn, about 21 s for one "
     "that is "
     "not online, while SqlConnectionTimeoutInSecs is 15. TransparentNetworkIPResolution would help; whether the "
     "master "
     "has it on is not published: state master_connects_in_parallel once it is tested.",
     "A longer SqlConnectionTimeoutInSecs, or RegisterAllProvidersIP 0 with a short HostRecordTTL.",
     "W 7.6; behaviour 5", &impatient_master},
    {"NET-005", Level::note, "workers lose time with addresses that are not online",
     "Workers have no MultiSubnetFailover: about 21 s for each address that is not online, at every new connection.",
     "A tolerance that covers it.", "W 7.6; behaviour 5", &dead_addresses_first},
    {"NET-006", Level::warning, "a time to live that looks like milliseconds",
     "HostRecordTTL is in seconds; most other properties of resources are in milliseconds.",
     "HostRecordTTL 300 or 1200.", "W 6.1; W 11, 20", &ttl_in_milliseconds},
};

}  // namespace

std::span<const Rule> network_rules() {
  return rules;
}

}  // namespace rehearse::model::rules

// HB: how soon a silent node is given up (W 1).
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "model/rules/design_source.hpp"
#include "model/rules/families.hpp"
#include "model/rules/questions.hpp"

namespace rehearse::model::rules {
namespace {

constexpr const char* at_properties = "/cluster/properties/";

/// The first of the properties that the design states.
std::string stated(const Facts& facts, std::initializer_list<const char*> properties) {
  for (const char* property : properties) {
    if (facts.source.has(std::string(at_properties) + property)) return std::string(at_properties) + property;
  }
  return std::string(at_properties) + *properties.begin();
}

Duration same_subnet(const Facts& facts) {
  const Parameters& ledger = facts.design.parameters;
  return ledger.length(Setting::same_subnet_delay) * ledger[Setting::same_subnet_threshold];
}

Duration cross_subnet(const Facts& facts) {
  const Parameters& ledger = facts.design.parameters;
  return ledger.length(Setting::cross_subnet_delay) * ledger[Setting::cross_subnet_threshold];
}

Findings same_above_cross(const Facts& facts) {
  const Parameters& ledger = facts.design.parameters;
  Findings findings;
  if (ledger[Setting::same_subnet_threshold] > ledger[Setting::cross_subnet_threshold]) {
    findings.push_back({stated(facts, {"CrossSubnetThreshold", "SameSubnetThreshold"}),
                        fmt::format("SameSubnetThreshold {} is above CrossSubnetThreshold {}",
                                    ledger[Setting::same_subnet_threshold], ledger[Setting::cross_subnet_threshold]),
                        "write a CrossSubnetThreshold that is at least as large"});
  }
  if (ledger[Setting::same_subnet_delay] > ledger[Setting::cross_subnet_delay]) {
    findings.push_back({stated(facts, {"CrossSubnetDelay", "SameSubnetDelay"}),
                        fmt::format("SameSubnetDelay {} is above CrossSubnetDelay {}",
                                    to_text(ledger.length(Setting::same_subnet_delay)),
                                    to_text(ledger.length(Setting::cross_subnet_delay))),
                        "write a CrossSubnetDelay that is at least as large"});
  }
  return findings;
}

Findings too_nervous(const Facts& facts) {
  const Duration least = std::chrono::seconds(10);
  if (facts.design.windows == WindowsVersion::v2012r2 || same_subnet(facts) >= least) return {};
  return {{stated(facts, {"SameSubnetThreshold", "SameSubnetDelay"}),
           fmt::format("a node is given up after {} of silence", to_text(same_subnet(facts))),
           "remove it: the version's own value, 10 s or more, outlives short disturbances"}};
}

Findings one_network(const Facts& facts) {
  std::vector<const Network*> for_heartbeats;
  for (const Network& network : facts.design.cluster.networks) {
    if (network.role != NetworkRole::client) for_heartbeats.push_back(&network);
  }
  std::set<std::string> sites;
  for (const Node& node : facts.design.cluster.nodes) sites.insert(node.site);
  if (facts.design.cluster.nodes.size() < 2 || sites.size() != 1 || for_heartbeats.size() != 1) return {};
  return {{"/cluster/networks",
           fmt::format("all heartbeats go over '{}': its failure looks like the failure of every node",
                       for_heartbeats.front()->name),
           "add a second network, of the role \"cluster\" for instance, unless both would share one adapter team"}};
}

Findings too_patient(const Facts& facts) {
  const Duration most = std::chrono::minutes(1);
  if (same_subnet(facts) <= most) return {};
  return {{stated(facts, {"SameSubnetThreshold", "SameSubnetDelay"}),
           fmt::format("that a node is dead is noticed only after {}", to_text(same_subnet(facts))),
           "write a SameSubnetThreshold of at most 40, the value for virtual machines in Azure"}};
}

Findings cross_too_patient(const Facts& facts) {
  const Duration most = std::chrono::minutes(1);
  std::set<std::string> sites;
  for (const Node& node : facts.design.cluster.nodes) sites.insert(node.site);
  if (sites.size() < 2 || cross_subnet(facts) <= most) return {};
  return {{stated(facts, {"CrossSubnetThreshold", "CrossSubnetDelay"}),
           fmt::format("that a node in another subnet is dead is noticed only after {}", to_text(cross_subnet(facts))),
           "write a CrossSubnetThreshold of at most 40"}};
}

Findings quick_quarantine(const Facts& facts) {
  constexpr std::int64_t usual = 3;
  const auto found = facts.design.cluster.properties.find("QuarantineThreshold");
  if (found == facts.design.cluster.properties.end() || found->second >= usual) return {};
  return {{stated(facts, {"QuarantineThreshold"}),
           fmt::format("a node that leaves {} times within an hour is shut out for hours", found->second),
           "remove it: Windows allows three"}};
}

constexpr Rule rules[] = {
    {"HB-001", Level::warning, "heartbeats are stricter across subnets than within one",
     "The longer way is to have at least the patience of the shorter one: Microsoft's rule is SameSubnet at most "
     "CrossSubnet.",
     "CrossSubnet values at least as large as SameSubnet values.", "W 1.1", &same_above_cross},
    {"HB-002", Level::warning, "nodes are given up after less than ten seconds",
     "A pause of the virtual machine or a burst of losses of that length is no dead node, but it is treated as one: a "
     "failover with crash recovery, and after three of them quarantine.",
     "Delay x Threshold of at least 10 s; Microsoft's own values are 10 s from 2016 on and 20 s from 2019 on.",
     "W 1.1; behaviour 14", &too_nervous},
    {"HB-003", Level::note, "one network carries all heartbeats",
     "A node is dropped when all routes to it are silent: with one network that is one switch, one cable, one driver.",
     "A second network for the cluster.", "W 1.2", &one_network},
    {"HB-004", Level::warning, "a dead node is noticed after more than a minute",
     "Every failover begins with this wait, before anything is started.", "Delay x Threshold of at most 40 s.", "W 1.1",
     &too_patient},
    {"HB-005", Level::warning, "a dead node in another subnet is noticed after more than a minute",
     "Every failover between the sites begins with this wait.", "Delay x Threshold of at most 40 s.", "W 1.1",
     &cross_too_patient},
    {"HB-006", Level::warning, "nodes are quarantined quickly",
     "A patch night restarts a node more than once; quarantine then keeps it out for two hours while the other one has "
     "nobody to fail over to.",
     "QuarantineThreshold 3.", "W 1.5", &quick_quarantine},
};

}  // namespace

std::span<const Rule> heartbeat_rules() {
  return rules;
}

}  // namespace rehearse::model::rules

// The section "cluster" of a design: nodes, networks, witness and properties. Its roles are read last, in
// design_roles_reader.cpp.
#include <fmt/format.h>

#include <algorithm>

#include "model/defaults.hpp"
#include "model/design_reading.hpp"
#include "model/design_shapes.hpp"

namespace rehearse::model {
namespace {

constexpr std::size_t most_nodes = 64;

/// The names of the networks that a node has cards on, by index of the node; read after the networks.
using Cards = std::vector<std::pair<std::size_t, Value>>;

std::optional<std::string> read_node(const Object& object, Node& node, NameSet& taken) {
  node.place = object.place();
  std::optional<std::string> name;
  if (const auto written = object.find("name")) {
    name = read_computer_name(*written);
    if (name) claim_name(*written, *name, "a node", taken);
  }
  object.read("site", node.site, &Value::text);
  object.read("physical", node.physical, &Value::boolean);
  if (const auto weight = object.find("weight")) {
    if (const auto number = weight->whole(0, 1)) node.weight = static_cast<int>(*number);
  }
  return name;
}

Cards read_nodes(const Value& value, DesignReading& reading) {
  Cards cards;
  const auto values = value.elements(1, most_nodes);
  if (!values) return cards;
  NameSet taken;
  reading.nodes_known = true;
  std::vector<Node>& nodes = reading.design.cluster.nodes;
  for (const Value& entry : *values) {
    Node node;
    std::optional<std::string> name;
    if (const auto object = entry.object(design_shape("/cluster/nodes/*"))) {
      name = read_node(*object, node, taken);
      if (const auto networks = object->find("networks")) cards.emplace_back(nodes.size(), *networks);
    }
    reading.nodes_known = reading.nodes_known && name.has_value();
    node.name = name.value_or("");
    nodes.push_back(std::move(node));
  }
  if (reading.nodes_known &&
      std::all_of(nodes.begin(), nodes.end(), [](const Node& node) { return node.weight == 0; })) {
    value.error("no node has a vote", "leave at least one node the weight 1");
  }
  return cards;
}

std::optional<Subnet> read_subnet(const Value& value, const DesignReading& reading) {
  const std::optional<std::string> text = value.text();
  if (!text) return std::nullopt;
  std::string problem;
  const std::optional<Subnet> subnet = parse_subnet(*text, problem);
  if (!subnet) {
    value.error("'" + *text + "' is no subnet: " + problem, "write for example \"10.0.0.0/24\"");
    return std::nullopt;
  }
  for (std::size_t i = 0; i < reading.subnets.size(); ++i) {
    if (!reading.subnets[i].overlaps(*subnet)) continue;
    value.error("the subnet " + *text + " overlaps " + reading.design.cluster.networks[i].subnet,
                "a cluster network is one subnet of its own");
    return std::nullopt;
  }
  return subnet;
}

void read_networks(const Value& value, DesignReading& reading) {
  static const Choices<NetworkRole> roles = {
      {"both", NetworkRole::both}, {"cluster", NetworkRole::cluster}, {"client", NetworkRole::client}};
  const auto values = value.elements(1);
  if (!values) return;
  NameSet taken;
  reading.networks_known = true;
  for (const Value& entry : *values) {
    Network network;
    std::optional<Subnet> subnet;
    if (const auto object = entry.object(design_shape("/cluster/networks/*"))) {
      network.place = object->place();
      if (const auto name = object->find("name")) {
        if (auto text = name->text()) {
          claim_name(*name, *text, "a network", taken);
          network.name = std::move(*text);
        }
      }
      if (const auto site = object->find("site")) network.site = read_site(*site, reading).value_or("");
      object->read("role", network.role, roles);
      if (const auto written = object->find("subnet")) {
        subnet = read_subnet(*written, reading);
        if (subnet) network.subnet = written->node().text;
      }
    }
    if (!subnet) {
      reading.networks_known = false;
      continue;
    }
    reading.subnets.push_back(*subnet);
    reading.design.cluster.networks.push_back(std::move(network));
  }
}

void read_cards(const Cards& cards, DesignReading& reading) {
  const std::vector<Network>& networks = reading.design.cluster.networks;
  std::vector<std::string> names;
  for (const Network& network : networks) names.push_back(network.name);
  for (const auto& [index, value] : cards) {
    Node& node = reading.design.cluster.nodes[index];
    NameSet taken;
    for (const Value& entry : value.elements(1).value_or(std::vector<Value>())) {
      const auto name = entry.text();
      if (!name || !reading.networks_known) continue;
      const auto found = std::find_if(networks.begin(), networks.end(),
                                      [&](const Network& other) { return same_name(other.name, *name); });
      if (found == networks.end()) {
        unknown_reference(entry, *name, "network", names);
      } else if (!found->site.empty() && found->site != node.site) {
        entry.error(
            "the network '" + found->name + "' is at the site '" + found->site + "', where '" + node.name + "' is not",
            "a network that reaches several sites has none of its own");
      } else if (claim_name(entry, found->name, "a card on", taken)) {
        node.networks.push_back(found->name);
      }
    }
  }
}

bool is_on(const Node& node, const Network& network) {
  if (node.networks.empty()) return network.site.empty() || network.site == node.site;
  return std::find(node.networks.begin(), node.networks.end(), network.name) != node.networks.end();
}

/// Every node needs a network for heartbeats and one on which clients reach its roles; they may be one.
void check_reach(const Value& value, const DesignReading& reading) {
  const Cluster& cluster = reading.design.cluster;
  struct Use {
    NetworkRole excluded;
    std::string_view words, remedy;
  };
  for (const Use& use : {Use{NetworkRole::client, "for the cluster", "\"both\" or \"cluster\""},
                         Use{NetworkRole::cluster, "that clients may use", "\"both\" or \"client\""}}) {
    const auto serves = [&](const Network& network) { return network.role != use.excluded; };
    if (std::none_of(cluster.networks.begin(), cluster.networks.end(), serves)) {
      value.error(fmt::format("there is no network {}", use.words), fmt::format("give one the role {}", use.remedy));
      continue;
    }
    for (const Node& node : cluster.nodes) {
      if (std::any_of(cluster.networks.begin(), cluster.networks.end(),
                      [&](const Network& network) { return serves(network) && is_on(node, network); })) {
        continue;
      }
      value.tell(Severity::error, node.place, fmt::format("'{}' is on no network {}", node.name, use.words),
                 node.networks.empty() ? "add a network at its site, or one without a site"
                                       : "add such a network to its \"networks\"");
    }
  }
}

void read_witness_place(const Object& object, Witness& witness) {
  const auto site = object.find("site");
  auto name = site ? site->text() : std::nullopt;
  if (!name) return;
  if (witness.kind == Witness::Kind::none || witness.kind == Witness::Kind::cloud) {
    site->error(witness.kind == Witness::Kind::none ? "a cluster without a witness has no witness site"
                                                    : "a cloud witness stands at no site",
                "remove 'site' or change 'kind'");
    return;
  }
  witness.site = std::move(*name);  // a third site, where no node is, is the best of all
}

void read_witness(const Value& value, DesignReading& reading) {
  static const Choices<Witness::Kind> kinds = {{"none", Witness::Kind::none},
                                               {"disk", Witness::Kind::disk},
                                               {"file_share", Witness::Kind::file_share},
                                               {"cloud", Witness::Kind::cloud}};
  Witness& witness = reading.design.cluster.witness;
  const auto object = value.object(design_shape("/cluster/quorum/witness"));
  if (!object) return;
  witness.place = object->place();
  const auto kind = object->find("kind");
  const auto meant = kind ? kind->one_of(kinds) : std::nullopt;
  const auto path = object->find("path");
  const auto written = path ? path->text() : std::nullopt;
  if (!meant) return;
  witness.kind = *meant;
  witness.path = written.value_or("");
  read_witness_place(*object, witness);
  if (*meant == Witness::Kind::cloud && reading.design.windows == WindowsVersion::v2012r2) {
    kind->error("Windows 2012R2 knows no cloud witness",  // W 2.1
                "it came with 2016: write \"file_share\" or \"disk\"");
  }
  if (*meant == Witness::Kind::none) {
    if (path) path->error("a cluster without a witness has no witness path", "remove 'path' or change 'kind'");
  } else if (!path) {
    value.error("the witness has no 'path'",
                "add the share, the disk's resource name or the storage account as \"path\"");
  } else if (written && *meant == Witness::Kind::file_share && !written->starts_with("\\\\")) {
    path->error("'" + *written + "' is no share", "write \"\\\\\\\\SERVER\\\\share\", with doubled backslashes");
  }
}

/// Why a number that is in the property's range makes no sense in this design; empty: it does.
std::pair<std::string, std::string> problem_here(const ClusterProperty& property, std::int64_t number,
                                                 const DesignReading& reading) {
  if (property.since > reading.design.windows) {
    return {fmt::format("Windows {} has no property {}", to_text(reading.design.windows), property.name),
            fmt::format("it came with {}: remove it", to_text(property.since))};
  }
  const auto nodes = static_cast<std::int64_t>(reading.design.cluster.nodes.size());
  if (property.setting == Setting::lower_quorum_priority_node && reading.nodes_known && number > nodes) {
    return {fmt::format("there is no node with the id {}", number),
            fmt::format("ids count the nodes from 1 to {}; 0 is nobody", nodes)};
  }
  return {};
}

void read_properties(const Value& value, DesignReading& reading) {
  const auto members = value.members();
  if (!members) return;
  std::vector<std::string> known;
  for (const ClusterProperty& property : cluster_properties()) known.emplace_back(property.name);
  for (const Member& member : *members) {
    const ClusterProperty* property = find_cluster_property(member.name);
    if (property == nullptr) {
      member.unknown_name("cluster property", known);
      continue;
    }
    if (member.value.node().kind != JsonNode::Kind::whole) {
      member.value.wrong_type("a whole number",
                              fmt::format("write it in Windows' own unit, without quotes ({}, {} to {})",
                                          to_text(property->unit), property->min, property->max));
      continue;
    }
    const std::int64_t number = member.value.node().whole;
    if (const std::string problem = problem_of(*property, number); !problem.empty()) {
      member.value.error(fmt::format("{} is out of range for {}", number, member.name), problem);
      continue;
    }
    if (const auto [what, remedy] = problem_here(*property, number, reading); !what.empty()) {
      member.value.error(what, remedy);
      continue;
    }
    reading.design.cluster.properties[member.name] = number;
    if (!property->setting) continue;
    reading.stated.emplace(name_of(*property->setting), member.value.pointer());
    apply(*property, number, reading.design.parameters);
  }
}

}  // namespace

void read_cluster(const Value& value, DesignReading& reading) {
  const auto object = value.object(design_shape("/cluster"));
  if (!object) return;
  Cluster& cluster = reading.design.cluster;
  cluster.place = object->place();
  if (const auto name = object->find("name")) {
    if (auto text = read_computer_name(*name)) cluster.name = std::move(*text);
  }
  Cards cards;
  if (const auto nodes = object->find("nodes")) cards = read_nodes(*nodes, reading);
  const auto networks = object->find("networks");
  if (networks) read_networks(*networks, reading);
  read_cards(cards, reading);
  if (reading.nodes_known && reading.networks_known) check_reach(*networks, reading);
  if (const auto quorum = object->find("quorum")) {
    const auto opened = quorum->object(design_shape("/cluster/quorum"));
    const auto witness = opened ? opened->find("witness") : std::nullopt;
    if (witness) read_witness(*witness, reading);
  }
  if (const auto properties = object->find("properties")) read_properties(*properties, reading);
  if (const auto site = object->find("preferred_site")) {
    cluster.preferred_site = read_preferred_site(*site, reading).value_or("");
  }
  reading.roles = object->find("roles");
}

}  // namespace rehearse::model

// The parts of a design about the cluster as such: versions, nodes, networks, witness and properties.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <nlohmann/json.hpp>
#include <set>

#include "real_backend/inspect/parts.hpp"
#include "real_backend/inspect/time_zones.hpp"

namespace rehearse::real {
namespace {

using model::same_name;

void say_time_zone(Survey& survey, DesignJson& design) {
  std::set<std::string> zones;
  const ExportedMachine* last = nullptr;
  for (const std::string& node : survey.nodes) {
    const ExportedMachine* const machine = survey.exported.machine(node);
    if (machine == nullptr) continue;
    zones.insert(machine->time_zone);
    last = machine;
  }
  if (last == nullptr) {
    survey.remarks.missing("the time zone of the cluster",
                           "export a node, or add \"time_zone\": UTC counts without it");
    return;
  }
  const std::string_view zone = iana_zone(last->time_zone);
  if (zones.size() > 1) {
    survey.remarks.not_understood(last->spot,
                                  fmt::format("the nodes have different time zones: {}", fmt::join(zones, ", ")),
                                  "add \"time_zone\": UTC counts without it");
  } else if (zone.empty()) {
    survey.remarks.not_understood(last->spot, "the time zone '" + last->time_zone + "' is not known",
                                  "add \"time_zone\": UTC counts without it");
  } else if (zone != "UTC") {
    design["time_zone"] = std::string(zone);
  }
}

/// Virtual machines by what their firmware says of itself (assumed).
bool is_virtual_model(const ExportedMachine& machine) {
  static constexpr std::array words = {"virtual", "vmware", "kvm",        "qemu",      "xen",       "hvm domu",
                                       "bochs",   "google", "amazon ec2", "openstack", "parallels", "ahv"};
  std::string text = machine.manufacturer + " " + machine.model;
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return std::any_of(words.begin(), words.end(), [&](const char* word) { return text.find(word) != text.npos; });
}

void say_hardware(Survey& survey, const std::string& node, DesignJson& into) {
  const ExportedMachine* const machine = survey.exported.machine(node);
  if (machine == nullptr) {
    survey.remarks.missing("the machine " + node + " itself: its services, settings, certificates and hardware",
                           "run the script there with -ThisMachineOnly and put its file beside the others");
  } else if (is_virtual_model(*machine)) {
    return;
  } else if (!machine->hypervisor) {
    into["physical"] = true;
  } else {
    survey.remarks.not_understood(
        machine->spot,
        fmt::format("whether {} is a physical machine: it is a '{}' of '{}' with a hypervisor", node, machine->model,
                    machine->manufacturer),
        "add \"physical\": true if it boots like one; it counts as virtual");
  }
}

struct StatedNetwork {
  const ExportedNetwork* from;
  std::string site;
  std::int64_t role;
};

/// "10.0.0.0/24"; nullopt after a remark.
std::optional<std::string> subnet_of(Survey& survey, const ExportedNetwork& network) {
  const auto address = model::parse_ipv4(network.address);
  const auto mask = model::parse_ipv4(network.mask);
  if (!address || !mask) {
    survey.remarks.not_understood(network.spot, "the network '" + network.name + "' has no IPv4 subnet",
                                  "a design has networks of IPv4 only");
    return std::nullopt;
  }
  const int prefix = std::popcount(*mask);
  const std::uint32_t start = *address & *mask;
  const std::string text =
      fmt::format("{}.{}.{}.{}/{}", start >> 24, (start >> 16) & 255, (start >> 8) & 255, start & 255, prefix);
  std::string problem;
  const bool contiguous = prefix > 0 && *mask == ~std::uint32_t{0} << (32 - prefix);
  if (contiguous && model::parse_subnet(text, problem)) return text;
  survey.remarks.not_understood(network.spot, fmt::format("the network '{}' has the subnet {} with the mask {}",
                                                          network.name, network.address, network.mask));
  return std::nullopt;
}

/// The nodes with a card on the network.
std::vector<std::string> nodes_on(const Survey& survey, const ExportedNetwork& network) {
  std::vector<std::string> nodes;
  for (const std::string& node : survey.nodes) {
    const auto& cards = survey.cluster.interfaces;
    if (std::any_of(cards.begin(), cards.end(), [&](const ExportedInterface& card) {
          return same_name(card.node, node) && same_name(card.network, network.name);
        })) {
      nodes.push_back(node);
    }
  }
  return nodes;
}

/// The site that all nodes on the network have in common; empty: none.
std::string site_of(const Survey& survey, const ExportedNetwork& network) {
  std::set<std::string> sites;
  for (const std::string& node : nodes_on(survey, network)) {
    const auto site = survey.sites.find(node);
    sites.insert(site == survey.sites.end() ? "" : site->second);
  }
  return sites.size() == 1 ? *sites.begin() : "";
}

std::vector<StatedNetwork> say_networks(Survey& survey, DesignJson& cluster) {
  constexpr std::int64_t unused = 0, cluster_only = 1, clients_only = 2, both = 3;
  std::vector<StatedNetwork> stated;
  std::vector<model::Subnet> subnets;
  cluster["networks"] = DesignJson::array();
  for (const ExportedNetwork& network : survey.cluster.networks) {
    const std::int64_t role = network.role.number.value_or(-1);
    if (role == unused) {
      survey.remarks.note(network.spot, "the cluster does not use the network '" + network.name + "'");
      continue;
    }
    if (role < unused || role > both) {
      survey.remarks.not_understood(
          network.spot, fmt::format("the role of the network '{}' is '{}'", network.name, network.role.text));
      continue;
    }
    const auto subnet = subnet_of(survey, network);
    if (!subnet) continue;
    std::string problem;
    const model::Subnet parsed = *model::parse_subnet(*subnet, problem);
    if (std::any_of(subnets.begin(), subnets.end(), [&](const auto& other) { return other.overlaps(parsed); })) {
      survey.remarks.not_understood(network.spot, fmt::format("the network '{}' overlaps another one", network.name));
      continue;
    }
    subnets.push_back(parsed);
    survey.addresses.add(parsed, role != cluster_only, network.name);
    DesignJson said = {{"name", network.name}, {"subnet", *subnet}};
    const std::string site = site_of(survey, network);
    if (!site.empty()) said["site"] = site;
    if (role == cluster_only) said["role"] = "cluster";
    if (role == clients_only) said["role"] = "client";
    cluster["networks"].push_back(std::move(said));
    stated.push_back({&network, site, role});
  }
  for (const auto& [excluded, words] :
       {std::pair(clients_only, "for the cluster"), std::pair(cluster_only, "for clients")}) {
    for (const std::string& node : survey.nodes) {
      if (std::any_of(stated.begin(), stated.end(), [&, never = excluded](const StatedNetwork& one) {
            const auto nodes = nodes_on(survey, *one.from);
            return one.role != never && std::find(nodes.begin(), nodes.end(), node) != nodes.end();
          })) {
        continue;
      }
      survey.remarks.missing(survey.cluster.spot, fmt::format("a network {} that {} is on", words, node),
                             "a design has to state one: export again while the node is up");
      survey.remarks.block();
    }
  }
  return stated;
}

void say_nodes(Survey& survey, const std::vector<StatedNetwork>& networks, DesignJson& cluster) {
  cluster["nodes"] = DesignJson::array();
  std::int64_t votes = 0;
  for (const std::string& name : survey.nodes) {
    const auto& all = survey.cluster.nodes;
    const ExportedNode& node =
        *std::find_if(all.begin(), all.end(), [&](const ExportedNode& one) { return one.name == name; });
    DesignJson said = {{"name", name}};
    const auto site = survey.sites.find(name);
    if (site != survey.sites.end()) said["site"] = site->second;
    say_hardware(survey, name, said);
    votes += node.weight;
    if (node.weight == 0) said["weight"] = 0;
    // Without a word a node is on every network of its site and of none.
    DesignJson cards = DesignJson::array();
    bool usual = true;
    for (const StatedNetwork& network : networks) {
      const auto nodes = nodes_on(survey, *network.from);
      const bool is_on = std::find(nodes.begin(), nodes.end(), name) != nodes.end();
      const bool by_site = network.site.empty() || (site != survey.sites.end() && site->second == network.site);
      usual = usual && is_on == by_site;
      if (is_on) cards.push_back(network.from->name);
    }
    if (!usual && !cards.empty()) said["networks"] = std::move(cards);
    if (node.state.number != 0) {
      survey.remarks.note(node.spot, fmt::format("{} was {} when this was exported", name, node.state.text));
    }
    cluster["nodes"].push_back(std::move(said));
  }
  if (votes == 0 || survey.nodes.size() > 64) {
    survey.remarks.not_understood(survey.cluster.spot, survey.nodes.empty() ? "the cluster has no node"
                                                       : votes == 0         ? "no node has a vote"
                                                                            : "the cluster has more than 64 nodes");
    survey.remarks.block();
  }
}

/// What the witness is, by the type of its resource (W 2.1).
DesignJson say_witness(Survey& survey, DesignJson& design) {
  const std::string& name = survey.cluster.quorum_resource;
  if (survey.cluster.quorum_type.text.find("DiskOnly") != std::string::npos) {
    survey.remarks.not_understood(survey.cluster.quorum_spot, "the disk alone decides about quorum (DiskOnly)",
                                  "a rehearsal counts the nodes' votes, too");
  }
  if (name.empty()) return {{"kind", "none"}};
  const auto& resources = survey.cluster.resources;
  const ExportedResource& witness =
      *std::find_if(resources.begin(), resources.end(), [&](const auto& one) { return same_name(one.name, name); });
  if (same_name(witness.type, resource_type::disk)) return {{"kind", "disk"}, {"path", witness.name}};
  const auto path = witness.parameters.text(same_name(witness.type, "Cloud Witness") ? "AccountName" : "SharePath");
  if (same_name(witness.type, "Cloud Witness") && path && can_be_stated(*path) &&
      survey.windows != model::WindowsVersion::v2012r2) {
    return {{"kind", "cloud"}, {"path", *path}};
  }
  if (same_name(witness.type, "File Share Witness") && path && path->starts_with("\\\\") && can_be_stated(*path)) {
    const auto delay = witness.parameters.number("ArbitrationDelay");  // seconds, W 2.3
    const Duration usual = survey.defaults.length(model::Setting::witness_arbitration_delay);
    if (delay && *delay >= 1 && std::chrono::seconds(*delay) != usual) {
      design["parameters"]["witness_arbitration_delay"] = model::to_text(Duration(std::chrono::seconds(*delay)));
    }
    return {{"kind", "file_share"}, {"path", *path}};
  }
  survey.remarks.not_understood(witness.spot,
                                fmt::format("the witness '{}' of the type '{}'", witness.name, witness.type),
                                "a design knows disks, file shares and cloud witnesses: there is none");
  survey.remarks.block();
  return {{"kind", "none"}};
}

}  // namespace

void say_head(Survey& survey, DesignJson& design) {
  design["name"] = survey.cluster.name;
  if (survey.windows) design["windows"] = std::string(model::to_text(*survey.windows));
  if (survey.sql_version) design["sql"] = std::string(model::to_text(*survey.sql_version));
  if (survey.edition) design["edition"] = std::string(model::to_text(*survey.edition));
  say_time_zone(survey, design);
}

void say_cluster(Survey& survey, DesignJson& design) {
  DesignJson cluster;
  cluster["name"] = survey.cluster.name;
  const std::vector<StatedNetwork> networks = say_networks(survey, cluster);
  DesignJson with_nodes;
  with_nodes["name"] = cluster["name"];
  say_nodes(survey, networks, with_nodes);
  with_nodes["networks"] = cluster["networks"];
  with_nodes["quorum"]["witness"] = say_witness(survey, design);
  say_cluster_properties(survey, with_nodes);
  design["cluster"] = std::move(with_nodes);
}

}  // namespace rehearse::real

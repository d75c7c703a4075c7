// The sections "cluster" and "fci" of a design.
#include <fmt/format.h>

#include <algorithm>

#include "model/defaults.hpp"
#include "model/design_reading.hpp"
#include "model/design_shapes.hpp"

namespace rehearse::model {
namespace {

constexpr std::size_t most_nodes = 64;

void read_nodes(const Value& value, DesignReading& reading) {
  const auto values = value.elements(1, most_nodes);
  if (!values) return;
  NameSet taken;
  reading.nodes_known = true;
  for (const Value& entry : *values) {
    const auto object = entry.object(design_shape("/cluster/nodes/*"));
    Node node;
    std::optional<std::string> name;
    if (object) {
      node.place = object->place();
      if (const auto written = object->find("name")) {
        name = read_computer_name(*written);
        if (name) claim_name(*written, *name, "a node", taken);
      }
      object->read("site", node.site, &Value::text);
      object->read("physical", node.physical, &Value::boolean);
    }
    reading.nodes_known = reading.nodes_known && name.has_value();
    node.name = name.value_or("");
    reading.design.cluster.nodes.push_back(std::move(node));
  }
}

void check_site(const Value& value, const std::string& site, const DesignReading& reading) {
  std::vector<std::string> sites;
  for (const Node& node : reading.design.cluster.nodes) {
    if (std::find(sites.begin(), sites.end(), node.site) == sites.end()) sites.push_back(node.site);
  }
  if (std::find(sites.begin(), sites.end(), site) == sites.end()) {
    unknown_reference(value, site, "node at the site", sites);
  }
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
      if (const auto site = object->find("site")) {
        if (auto text = site->text()) {
          if (reading.nodes_known) check_site(*site, *text, reading);
          network.site = std::move(*text);
        }
      }
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

void read_witness(const Value& value, Witness& witness) {
  static const Choices<Witness::Kind> kinds = {{"none", Witness::Kind::none},
                                               {"disk", Witness::Kind::disk},
                                               {"file_share", Witness::Kind::file_share},
                                               {"cloud", Witness::Kind::cloud}};
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
  if (*meant == Witness::Kind::none) {
    if (path) path->error("a cluster without a witness has no witness path", "remove 'path' or change 'kind'");
  } else if (!path) {
    value.error("the witness has no 'path'",
                "add the share, the disk's resource name or the storage account as \"path\"");
  } else if (written && *meant == Witness::Kind::file_share && !written->starts_with("\\\\")) {
    path->error("'" + *written + "' is no share", "write \"\\\\\\\\SERVER\\\\share\", with doubled backslashes");
  }
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
    reading.design.cluster.properties[member.name] = number;
    if (!property->setting) continue;
    reading.stated.emplace(name_of(*property->setting), member.value.pointer());
    apply(*property, number, reading.design.parameters);
  }
}

void read_ssisdb(const Value& value, DesignReading& reading) {
  constexpr const char* unsupported = "SSISDB in an availability group is not supported by this version";
  const auto members = value.members();
  if (!members) return;
  for (const Member& member : *members) {
    if (member.name != "availability_group") continue;
    value.tell(Severity::error, member.key_place, unsupported, "keep SSISDB in the instance: { \"in\": \"fci\" }");
    return;
  }
  const auto object = value.object(design_shape("/fci/ssisdb"));
  if (!object) return;
  if (const auto where = object->find("in")) {
    const auto text = where->text();
    if (text && *text == "availability_group") {
      where->error(unsupported, "write \"fci\"");
    } else if (text && *text != "fci") {
      where->error("\"" + *text + "\" is not known here", "write \"fci\"");
    }
  }
  if (const auto recovery = object->find("recovery")) {
    if (const auto length = recovery->distribution()) {
      reading.design.fci.ssisdb_recovery = *length;
      reading.give(Timing::ssisdb_recovery_after_crash, *length, *recovery);
    }
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
  if (const auto nodes = object->find("nodes")) read_nodes(*nodes, reading);
  if (const auto networks = object->find("networks")) read_networks(*networks, reading);
  if (const auto quorum = object->find("quorum")) {
    const auto opened = quorum->object(design_shape("/cluster/quorum"));
    const auto witness = opened ? opened->find("witness") : std::nullopt;
    if (witness) read_witness(*witness, cluster.witness);
  }
  if (const auto properties = object->find("properties")) read_properties(*properties, reading);
}

void read_fci(const Value& value, DesignReading& reading) {
  const auto object = value.object(design_shape("/fci"));
  if (!object) return;
  FailoverClusterInstance& fci = reading.design.fci;
  fci.place = object->place();
  if (const auto instance = object->find("instance")) {
    if (auto name = read_computer_name(*instance)) fci.instance = std::move(*name);
  }
  if (const auto name = object->find("network_name")) {
    if (auto text = read_computer_name(*name)) fci.network_name = std::move(*text);
  }
  if (const auto addresses = object->find("addresses")) {
    if (const auto entries = addresses->elements(1)) {
      for (const Value& entry : *entries) {
        if (auto address = reading.read_cluster_address(entry)) fci.addresses.push_back(std::move(*address));
      }
    }
  }
  if (const auto disks = object->find("disks")) {
    if (const auto entries = disks->elements()) {
      NameSet taken;
      for (const Value& entry : *entries) {
        const auto disk = entry.text();
        if (disk && claim_name(entry, *disk, "a disk", taken)) fci.disks.push_back(*disk);
      }
    }
  }
  object->read("mixed_mode", fci.mixed_mode, &Value::boolean);
  if (const auto timeout = object->find("HealthCheckTimeout")) {
    const Duration shortest = std::chrono::seconds(15);  // W 7.1
    if (const auto length = timeout->duration_within(shortest, std::chrono::hours(24))) {
      fci.health_check_timeout = *length;
      reading.give(Setting::health_check_timeout, length->count(), *timeout);
    }
  }
  if (const auto level = object->find("FailureConditionLevel")) {
    if (const auto number = level->whole(0, 5)) {  // W 7.1
      fci.failure_condition_level = static_cast<int>(*number);
      reading.give(Setting::failure_condition_level, *number, *level);
    }
  }
  if (const auto ssisdb = object->find("ssisdb")) read_ssisdb(*ssisdb, reading);
}

}  // namespace rehearse::model

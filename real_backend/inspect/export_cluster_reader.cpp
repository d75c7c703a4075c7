// The part "cluster" of an export.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "real_backend/inspect/export_reading.hpp"

namespace rehearse::real {
namespace {

using model::JsonNode;
using model::NameSet;
using model::Object;
using model::Value;

constexpr std::int64_t largest_dword = std::numeric_limits<std::uint32_t>::max();

/// null, true, a number, a text or texts; nullopt after a diagnostic.
std::optional<Property::Value> read_value(const Value& value) {
  switch (value.node().kind) {
    case JsonNode::Kind::null: return Property::Value();
    case JsonNode::Kind::boolean: return value.node().boolean;
    case JsonNode::Kind::whole: return value.node().whole;
    case JsonNode::Kind::text: return value.node().text;
    case JsonNode::Kind::array: {
      std::vector<std::string> texts;
      for (const Value& entry : value.elements().value_or(std::vector<Value>())) {
        if (auto text = read_free_text(entry)) texts.push_back(std::move(*text));
      }
      return texts;
    }
    case JsonNode::Kind::real:
    case JsonNode::Kind::object: break;
  }
  value.wrong_type("true, a whole number, a text or a list of texts", "export again");
  return std::nullopt;
}

/// Tells a name that is none of `known`.
void check_known(const Object& object, std::string_view key, const std::string& name, std::string_view kind,
                 const NameSet& known) {
  if (name.empty() || known.contains(name)) return;
  object.find(key)->error(fmt::format("there is no {} '{}' in this cluster", kind, name), "export again");
}

void check_owners(const Object& object, std::string_view key, const std::vector<std::string>& owners,
                  const NameSet& nodes) {
  for (const std::string& owner : owners) check_known(object, key, owner, "node", nodes);
}

}  // namespace

Properties ExportReading::read_properties(const Value& value) const {
  Properties result;
  NameSet taken;
  const auto members = value.members();
  if (!members) return result;
  for (const model::Member& member : *members) {
    if (!taken.insert(member.name).second) {
      member.value.error("the property '" + member.name + "' is here twice", "keep one of the two");
      continue;
    }
    if (auto read = read_value(member.value)) {
      result.all.push_back({member.name, std::move(*read), false, true, spot(member.value)});
    }
  }
  return result;
}

Properties ExportReading::read_parameters(const Value& value) const {
  Properties result;
  NameSet taken;
  for (const Value& entry : value.elements().value_or(std::vector<Value>())) {
    const auto object = entry.object(export_shape("/cluster/resources/*/parameters/*"));
    if (!object) continue;
    Property property;
    property.spot = spot(entry);
    object->read("name", property.name, &Value::text);
    read_any_text(*object, "type");
    object->read("withheld", property.withheld, &Value::boolean);
    object->read("empty", property.empty, &Value::boolean);
    if (const auto stated = object->find("value")) {
      if (auto read = read_value(*stated)) property.value = std::move(*read);
    }
    if (property.name.empty()) continue;
    claim(*object, "name", property.name, "a parameter", taken);
    result.all.push_back(std::move(property));
  }
  return result;
}

namespace {

/// The lists of a cluster, in an order in which a name comes after what it names.
class ClusterLists {
 public:
  ClusterLists(const ExportReading& reading, const Object& object, ExportedCluster& cluster)
      : reading_(reading), object_(object), cluster_(cluster) {}

  void read_nodes() {
    for_each_object(object_, "nodes", "/cluster/nodes/*", [&](const Object& entry) {
      ExportedNode node;
      node.spot = reading_.spot(entry.value());
      node.name = read_computer(entry, "name").value_or("");
      entry.read("id", node.id, &Value::whole, std::int64_t{0}, std::int64_t{1000});
      entry.read("weight", node.weight, &Value::whole, std::int64_t{0}, std::int64_t{1});
      entry.read("build", node.build, &Value::whole, std::int64_t{0}, largest_dword);
      node.state = read_enumerated(entry, "state");
      if (node.name.empty()) return;
      claim(entry, "name", node.name, "a node", nodes_);
      cluster_.nodes.push_back(std::move(node));
    });
  }

  void read_networks() {
    for_each_object(object_, "networks", "/cluster/networks/*", [&](const Object& entry) {
      ExportedNetwork network;
      network.spot = reading_.spot(entry.value());
      entry.read("name", network.name, &Value::text);
      network.address = read_any_text(entry, "address");
      network.mask = read_any_text(entry, "mask");
      network.role = read_enumerated(entry, "role");
      read_enumerated(entry, "state");
      if (!network.name.empty()) claim(entry, "name", network.name, "a network", networks_);
      cluster_.networks.push_back(std::move(network));
    });
    for_each_object(object_, "interfaces", "/cluster/interfaces/*", [&](const Object& entry) {
      ExportedInterface card;
      card.spot = reading_.spot(entry.value());
      read_any_text(entry, "name");
      entry.read("node", card.node, &Value::text);
      entry.read("network", card.network, &Value::text);
      card.address = read_any_text(entry, "address");
      read_enumerated(entry, "state");
      check_known(entry, "node", card.node, "node", nodes_);
      check_known(entry, "network", card.network, "network", networks_);
      cluster_.interfaces.push_back(std::move(card));
    });
  }

  void read_fault_domains() {
    NameSet taken;
    std::vector<ExportedFaultDomain> found;
    const bool told = for_each_object(object_, "fault_domains", "/cluster/fault_domains/*", [&](const Object& entry) {
      ExportedFaultDomain domain;
      domain.spot = reading_.spot(entry.value());
      entry.read("name", domain.name, &Value::text);
      domain.type = read_enumerated(entry, "type");
      domain.parent = read_any_text(entry, "parent");
      if (!domain.name.empty()) claim(entry, "name", domain.name, "a fault domain", taken);
      found.push_back(std::move(domain));
    });
    if (told) cluster_.fault_domains = std::move(found);
  }

  void read_groups() {
    for_each_object(object_, "groups", "/cluster/groups/*", [&](const Object& entry) {
      ExportedGroup group;
      group.spot = reading_.spot(entry.value());
      entry.read("name", group.name, &Value::text);
      entry.read("core", group.core, &Value::boolean);
      group.owner = read_any_text(entry, "owner");
      group.state = read_enumerated(entry, "state");
      read_enumerated(entry, "type");
      group.preferred_owners = read_texts(entry, "preferred_owners").value_or(std::vector<std::string>());
      if (const auto properties = entry.find("properties")) group.properties = reading_.read_properties(*properties);
      check_known(entry, "owner", group.owner, "node", nodes_);
      check_owners(entry, "preferred_owners", group.preferred_owners, nodes_);
      if (!group.name.empty()) claim(entry, "name", group.name, "a group", groups_);
      cluster_.groups.push_back(std::move(group));
    });
  }

  void read_resources() {
    for_each_object(object_, "resources", "/cluster/resources/*", [&](const Object& entry) {
      ExportedResource resource;
      resource.spot = reading_.spot(entry.value());
      entry.read("name", resource.name, &Value::text);
      entry.read("type", resource.type, &Value::text);
      entry.read("group", resource.group, &Value::text);
      entry.read("core", resource.core, &Value::boolean);
      resource.state = read_enumerated(entry, "state");
      resource.possible_owners = read_texts(entry, "possible_owners").value_or(std::vector<std::string>());
      resource.dependency = read_any_text(entry, "dependency");
      if (const auto properties = entry.find("properties")) resource.properties = reading_.read_properties(*properties);
      if (const auto parameters = entry.find("parameters")) resource.parameters = reading_.read_parameters(*parameters);
      check_known(entry, "group", resource.group, "group", groups_);
      check_owners(entry, "possible_owners", resource.possible_owners, nodes_);
      if (!resource.name.empty()) claim(entry, "name", resource.name, "a resource", resources_);
      cluster_.resources.push_back(std::move(resource));
    });
  }

  void read_quorum() {
    const auto quorum = object_.find("quorum");
    const auto opened = quorum ? quorum->object(export_shape("/cluster/quorum")) : std::nullopt;
    if (!opened) return;
    cluster_.quorum_spot = reading_.spot(*quorum);
    cluster_.quorum_type = read_enumerated(*opened, "type");
    const auto resource = opened->find("resource");
    if (resource && !is_null(*resource)) cluster_.quorum_resource = resource->text().value_or("");
    check_known(*opened, "resource", cluster_.quorum_resource, "resource", resources_);
  }

 private:
  const ExportReading& reading_;
  const Object& object_;
  ExportedCluster& cluster_;
  NameSet nodes_, networks_, groups_, resources_;
};

}  // namespace

void ExportReading::read_cluster(const Value& value) {
  if (is_null(value)) return;
  const auto object = value.object(export_shape("/cluster"));
  if (!object) return;
  if (exported.cluster) {
    value.error("there is a second cluster in this export", "keep the files of one cluster in a folder");
    return;
  }
  ExportedCluster cluster;
  cluster.spot = spot(value);
  cluster.name = read_computer(*object, "name").value_or("");
  read_any_text(*object, "domain");
  if (const auto properties = object->find("properties")) cluster.properties = read_properties(*properties);
  ClusterLists lists(*this, *object, cluster);
  lists.read_nodes();
  lists.read_networks();
  lists.read_fault_domains();
  lists.read_groups();
  lists.read_resources();
  lists.read_quorum();
  exported.cluster = std::move(cluster);
}

}  // namespace rehearse::real

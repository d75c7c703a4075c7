// The roles of a design beside those of SQL Server and of the master, and the settings of single resources in those
// two. Read last: what a resource may be called depends on everything else.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "model/dependency_expression.hpp"
#include "model/design_roles.hpp"
#include "model/design_shapes.hpp"
#include "model/resource_graph.hpp"

namespace rehearse::model {
namespace {

constexpr std::size_t most_roles = 64;
constexpr std::size_t most_resources = 64;

/// Settings by the name of a resource that Setup or a step makes.
void read_made_resources(const Value& value, const std::vector<std::string>& names, RoleSettings& settings,
                         const DesignReading& reading) {
  const auto members = value.members();
  if (!members) return;
  NameSet taken;
  for (const Member& member : *members) {
    const auto found =
        std::find_if(names.begin(), names.end(), [&](const auto& name) { return same_name(name, member.name); });
    if (found == names.end()) {
      member.unknown_name("resource", names);
      continue;
    }
    if (!claim_name(member.value, *found, "a setting of", taken)) continue;
    const auto object = member.value.object(design_shape("/fci/role/resources/*"));
    if (!object) continue;
    if (const auto action = object->find("RestartAction"); action && *found == reading.design.master_resource()) {
      action->error("the RestartAction of the master stands under /scale_out/master", "write it there");
    }
    read_resource_settings(*object, settings.resources[*found], reading);
  }
}

std::optional<std::string> read_new_name(const Object& object, std::string_view kind, NameSet& taken) {
  const auto value = object.find("name");
  auto name = value ? value->text() : std::nullopt;
  if (name) claim_name(*value, *name, kind, taken);
  return name;
}

/// A resource and, when it needs anything, the expression that says what.
struct ReadResource {
  RoleResource resource;
  Value place;
  std::optional<Value> depends_on;
  bool known = false;  // name and type could be read
};

void check_address(const Object& object, const ReadResource& read, RoleResource& resource, DesignReading& reading) {
  const auto address = object.find("address");
  if (resource.type == ResourceType::address) {
    if (!address) object.value().error("an address resource needs an 'address'", "add \"address\": \"10.0.0.60\"");
    auto text = address ? reading.read_cluster_address(*address) : std::nullopt;
    if (text) resource.address = std::move(*text);
  } else if (address && read.known) {
    address->error("only an address resource has an 'address'", "remove it, or change 'type'");
  }
  const bool needs_nothing = resource.type == ResourceType::address || resource.type == ResourceType::disk;
  if (read.known && needs_nothing && read.depends_on) {
    read.depends_on->error(fmt::format("the {} '{}' depends on nothing", to_text(resource.type), resource.name),
                           "remove 'depends_on'");
  }
}

ReadResource read_resource(const Value& value, NameSet& taken, DesignReading& reading) {
  static const Choices<ResourceType> types = {{"disk", ResourceType::disk},
                                              {"address", ResourceType::address},
                                              {"name", ResourceType::name},
                                              {"generic_service", ResourceType::generic_service}};
  ReadResource read{{}, value, std::nullopt, false};
  const auto object = value.object(design_shape("/cluster/roles/*/resources/*"));
  if (!object) return read;
  RoleResource& resource = read.resource;
  resource.place = object->place();
  const auto name = read_new_name(*object, "a resource", taken);
  const auto type_value = object->find("type");
  const auto type = type_value ? type_value->one_of(types) : std::nullopt;
  resource.name = name.value_or("");
  resource.type = type.value_or(ResourceType::generic_service);
  read.known = name && type;
  read.depends_on = object->find("depends_on");
  if (type) {
    check_address(*object, read, resource, reading);
  } else if (const auto address = object->find("address")) {
    address->text();
  }
  read_resource_settings(*object, resource.settings, reading);
  return read;
}

/// The indexes of what the resource needs; nullopt after a diagnostic.
std::optional<Dependency> read_dependency(const Value& value, const std::vector<ReadResource>& resources,
                                          std::size_t dependent) {
  const auto text = value.text();
  if (!text) return std::nullopt;
  const DependencyExpression expression = parse_dependency(*text);
  if (!expression.problem.empty()) {
    value.error(fmt::format("{} (column {} of the expression)", expression.problem, expression.column),
                expression.remedy);
    return std::nullopt;
  }
  Dependency needs;
  std::vector<std::string> names;
  for (const ReadResource& read : resources) names.push_back(read.resource.name);
  for (const auto& clause : expression.all_of_any) {
    std::vector<int> members;
    for (const std::string& name : clause) {
      const auto found =
          std::find_if(names.begin(), names.end(), [&](const auto& other) { return same_name(other, name); });
      const auto index = static_cast<int>(found - names.begin());
      if (found == names.end()) {
        unknown_reference(value, name, "resource of this role called", names);
      } else if (index == static_cast<int>(dependent)) {
        value.error("'" + name + "' depends on itself", "name another resource of the role");
      } else if (std::find(members.begin(), members.end(), index) != members.end()) {
        value.error("'" + name + "' stands twice among alternatives", "write it once");
      } else {
        members.push_back(index);
        continue;
      }
      return std::nullopt;
    }
    needs.all_of_any.push_back(std::move(members));
  }
  return needs;
}

/// A network name that has no address cannot be brought online (W 3.4).
void check_name(const ReadResource& read, const Dependency& needs, const std::vector<ReadResource>& resources) {
  if (read.resource.type != ResourceType::name) return;
  for (const auto& clause : needs.all_of_any) {
    for (const int provider : clause) {
      if (resources[static_cast<std::size_t>(provider)].resource.type == ResourceType::address) return;
    }
  }
  (read.depends_on ? *read.depends_on : read.place)
      .error("the network name '" + read.resource.name + "' needs an address",
             "let it depend on an address resource of the role: \"depends_on\": \"[IP Address 1]\"");
}

void read_dependencies(const Value& value, std::vector<ReadResource>& resources) {
  std::vector<GraphResource> graph;
  bool complete = true;
  for (std::size_t i = 0; i < resources.size(); ++i) {
    Dependency needs;
    if (resources[i].depends_on) {
      const auto read = read_dependency(*resources[i].depends_on, resources, i);
      complete = complete && read.has_value();
      if (!read) {
        graph.push_back({resources[i].resource.name, {}});
        continue;
      }
      needs = *read;
    }
    check_name(resources[i], needs, resources);
    for (const auto& clause : needs.all_of_any) {
      auto& names = resources[i].resource.depends_on.emplace_back();
      for (const int provider : clause) {
        names.push_back(resources[static_cast<std::size_t>(provider)].resource.name);
      }
    }
    graph.push_back({resources[i].resource.name, std::move(needs)});
  }
  const std::vector<std::string> cycle = ResourceGraph(std::move(graph)).cycle();
  if (complete && !cycle.empty()) {
    value.error(fmt::format("the resources depend on one another in a circle: '{}' on '{}'", fmt::join(cycle, "' on '"),
                            cycle.front()),
                "remove one of the dependencies");
  }
}

void read_resources(const Value& value, NameSet& taken, Role& role, DesignReading& reading) {
  const auto entries = value.elements(1, most_resources);
  if (!entries) return;
  std::vector<ReadResource> resources;
  for (const Value& entry : *entries) resources.push_back(read_resource(entry, taken, reading));
  const bool known = std::all_of(resources.begin(), resources.end(), [](const auto& read) { return read.known; });
  if (known) {
    read_dependencies(value, resources);
  } else {
    for (const ReadResource& read : resources) {
      if (read.depends_on) read.depends_on->text();
    }
  }
  for (ReadResource& read : resources) role.resources.push_back(std::move(read.resource));
}

void read_role(const Value& value, NameSet& roles, NameSet& resources, DesignReading& reading) {
  const auto object = value.object(design_shape("/cluster/roles/*"));
  if (!object) return;
  Role role;
  role.place = object->place();
  role.name = read_new_name(*object, "a role", roles).value_or("");
  read_role_settings(*object, role.settings, reading);
  if (const auto entries = object->find("resources")) read_resources(*entries, resources, role, reading);
  reading.design.cluster.roles.push_back(std::move(role));
}

/// The names of the cluster's own resources, and of those in the roles of SQL Server and of the master.
NameSet resources_taken(const DesignReading& reading) {
  const Design& design = reading.design;
  NameSet taken = own_resources(design.cluster);
  for (const std::string& name : design.instance_resources()) taken.insert(name);
  if (!design.scale_out.role) return taken;
  for (const std::string& name : design.master_role_resources()) taken.insert(name);
  return taken;
}

}  // namespace

NameSet own_resources(const Cluster& cluster) {
  NameSet names = {"Cluster Name", "Cluster IP Address"};
  switch (cluster.witness.kind) {
    case Witness::Kind::none: break;
    case Witness::Kind::disk: names.insert(cluster.witness.path); break;
    case Witness::Kind::file_share: names.insert("File Share Witness"); break;
    case Witness::Kind::cloud: names.insert("Cloud Witness"); break;
  }
  return names;
}

NameSet own_roles() {
  return {"Cluster Group", "Available Storage"};
}

void read_roles(DesignReading& reading) {
  Design& design = reading.design;
  if (reading.instance_role_resources) {
    read_made_resources(*reading.instance_role_resources, design.instance_resources(), design.fci.role, reading);
  }
  if (reading.master_role_resources && design.scale_out.role) {
    read_made_resources(*reading.master_role_resources, design.master_role_resources(), design.scale_out.role->settings,
                        reading);
  }
  if (!reading.roles) return;
  const auto entries = reading.roles->elements(0, most_roles);
  if (!entries) return;
  NameSet roles = own_roles(), resources = resources_taken(reading);
  roles.insert(design.fci.role_name());
  if (design.scale_out.role) roles.insert(design.scale_out.role->name);
  for (const Value& entry : *entries) read_role(entry, roles, resources, reading);
}

}  // namespace rehearse::model

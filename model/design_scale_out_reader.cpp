// The section "scale_out" of a design: placement, the master's role, the master and its settings files. The workers are
// in design_worker_reader.cpp.
#include <fmt/format.h>

#include <algorithm>

#include "model/design_reading.hpp"
#include "model/design_roles.hpp"
#include "model/design_settings.hpp"
#include "model/design_shapes.hpp"

namespace rehearse::model {
namespace {

/// The resources that the master may depend on, under every name that a design may use.
std::vector<std::pair<std::string, std::string>> providers(const Design& design) {
  const FailoverClusterInstance& fci = design.fci;
  std::vector<std::pair<std::string, std::string>> result;
  if (design.scale_out.placement == Placement::separate) {
    if (design.scale_out.role) {
      result.emplace_back(design.scale_out.role->dns_host_name, design.scale_out.role->dns_host_name);
    }
    return result;
  }
  result = {{"SQL Server", fci.sql_resource()},           {"SQL Server Agent", fci.agent_resource()},
            {"SQL Network Name", fci.name_resource()},    {fci.sql_resource(), fci.sql_resource()},
            {fci.agent_resource(), fci.agent_resource()}, {fci.name_resource(), fci.name_resource()}};
  for (const std::string& disk : fci.disks) result.emplace_back(disk, disk);
  return result;
}

void read_dependencies(const Value& value, DesignReading& reading) {
  const auto entries = value.elements();
  if (!entries) return;
  const auto known = providers(reading.design);
  NameSet taken;
  for (const Value& entry : *entries) {
    const auto name = entry.text();
    if (!name) continue;
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const auto& provider) { return same_name(provider.first, *name); });
    if (found == known.end()) {
      std::vector<std::string> names;
      for (const auto& provider : known) {
        if (std::find(names.begin(), names.end(), provider.first) == names.end()) names.push_back(provider.first);
      }
      unknown_reference(entry, *name, "resource for the master to depend on by the name of", names);
    } else if (claim_name(entry, found->second, "a dependency on", taken)) {
      reading.design.scale_out.master.depends_on.push_back(found->second);
    }
  }
}

void read_master_files(const Value& value, const std::vector<StatedSetting<MasterSettings>>& stated,
                       DesignReading& reading) {
  const auto members = value.members();
  if (!members) return;
  Master& master = reading.design.scale_out.master;
  std::vector<std::string> nodes;
  for (const Node& node : reading.design.cluster.nodes) nodes.push_back(node.name);
  for (const Member& member : *members) {
    const Node* node = reading.design.find_node(member.name);
    if (node == nullptr && reading.nodes_known) {
      member.unknown_name("node", nodes);
      continue;
    }
    const auto settings = read_settings_file(member.value, &read_master_settings, reading);
    if (!settings) continue;
    compare_with_file(stated, *settings, "the settings file of " + member.name);
    const std::string& key = node == nullptr ? member.name : node->name;
    if (!master.settings_by_node.emplace(key, *settings).second) {
      member.value.error("the node '" + key + "' has two settings files", "keep one of the two");
    }
  }
}

void read_master(const Value& value, DesignReading& reading) {
  const auto object = value.object(design_shape("/scale_out/master"));
  if (!object) return;
  Master& master = reading.design.scale_out.master;
  master.place = object->place();
  master.account = "NT Service\\" + reading.design.master_service();  // S 2
  object->read("account", master.account, &Value::text);
  read_certificate_name(*object, master.certificate, reading);
  if (const auto depends_on = object->find("depends_on")) read_dependencies(*depends_on, reading);
  if (const auto action = object->find("RestartAction")) {
    if (const auto number = action->whole(0, 2)) master.restart_action = static_cast<int>(*number);  // W 3.3
  }

  std::vector<StatedSetting<MasterSettings>> stated;
  if (const auto settings = object->find("settings")) {
    stated = read_settings(*settings, master_settings_keys(), SettingsStyle::design, master.settings);
  }
  if (const auto port = object->find("port")) {
    const SettingsKey<MasterSettings>& key = master_settings_keys().front();
    const bool twice = std::any_of(stated.begin(), stated.end(), [&](const auto& other) { return other.key == &key; });
    if (twice) {
      port->error("the port is stated here and under settings", "keep one of the two");
    } else if (key.apply(*port, SettingsStyle::design, master.settings)) {
      stated.push_back({std::string(key.name), *port, &key});
    }
  }
  if (const auto files = object->find("settings_file")) read_master_files(*files, stated, reading);
}

std::vector<std::string> read_role_addresses(const Object& role, DesignReading& reading) {
  const auto one = role.find("address");
  const auto several = role.find("addresses");
  if (one && several) {
    several->error("the role has both 'address' and 'addresses'", "keep one of the two");
  } else if (!one && !several) {
    role.value().error("the role has no address", "add \"address\", or \"addresses\" with one a subnet");
  }
  if (several) return read_addresses(*several, reading);
  auto address = one ? reading.read_cluster_address(*one) : std::nullopt;
  return address ? std::vector<std::string>{std::move(*address)} : std::vector<std::string>();
}

std::optional<std::string> read_role_name(const Object& role, const DesignReading& reading) {
  const auto value = role.find("name");
  auto name = value ? value->text() : std::nullopt;
  if (!name) return std::nullopt;
  const bool of_cluster = own_roles().contains(*name);
  const bool of_group = reading.design.fci.availability_group.has_value();
  if (of_cluster || same_name(*name, reading.design.fci.role_name())) {
    const char* const owner = of_cluster ? "the cluster itself" : of_group ? "the availability group" : "SQL Server";
    value->error(fmt::format("the role '{}' is that of {}", *name, owner), "give the master's role a name of its own");
  }
  return name;
}

/// The DNS host name, which is also the name of the role's network name resource.
std::optional<std::string> read_access_point(const Object& role, const DesignReading& reading) {
  const auto value = role.find("dns_host_name");
  auto name = value ? read_computer_name(*value) : std::nullopt;
  if (!name) return std::nullopt;
  if (same_name(*name, reading.design.fci.network_name)) {
    const bool of_group = reading.design.fci.availability_group.has_value();
    value->error("'" + *name + "' is the " + (of_group ? "name of the listener" : "network name of SQL Server"),
                 "give the master's role a client access point of its own");  // S 4.2
  }
  for (const std::string& other : reading.design.instance_resources()) {
    if (same_name(*name, other)) value->error("'" + *name + "' is the name of another resource", "choose another");
  }
  return name;
}

void read_role(const Object& scale_out, DesignReading& reading) {
  const auto value = scale_out.find("role");
  const bool separate = reading.design.scale_out.placement == Placement::separate;
  if (!value) {
    if (separate) {
      scale_out.value().error("the separate placement needs a 'role'",
                              "add \"role\": { \"name\": ..., \"dns_host_name\": ..., \"address\": ... }");
    }
    return;
  }
  if (!separate) {
    value->error("in the joint placement the master lives in the role of SQL Server and has none of its own",
                 "remove 'role', or write \"failover\": \"separate\"");
    return;
  }
  const auto object = value->object(design_shape("/scale_out/role"));
  if (!object) return;
  MasterRole role;
  role.place = object->place();
  role.name = read_role_name(*object, reading).value_or("");
  role.dns_host_name = read_access_point(*object, reading).value_or("");
  role.addresses = read_role_addresses(*object, reading);
  read_name_settings(*object, role.register_all_ips, role.record_ttl);
  read_role_settings(*object, role.settings, reading);
  reading.master_role_resources = object->find("resources");
  reading.design.scale_out.role = std::move(role);
}

}  // namespace

void read_certificate_name(const Object& object, std::string& into, const DesignReading& reading) {
  const auto value = object.find("certificate");
  const auto name = value ? value->text() : std::nullopt;
  if (!name) return;
  into = *name;
  if (!reading.certificates_known || reading.design.find_certificate(*name) != nullptr) return;
  std::vector<std::string> known;
  for (const Certificate& certificate : reading.design.certificates) known.push_back(certificate.key);
  unknown_reference(*value, *name, "certificate", known);
}

void read_scale_out(const Value& value, DesignReading& reading) {
  static const Choices<Placement> placements = {{"joint", Placement::joint}, {"separate", Placement::separate}};
  const auto object = value.object(design_shape("/scale_out"));
  if (!object) return;
  reading.design.scale_out.place = object->place();
  object->read("failover", reading.design.scale_out.placement, placements);
  if (reading.design.fci.availability_group && reading.design.scale_out.placement == Placement::joint) {
    // S 4.2: beside an availability group the master has a role of its own.
    const auto failover = object->find("failover");
    (failover ? *failover : object->value())
        .error("the master cannot be in the role of an availability group", "write \"failover\": \"separate\"");
  }
  read_role(*object, reading);
  if (const auto master = object->find("master")) read_master(*master, reading);
  if (const auto workers = object->find("workers")) read_workers(*workers, reading);
}

}  // namespace rehearse::model

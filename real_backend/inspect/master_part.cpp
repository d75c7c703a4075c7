// The part "scale_out" of a design without its workers: placement, the master's own role, the master on every node.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "model/dependency_expression.hpp"
#include "real_backend/inspect/parts.hpp"
#include "real_backend/inspect/scale_out_part.hpp"

namespace rehearse::real {
namespace {

using model::same_name;

/// The master's own role: its access point and its settings.
void say_role(Survey& survey, DesignJson& scale_out) {
  const ExportedGroup& group = *survey.master_role;
  const auto block = [&](const std::string& what) {
    survey.remarks.not_understood(group.spot, what, "the master needs a role of its own, or that of SQL Server");
    survey.remarks.block();
  };
  if (group.core) return block("the master is in the role '" + group.name + "' of the cluster itself");
  model::MasterRole names;
  const ExportedResource* const name = find_name(survey, group, "the master's role", names.dns_host_name);
  if (name == nullptr) return;
  for (const auto& [windows, taken] : survey.design_names) {
    if (same_name(taken, names.dns_host_name)) return block("'" + taken + "' is also the name of another resource");
  }
  if (survey.instance_role != nullptr) {
    for (const ExportedResource* other : survey.resources_of(*survey.instance_role, resource_type::name)) {
      if (same_name(other->parameters.text("Name").value_or(""), names.dns_host_name)) {
        return block("'" + names.dns_host_name + "' is also the name of SQL Server");
      }
    }
  }
  auto resources = survey.resources_of(group, resource_type::address);
  std::sort(resources.begin(), resources.end(),
            [](const auto* a, const auto* b) { return model::NameLess()(a->name, b->name); });
  names.addresses = survey.addresses.take_all(resources, survey.remarks);
  if (names.addresses.empty()) return block("the role '" + group.name + "' has no usable address");
  std::vector<std::string> clause;
  const std::vector<std::string> address_names = names.address_resources();
  for (const ExportedResource* resource : resources) {
    const auto found =
        std::find(names.addresses.begin(), names.addresses.end(), resource->parameters.text("Address").value_or(""));
    if (found == names.addresses.end()) continue;
    clause.push_back(address_names[static_cast<std::size_t>(found - names.addresses.begin())]);
    survey.design_names[resource->name] = clause.back();
    check_dependency(survey, *resource, {});
  }
  survey.design_names[name->name] = names.name_resource();
  survey.design_names[survey.master->name] = survey.master_name();
  check_dependency(survey, *name, {clause});
  std::vector<const ExportedResource*> own;
  for (const ExportedResource* resource : survey.resources_of(group)) {
    if (survey.design_names.contains(resource->name)) {
      own.push_back(resource);
    } else {
      survey.remarks.not_understood(
          resource->spot,
          fmt::format("'{}' of the type '{}' in the role '{}'", resource->name, resource->type, group.name),
          "a design has nothing like it in this role");
    }
  }
  for (const ExportedResource* resource : own) {
    const std::string& called = survey.design_names.at(resource->name);
    if (same_name(called, resource->name)) continue;
    survey.remarks.note(resource->spot,
                        fmt::format("'{}' is called '{}' in designs and scenarios", resource->name, called));
  }
  DesignJson role = {{"name", group.name}, {"dns_host_name", names.dns_host_name}};
  if (names.addresses.size() == 1) {
    role["address"] = names.addresses.front();
  } else {
    role["addresses"] = names.addresses;
  }
  say_name_settings(survey, *name, false, role);
  role.update(role_settings(survey, group, own, true));
  scale_out["role"] = std::move(role);
}

/// What the master depends on: single resources that a design lets it depend on.
void say_dependencies(Survey& survey, DesignJson& master) {
  const ExportedResource& resource = *survey.master;
  const auto refuse = [&](const std::string& why) {
    survey.remarks.not_understood(resource.spot, why, "the design says nothing: it depends on what is usual");
  };
  if (resource.dependency.empty()) return refuse("'" + resource.name + "' depends on nothing");
  const model::DependencyExpression expression = model::parse_dependency(resource.dependency);
  const std::string said = fmt::format("'{}' depends on {}", resource.name, resource.dependency);
  if (!expression.problem.empty()) return refuse(said + ": " + expression.problem);
  std::vector<std::string> names;
  for (const auto& clause : expression.all_of_any) {
    const ExportedResource* provider = nullptr;
    for (const ExportedResource* one : survey.resources_of(*survey.master_role)) {
      if (clause.size() == 1 && same_name(one->name, clause.front())) provider = one;
    }
    if (provider == nullptr) return refuse(said + ", alternatives");
    const bool in_joint =
        same_name(provider->type, resource_type::sql) || same_name(provider->type, resource_type::agent) ||
        same_name(provider->type, resource_type::name) || same_name(provider->type, resource_type::disk);
    const auto name = survey.design_names.find(provider->name);
    const bool usable = survey.is_joint() ? in_joint : same_name(provider->type, resource_type::name);
    if (!usable || name == survey.design_names.end()) return refuse(said);
    if (std::find(names.begin(), names.end(), name->second) == names.end()) names.push_back(name->second);
  }
  master["depends_on"] = names;
}

/// The service as Windows has it on one node.
void look_at_service(Survey& survey, const ExportedMachine& machine, std::set<std::string>& accounts) {
  const ExportedService* const service = find_service(machine, survey.master_service);
  if (service == nullptr) {
    if (machine.services_known) {
      survey.remarks.not_understood(machine.spot,
                                    fmt::format("{} has no service {}", machine.name, survey.master_service),
                                    "the master cannot run there; a design has it on every node");
    }
    return;
  }
  accounts.insert(service->account);
  if (same_name(service->start_mode, "Manual")) return;
  survey.remarks.not_understood(
      service->spot, fmt::format("{} on {} starts as '{}'", service->name, machine.name, service->start_mode),
      "make it Manual (W 5), or rehearse it with the fault configuration.service_start_type_automatic");
}

/// What http.sys and the firewall have for the port that the node's settings say.
void look_at_port(Survey& survey, const ExportedMachine& machine, const model::MasterSettings& settings) {
  const std::string endpoint = fmt::format("0.0.0.0:{}", settings.port);
  const auto found = std::find_if(machine.bindings.begin(), machine.bindings.end(),
                                  [&](const ExportedBinding& one) { return one.endpoint == endpoint; });
  if (found == machine.bindings.end() && machine.bindings_known) {
    survey.remarks.not_understood(machine.spot,
                                  fmt::format("{} has no certificate bound to {}", machine.name, endpoint),
                                  "a design cannot say it; rehearse it with the fault certificate.wrong_binding");
  } else if (found != machine.bindings.end() && found->thumbprint != settings.certificate_thumbprint) {
    survey.remarks.not_understood(
        found->spot,
        fmt::format("{} binds another certificate to {} than MasterSettings.config says", machine.name, endpoint),
        "a design cannot say it; rehearse it with the fault certificate.wrong_binding");
  }
  const auto port = std::find_if(machine.ports.begin(), machine.ports.end(),
                                 [&](const ExportedPort& one) { return one.port == settings.port; });
  if (port == machine.ports.end()) {
    survey.remarks.missing(machine.spot, fmt::format("the firewall of {} for the port {}", machine.name, settings.port),
                           fmt::format("export again with -Ports {}, 1433", settings.port));
  } else if (!port->open) {
    survey.remarks.not_understood(
        port->spot,
        fmt::format("the firewall of {} does not let everybody to the port {}", machine.name, settings.port),
        "a design cannot say it; rehearse it with the fault network.port_blocked");
  }
}

/// The certificate of the node that has the role now; the others' have keys of their own.
void say_certificates(Survey& survey, Certificates& certificates,
                      const std::vector<std::pair<const ExportedMachine*, model::MasterSettings>>& settings,
                      DesignJson& master) {
  const auto of_owner = std::find_if(settings.begin(), settings.end(), [&](const auto& one) {
    return same_name(one.first->name, survey.master_role->owner);
  });
  const auto& chosen = of_owner == settings.end() ? settings.front() : *of_owner;
  const std::string key =
      certificates.use(chosen.second.certificate_thumbprint, "master", "the master", chosen.first->spot);
  if (key.empty()) return survey.remarks.block();
  master["certificate"] = key;
  for (const auto& [machine, own] : settings) {
    if (own.certificate_thumbprint == chosen.second.certificate_thumbprint) continue;
    survey.remarks.not_understood(machine->spot,
                                  fmt::format("MasterSettings.config of {} names another certificate than that of {}",
                                              machine->name, chosen.first->name),
                                  "a design has one for the master: it states that of " + chosen.first->name);
    certificates.use(own.certificate_thumbprint, "master-" + machine->name, "the master on " + machine->name,
                     machine->spot);
  }
}

void say_nodes(Survey& survey, Certificates& certificates, Artefacts& artefacts, DesignJson& master) {
  std::set<std::string> accounts;
  std::vector<std::pair<const ExportedMachine*, model::MasterSettings>> settings;
  for (const std::string& node : survey.nodes) {
    const ExportedMachine* const machine = survey.exported.machine(node);
    if (machine == nullptr) continue;  // told with the node
    look_at_service(survey, *machine, accounts);
    const ExportedSettings* const file = find_settings(machine->master_settings, survey.master_service);
    if (file == nullptr) continue;
    const auto read = use_settings(survey, *machine, *file, &model::read_master_settings);
    if (!read) continue;
    master["settings_file"][node] = artefacts.add(node + "/MasterSettings.config", *file->bytes);
    look_at_port(survey, *machine, *read);
    settings.emplace_back(machine, *read);
  }
  std::erase_if(accounts, [](const std::string& account) { return !can_be_stated(account); });
  if (!accounts.empty()) master["account"] = *accounts.begin();
  if (accounts.empty()) {
    survey.remarks.missing("the account of the master", "add \"account\": a virtual account counts without it");
  } else if (accounts.size() > 1) {
    survey.remarks.not_understood(survey.master->spot,
                                  fmt::format("the master has different accounts: {}", fmt::join(accounts, ", ")),
                                  "a design has one: it states the first");
  }
  if (settings.empty()) {
    survey.remarks.missing("the settings and the certificate of the master on any node",
                           "export the nodes: a design has to state a certificate");
    survey.remarks.block();
    return;
  }
  say_certificates(survey, certificates, settings, master);
}

}  // namespace

std::string Artefacts::add(const std::string& path, std::string bytes) {
  files.push_back({folder + "/" + path, std::move(bytes)});
  return files.back().path;
}

const ExportedService* find_service(const ExportedMachine& machine, std::string_view name) {
  const auto found = std::find_if(machine.services.begin(), machine.services.end(),
                                  [&](const ExportedService& one) { return same_name(one.name, name); });
  return found == machine.services.end() ? nullptr : &*found;
}

const ExportedSettings* find_settings(const std::vector<ExportedSettings>& files, std::string_view service) {
  const auto found = std::find_if(files.begin(), files.end(),
                                  [&](const ExportedSettings& one) { return same_name(one.service, service); });
  return found == files.end() ? nullptr : &*found;
}

void say_master(Survey& survey, Certificates& certificates, Artefacts& artefacts, DesignJson& design) {
  if (survey.master == nullptr || survey.master_role == nullptr) return;
  DesignJson scale_out;
  scale_out["failover"] = survey.is_joint() ? "joint" : "separate";
  if (survey.is_joint() && survey.has_availability_group()) {
    survey.remarks.not_understood(survey.master->spot, "the master is in the role of an availability group",
                                  "a design has it in a role of its own (S 4.2): there is none");
    survey.remarks.block();
  }
  if (!survey.is_joint()) say_role(survey, scale_out);
  DesignJson master = DesignJson::object();  // in no order
  say_nodes(survey, certificates, artefacts, master);
  say_dependencies(survey, master);
  const auto action = survey.master->properties.number("RestartAction");
  if (!action) {
    survey.remarks.missing(survey.master->spot, "RestartAction of the master", "add it: 2 counts without it");
  } else if (*action >= 0 && *action <= 2) {
    master["RestartAction"] = *action;
  }  // another number was told with the role
  for (const char* key : {"account", "certificate", "depends_on", "RestartAction", "settings_file"}) {
    if (master.contains(key)) scale_out["master"][key] = std::move(master[key]);
  }
  design["scale_out"] = std::move(scale_out);
}

}  // namespace rehearse::real

// The part "fci" of a design: the instance or the availability group with SSISDB, and its role.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "real_backend/inspect/known_properties.hpp"
#include "real_backend/inspect/parts.hpp"

namespace rehearse::real {
namespace {

using model::same_name;
using std::chrono::milliseconds;

void block(Survey& survey, const Spot& spot, std::string what, std::string remedy) {
  survey.remarks.not_understood(spot, std::move(what), std::move(remedy));
  survey.remarks.block();
}

/// Remembers what a design calls the resource, and tells a difference that scenarios would meet.
void call(Survey& survey, const ExportedResource& resource, const std::string& name) {
  for (const auto& [other, its_name] : survey.design_names) {
    if (same_name(its_name, name) && !same_name(other, resource.name)) {
      block(survey, resource.spot,
            fmt::format("'{}' and '{}' would both be '{}' in a design", other, resource.name, name),
            "rename one of the two");
    }
  }
  survey.design_names[resource.name] = name;
  if (same_name(resource.name, name)) return;
  survey.remarks.note(resource.spot, fmt::format("'{}' is called '{}' in designs and scenarios", resource.name, name));
}

std::vector<const ExportedResource*> by_name(std::vector<const ExportedResource*> resources) {
  std::sort(resources.begin(), resources.end(),
            [](const auto* a, const auto* b) { return model::NameLess()(a->name, b->name); });
  return resources;
}

/// A length of time that Windows counts in milliseconds.
void say_length(Survey& survey, const ExportedResource& resource, const char* name, Duration low, DesignJson& into) {
  const auto value = resource.parameters.number(name);
  if (!value) {
    survey.remarks.missing(resource.spot, fmt::format("{} of '{}'", name, resource.name),
                           "a rehearsal takes the default without it");
    return;
  }
  const std::int64_t least = std::chrono::duration_cast<milliseconds>(low).count();
  const std::int64_t most = std::chrono::duration_cast<milliseconds>(std::chrono::hours(24)).count();
  if (*value < least || *value > most) {
    survey.remarks.not_understood(resource.parameters.find(name)->spot,
                                  fmt::format("{} of '{}' is {}", name, resource.name, *value),
                                  fmt::format("a design takes {} to 24h", model::to_text(low)));
    return;
  }
  into[name] = model::to_text(Duration(milliseconds(*value)));
}

void say_level(Survey& survey, const ExportedResource& resource, std::int64_t lowest, DesignJson& into) {
  const auto level = resource.parameters.number("FailureConditionLevel");
  if (!level) {
    survey.remarks.missing(resource.spot, "FailureConditionLevel of '" + resource.name + "'",
                           "a rehearsal takes 3 without it");
  } else if (*level < lowest || *level > 5) {
    survey.remarks.not_understood(resource.parameters.find("FailureConditionLevel")->spot,
                                  fmt::format("FailureConditionLevel of '{}' is {}", resource.name, *level));
  } else {
    into["FailureConditionLevel"] = *level;
  }
}

/// SQL logins: what the instance says of itself, or what its registry says (W 7.1).
void say_logins(Survey& survey, const std::string& instance, DesignJson& fci) {
  std::optional<bool> mixed;
  if (survey.exported.ssisdb && survey.exported.ssisdb->windows_only) mixed = !*survey.exported.ssisdb->windows_only;
  for (const ExportedMachine& machine : survey.exported.machines) {
    for (const ExportedInstance& found : machine.instances) {
      if (!mixed && same_name(found.instance, instance) && found.login_mode) mixed = *found.login_mode == 2;
    }
  }
  if (!mixed) {
    survey.remarks.missing("whether the instance takes SQL logins, with which workers write their logs",
                           "add \"mixed_mode\" to \"fci\": true counts without it");
  } else if (!*mixed) {
    fci["mixed_mode"] = false;
  }
}

void say_recovery(Survey& survey, DesignJson& ssisdb) {
  if (!survey.exported.ssisdb || !survey.exported.ssisdb->accelerated_recovery) {
    survey.remarks.missing("SSISDB itself: its recovery, its workers, its availability group",
                           "export again with -SqlServer, as an account that may log in there");
  } else if (*survey.exported.ssisdb->accelerated_recovery && survey.sql_version != model::SqlVersion::v2017) {
    ssisdb["accelerated_recovery"] = true;
  }
}

/// What else lies in a role whose resources a design knows.
void tell_others(Survey& survey, const std::vector<const ExportedResource*>& resources) {
  for (const ExportedResource* resource : resources) {
    if (survey.design_names.contains(resource->name)) continue;
    // Setup's own: customer experience; it makes no difference to the role.
    const auto service = resource->parameters.text("ServiceName").value_or("");
    if (same_name(resource->type, resource_type::service) && same_name(service.substr(0, 12), "SQLTELEMETRY")) {
      survey.remarks.note(resource->spot, "'" + resource->name + "' makes no difference to a rehearsal");
      continue;
    }
    survey.remarks.not_understood(
        resource->spot,
        fmt::format("'{}' of the type '{}' in the role '{}'", resource->name, resource->type, resource->group),
        "a design has nothing like it in this role");
  }
}

std::string own_name(const model::FailoverClusterInstance& names, std::size_t index) {
  const std::vector<std::string> all = names.address_resources();
  return all[index];
}

/// Addresses of the role as strings; the resources are called as in designs.
std::vector<std::string> say_addresses(Survey& survey, model::FailoverClusterInstance& names,
                                       std::vector<std::vector<std::string>>& alternatives) {
  const auto resources = by_name(survey.resources_of(*survey.instance_role, resource_type::address));
  names.addresses = survey.addresses.take_all(resources, survey.remarks);
  auto& clause = alternatives.emplace_back();
  for (const ExportedResource* resource : resources) {
    const auto found =
        std::find(names.addresses.begin(), names.addresses.end(), resource->parameters.text("Address").value_or(""));
    if (found == names.addresses.end()) continue;
    const std::string name = own_name(names, static_cast<std::size_t>(found - names.addresses.begin()));
    call(survey, *resource, name);
    clause.push_back(name);
    check_dependency(survey, *resource, {});
  }
  if (names.addresses.empty()) {
    block(survey, survey.instance_role->spot, "the role '" + survey.instance_role->name + "' has no usable address",
          "a design has to state one: there is none");
  }
  return names.addresses;
}

void say_fci(Survey& survey, model::FailoverClusterInstance& names, const ExportedResource& name, DesignJson& fci) {
  fci["network_name"] = names.network_name;
  std::vector<std::vector<std::string>> addresses;
  fci["addresses"] = say_addresses(survey, names, addresses);
  call(survey, name, names.name_resource());
  check_dependency(survey, name, addresses);
  say_name_settings(survey, name, names.addresses.size() > 1, fci);  // W 6.1: Setup registers all of several
  std::vector<std::vector<std::string>> needs = {{names.name_resource()}};
  fci["disks"] = DesignJson::array();
  for (const ExportedResource* disk : by_name(survey.resources_of(*survey.instance_role, resource_type::disk))) {
    call(survey, *disk, disk->name);
    fci["disks"].push_back(disk->name);
    needs.push_back({disk->name});
    check_dependency(survey, *disk, {});
  }
  call(survey, *survey.instance, names.sql_resource());
  check_dependency(survey, *survey.instance, needs);  // W 7.3
  const auto agents = survey.resources_of(*survey.instance_role, resource_type::agent);
  if (agents.size() == 1) {
    call(survey, *agents.front(), names.agent_resource());
    check_dependency(survey, *agents.front(), {{names.sql_resource()}});
  } else {
    survey.remarks.not_understood(survey.instance_role->spot, "SQL Server has not one resource for its Agent",
                                  "in a design it has");
  }
  say_length(survey, *survey.instance, "HealthCheckTimeout", std::chrono::seconds(15), fci);  // W 7.1
  say_level(survey, *survey.instance, 0, fci);
}

}  // namespace

void say_instance(Survey& survey, DesignJson& design) {
  if (survey.instance == nullptr || survey.instance_role == nullptr) return;
  const bool of_group = survey.has_availability_group();
  const std::string what = of_group ? "an availability group" : "SQL Server";
  model::FailoverClusterInstance names;
  const ExportedResource* const name = find_name(survey, *survey.instance_role, what, names.network_name);
  if (name == nullptr) return;
  if (of_group) {
    names.availability_group.emplace().name = survey.instance->name;
    if (survey.exported.ssisdb) names.instance = survey.exported.ssisdb->instance;
  } else {
    const auto instance = survey.instance->parameters.text("InstanceName");
    if (instance) names.instance = *instance;
    if (!instance || !model::problem_of_computer_name(*instance).empty()) {
      block(survey, survey.instance->spot, "'" + survey.instance->name + "' does not say which instance it is", "");
      return;
    }
  }
  DesignJson fci;
  if (!same_name(names.instance, "MSSQLSERVER")) fci["instance"] = names.instance;
  if (!same_name(survey.instance_role->name, names.role_name())) {
    survey.remarks.note(survey.instance_role->spot, fmt::format("the role '{}' is called '{}' in designs and scenarios",
                                                                survey.instance_role->name, names.role_name()));
  }
  DesignJson ssisdb;
  ssisdb["in"] = of_group ? "availability_group" : "fci";
  if (of_group) {
    DesignJson listener;
    listener["name"] = names.network_name;
    std::vector<std::vector<std::string>> addresses;
    listener["addresses"] = say_addresses(survey, names, addresses);
    call(survey, *name, names.name_resource());
    check_dependency(survey, *name, addresses);
    say_name_settings(survey, *name, true, listener);
    call(survey, *survey.instance, names.sql_resource());
    check_dependency(survey, *survey.instance, {{names.name_resource()}});  // W 10
    ssisdb["name"] = survey.instance->name;
    ssisdb["listener"] = std::move(listener);
    say_length(survey, *survey.instance, "LeaseTimeout", std::chrono::seconds(1), ssisdb);
    say_length(survey, *survey.instance, "HealthCheckTimeout", std::chrono::seconds(15), ssisdb);
    say_level(survey, *survey.instance, 1, ssisdb);
    say_availability_group(survey, ssisdb);
  } else {
    say_fci(survey, names, *name, fci);
  }
  say_logins(survey, names.instance, fci);
  say_recovery(survey, ssisdb);
  fci["ssisdb"] = std::move(ssisdb);

  if (survey.is_joint()) call(survey, *survey.master, survey.master_name());
  const auto resources = survey.resources_of(*survey.instance_role);
  std::vector<const ExportedResource*> own;
  for (const ExportedResource* resource : resources) {
    if (survey.design_names.contains(resource->name)) own.push_back(resource);
  }
  DesignJson role = role_settings(survey, *survey.instance_role, own, true);
  if (!role.empty()) fci["role"] = std::move(role);
  tell_others(survey, resources);
  design["fci"] = std::move(fci);
}

}  // namespace rehearse::real

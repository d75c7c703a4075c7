// What every role of a design has: its settings, those of its resources, its network name, its dependencies.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "model/dependency_expression.hpp"
#include "model/restart_policy.hpp"
#include "real_backend/inspect/known_properties.hpp"
#include "real_backend/inspect/parts.hpp"

namespace rehearse::real {
namespace {

using model::same_name;
using model::Setting;

constexpr std::int64_t largest_dword = std::numeric_limits<std::uint32_t>::max();

std::string role_called(const ExportedGroup& role) {
  return "the role '" + role.name + "'";
}

/// A number that differs from the usual one, in its range; remarked when it is not.
void say_number(Survey& survey, const Properties& properties, const char* name, std::int64_t low, std::int64_t high,
                std::int64_t usual, const std::string& whose, DesignJson& into) {
  const auto value = properties.number(name);
  if (!value || *value == usual) return;
  if (*value < low || *value > high) {
    const Property& property = *properties.find(name);
    survey.remarks.not_understood(property.spot, fmt::format("{} of {} is {}", name, whose, *value),
                                  fmt::format("a design takes {} to {}", low, high));
    return;
  }
  into[name] = *value;
}

/// The owners that all resources have in common, where that is another list than all nodes. Of alternative addresses
/// each may be at home in another subnet: they restrict nobody.
std::vector<std::string> possible_owners(Survey& survey, const ExportedGroup& role,
                                         const std::vector<const ExportedResource*>& resources) {
  std::set<std::vector<std::string>> lists;
  for (const ExportedResource* resource : resources) {
    if (same_name(resource->type, resource_type::address) &&
        survey.resources_of(role, resource_type::address).size() > 1) {
      continue;
    }
    std::vector<std::string> owners;
    for (const std::string& node : survey.nodes) {
      if (std::any_of(resource->possible_owners.begin(), resource->possible_owners.end(),
                      [&](const std::string& owner) { return same_name(owner, node); })) {
        owners.push_back(node);
      }
    }
    lists.insert(std::move(owners));
  }
  if (lists.empty()) return {};
  if (lists.size() > 1 || lists.begin()->empty()) {
    survey.remarks.not_understood(role.spot,
                                  lists.size() > 1
                                      ? "the resources of " + role_called(role) + " have different possible owners"
                                      : "no node may own " + role_called(role),
                                  "a design has one list a role; it states none, so that every node may own it");
    return {};
  }
  return lists.begin()->size() == survey.nodes.size() ? std::vector<std::string>() : *lists.begin();
}

std::vector<std::string> preferred_owners(const Survey& survey, const ExportedGroup& role) {
  std::vector<std::string> owners;
  for (const std::string& owner : role.preferred_owners) {
    const std::string* const node = survey.node(owner);
    if (node != nullptr && std::find(owners.begin(), owners.end(), *node) == owners.end()) owners.push_back(*node);
  }
  return owners;
}

void say_failback(Survey& survey, const ExportedGroup& role, DesignJson& into) {
  const std::string whose = role_called(role);
  const auto type = role.properties.number("AutoFailbackType").value_or(0);
  if (type == 1 && into.contains("preferred_owners")) {
    into["AutoFailbackType"] = 1;
  } else if (type != 0) {
    survey.remarks.not_understood(role.properties.find("AutoFailbackType")->spot,
                                  fmt::format("AutoFailbackType of {} is {}", whose, type),
                                  "without preferred owners there is nowhere to fail back to");
  }
  const auto hour = [&](const char* name) -> std::optional<std::int64_t> {
    const auto value = role.properties.number(name);
    if (!value || *value == -1 || *value == largest_dword) return std::nullopt;  // W 4.2
    return value;
  };
  const auto from = hour("FailbackWindowStart"), until = hour("FailbackWindowEnd");
  if (!from && !until) return;
  if (from && until && *from != *until && *from >= 0 && *from <= 23 && *until >= 0 && *until <= 23) {
    into["FailbackWindowStart"] = *from;
    into["FailbackWindowEnd"] = *until;
    return;
  }
  survey.remarks.not_understood(role.properties.find(from ? "FailbackWindowStart" : "FailbackWindowEnd")->spot,
                                "the window for failback of " + whose + " has no beginning, no end, or no length");
}

void say_affinity(Survey& survey, const ExportedGroup& role, DesignJson& into) {
  const Property* const classes = role.properties.find("AntiAffinityClassNames");
  if (classes != nullptr) {
    model::NameSet names;
    if (const auto* texts = std::get_if<std::vector<std::string>>(&classes->value)) {
      names.insert(texts->begin(), texts->end());
    } else if (const auto* text = std::get_if<std::string>(&classes->value); text != nullptr && !text->empty()) {
      names.insert(*text);
    }
    for (const std::string& name : names) {
      if (can_be_stated(name)) {
        into["AntiAffinityClassNames"].push_back(name);
      } else {
        survey.remarks.not_understood(classes->spot,
                                      "a class of anti-affinity of " + role_called(role) + " is no name");
      }
    }
  }
  const auto site = role.properties.text("PreferredSite").value_or("");
  if (!site.empty() && survey.has_site(site) && survey.windows != model::WindowsVersion::v2012r2) {
    into["PreferredSite"] = site;
  } else if (!site.empty()) {
    survey.remarks.not_understood(
        role.properties.find("PreferredSite")->spot,
        fmt::format("the preferred site '{}' of {} is the site of no node", site, role_called(role)));
  }
}

/// Clauses without order.
using Clauses = std::set<std::set<std::string>>;

Clauses unordered(const std::vector<std::vector<std::string>>& clauses) {
  Clauses result;
  for (const auto& clause : clauses) result.emplace(clause.begin(), clause.end());
  return result;
}

}  // namespace

DesignJson role_settings(Survey& survey, const ExportedGroup& role,
                         const std::vector<const ExportedResource*>& resources, bool with_resources) {
  constexpr std::int64_t usual_priority = 2000, highest_priority = 4999, longest_period = 1193;
  DesignJson said = DesignJson::object();
  const std::string whose = role_called(role);
  say_number(survey, role.properties, "Priority", 0, highest_priority, usual_priority, whose, said);
  const auto preferred = preferred_owners(survey, role);
  if (!preferred.empty()) said["preferred_owners"] = preferred;
  const bool own_affair = survey.has_availability_group() && &role == survey.instance_role;
  const auto possible = own_affair ? std::vector<std::string>() : possible_owners(survey, role, resources);
  if (!possible.empty()) said["possible_owners"] = possible;
  say_failback(survey, role, said);
  say_number(survey, role.properties, "FailoverThreshold", 1, model::SlidingWindow::capacity, largest_dword, whose,
             said);
  const std::int64_t usual_period =
      std::chrono::duration_cast<std::chrono::hours>(survey.defaults.length(Setting::failover_period)).count();
  say_number(survey, role.properties, "FailoverPeriod", 0, longest_period, usual_period, whose, said);
  say_affinity(survey, role, said);
  tell_unknown(role.properties, Owner::role,
               {"Priority", "AutoFailbackType", "FailbackWindowStart", "FailbackWindowEnd", "FailoverThreshold",
                "FailoverPeriod", "AntiAffinityClassNames", "PreferredSite"},
               whose, survey.remarks);
  if (role.state.number != 0) {
    survey.remarks.note(role.spot, fmt::format("{} was {} when this was exported", whose, role.state.text));
  }
  if (!with_resources) return said;
  for (const ExportedResource* resource : resources) {
    const auto name = survey.design_names.find(resource->name);
    // Setup gives SQL Server Agent RestartAction 1, so that it does not take the role along.
    DesignJson settings = resource_settings(survey, *resource, same_name(resource->type, resource_type::agent) ? 1 : 2);
    if (resource == survey.master) settings.erase("RestartAction");  // it stands under /scale_out/master
    if (name != survey.design_names.end() && !settings.empty()) said["resources"][name->second] = std::move(settings);
  }
  return said;
}

DesignJson resource_settings(Survey& survey, const ExportedResource& resource, int usual_restart_action) {
  constexpr std::int64_t shortest_pending = 10, shortest_deadlock = 1000, shortest_poll = 10;
  DesignJson said = DesignJson::object();
  const std::string whose = "'" + resource.name + "'";
  const auto milliseconds = [&](Setting setting) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(survey.defaults.length(setting)).count();
  };
  const auto say = [&](const char* name, std::int64_t low, std::int64_t high, std::int64_t usual) {
    say_number(survey, resource.properties, name, low, high, usual, whose, said);
  };
  say("RestartAction", 0, 2, usual_restart_action);
  say("RestartThreshold", 0, model::SlidingWindow::capacity, survey.defaults[Setting::restart_threshold]);
  say("RestartPeriod", 0, largest_dword, milliseconds(Setting::restart_period));
  say("RestartDelay", 0, largest_dword, milliseconds(Setting::restart_delay));
  say("RetryPeriodOnFailure", 0, largest_dword, milliseconds(Setting::retry_period_on_failure));
  say("PendingTimeout", shortest_pending, largest_dword, milliseconds(Setting::pending_timeout));
  say("DeadlockTimeout", shortest_deadlock, largest_dword, milliseconds(Setting::deadlock_timeout));
  // The largest number stands for the interval of the type (W 3.3).
  say("LooksAlivePollInterval", shortest_poll, largest_dword, largest_dword);
  say("IsAlivePollInterval", shortest_poll, largest_dword, largest_dword);
  say("SeparateMonitor", 0, 1, 0);
  const std::int64_t period = said.value("RestartPeriod", milliseconds(Setting::restart_period));
  const std::int64_t retry = said.value("RetryPeriodOnFailure", milliseconds(Setting::retry_period_on_failure));
  if (retry < period) {
    survey.remarks.not_understood(
        resource.spot,
        fmt::format("RetryPeriodOnFailure of {} ({} ms) is shorter than RestartPeriod ({} ms)", whose, retry, period));
    said.erase("RestartPeriod");
    said.erase("RetryPeriodOnFailure");
  }
  tell_unknown(
      resource.properties, Owner::resource,
      {"RestartAction", "RestartThreshold", "RestartPeriod", "RestartDelay", "RetryPeriodOnFailure", "PendingTimeout",
       "DeadlockTimeout", "LooksAlivePollInterval", "IsAlivePollInterval", "SeparateMonitor"},
      whose, survey.remarks);
  tell_unknown(resource.parameters, Owner::parameters,
               {"Address", "EnableDhcp", "Name", "DnsName", "HostRecordTTL", "RegisterAllProvidersIP", "ServiceName",
                "VirtualServerName", "InstanceName", "HealthCheckTimeout", "FailureConditionLevel", "LeaseTimeout"},
               whose, survey.remarks);
  constexpr std::int64_t online = 2;
  if (resource.state.number != online) {
    survey.remarks.note(resource.spot, fmt::format("{} was {} when this was exported", whose, resource.state.text));
  }
  return said;
}

void say_name_settings(Survey& survey, const ExportedResource& name, bool usually_all, DesignJson& into) {
  const std::string whose = "'" + name.name + "'";
  say_number(survey, name.parameters, "RegisterAllProvidersIP", 0, 1, usually_all ? 1 : 0, whose, into);
  const std::int64_t usual_ttl =
      std::chrono::duration_cast<std::chrono::seconds>(survey.defaults.length(Setting::record_ttl)).count();
  say_number(survey, name.parameters, "HostRecordTTL", 0, std::numeric_limits<std::int32_t>::max(), usual_ttl, whose,
             into);
}

const ExportedResource* find_name(Survey& survey, const ExportedGroup& role, const std::string& what,
                                  std::string& host_name) {
  const auto names = survey.resources_of(role, resource_type::name);
  if (names.size() != 1) {
    const std::string said =
        fmt::format("{} has {} network names", role_called(role), names.empty() ? "no" : "several");
    survey.remarks.not_understood(role.spot, said, what + " has one in a design: there is none");
    survey.remarks.block();
    return nullptr;
  }
  host_name = names.front()->parameters.text("Name").value_or("");
  if (host_name.empty()) host_name = names.front()->parameters.text("DnsName").value_or("");
  const std::string problem = model::problem_of_computer_name(host_name);
  if (problem.empty()) return names.front();
  survey.remarks.not_understood(names.front()->spot, fmt::format("'{}' stands for the computer '{}': {}",
                                                                 names.front()->name, host_name, problem));
  survey.remarks.block();
  return nullptr;
}

bool can_be_stated(std::string_view text) {
  constexpr std::size_t longest = 1000;
  return !text.empty() && text.size() <= longest &&
         std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

void check_dependency(Survey& survey, const ExportedResource& resource,
                      const std::vector<std::vector<std::string>>& expected) {
  std::vector<std::vector<std::string>> found;
  if (!resource.dependency.empty()) {
    const model::DependencyExpression expression = model::parse_dependency(resource.dependency);
    if (!expression.problem.empty()) {
      survey.remarks.not_understood(
          resource.spot, fmt::format("'{}' depends on {}: {}", resource.name, resource.dependency, expression.problem));
      return;
    }
    for (const auto& clause : expression.all_of_any) {
      auto& names = found.emplace_back();
      for (const std::string& name : clause) {
        const auto known = survey.design_names.find(name);
        names.push_back(known == survey.design_names.end() ? name : known->second);
      }
    }
  }
  if (unordered(found) == unordered(expected)) return;
  survey.remarks.not_understood(resource.spot,
                                resource.dependency.empty()
                                    ? fmt::format("'{}' depends on nothing", resource.name)
                                    : fmt::format("'{}' depends on {}", resource.name, resource.dependency),
                                "Setup makes other dependencies, which a rehearsal takes for granted");
}

}  // namespace rehearse::real

// The firewall (W 8).
#include <algorithm>

#include "tests/far_side/machine.hpp"

namespace far_side {
namespace {

Value text_enumeration(const std::string& type, const std::string& text) {
  const std::map<std::string, int> numbers = {{"True", 1},    {"False", 2}, {"Inbound", 1}, {"Outbound", 2},
                                              {"Allow", 2},   {"Block", 4}, {"Any", 0},     {"Domain", 1},
                                              {"Private", 2}, {"Public", 4}};
  const auto found = numbers.find(text);
  return enumeration("Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetSecurity." + type, text,
                     found == numbers.end() ? 0 : found->second);
}

Value rule_object(const FirewallRule& rule) {
  auto object = make_object("Microsoft.Management.Infrastructure.CimInstance",
                            {{"Name", rule.name},
                             {"InstanceID", rule.name},
                             {"DisplayName", rule.display},
                             {"DisplayGroup", rule.group},
                             {"Group", rule.group},
                             {"Enabled", text_enumeration("Enabled", rule.enabled ? "True" : "False")},
                             {"Direction", text_enumeration("Direction", rule.direction)},
                             {"Action", text_enumeration("Action", rule.action)},
                             {"Owner", rule.owner.empty() ? Value() : Value(rule.owner)},
                             {"Profile", text_enumeration("Profile", rule.profile)}});
  return object;
}

bool matches(const Call& call, const char* parameter, const std::string& value) {
  if (!call.has(parameter)) return true;
  const Names wanted = texts_of(call[parameter]);
  return std::any_of(wanted.begin(), wanted.end(), [&](const std::string& one) { return like(value, one); });
}

std::vector<FirewallRule*> chosen(FarMachine& at, const Call& call) {
  std::vector<FirewallRule*> rules;
  Names named;
  const char* const of_port = "AssociatedNetFirewallPortFilter";
  for (const Value& object : call.has("InputObject") ? call["InputObject"].items()
                             : call.has(of_port)     ? call[of_port].items()
                                                     : call.input) {
    named.push_back(object.member("InstanceID").text());
  }
  for (FirewallRule& rule : at.here().rules) {
    const bool given = std::count(named.begin(), named.end(), rule.name) != 0;
    if (!named.empty() && !given) continue;
    const bool fits = matches(call, "Name", rule.name) && matches(call, "DisplayName", rule.display) &&
                      matches(call, "Direction", rule.direction) && matches(call, "Action", rule.action) &&
                      matches(call, "Enabled", rule.enabled ? "True" : "False") &&
                      matches(call, "DisplayGroup", rule.group);
    if (fits) rules.push_back(&rule);
  }
  return rules;
}

void require_found(const Call& call, bool found) {
  for (const char* parameter : {"Name", "DisplayName"}) {
    if (found || !call.has(parameter) || has_wildcard(call[parameter].text())) continue;
    Error error("No MSFT_NetFirewallRule objects found with property '" +
                    std::string(same_text(parameter, "Name") ? "InstanceID" : parameter) + "' equal to '" +
                    call[parameter].text() + "'.  Verify the value of the property and retry.",
                "ObjectNotFound", "CmdletizationQuery_NotFound_" + std::string(parameter) + "," + call.cmdlet);
    throw error;
  }
}

Array get_rules(FarMachine& at, const Call& call) {
  Array objects;
  for (const FirewallRule* rule : chosen(at, call)) objects.push_back(rule_object(*rule));
  require_found(call, !objects.empty());
  return objects;
}

Array new_rule(FarMachine& at, const Call& call) {
  FirewallRule rule;
  rule.name = call.has("Name") ? call["Name"].text() : "{" + new_guid(at.world) + "}";
  rule.display = call["DisplayName"].text();
  if (!call.has("DisplayName")) {
    throw Error("Cannot process command because of one or more missing mandatory parameters: DisplayName.",
                "InvalidArgument", "MissingMandatoryParameter,New-NetFirewallRule");
  }
  for (const FirewallRule& other : at.here().rules) {
    if (same_text(other.name, rule.name)) {
      throw Error("Cannot create a file when that file already exists.", "ResourceExists",
                  "Windows System Error 183,New-NetFirewallRule", -2146233088);
    }
  }
  if (call.has("Direction")) rule.direction = call["Direction"].text();
  if (call.has("Action")) rule.action = call["Action"].text();
  if (call.has("Protocol")) rule.protocol = call["Protocol"].text();
  if (call.has("Profile")) rule.profile = call["Profile"].text();
  if (call.has("Group")) rule.group = call["Group"].text();
  if (call.has("Program")) rule.program = call["Program"].text();
  if (call.has("Package")) rule.package = call["Package"].text();
  if (call.has("Owner")) rule.owner = call["Owner"].text();
  if (call.has("InterfaceAlias")) rule.interface_alias = call["InterfaceAlias"].text();
  if (call.has("RemoteUser")) rule.remote_user = call["RemoteUser"].text();
  if (call.has("RemoteAddress")) rule.remote = call["RemoteAddress"].text();
  if (call.has("Enabled")) rule.enabled = same_text(call["Enabled"].text(), "True");
  rule.ports = call.has("LocalPort") ? texts_of(call["LocalPort"]) : Names{"Any"};
  if (call.has("LocalPort") && !same_text(rule.protocol, "TCP") && !same_text(rule.protocol, "UDP")) {
    throw Error("The port is invalid. Ports can only be specified if the protocol is TCP or UDP.", "InvalidArgument",
                "Windows System Error 87,New-NetFirewallRule");
  }
  at.here().rules.push_back(rule);
  return {rule_object(rule)};
}

Array change_rules(FarMachine& at, const Call& call) {
  const auto rules = chosen(at, call);
  require_found(call, !rules.empty());
  for (FirewallRule* rule : rules) {
    if (same_text(call.cmdlet, "Enable-NetFirewallRule")) rule->enabled = true;
    if (same_text(call.cmdlet, "Disable-NetFirewallRule")) rule->enabled = false;
  }
  return {};
}

Array remove_rules(FarMachine& at, const Call& call) {
  const auto rules = chosen(at, call);
  require_found(call, !rules.empty());
  Names names;
  for (const FirewallRule* rule : rules) names.push_back(rule->name);
  std::erase_if(at.here().rules,
                [&](const FirewallRule& rule) { return std::count(names.begin(), names.end(), rule.name) != 0; });
  return {};
}

/// The rules that a filter is asked for: by -AssociatedNetFirewallRule, or from the pipeline.
Array filters(FarMachine& at, const Call& call, Value (*filter_of)(const FirewallRule& rule)) {
  const Array given = call.has("AssociatedNetFirewallRule") ? call["AssociatedNetFirewallRule"].items() : call.input;
  Array objects;
  for (const FirewallRule& rule : at.here().rules) {
    const bool wanted = given.empty() || std::any_of(given.begin(), given.end(), [&](const Value& object) {
                          return same_text(object.member("InstanceID").text(), rule.name);
                        });
    if (wanted) objects.push_back(filter_of(rule));
  }
  return objects;
}

Value filter_object(const FirewallRule& rule, std::map<std::string, Value, NoCase> members) {
  members["InstanceID"] = rule.name;
  return make_object("Microsoft.Management.Infrastructure.CimInstance", std::move(members));
}

Array port_filters(FarMachine& at, const Call& call) {
  return filters(at, call, [](const FirewallRule& rule) {
    Array ports(rule.ports.begin(), rule.ports.end());
    const Value local = ports.empty() ? Value("Any") : ports.size() == 1 ? ports.front() : Value(ports);
    return filter_object(rule, {{"Protocol", rule.protocol}, {"LocalPort", local}, {"RemotePort", "Any"}});
  });
}

Array application_filters(FarMachine& at, const Call& call) {
  return filters(at, call, [](const FirewallRule& rule) {
    return filter_object(rule, {{"Program", rule.program},
                                {"AppPath", rule.program},
                                {"Package", rule.package.empty() ? Value() : Value(rule.package)}});
  });
}

Array address_filters(FarMachine& at, const Call& call) {
  return filters(at, call, [](const FirewallRule& rule) {
    return filter_object(rule, {{"LocalAddress", "Any"}, {"RemoteAddress", rule.remote}});
  });
}

Array service_filters(FarMachine& at, const Call& call) {
  return filters(at, call, [](const FirewallRule& rule) { return filter_object(rule, {{"Service", "Any"}}); });
}

Array interface_filters(FarMachine& at, const Call& call) {
  return filters(at, call, [](const FirewallRule& rule) {
    return filter_object(rule, {{"InterfaceAlias", rule.interface_alias}});
  });
}

Array interface_type_filters(FarMachine& at, const Call& call) {
  return filters(at, call, [](const FirewallRule& rule) { return filter_object(rule, {{"InterfaceType", "Any"}}); });
}

Array security_filters(FarMachine& at, const Call& call) {
  return filters(at, call, [](const FirewallRule& rule) {
    return filter_object(rule, {{"Authentication", same_text(rule.remote_user, "Any") ? "NotRequired" : "Required"},
                                {"Encryption", "NotRequired"},
                                {"OverrideBlockRules", false},
                                {"LocalUser", "Any"},
                                {"RemoteUser", rule.remote_user},
                                {"RemoteMachine", "Any"}});
  });
}

Array get_profiles(FarMachine&, const Call& call) {
  Array objects;
  for (const char* name : {"Domain", "Private", "Public"}) {
    if (!matches(call, "Name", name)) continue;
    objects.push_back(make_object("Microsoft.Management.Infrastructure.CimInstance",
                                  {{"Name", name},
                                   {"Enabled", text_enumeration("GpoBoolean", "True")},
                                   {"DefaultInboundAction", text_enumeration("Action", "Block")}}));
  }
  return objects;
}

}  // namespace

void add_firewall_cmdlets(Cmdlets& cmdlets) {
  cmdlets["Get-NetFirewallRule"] = get_rules;
  cmdlets["New-NetFirewallRule"] = new_rule;
  cmdlets["Enable-NetFirewallRule"] = change_rules;
  cmdlets["Disable-NetFirewallRule"] = change_rules;
  cmdlets["Remove-NetFirewallRule"] = remove_rules;
  cmdlets["Get-NetFirewallPortFilter"] = port_filters;
  cmdlets["Get-NetFirewallApplicationFilter"] = application_filters;
  cmdlets["Get-NetFirewallAddressFilter"] = address_filters;
  cmdlets["Get-NetFirewallServiceFilter"] = service_filters;
  cmdlets["Get-NetFirewallInterfaceFilter"] = interface_filters;
  cmdlets["Get-NetFirewallInterfaceTypeFilter"] = interface_type_filters;
  cmdlets["Get-NetFirewallSecurityFilter"] = security_filters;
  cmdlets["Get-NetFirewallProfile"] = get_profiles;
}

}  // namespace far_side

// The machine itself: features, restarts, dates, what scripts load.
#include <algorithm>

#include "tests/far_side/clockwork.hpp"
#include "tests/far_side/date_time.hpp"
#include "tests/far_side/files.hpp"

namespace far_side {
namespace {

const Named<std::string>& known_features() {
  static const Named<std::string> known = {
      {"Failover-Clustering", "Failover Clustering"},
      {"RSAT-Clustering", "Failover Clustering Tools"},
      {"RSAT-Clustering-Mgmt", "Failover Cluster Management Tools"},
      {"RSAT-Clustering-PowerShell", "Failover Cluster Module for Windows PowerShell"},
      {"NET-Framework-45-Core", ".NET Framework 4.7"}};
  return known;
}

std::string state_of_feature(const Machine& machine, const std::string& feature) {
  if (same_text(feature, "NET-Framework-45-Core")) return "Installed";
  const auto found = machine.features.find(feature);
  return found == machine.features.end() ? "Available" : found->second;
}

Value feature_object(const Machine& machine, const std::string& name, const std::string& display) {
  const std::string state = state_of_feature(machine, name);
  const std::map<std::string, int> numbers = {{"Available", 0}, {"Installed", 1}, {"InstallPending", 5}};
  auto object = make_object("Microsoft.Windows.ServerManager.Commands.Feature",
                            {{"Name", name},
                             {"DisplayName", display},
                             {"Installed", state == "Installed"},
                             {"InstallState", enumeration("Microsoft.Windows.ServerManager.Commands.InstallState",
                                                          state, numbers.at(state))}});
  object->shown = name;
  return object;
}

Array get_features(FarMachine& at, const Call& call) {
  const Names wanted = texts_of(call["Name"]);
  Array objects;
  for (const auto& [name, display] : known_features()) {
    const auto fits = [&, known = name](const std::string& pattern) { return like(known, pattern); };
    if (wanted.empty() || std::any_of(wanted.begin(), wanted.end(), fits)) {
      objects.push_back(feature_object(at.here(), name, display));
    }
  }
  return objects;
}

Array install_features(FarMachine& at, const Call& call) {
  Machine& machine = at.here();
  const bool remote = call.has("ComputerName") && !same_text(call["ComputerName"].text(), at.name);
  if (remote) gap("features of another machine: Install-WindowsFeature -ComputerName");
  Names wanted;
  for (const std::string& name : texts_of(call["Name"])) {
    const auto known = known_features().find(name);
    if (known == known_features().end()) {
      throw Error("ArgumentNotValid: The role, role service, or feature name is not valid: '" + name +
                      "'. The name was not found.",
                  "InvalidArgument",
                  "NameDoesNotExist,Microsoft.Windows.ServerManager.Commands.AddWindowsFeatureCommand");
    }
    wanted.push_back(known->first);
  }
  const bool clustering = std::count(wanted.begin(), wanted.end(), "Failover-Clustering") != 0;
  if (clustering && call["IncludeManagementTools"].truth()) {
    wanted.insert(wanted.end(), {"RSAT-Clustering", "RSAT-Clustering-Mgmt", "RSAT-Clustering-PowerShell"});
  }
  bool changes = false;
  for (const std::string& name : wanted) changes = changes || state_of_feature(machine, name) == "Available";
  if (changes) at.wait(2min);
  for (const std::string& name : wanted) {
    if (state_of_feature(machine, name) != "Available") continue;
    machine.features[name] = at.world.feature_wants_restart ? "InstallPending" : "Installed";
  }
  feature_is_usable(machine);
  const bool pending = std::any_of(machine.features.begin(), machine.features.end(),
                                   [](const auto& entry) { return entry.second == "InstallPending"; });
  if (pending) ask_for_restart(at.world, at.name);
  if (pending && call["Restart"].truth()) begin_shutdown(at.world, at.name, true);
  const std::string space = "Microsoft.Windows.ServerManager.Commands.";
  // What waits for a restart for another reason is told with what has just been installed (assumed).
  const bool restart = pending || (changes && machine.restart_pending);
  const std::string code = restart ? "SuccessRestartRequired" : changes ? "Success" : "NoChangeNeeded";
  return {make_object(space + "FeatureOperationResult",
                      {{"Success", true},
                       {"RestartNeeded", enumeration(space + "RestartState", restart ? "Yes" : "No", restart ? 1 : 0)},
                       {"ExitCode", enumeration(space + "FeatureOperationExitCode", code,
                                                code == "Success"          ? 0
                                                : code == "NoChangeNeeded" ? 1003
                                                                           : 3010)},
                       {"FeatureResult", Array()}})};
}

void require_here(const Call& call) {
  if (call.has("ComputerName")) gap("another machine: " + call.cmdlet + " -ComputerName");
}

Array restart_computer(FarMachine& at, const Call& call) {
  require_here(call);
  if (call["Wait"].truth()) {
    throw Error("The Wait parameter can't be used to restart the local computer.", "InvalidOperation",
                "RestartComputerCannotWaitForLocalhost,Microsoft.PowerShell.Commands.RestartComputerCommand");
  }
  begin_shutdown(at.world, at.name, true);
  return {};
}

Array stop_computer(FarMachine& at, const Call& call) {
  require_here(call);
  begin_shutdown(at.world, at.name, false);
  return {};
}

Array sleep_awhile(FarMachine& at, const Call& call) {
  const Span time = call.has("Milliseconds") ? Span(call["Milliseconds"].whole())
                                             : Span(std::chrono::seconds(call["Seconds"].whole()));
  at.wait(time);
  return {};
}

Array get_date(FarMachine& at, const Call& call) {
  for (const auto& [parameter, value] : call.named) gap("the parameter " + parameter + " of Get-Date");
  return {local_date(at.world.now)};
}

Array new_time_span(FarMachine&, const Call& call) {
  std::int64_t seconds = 0;
  const std::map<std::string, int> units = {{"Days", 86400}, {"Hours", 3600}, {"Minutes", 60}, {"Seconds", 1}};
  for (const auto& [name, value] : call.named) {
    const auto unit = units.find(name);
    if (unit == units.end()) gap("the parameter " + name + " of New-TimeSpan");
    seconds += unit->second * value.whole();
  }
  return {time_span(seconds * 10'000'000)};
}

/// Of processes only those that scripts ask for are kept: the first of a boot, and none of setup's, which runs to its
/// end in one go.
Array get_process(FarMachine& at, const Call& call) {
  Array objects;
  for (const std::string& name : texts_of(call["Name"])) {
    if (same_text(name, "wininit")) {
      objects.push_back(make_object("System.Diagnostics.Process",
                                    {{"Name", "wininit"}, {"Id", 512}, {"StartTime", local_date(at.here().booted)}}));
      continue;
    }
    throw Error(
        "Cannot find a process with the name \"" + name + "\". Verify the process name and call the cmdlet again.",
        "ObjectNotFound", "NoProcessFoundForGivenName,Microsoft.PowerShell.Commands.GetProcessCommand");
  }
  return objects;
}

Array make_guid(FarMachine& at, const Call&) {
  return {at.type_method("System.Guid", "NewGuid", {})};
}

Array import_module(FarMachine& at, const Call& call) {
  for (const std::string& name : texts_of(call["Name"])) {
    const bool clusters =
        same_text(name, "FailoverClusters") && state_of_feature(at.here(), "RSAT-Clustering-PowerShell") == "Installed";
    const bool inbox = same_text(name, "ScheduledTasks") || same_text(name, "NetSecurity") || same_text(name, "PKI") ||
                       same_text(name, "ServerManager");
    if (clusters || inbox) continue;
    throw Error("The specified module '" + name +
                    "' was not loaded because no valid module file was found in any "
                    "module directory.",
                "ResourceUnavailable", "Modules_ModuleNotFound,Microsoft.PowerShell.Commands.ImportModuleCommand");
  }
  return {};
}

Array add_type(FarMachine& at, const Call& call) {
  for (const std::string& assembly : texts_of(call["AssemblyName"])) {
    if (assembly.rfind("System.", 0) == 0) continue;
    const bool services = assembly.rfind("Microsoft.SqlServer.Management.IntegrationServices", 0) == 0;
    // The managed objects of the catalog come with Integration Services (assumed).
    const bool installed = std::any_of(at.here().files.begin(), at.here().files.end(), [](const auto& entry) {
      return entry.first.ends_with("\\Microsoft.SqlServer.Management.IntegrationServices.dll");
    });
    if (services && installed) continue;
    throw Error("Cannot add type. The assembly '" + assembly + "' could not be found.", "ObjectNotFound",
                "ASSEMBLY_NOT_FOUND,Microsoft.PowerShell.Commands.AddTypeCommand");
  }
  if (!call.has("AssemblyName")) gap("Add-Type of source text");
  return {};
}

Array to_secure_string(FarMachine&, const Call& call) {
  if (!call["AsPlainText"].truth() || !call["Force"].truth()) gap("this form of ConvertTo-SecureString");
  const Value text = call.has("String") ? call["String"] : call.input.empty() ? Value() : call.input.front();
  if (text.text().empty()) {
    throw Error("Cannot bind argument to parameter 'String' because it is an empty string.", "InvalidData",
                "ParameterArgumentValidationErrorEmptyStringNotAllowed,Microsoft.PowerShell.Commands."
                "ConvertToSecureStringCommand");
  }
  return {secure_string(text.text())};
}

Array get_acl(FarMachine& at, const Call& call) {
  const std::string path = texts_of(call.has("LiteralPath") ? call["LiteralPath"] : call["Path"]).at(0);
  if (find_file(at, path) == nullptr) {
    throw Error("Cannot find path '" + path + "' because it does not exist.", "ObjectNotFound",
                "GetAcl_PathNotFound_Exception,Microsoft.PowerShell.Commands.GetAclCommand");
  }
  return {security_object(at, path)};
}

Array set_acl(FarMachine& at, const Call& call) {
  const std::string path = texts_of(call.has("LiteralPath") ? call["LiteralPath"] : call["Path"]).at(0);
  apply_security(at, path, call["AclObject"]);
  return {};
}

}  // namespace

void add_host_cmdlets(Cmdlets& cmdlets) {
  cmdlets["Get-WindowsFeature"] = get_features;
  cmdlets["Install-WindowsFeature"] = install_features;
  cmdlets["Restart-Computer"] = restart_computer;
  cmdlets["Stop-Computer"] = stop_computer;
  cmdlets["Start-Sleep"] = sleep_awhile;
  cmdlets["Get-Date"] = get_date;
  cmdlets["New-TimeSpan"] = new_time_span;
  cmdlets["Get-Process"] = get_process;
  cmdlets["New-Guid"] = make_guid;
  cmdlets["Import-Module"] = import_module;
  cmdlets["Add-Type"] = add_type;
  cmdlets["ConvertTo-SecureString"] = to_secure_string;
  cmdlets["Get-Acl"] = get_acl;
  cmdlets["Set-Acl"] = set_acl;
}

}  // namespace far_side

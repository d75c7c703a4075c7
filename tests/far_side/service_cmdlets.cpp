// Services: the cmdlets, WMI's view of them, and ServiceController.
#include <algorithm>

#include "tests/far_side/clockwork.hpp"
#include "tests/far_side/date_time.hpp"
#include "tests/far_side/services.hpp"

namespace far_side {
namespace {

const std::string space = "System.ServiceProcess.";

void fill(Object& object, const Service& service) {
  const std::map<std::string, int> states = {{"Stopped", 1}, {"StartPending", 2}, {"StopPending", 3}, {"Running", 4}};
  const std::map<std::string, int> types = {{"Automatic", 2}, {"Manual", 3}, {"Disabled", 4}};
  object.members["Status"] = enumeration(space + "ServiceControllerStatus", service.state, states.at(service.state));
  object.members["StartType"] =
      enumeration(space + "ServiceStartMode", service.start_type, types.at(service.start_type));
  object.members["CanStop"] = service.state == "Running";
}

Service& find_service(FarMachine& at, const std::string& name) {
  const auto found = at.here().services.find(name);
  if (found == at.here().services.end()) {
    Error error("Cannot find any service with service name '" + name + "'.", "ObjectNotFound",
                "NoServiceFoundForGivenName,Microsoft.PowerShell.Commands.GetServiceCommand");
    error.type = "Microsoft.PowerShell.Commands.ServiceCommandException";
    throw error;
  }
  return found->second;
}

Names services_of(FarMachine& at, const Call& call) {
  if (call.has("ComputerName")) gap("services of another machine");
  Names names;
  for (const std::string& name : texts_of(call["Name"])) {
    if (!has_wildcard(name)) {
      names.push_back(name);
      continue;
    }
    for (const auto& [known, service] : at.here().services) {
      if (like(known, name)) names.push_back(known);
    }
  }
  const Array given = call.has("InputObject") ? call["InputObject"].items() : call.input;
  for (const Value& object : given) {
    names.push_back(object.object() != nullptr ? object.member("Name").text() : object.text());
  }
  return names;
}

Array get_service(FarMachine& at, const Call& call) {
  Names names = services_of(at, call);
  if (!call.has("Name") && !call.has("InputObject") && call.input.empty()) {
    for (const auto& [name, service] : at.here().services) names.push_back(name);
  }
  Array objects;
  for (const std::string& name : names) objects.push_back(service_object(at, name));
  return objects;
}

void start_and_wait(FarMachine& at, const std::string& name) {
  Service& service = find_service(at, name);
  const std::string failed = "Failed to start service '" + service.display + " (" + name + ")'.";
  try {
    start_service(at.world, at.name, name);
  } catch (const Error&) {
    throw Error(failed, "OpenError", "StartServiceFailed,Microsoft.PowerShell.Commands.StartServiceCommand");
  }
  at.wait_until([&] { return service.state != "StartPending"; }, 2min);
  if (service.state != "Running") {
    throw Error(failed, "OpenError", "StartServiceFailed,Microsoft.PowerShell.Commands.StartServiceCommand");
  }
}

void stop_and_wait(FarMachine& at, const std::string& name) {
  Service& service = find_service(at, name);
  stop_service(at.world, at.name, name);
  at.wait_until([&] { return service.state == "Stopped"; }, 2min);
}

Array start(FarMachine& at, const Call& call) {
  for (const std::string& name : services_of(at, call)) start_and_wait(at, name);
  return {};
}

Array stop(FarMachine& at, const Call& call) {
  for (const std::string& name : services_of(at, call)) stop_and_wait(at, name);
  return {};
}

Array restart(FarMachine& at, const Call& call) {
  for (const std::string& name : services_of(at, call)) {
    stop_and_wait(at, name);
    start_and_wait(at, name);
  }
  return {};
}

Array set_service(FarMachine& at, const Call& call) {
  for (const std::string& name : services_of(at, call)) {
    Service& service = find_service(at, name);
    if (call.has("StartupType")) {
      const std::string type = call["StartupType"].text();
      bool known = false;
      for (const char* one : {"Automatic", "Manual", "Disabled"}) {
        if (!same_text(type, one)) continue;
        service.start_type = one;
        known = true;
      }
      if (!known) gap("the start type " + type);
    }
    if (call.has("DisplayName")) service.display = call["DisplayName"].text();
    if (!call.has("Status")) continue;
    if (same_text(call["Status"].text(), "Running")) start_and_wait(at, name);
    if (same_text(call["Status"].text(), "Stopped")) stop_and_wait(at, name);
  }
  return {};
}

// ---- WMI

/// "Name = 'x'", conditions joined by "and"; every object has to fulfil all of them.
bool fulfils(const Value& object, const std::string& filter) {
  std::string rest = filter;
  while (!rest.empty()) {
    const std::size_t equals = rest.find('='), open = rest.find('\'', equals);
    const std::size_t close = open == std::string::npos ? open : rest.find('\'', open + 1);
    if (equals == std::string::npos || close == std::string::npos) gap("the WQL filter " + filter);
    std::string name = rest.substr(0, equals);
    std::erase(name, ' ');
    if (!same_text(object.member(name).text(), rest.substr(open + 1, close - open - 1))) return false;
    rest.erase(0, close + 1);
    const std::size_t word = rest.find_first_not_of(' ');
    if (word == std::string::npos) break;
    if (!same_text(rest.substr(word, 4), "and ")) gap("the WQL filter " + filter);
    rest.erase(0, word + 4);
  }
  return true;
}

Value wmi_service(const std::string& name, const Service& service) {
  std::string state = service.state;
  if (const std::size_t pending = state.find("Pending"); pending != std::string::npos) state.insert(pending, " ");
  return make_object("Microsoft.Management.Infrastructure.CimInstance",
                     {{"Name", name},
                      {"DisplayName", service.display},
                      {"State", state},
                      {"StartMode", service.start_type == "Automatic" ? "Auto" : service.start_type},
                      {"StartName", service.account},
                      {"PathName", ""},
                      {"Status", "OK"}});
}

Array get_cim(FarMachine& at, const Call& call) {
  const std::string name = call["ClassName"].text();
  if (call.has("ComputerName")) gap("WMI of another machine");
  if (call.has("Namespace")) gap("the WMI namespace " + call["Namespace"].text());
  Array all;
  if (same_text(name, "Win32_Service")) {
    for (const auto& [service_name, service] : at.here().services) all.push_back(wmi_service(service_name, service));
  } else if (same_text(name, "Win32_OperatingSystem")) {
    all.push_back(make_object("Microsoft.Management.Infrastructure.CimInstance",
                              {{"CSName", at.name},
                               {"Caption", "Microsoft Windows Server 2019 Standard"},
                               {"Version", "10.0.17763"},
                               {"BuildNumber", "17763"},
                               {"LastBootUpTime", local_date(at.here().booted)},
                               {"LocalDateTime", local_date(at.world.now)}}));
  } else if (same_text(name, "Win32_Process")) {
    all.push_back(
        make_object("Microsoft.Management.Infrastructure.CimInstance",
                    {{"Name", "wininit.exe"}, {"ProcessId", 512}, {"CreationDate", local_date(at.here().booted)}}));
  } else if (same_text(name, "Win32_ComputerSystem")) {
    all.push_back(make_object(
        "Microsoft.Management.Infrastructure.CimInstance",
        {{"Name", at.name}, {"Domain", at.world.domain.dns_name}, {"PartOfDomain", true}, {"DNSHostName", at.name}}));
  } else {
    gap("the WMI class " + name);
  }
  if (call.has("Filter")) {
    std::erase_if(all, [&](const Value& one) { return !fulfils(one, call["Filter"].text()); });
  }
  return all;
}

}  // namespace

Value service_object(FarMachine& at, const std::string& given) {
  const std::string name =
      at.here().services.find(given) == at.here().services.end() ? given : at.here().services.find(given)->first;
  const Service& service = find_service(at, name);
  auto object = make_object(space + "ServiceController", {{"Name", name},
                                                          {"ServiceName", name},
                                                          {"DisplayName", service.display},
                                                          {"MachineName", "."},
                                                          {"DependentServices", Array()}});
  object->shown = space + "ServiceController";
  fill(*object, service);
  const std::weak_ptr<Object> self = object;
  object->call = [&at, name, self](const std::string& method, const Array& arguments) -> Value {
    Service& now = find_service(at, name);
    if (same_text(method, "Refresh")) {
      if (const auto held = self.lock()) fill(*held, now);
    } else if (same_text(method, "Start")) {
      if (now.state == "Running") {
        throw net_error("System.InvalidOperationException", "Cannot start service " + name + " on computer '.'.");
      }
      // The cluster service takes the words of `net start clussvc` (W 2.4).
      for (const Value& word : arguments.empty() ? Array() : arguments[0].items()) {
        if (!at.world.cluster || !same_text(name, "ClusSvc")) continue;
        ClusterNode& node = at.world.cluster->nodes.at(at.name);
        if (same_text(word.text(), "/FQ") || same_text(word.text(), "/ForceQuorum")) at.world.cluster->forced = true;
        if (same_text(word.text(), "/PQ") || same_text(word.text(), "/PreventQuorum")) node.only_joins = true;
      }
      start_service(at.world, at.name, name);
    } else if (same_text(method, "Stop")) {
      stop_service(at.world, at.name, name);
    } else if (same_text(method, "WaitForStatus")) {
      const Span limit = arguments.size() > 1 ? Span(ticks_of(arguments[1]) / 10000) : Span(24h);
      if (!at.wait_until([&] { return same_text(now.state, arguments.at(0).text()); }, limit)) {
        throw net_error("System.ServiceProcess.TimeoutException",
                        "Time out has expired and the operation has not been completed.");
      }
      if (const auto held = self.lock()) fill(*held, now);
    } else if (!same_text(method, "Close") && !same_text(method, "Dispose")) {
      gap("the method " + method + " of ServiceController");
    }
    return Value::nothing();
  };
  return object;
}

void add_service_cmdlets(Cmdlets& cmdlets) {
  cmdlets["Get-Service"] = get_service;
  cmdlets["Start-Service"] = start;
  cmdlets["Stop-Service"] = stop;
  cmdlets["Restart-Service"] = restart;
  cmdlets["Set-Service"] = set_service;
  cmdlets["Get-CimInstance"] = get_cim;
}

}  // namespace far_side

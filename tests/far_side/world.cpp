#include "tests/far_side/world.hpp"

#include <cstdio>

namespace far_side {
namespace {

FileEntry folder_at(Instant now) {
  FileEntry entry;
  entry.folder = true;
  entry.written = now;
  return entry;
}

Machine bare_machine(const BareMachines& given, const BareMachines::One& one) {
  Machine machine;
  machine.address = one.address;
  machine.booted = given.now - std::chrono::hours(24);
  for (const char* path :
       {"C:", "C:\\Windows", "C:\\Windows\\Temp", "C:\\Windows\\System32", "C:\\Program Files", "C:\\ProgramData",
        "C:\\Users", "C:\\Users\\admin", "C:\\Users\\admin\\AppData", "C:\\Users\\admin\\AppData\\Local",
        "C:\\Users\\admin\\AppData\\Local\\Temp", "C:\\ProgramData\\Microsoft", "C:\\ProgramData\\Microsoft\\Crypto",
        "C:\\ProgramData\\Microsoft\\Crypto\\Keys", "C:\\ProgramData\\Microsoft\\Crypto\\RSA",
        "C:\\ProgramData\\Microsoft\\Crypto\\RSA\\MachineKeys"}) {
    machine.files[path] = folder_at(given.now);
  }
  // What a fresh Windows folder grants: everybody may read, users may create in it, as C:\Windows\Temp shows.
  FileEntry& drive = machine.files["C:"];
  drive.access = {{"BUILTIN\\Administrators", "FullControl"},
                  {"NT AUTHORITY\\SYSTEM", "FullControl"},
                  {"BUILTIN\\Users", "ReadAndExecute"}};
  for (const char* keys :
       {"C:\\ProgramData\\Microsoft\\Crypto\\Keys", "C:\\ProgramData\\Microsoft\\Crypto\\RSA\\MachineKeys"}) {
    machine.files[keys].protected_access = true;
  }
  machine.registry["HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"] = {
      {"ProductName", {"String", "Windows Server 2019 Standard", 0, {}}},
      {"CurrentBuildNumber", {"String", "17763", 0, {}}}};
  machine.registry["HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\HTTP\\Parameters"] = {};
  machine.registry["HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Session Manager"] = {};
  machine.registry["HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update"] = {};
  machine.registry["HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing"] = {};
  machine.registry["HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Microsoft SQL Server"] = {};
  machine.stores["My"] = {};
  machine.stores["Root"] = {};
  for (const auto& [name, display] :
       std::map<std::string, std::string>{{"W32Time", "Windows Time"},
                                          {"RemoteRegistry", "Remote Registry"},
                                          {"Schedule", "Task Scheduler"},
                                          {"WinRM", "Windows Remote Management (WS-Management)"}}) {
    Service service;
    service.display = display;
    service.state = "Running";
    service.start_type = "Automatic";
    machine.services[name] = service;
  }
  FirewallRule remote;
  remote.name = "WINRM-HTTP-In-TCP";
  remote.display = "Windows Remote Management (HTTP-In)";
  remote.group = "Windows Remote Management";
  remote.protocol = "TCP";
  remote.ports = {"5985"};
  machine.rules.push_back(remote);
  return machine;
}

bool is_unc(const std::string& path) {
  return path.rfind("\\\\", 0) == 0;
}

}  // namespace

FarWorld bare_world(const BareMachines& given) {
  FarWorld world;
  world.now = given.now;
  world.domain.accounts = given.accounts;
  world.domain.groups = given.groups;
  world.domain.disks = given.disks;
  for (const std::string& share : given.shares) world.domain.shares[share] = folder_at(given.now);
  if (!given.media.empty() && is_unc(given.media)) world.domain.shares[given.media] = folder_at(given.now);
  for (const BareMachines::One& one : given.machines) {
    Machine machine = bare_machine(given, one);
    if (!given.media.empty() && !is_unc(given.media)) {
      machine.files[given.media] = folder_at(given.now);
      machine.files[given.media + "\\setup.exe"].bytes = "MZ";
    }
    world.machines[one.name] = std::move(machine);
    world.domain.computers.insert(one.name);
    world.domain.dns[one.name] = {one.address};
  }
  if (is_unc(given.media)) world.domain.shares[given.media + "\\setup.exe"].bytes = "MZ";
  return world;
}

std::string new_guid(FarWorld& world) {
  // splitmix64 of a counter: the same world gives the same identifiers.
  const auto mixed = [](std::uint64_t x) {
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
  };
  const std::uint64_t first = mixed(2 * world.made), second = mixed(2 * world.made + 1);
  ++world.made;
  char text[40];
  std::snprintf(text, sizeof text, "%08llx-%04llx-4%03llx-a%03llx-%012llx",
                static_cast<unsigned long long>(first >> 32), static_cast<unsigned long long>((first >> 16) & 0xffff),
                static_cast<unsigned long long>(first & 0xfff), static_cast<unsigned long long>((second >> 48) & 0xfff),
                static_cast<unsigned long long>(second & 0xffffffffffffULL));
  return text;
}

std::string machine_named(const FarWorld& world, const std::string& name) {
  const std::string bare = name.substr(0, name.find('.'));
  const auto found = world.machines.find(bare);
  if (found == world.machines.end()) return "";
  const std::string full = bare + "." + world.domain.dns_name;
  return same_text(name, bare) || same_text(name, full) ? found->first : "";
}

Machine& machine_of(FarWorld& world, const std::string& name) {
  const auto found = world.machines.find(name);
  if (found == world.machines.end()) throw std::logic_error("the far side has no machine " + name);
  return found->second;
}

const Machine& machine_of(const FarWorld& world, const std::string& name) {
  return machine_of(const_cast<FarWorld&>(world), name);
}

}  // namespace far_side

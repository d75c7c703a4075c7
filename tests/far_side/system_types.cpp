// What of .NET asks the machine: its clock, names, folders, random numbers, registry, name service; secrets and the
// update agent.
#include <openssl/rand.h>

#include <algorithm>

#include "tests/far_side/clockwork.hpp"
#include "tests/far_side/date_time.hpp"
#include "tests/far_side/items.hpp"
#include "tests/far_side/services.hpp"
#include "tests/far_side/system_objects.hpp"
#include "tests/far_side/x509.hpp"

namespace far_side {
namespace {

// ---- the clock

Value clock_member(FarMachine& at, const std::string& name) {
  if (same_text(name, "UtcNow")) return date_time(at.world.now);
  if (same_text(name, "Now")) return local_date(at.world.now);
  gap("the member " + name + " of System.DateTime");
}

Value stopwatch(FarMachine& at, const std::string& method, const Array&) {
  if (!same_text(method, "StartNew")) gap("the method " + method + " of Stopwatch");
  auto object = make_object("System.Diagnostics.Stopwatch", {{"IsRunning", true}});
  const Instant began = at.world.now;
  object->live = [&at, began](const std::string& member) -> std::optional<Value> {
    const std::int64_t passed = (at.world.now - began).count();
    if (same_text(member, "ElapsedMilliseconds")) return Value(passed);
    if (same_text(member, "Elapsed")) return time_span(passed * 10000);
    return std::nullopt;
  };
  object->call = [](const std::string& name, const Array&) -> Value {
    if (same_text(name, "Stop")) return Value::nothing();
    gap("the method " + name + " of Stopwatch");
  };
  return object;
}

Value date_time_offset(Instant instant) {
  auto object = make_object("System.DateTimeOffset",
                            {{"LocalDateTime", local_date(instant)}, {"UtcDateTime", date_time(instant)}});
  object->call = [instant](const std::string& method, const Array&) -> Value {
    const auto milliseconds = instant.time_since_epoch().count();
    if (same_text(method, "ToUnixTimeMilliseconds")) return static_cast<std::int64_t>(milliseconds);
    if (same_text(method, "ToUnixTimeSeconds")) {
      return static_cast<std::int64_t>(std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count());
    }
    gap("the method " + method + " of DateTimeOffset");
  };
  return object;
}

Value offset_method(FarMachine&, const std::string& method, const Array& arguments) {
  if (same_text(method, "FromUnixTimeSeconds")) {
    return date_time_offset(Instant(std::chrono::seconds(arguments.at(0).whole())));
  }
  if (same_text(method, "FromUnixTimeMilliseconds")) return date_time_offset(Instant(Span(arguments.at(0).whole())));
  gap("the method " + method + " of DateTimeOffset");
}

// ---- names and folders

Value environment_member(FarMachine& at, const std::string& name) {
  if (same_text(name, "MachineName")) return at.name;
  if (same_text(name, "SystemDirectory")) return "C:\\Windows\\System32";
  if (same_text(name, "UserName")) return at.user.substr(at.user.find('\\') + 1);
  if (same_text(name, "UserDomainName")) return at.user.substr(0, at.user.find('\\'));
  gap("the member " + name + " of Environment");
}

Value environment_method(FarMachine& at, const std::string& method, const Array& arguments) {
  const std::string asked = arguments.empty() ? "" : arguments[0].text();
  if (same_text(method, "GetFolderPath")) {
    const Named<std::string> folders = {{"Windows", "C:\\Windows"},
                                        {"System", "C:\\Windows\\System32"},
                                        {"ProgramFiles", "C:\\Program Files"},
                                        {"CommonApplicationData", "C:\\ProgramData"}};
    const auto found = folders.find(asked);
    if (found == folders.end()) gap("the folder " + asked);
    return found->second;
  }
  if (same_text(method, "GetEnvironmentVariable")) {
    const Named<std::string> variables = {
        {"COMPUTERNAME", at.name},          {"SystemRoot", "C:\\Windows"},
        {"windir", "C:\\Windows"},          {"ProgramFiles", "C:\\Program Files"},
        {"ProgramData", "C:\\ProgramData"}, {"TEMP", "C:\\Users\\admin\\AppData\\Local\\Temp"}};
    const auto found = variables.find(asked);
    return found == variables.end() ? Value() : Value(found->second);
  }
  gap("the method " + method + " of Environment");
}

Value dns_method(FarMachine& at, const std::string& method, const Array& arguments) {
  if (same_text(method, "GetHostName")) return at.name;
  const std::string asked = arguments.at(0).text();
  const auto found = at.world.domain.dns.find(asked.substr(0, asked.find('.')));
  if (found == at.world.domain.dns.end()) {
    throw net_error("System.Net.Sockets.SocketException", "No such host is known", -2147467259);
  }
  Array addresses;
  for (const std::string& address : found->second) {
    auto object = make_object("System.Net.IPAddress", {{"IPAddressToString", address}});
    object->shown = address;
    addresses.push_back(object);
  }
  if (same_text(method, "GetHostAddresses")) return addresses;
  if (same_text(method, "GetHostEntry")) {
    return make_object("System.Net.IPHostEntry",
                       {{"HostName", found->first + "." + at.world.domain.dns_name}, {"AddressList", addresses}});
  }
  gap("the method " + method + " of Dns");
}

// ---- the registry

Value registry_method(FarMachine& at, const std::string& method, const Array& arguments) {
  const std::string key = registry_key(arguments.at(0).text());
  if (same_text(method, "GetValue")) {
    if (!has_key(at, key)) return {};
    const auto found = at.here().registry.find(key);
    if (found == at.here().registry.end()) return arguments.at(2);
    const auto value = found->second.find(arguments.at(1).text());
    return value == found->second.end() ? arguments.at(2) : registry_data(value->second);
  }
  gap("the method " + method + " of Microsoft.Win32.Registry");
}

// ---- secrets

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count));
  return bytes;
}

/// DPAPI: what is protected can only be read on the same machine. Here a mark and a mask by the machine's name: a
/// planted password must not be found in a file that only holds the protected bytes.
std::string masked(const std::string& bytes, const std::string& machine) {
  const std::string mask = sha256_of("DPAPI of " + machine);
  std::string other = bytes;
  for (std::size_t i = 0; i < other.size(); ++i) other[i] = static_cast<char>(other[i] ^ mask[i % mask.size()]);
  return other;
}

Value protected_data(FarMachine& at, const std::string& method, const Array& arguments) {
  const std::string bytes = raw_bytes(arguments.at(0)), mark = "DPAPI";
  if (same_text(method, "Protect")) return byte_array(mark + masked(bytes, at.name));
  if (!same_text(method, "Unprotect")) gap("the method " + method + " of ProtectedData");
  if (bytes.rfind(mark, 0) != 0) {
    throw net_error("System.Security.Cryptography.CryptographicException", "The data is invalid.", -2147024883);
  }
  return byte_array(masked(bytes.substr(mark.size()), at.name));
}

Value sha256_method(FarMachine&, const std::string& method, const Array&) {
  if (!same_text(method, "Create")) gap("the method " + method + " of SHA256");
  auto object = make_object("System.Security.Cryptography.SHA256", {});
  object->call = [](const std::string& name, const Array& arguments) -> Value {
    if (same_text(name, "ComputeHash")) return byte_array(sha256_of(raw_bytes(arguments.at(0))));
    if (same_text(name, "Dispose")) return Value::nothing();
    gap("the method " + name + " of SHA256");
  };
  return object;
}

Value credential(FarMachine&, const Array& arguments) {
  const std::string password = secure_text(arguments.at(1));
  auto object = make_object("System.Management.Automation.PSCredential",
                            {{"UserName", arguments.at(0)}, {"Password", arguments.at(1)}});
  object->call = [user = arguments[0].text(), password](const std::string& method, const Array&) -> Value {
    if (!same_text(method, "GetNetworkCredential")) gap("the method " + method + " of PSCredential");
    return make_object("System.Net.NetworkCredential", {{"UserName", user}, {"Password", password}});
  };
  return object;
}

// ---- assemblies

Value assembly_method(FarMachine& at, const std::string& method, const Array& arguments) {
  if (!same_text(method, "LoadWithPartialName")) gap("the method " + method + " of Assembly");
  const std::string name = arguments.at(0).text();
  const bool inbox = name.rfind("System.", 0) == 0;
  // The managed objects of the catalog come with Integration Services (assumed).
  const bool there = std::any_of(at.here().files.begin(), at.here().files.end(),
                                 [&](const auto& entry) { return entry.first.ends_with("\\" + name + ".dll"); });
  if (!inbox && !there) return {};
  return make_object("System.Reflection.RuntimeAssembly", {{"FullName", name}, {"GlobalAssemblyCache", true}});
}

}  // namespace

void add_system_types(NetTypes& types) {
  types["System.DateTime"].member = clock_member;
  types["System.DateTimeOffset"].method = offset_method;
  types["System.DateTimeOffset"].construct = [](FarMachine&, const Array& arguments) {
    return date_time_offset(instant_of(arguments.at(0)));
  };
  types["System.DateTimeOffset"].member = [](FarMachine& at, const std::string& name) {
    if (!same_text(name, "UtcNow") && !same_text(name, "Now")) gap("the member " + name + " of DateTimeOffset");
    return date_time_offset(at.world.now);
  };
  types["System.Diagnostics.Stopwatch"].method = stopwatch;
  types["System.Environment"].member = environment_member;
  types["System.Environment"].method = environment_method;
  types["System.Net.Dns"].method = dns_method;
  types["Microsoft.Win32.Registry"].method = registry_method;
  types["System.Security.Cryptography.ProtectedData"].method = protected_data;
  types["System.Security.Cryptography.DataProtectionScope"].member = [](FarMachine&, const std::string& name) {
    return enumeration("System.Security.Cryptography.DataProtectionScope", name, same_text(name, "LocalMachine"));
  };
  types["System.Security.Cryptography.SHA256"].method = sha256_method;
  types["System.Management.Automation.PSCredential"].construct = credential;
  types["System.Reflection.Assembly"].method = assembly_method;
  types["System.Guid"].method = [](FarMachine& at, const std::string& method, const Array&) {
    if (!same_text(method, "NewGuid")) gap("the method " + method + " of Guid");
    // Names made from it have to differ between runs that do not know of each other.
    std::string text = hex_of(random_bytes(16));
    for (const std::size_t dash : {8, 13, 18, 23}) text.insert(dash, "-");
    static_cast<void>(at);
    return *dotnet_method("System.Guid", "Parse", {text});
  };
  types["System.ServiceProcess.ServiceController"].construct = [](FarMachine& at, const Array& arguments) {
    return service_object(at, arguments.at(0).text());
  };
  types["System.Xml.XmlDocument"].construct = [](FarMachine& at, const Array&) { return xml_document(at); };
  types["ComObject"].construct = [](FarMachine& at, const Array& arguments) {
    return update_agent(at, arguments.at(0).text());
  };
}

}  // namespace far_side

// The registry of a machine: its keys as items, its values as properties, and Microsoft.Win32.Registry.
#include <algorithm>

#include "tests/far_side/access.hpp"
#include "tests/far_side/items.hpp"

namespace far_side {
namespace {

const std::string hive = "HKEY_LOCAL_MACHINE";

RegistryKey* find_key(FarMachine& at, const std::string& path) {
  const auto found = at.here().registry.find(registry_key(path));
  return found == at.here().registry.end() ? nullptr : &found->second;
}

RegistryKey& required_key(FarMachine& at, const Call& call, const std::string& path) {
  RegistryKey* key = find_key(at, path);
  if (key != nullptr) return *key;
  throw Error("Cannot find path '" + path + "' because it does not exist.", "ObjectNotFound",
              "PathNotFound,Microsoft.PowerShell.Commands." + call.cmdlet);
}

std::string path_of(const Call& call) {
  const Names paths = texts_of(call.has("LiteralPath") ? call["LiteralPath"] : call["Path"]);
  if (paths.size() != 1 || drive_of(paths.front()) != Drive::registry) gap(call.cmdlet + " on this drive");
  return paths.front();
}

Error no_property(const Call& call, const std::string& name, const std::string& path) {
  return Error("Property " + name + " does not exist at path " + registry_key(path) + ".", "InvalidArgument",
               "System.Management.Automation.PSArgumentException,Microsoft.PowerShell.Commands." + call.cmdlet);
}

RegistryValue value_of(const Value& value, const std::string& kind) {
  RegistryValue stored;
  const bool number = std::holds_alternative<std::int64_t>(value.data) || std::holds_alternative<bool>(value.data);
  stored.kind = !kind.empty() ? kind : number ? "DWord" : value.collection() != nullptr ? "MultiString" : "String";
  if (same_text(stored.kind, "DWord") || same_text(stored.kind, "QWord")) {
    stored.number = value.whole();
  } else if (same_text(stored.kind, "MultiString")) {
    stored.list = texts_of(value);
  } else if (same_text(stored.kind, "Binary")) {
    stored.text = raw_bytes(value);
  } else {
    stored.text = value.text();
  }
  return stored;
}

Array get_properties(FarMachine& at, const Call& call) {
  const std::string path = path_of(call);
  const RegistryKey& key = required_key(at, call, path);
  auto object = make_object("System.Management.Automation.PSCustomObject",
                            {{"PSPath", "Microsoft.PowerShell.Core\\Registry::" + registry_key(path)},
                             {"PSChildName", leaf_of(registry_key(path))}});
  for (const std::string& name : texts_of(call["Name"])) {
    if (key.count(name) == 0) throw no_property(call, name, path);
  }
  for (const auto& [name, value] : key) object->members[name] = registry_data(value);
  return {object};
}

Array get_property_value(FarMachine& at, const Call& call) {
  const std::string path = path_of(call);
  const RegistryKey& key = required_key(at, call, path);
  Array values;
  for (const std::string& name : texts_of(call["Name"])) {
    const auto found = key.find(name);
    if (found == key.end()) throw no_property(call, name, path);
    values.push_back(registry_data(found->second));
  }
  return values;
}

Array set_property(FarMachine& at, const Call& call) {
  RegistryKey& key = required_key(at, call, path_of(call));
  key[call["Name"].text()] = value_of(call["Value"], call.has("Type") ? call["Type"].text() : "");
  return {};
}

Array new_property(FarMachine& at, const Call& call) {
  RegistryKey& key = required_key(at, call, path_of(call));
  const std::string name = call["Name"].text();
  if (key.count(name) != 0 && !call["Force"].truth()) {
    throw Error("The property already exists.", "ResourceExists", "System.IO.IOException,NewItemPropertyCommand");
  }
  const std::string kind = call.has("PropertyType") ? call["PropertyType"].text() : "String";
  key[name] = value_of(call["Value"], kind);
  return {};
}

Array remove_property(FarMachine& at, const Call& call) {
  const std::string path = path_of(call);
  RegistryKey& key = required_key(at, call, path);
  for (const std::string& name : texts_of(call["Name"])) {
    if (key.erase(name) == 0) throw no_property(call, name, path);
  }
  return {};
}

}  // namespace

Drive drive_of(const std::string& path) {
  const auto begins = [&](const std::string& word) { return same_text(path.substr(0, word.size()), word); };
  if (begins("HKLM:") || begins("Registry::") || begins("Microsoft.PowerShell.Core\\Registry::") || begins("HKEY_")) {
    return Drive::registry;
  }
  return begins("Cert:") ? Drive::certificates : Drive::files;
}

std::string registry_key(const std::string& path) {
  std::string key = path;
  if (const std::size_t provider = key.find("Registry::"); provider != std::string::npos) key.erase(0, provider + 10);
  for (const char* word : {"HKLM:", "HKLM"}) {
    const std::size_t size = std::string(word).size();
    if (same_text(key.substr(0, size), word)) {
      key = hive + key.substr(size);
      break;
    }
  }
  return normal_path(key);
}

bool has_key(FarMachine& at, const std::string& path) {
  const std::string key = registry_key(path);
  if (at.here().registry.count(key) != 0) return true;
  return std::any_of(at.here().registry.begin(), at.here().registry.end(),
                     [&](const auto& entry) { return same_text(entry.first.substr(0, key.size() + 1), key + "\\"); });
}

Names subkeys_of(FarMachine& at, const std::string& path) {
  const std::string key = registry_key(path) + "\\";
  Names names;
  for (const auto& [name, values] : at.here().registry) {
    if (!same_text(name.substr(0, key.size()), key) || name.size() == key.size()) continue;
    const std::string child = name.substr(0, name.find('\\', key.size()));
    if (names.empty() || !same_text(names.back(), child)) names.push_back(child);
  }
  return names;
}

Value registry_data(const RegistryValue& value) {
  if (same_text(value.kind, "DWord") || same_text(value.kind, "QWord")) return value.number;
  if (same_text(value.kind, "Binary")) return byte_array(value.text);
  if (same_text(value.kind, "MultiString")) return Array(value.list.begin(), value.list.end());
  return value.text;
}

Value key_object(FarMachine& at, const std::string& path) {
  const std::string key = registry_key(path);
  Array names;
  if (const RegistryKey* values = find_key(at, key)) {
    for (const auto& [name, value] : *values) names.emplace_back(name);
  }
  auto object = make_object("Microsoft.Win32.RegistryKey", {{"Name", key},
                                                            {"PSChildName", leaf_of(key)},
                                                            {"PSPath", "Microsoft.PowerShell.Core\\Registry::" + key},
                                                            {"Property", names},
                                                            {"ValueCount", static_cast<std::int64_t>(names.size())}});
  object->shown = key;
  object->call = [&at, key](const std::string& method, const Array& arguments) -> Value {
    const RegistryKey* values = find_key(at, key);
    if (same_text(method, "GetValue")) {
      const auto found = values == nullptr ? RegistryKey::const_iterator() : values->find(arguments.at(0).text());
      if (values != nullptr && found != values->end()) return registry_data(found->second);
      return arguments.size() > 1 ? arguments[1] : Value();
    }
    if (same_text(method, "GetSubKeyNames")) {
      Array children;
      for (const std::string& child : subkeys_of(at, key)) children.emplace_back(leaf_of(child));
      return children;
    }
    if (same_text(method, "OpenSubKey")) {
      const std::string child = key + "\\" + arguments.at(0).text();
      return has_key(at, child) ? key_object(at, child) : Value();
    }
    if (same_text(method, "Close") || same_text(method, "Dispose")) return Value::nothing();
    gap("the method " + method + " of RegistryKey");
  };
  return object;
}

void add_registry_cmdlets(Cmdlets& cmdlets) {
  cmdlets["Get-ItemProperty"] = get_properties;
  cmdlets["Get-ItemPropertyValue"] = get_property_value;
  cmdlets["Set-ItemProperty"] = set_property;
  cmdlets["New-ItemProperty"] = new_property;
  cmdlets["Remove-ItemProperty"] = remove_property;
}

}  // namespace far_side

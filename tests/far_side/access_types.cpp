// Access rules as .NET has them: accounts, rules, the security of files and folders.
#include <algorithm>
#include <sstream>

#include "tests/far_side/files.hpp"

namespace far_side {
namespace {

const Named<std::string>& well_known() {
  static const Named<std::string> sids = {{"S-1-5-18", "NT AUTHORITY\\SYSTEM"},
                                          {"S-1-5-19", "NT AUTHORITY\\LOCAL SERVICE"},
                                          {"S-1-5-20", "NT AUTHORITY\\NETWORK SERVICE"},
                                          {"S-1-5-32-544", "BUILTIN\\Administrators"},
                                          {"S-1-5-32-545", "BUILTIN\\Users"},
                                          {"S-1-5-11", "NT AUTHORITY\\Authenticated Users"},
                                          {"S-1-1-0", "Everyone"}};
  return sids;
}

std::string sid_of(const std::string& account) {
  for (const auto& [sid, name] : well_known()) {
    if (same_text(name, account)) return sid;
  }
  std::uint32_t hash = 2166136261u;
  for (const char c : account) hash = (hash ^ static_cast<unsigned char>(std::tolower(c))) * 16777619u;
  return "S-1-5-21-1004336348-1177238915-682003330-" + std::to_string(1000 + hash % 100000);
}

Value sid_object(FarMachine& at, const std::string& account);

Value account_object(FarMachine& at, const std::string& account) {
  auto object = make_object("System.Security.Principal.NTAccount", {{"Value", account}});
  object->shown = account;
  object->call = [&at, account](const std::string& method, const Array& arguments) -> Value {
    if (same_text(method, "Translate")) {
      const std::string spelled = known_account(at, account);
      const std::string wanted = arguments.at(0).text();
      return wanted.find("NTAccount") != std::string::npos ? account_object(at, spelled) : sid_object(at, spelled);
    }
    if (same_text(method, "ToString")) return account;
    gap("the method " + method + " of NTAccount");
  };
  return object;
}

Value sid_object(FarMachine& at, const std::string& account) {
  const std::string sid = sid_of(account);
  auto object = make_object("System.Security.Principal.SecurityIdentifier", {{"Value", sid}});
  object->shown = sid;
  object->call = [&at, account, sid](const std::string& method, const Array& arguments) -> Value {
    if (same_text(method, "Translate")) {
      const bool account_wanted = arguments.at(0).text().find("NTAccount") != std::string::npos;
      return account_wanted ? account_object(at, account) : sid_object(at, account);
    }
    if (same_text(method, "ToString")) return sid;
    if (same_text(method, "Equals")) return same_text(sid, arguments.at(0).text());
    gap("the method " + method + " of SecurityIdentifier");
  };
  return object;
}

std::string account_of_sid(FarMachine& at, const std::string& sid) {
  if (const auto found = well_known().find(sid); found != well_known().end()) return found->second;
  for (const auto& [account, password] : at.world.domain.accounts) {
    if (same_text(sid_of(account), sid)) return account;
  }
  for (const auto& [name, service] : at.here().services) {
    if (same_text(sid_of("NT SERVICE\\" + name), sid)) return "NT SERVICE\\" + name;
  }
  throw net_error("System.Security.Principal.IdentityNotMappedException",
                  "Some or all identity references could not be translated.");
}

const std::map<std::string, int>& known_rights() {
  static const std::map<std::string, int> numbers = {
      {"ReadData", 1},    {"Write", 278},           {"Read", 131209},        {"ReadAndExecute", 131241},
      {"Modify", 197055}, {"Synchronize", 1048576}, {"FullControl", 2032127}};
  return numbers;
}

/// FileSystemRights of "ReadAndExecute, Synchronize".
Value rights_object(const std::string& text) {
  int number = 0;
  std::istringstream words(text);
  for (std::string word; std::getline(words, word, ',');) {
    std::erase(word, ' ');
    const auto known = known_rights().find(word);
    if (known == known_rights().end()) gap("the file system right " + word);
    number |= known->second;
  }
  Value rights = enumeration("System.Security.AccessControl.FileSystemRights", text, number);
  rights.object()->call = [number](const std::string& method, const Array& arguments) -> Value {
    if (!same_text(method, "HasFlag")) gap("the method " + method + " of FileSystemRights");
    const std::int64_t asked = arguments.at(0).whole();
    return (number & asked) == asked;
  };
  return rights;
}

/// A rule as an object. What allows something comes with Synchronize on Windows, where it is not everything.
Value rule_object(FarMachine& at, const AccessRule& rule, bool sids) {
  const std::string space = "System.Security.AccessControl.";
  const std::string rights = rule.allow && rule.rights != "FullControl" ? rule.rights + ", Synchronize" : rule.rights;
  const Value identity = sids ? sid_object(at, rule.account) : account_object(at, rule.account);
  return make_object(space + "FileSystemAccessRule",
                     {{"IdentityReference", identity},
                      {"FileSystemRights", rights_object(rights)},
                      {"AccessControlType",
                       enumeration(space + "AccessControlType", rule.allow ? "Allow" : "Deny", rule.allow ? 0 : 1)},
                      {"IsInherited", rule.inherited},
                      {"InheritanceFlags", enumeration(space + "InheritanceFlags", "None", 0)},
                      {"PropagationFlags", enumeration(space + "PropagationFlags", "None", 0)}});
}

std::string text_of_rights(const Value& value) {
  std::string text = value.text();
  const std::size_t added = text.find(", Synchronize");
  if (added != std::string::npos) text.erase(added);
  return text;
}

AccessRule rule_of(FarMachine& at, const Value& object) {
  AccessRule rule;
  rule.account = known_account(at, object.member("IdentityReference"));
  rule.rights = text_of_rights(object.member("FileSystemRights"));
  rule.allow = same_text(object.member("AccessControlType").text(), "Allow");
  return rule;
}

struct Security {
  std::vector<AccessRule> rules;  // own and inherited
  bool takes_none = false;
};

/// The rules inside an object come out by a method that scripts cannot call by accident.
const std::string reveal = "far_side:rules";

Value make_security(FarMachine& at, const std::shared_ptr<Security>& security) {
  auto object = make_object("System.Security.AccessControl.FileSecurity", {});
  const auto listed = [&at, security](bool own, bool inherited, bool sids) {
    Array rules;
    for (const AccessRule& rule : security->rules) {
      if (rule.inherited ? inherited : own) rules.push_back(rule_object(at, rule, sids));
    }
    return Value(rules);
  };
  object->live = [security, listed](const std::string& member) -> std::optional<Value> {
    if (same_text(member, "Access")) return listed(true, true, false);
    if (same_text(member, "AreAccessRulesProtected")) return Value(security->takes_none);
    return std::nullopt;
  };
  object->call = [&at, security, listed](const std::string& method, const Array& arguments) -> Value {
    std::vector<AccessRule>& rules = security->rules;
    const auto own_of = [&](const std::string& account) {
      return [&, account](const AccessRule& rule) { return !rule.inherited && same_text(rule.account, account); };
    };
    if (same_text(method, "AddAccessRule")) {
      rules.push_back(rule_of(at, arguments.at(0)));
    } else if (same_text(method, "SetAccessRule") || same_text(method, "ResetAccessRule")) {
      const AccessRule rule = rule_of(at, arguments.at(0));
      std::erase_if(rules, own_of(rule.account));
      rules.push_back(rule);
    } else if (same_text(method, "RemoveAccessRule") || same_text(method, "RemoveAccessRuleAll") ||
               same_text(method, "RemoveAccessRuleSpecific")) {
      std::erase_if(rules, own_of(rule_of(at, arguments.at(0)).account));
      return true;
    } else if (same_text(method, "PurgeAccessRules")) {
      std::erase_if(rules, own_of(known_account(at, arguments.at(0))));
    } else if (same_text(method, "SetAccessRuleProtection")) {
      security->takes_none = arguments.at(0).truth();
      if (!arguments.at(1).truth()) std::erase_if(rules, [](const AccessRule& rule) { return rule.inherited; });
      for (AccessRule& rule : rules) rule.inherited = rule.inherited && !security->takes_none;
    } else if (same_text(method, "GetAccessRules")) {
      const bool sids = arguments.at(2).text().find("SecurityIdentifier") != std::string::npos;
      return listed(arguments.at(0).truth(), arguments.at(1).truth(), sids);
    } else if (same_text(method, "SetOwner")) {
      known_account(at, arguments.at(0));
    } else if (method == reveal) {
      Array items;
      for (const AccessRule& rule : rules) {
        if (!rule.inherited) items.push_back(rule_object(at, rule, false));
      }
      return make_object("far_side:security", {{"rules", items}, {"takes_none", security->takes_none}});
    } else {
      gap("the method " + method + " of FileSecurity");
    }
    return Value::nothing();
  };
  return object;
}

Value new_rule(FarMachine& at, const Array& arguments) {
  AccessRule rule;
  rule.account = known_account(at, arguments.at(0));
  rule.rights = text_of_rights(arguments.at(1));
  rule.allow = same_text(arguments.back().text(), "Allow");
  return rule_object(at, rule, false);
}

Value new_security(FarMachine& at, const Array& arguments) {
  return arguments.empty() ? make_security(at, std::make_shared<Security>())
                           : security_object(at, arguments.at(0).text());
}

Value enumeration_member(const std::string& type, const std::map<std::string, int>& known, const std::string& name) {
  for (const auto& [member, number] : known) {
    if (same_text(member, name)) return enumeration(type, member, number);
  }
  gap("the member " + name + " of " + type);
}

}  // namespace

std::string known_account(FarMachine& at, const Value& identity) {
  std::string text = identity.text();
  if (text.rfind("S-1-", 0) == 0) return account_of_sid(at, text);
  const Error unknown = net_error("System.Security.Principal.IdentityNotMappedException",
                                  "Some or all identity references could not be translated.", -2146233087);
  for (const auto& [sid, name] : well_known()) {
    if (same_text(name, text) || same_text(leaf_of(name), text)) return name;
  }
  if (const auto found = at.world.domain.accounts.find(text); found != at.world.domain.accounts.end()) {
    return found->first;
  }
  if (const auto found = at.world.domain.groups.find(text); found != at.world.domain.groups.end()) return found->first;
  const std::size_t slash = text.find('\\');
  if (slash == std::string::npos) throw unknown;
  const std::string authority = text.substr(0, slash), name = text.substr(slash + 1);
  const bool service = same_text(authority, "NT SERVICE") && at.here().services.count(name) != 0;
  const bool computer = same_text(authority, at.world.domain.name) && !name.empty() && name.back() == '$' &&
                        at.world.domain.computers.count(name.substr(0, name.size() - 1)) != 0;
  if (service) return "NT SERVICE\\" + at.here().services.find(name)->first;
  if (computer || same_text(authority, at.name)) return text;
  throw unknown;
}

Value security_object(FarMachine& at, const std::string& path) {
  auto security = std::make_shared<Security>();
  const std::string normal = normal_path(path);
  const FileEntry* file = find_file(at, normal);
  if (file == nullptr) {
    throw net_error("System.IO.FileNotFoundException", "Could not find file '" + path + "'.", -2147024894);
  }
  security->rules = rules_of(files_for(at, normal), normal);
  security->takes_none = file->protected_access;
  return make_security(at, security);
}

void apply_security(FarMachine& at, const std::string& path, const Value& security) {
  FileEntry* file = find_file(at, path);
  if (file == nullptr) {
    throw net_error("System.IO.FileNotFoundException", "Could not find file '" + path + "'.", -2147024894);
  }
  const Value revealed = security.object()->call(reveal, {});
  file->access.clear();
  for (const Value& rule : revealed.member("rules").items()) {
    file->access.push_back(rule_of(at, rule));
  }
  file->protected_access = revealed.member("takes_none").truth();
}

void add_access_types(NetTypes& types) {
  const std::string principal = "System.Security.Principal.", control = "System.Security.AccessControl.";
  types[control + "FileSystemAccessRule"].construct = new_rule;
  types[control + "FileSecurity"].construct = new_security;
  types[control + "DirectorySecurity"].construct = new_security;
  types[principal + "NTAccount"].construct = [](FarMachine& at, const Array& arguments) {
    return account_object(
        at, arguments.size() == 2 ? arguments[0].text() + "\\" + arguments[1].text() : arguments.at(0).text());
  };
  types[principal + "SecurityIdentifier"].construct = [](FarMachine& at, const Array& arguments) {
    const std::string given = arguments.at(0).text();
    if (given == "LocalSystemSid") return sid_object(at, "NT AUTHORITY\\SYSTEM");
    if (given == "BuiltinAdministratorsSid") return sid_object(at, "BUILTIN\\Administrators");
    return sid_object(at, account_of_sid(at, given));
  };
  types[principal + "WindowsIdentity"].method = [](FarMachine& at, const std::string& method, const Array&) -> Value {
    if (!same_text(method, "GetCurrent")) gap("the method " + method + " of WindowsIdentity");
    return make_object("System.Security.Principal.WindowsIdentity",
                       {{"Name", at.user}, {"User", sid_object(at, at.user)}});
  };
  const auto enumerated = [&](const std::string& type, std::map<std::string, int> known) {
    types[type].member = [type, known](FarMachine&, const std::string& name) {
      return enumeration_member(type, known, name);
    };
  };
  enumerated(control + "AccessControlType", {{"Allow", 0}, {"Deny", 1}});
  types[control + "FileSystemRights"].member = [](FarMachine&, const std::string& name) { return rights_object(name); };
  enumerated(control + "InheritanceFlags", {{"None", 0}, {"ContainerInherit", 1}, {"ObjectInherit", 2}});
  enumerated(control + "PropagationFlags", {{"None", 0}, {"NoPropagateInherit", 1}, {"InheritOnly", 2}});
  enumerated(principal + "WellKnownSidType", {{"LocalSystemSid", 22}, {"BuiltinAdministratorsSid", 26}});
}

}  // namespace far_side

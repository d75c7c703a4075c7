#include "tests/far_side/access.hpp"

#include <algorithm>
#include <charconv>

#include "tests/far_side/x509.hpp"

namespace far_side {
namespace {

bool covers_port(const FirewallRule& rule, const std::string& port) {
  int wanted = 0;
  std::from_chars(port.data(), port.data() + port.size(), wanted);
  return std::any_of(rule.ports.begin(), rule.ports.end(), [&](const std::string& one) {
    if (same_text(one, "Any")) return true;
    const std::size_t dash = one.find('-');
    int first = 0, last = 0;
    std::from_chars(one.data(), one.data() + one.size(), first);
    if (dash == std::string::npos) return first == wanted;
    std::from_chars(one.data() + dash + 1, one.data() + one.size(), last);
    return first <= wanted && wanted <= last;
  });
}

bool applies_to(const FirewallRule& rule, const std::string& port) {
  const bool tcp = same_text(rule.protocol, "TCP") || same_text(rule.protocol, "Any");
  const bool domain = same_text(rule.profile, "Any") || rule.profile.find("Domain") != std::string::npos;
  return rule.enabled && same_text(rule.direction, "Inbound") && tcp && domain && same_text(rule.program, "Any") &&
         same_text(rule.remote_user, "Any") && rule.package.empty() && rule.owner.empty() && covers_port(rule, port);
}

}  // namespace

bool lets_in(const Machine& machine, const std::string& port) {
  bool allowed = false;
  for (const FirewallRule& rule : machine.rules) {
    if (!applies_to(rule, port)) continue;
    if (same_text(rule.action, "Block")) return false;
    allowed = true;
  }
  return allowed;
}

std::string binding_key(const std::string& ip_port) {
  return "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\HTTP\\Parameters\\SslBindingInfo\\" + ip_port;
}

std::optional<SslBinding> binding_of(const Machine& machine, const std::string& ip_port) {
  const auto key = machine.registry.find(binding_key(ip_port));
  if (key == machine.registry.end() || key->second.count("SslCertHash") == 0) return std::nullopt;
  const auto store = key->second.find("SslCertStoreName");
  return SslBinding{hex_of(key->second.at("SslCertHash").text), store == key->second.end() ? "My" : store->second.text};
}

std::string normal_path(const std::string& path) {
  std::string text = path;
  std::replace(text.begin(), text.end(), '/', '\\');
  while (text.size() > 1 && text.back() == '\\') text.pop_back();
  std::string normal;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i > 1 && text[i] == '\\' && text[i - 1] == '\\') continue;
    normal += text[i];
  }
  return normal;
}

std::string parent_of(const std::string& path) {
  const std::size_t last = path.rfind('\\');
  return last == std::string::npos || last < 2 ? "" : path.substr(0, last);
}

std::string leaf_of(const std::string& path) {
  const std::size_t last = path.rfind('\\');
  return last == std::string::npos ? path : path.substr(last + 1);
}

std::vector<AccessRule> rules_of(const Named<FileEntry>& files, const std::string& path) {
  std::vector<AccessRule> rules;
  bool own = true;
  for (std::string at = path; !at.empty(); at = parent_of(at)) {
    const auto found = files.find(at);
    if (found == files.end()) continue;
    for (AccessRule rule : found->second.access) {
      rule.inherited = !own;
      rules.push_back(rule);
    }
    own = false;
    if (found->second.protected_access) break;
  }
  return rules;
}

bool may_read(const Machine& machine, const std::string& path, const std::string& account) {
  const bool system = same_text(account, "LocalSystem");
  bool allowed = false;
  for (const AccessRule& rule : rules_of(machine.files, path)) {
    const bool about = same_text(rule.account, account) || same_text(rule.account, "Everyone") ||
                       (system && (same_text(rule.account, "NT AUTHORITY\\SYSTEM") ||
                                   same_text(rule.account, "BUILTIN\\Administrators")));
    const bool reads = rule.rights.find("Read") != std::string::npos ||
                       rule.rights.find("FullControl") != std::string::npos ||
                       rule.rights.find("Modify") != std::string::npos;
    if (!about || !reads) continue;
    if (!rule.allow) return false;
    allowed = true;
  }
  return allowed;
}

}  // namespace far_side

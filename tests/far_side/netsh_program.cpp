// netsh http: the bindings of http.sys, which the registry keeps (S 3, W 8).
#include <algorithm>

#include "tests/far_side/access.hpp"
#include "tests/far_side/items.hpp"

namespace far_side {
namespace {

Named<std::string> options_of(const Names& arguments) {
  Named<std::string> options;
  for (std::size_t i = 3; i < arguments.size(); ++i) {
    const std::size_t equals = arguments[i].find('=');
    if (equals != std::string::npos) options[arguments[i].substr(0, equals)] = arguments[i].substr(equals + 1);
  }
  return options;
}

std::string bytes_of_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

/// The sixteen bytes of a GUID as Windows stores them: its first three parts from the low end.
std::string bytes_of_guid(std::string text) {
  std::erase_if(text, [](char c) { return c == '{' || c == '}' || c == '-'; });
  if (text.size() != 32) return "";
  std::string bytes = bytes_of_hex(text);
  std::reverse(bytes.begin(), bytes.begin() + 4);
  std::reverse(bytes.begin() + 4, bytes.begin() + 6);
  std::reverse(bytes.begin() + 6, bytes.begin() + 8);
  return bytes;
}

std::int64_t fail(Array& output, const std::string& what, int code, const std::string& text) {
  output.emplace_back("");
  output.emplace_back("SSL Certificate " + what + " failed, Error: " + std::to_string(code));
  output.emplace_back(text);
  return 1;
}

std::int64_t add(FarMachine& at, const Names& arguments, Array& output) {
  const Named<std::string> options = options_of(arguments);
  const auto option = [&](const char* name, const std::string& otherwise) {
    const auto found = options.find(name);
    return found == options.end() ? otherwise : found->second;
  };
  const std::string hash = option("certhash", ""), store = option("certstorename", "My");
  const std::string application = bytes_of_guid(option("appid", ""));
  const bool formed = hash.size() == 40 && hash.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
  if (option("ipport", "").empty() || !formed || application.empty()) {
    output.emplace_back("The parameter is incorrect.");
    return 1;
  }
  const std::string key = binding_key(option("ipport", ""));
  if (at.here().registry.count(key) != 0) {
    return fail(output, "add", 183, "Cannot create a file when that file already exists.");
  }
  const StoredCertificate* certificate = find_certificate(at, {store, hash});
  if (certificate == nullptr || certificate->key_file.empty() || at.here().files.count(certificate->key_file) == 0) {
    return fail(output, "add", 1312, "A specified logon session does not exist. It may already have been terminated.");
  }
  const bool negotiates = same_text(option("clientcertnegotiation", "disable"), "enable");
  at.here().registry[key] = {{"SslCertHash", {"Binary", bytes_of_hex(hash), 0, {}}},
                             {"AppId", {"Binary", application, 0, {}}},
                             {"SslCertStoreName", registry_text(store)},
                             {"DefaultFlags", registry_number(negotiates ? 2 : 0)}};
  output.emplace_back("");
  output.emplace_back("SSL Certificate successfully added");
  return 0;
}

std::int64_t remove(FarMachine& at, const Names& arguments, Array& output) {
  const Named<std::string> options = options_of(arguments);
  const auto where = options.find("ipport");
  if (where == options.end() || at.here().registry.erase(binding_key(where->second)) == 0) {
    return fail(output, "deletion", 2, "The system cannot find the file specified.");
  }
  output.emplace_back("");
  output.emplace_back("SSL Certificate successfully deleted");
  return 0;
}

std::int64_t netsh(FarMachine& at, const Names& arguments, Array& output) {
  const auto word = [&](std::size_t i, const char* wanted) {
    return i < arguments.size() && same_text(arguments[i], wanted);
  };
  if (word(0, "http") && word(1, "add") && word(2, "sslcert")) return add(at, arguments, output);
  if (word(0, "http") && word(1, "delete") && word(2, "sslcert")) return remove(at, arguments, output);
  gap("this form of netsh.exe");
}

}  // namespace

void add_netsh_program(Programs& programs) {
  programs["netsh.exe"] = netsh;
}

}  // namespace far_side

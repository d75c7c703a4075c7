#include "tests/far_side/setup_program.hpp"

#include <date/date.h>

#include <sstream>

#include "tests/far_side/files.hpp"

namespace far_side {

const char* const sql_registry = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Microsoft SQL Server";

namespace {

constexpr std::int64_t wrong_parameter = -2067529717;  // the parameter is missing or not valid
constexpr std::int64_t restart_first = -2067919934;    // a computer restart is required
constexpr std::int64_t no_delegation = -2068774911;    // what setup says in a logon that cannot be shown elsewhere

/// "a" "b" or a bare word.
Names values_of(const std::string& text) {
  Names values;
  std::size_t at = 0;
  while ((at = text.find_first_not_of(" \t", at)) != std::string::npos) {
    const bool quoted = text[at] == '"';
    const std::size_t begin = quoted ? at + 1 : at;
    const std::size_t end = std::min(text.find_first_of(quoted ? "\"" : " \t", begin), text.size());
    values.push_back(text.substr(begin, end - begin));
    at = end + (quoted ? 1 : 0);
    if (at >= text.size()) break;
  }
  return values;
}

bool has_feature(const SetupOrder& order, const std::string& feature) {
  for (const std::string& value : order.list("FEATURES")) {
    std::istringstream words(value);
    for (std::string word; std::getline(words, word, ',');) {
      if (same_text(word, feature)) return true;
    }
  }
  return false;
}

void check_features(const SetupOrder& order) {
  for (const std::string& value : order.list("FEATURES")) {
    std::istringstream words(value);
    for (std::string word; std::getline(words, word, ',');) {
      bool known = false;
      for (const char* one : {"SQL", "SQLENGINE", "REPLICATION", "FULLTEXT", "IS", "IS_Master", "IS_Worker", "CONN"}) {
        known = known || same_text(word, one);
      }
      if (!known) throw SetupFailure{wrong_parameter, "The setting 'FEATURES' specified is not recognized: " + word};
    }
  }
}

void perform(FarMachine& at, const SetupOrder& order) {
  const std::string action = order.required("ACTION");
  if (!same_text(order.text("QUIET"), "True") && !same_text(order.text("QUIETSIMPLE"), "True")) {
    throw SetupFailure{wrong_parameter, "Setup needs somebody to answer it: neither QUIET nor QUIETSIMPLE was given"};
  }
  if (!same_text(order.text("IACCEPTSQLSERVERLICENSETERMS"), "True")) {
    throw SetupFailure{wrong_parameter,
                       "The /IACCEPTSQLSERVERLICENSETERMS command line parameter is missing or has not been set to "
                       "true. It is a required parameter for the setup action you are running."};
  }
  if (at.here().restart_pending) {
    throw SetupFailure{restart_first,
                       "A computer restart is required. You must restart this computer before installing SQL Server."};
  }
  if (at.logon == Logon::network) {
    throw SetupFailure{no_delegation, "There was an error generating the XML document: Access is denied."};
  }
  if (same_text(action, "InstallFailoverCluster")) {
    check_features(order);
    if (!has_feature(order, "SQLENGINE") && !has_feature(order, "SQL")) {
      throw SetupFailure{wrong_parameter, "The setting 'FEATURES' names no feature that can be clustered"};
    }
    install_instance(at, order);
  } else if (same_text(action, "AddNode")) {
    add_instance_node(at, order);
  } else if (same_text(action, "Install")) {
    check_features(order);
    order.required("FEATURES");
    if (has_feature(order, "SQLENGINE")) gap("a stand-alone instance by setup");
    if (has_feature(order, "IS")) install_integration_services(at, order);
    if (has_feature(order, "IS_Master")) install_master(at, order);
    if (has_feature(order, "IS_Worker")) install_worker(at, order);
  } else {
    gap("setup's action " + action);
  }
}

void leave_summary(FarMachine& at, const SetupOrder& order, const SetupFailure& end) {
  const std::string folder =
      "C:\\Program Files\\Microsoft SQL Server\\" + version_folder(at.world) + "\\Setup Bootstrap\\Log";
  const auto now = std::chrono::floor<std::chrono::seconds>(at.world.now);
  const std::string own = folder + "\\" + date::format("%Y%m%d_%H%M%S", now);
  std::string text = "Overall summary:\r\n";
  text += "  Final result:                  " + std::string(end.code == 0 ? "Passed" : "Failed: see details below") +
          "\r\n";
  text += "  Exit code (Decimal):           " + std::to_string(end.code) + "\r\n";
  if (end.code != 0) text += "  Exit message:                  " + end.message + "\r\n";
  text += "  Requested action:              " + order.text("ACTION") + "\r\n";
  make_folder(at, own);
  write_file(at, folder + "\\Summary.txt", text);
  write_file(at, own + "\\Summary_" + at.name + ".txt", text);
}

std::int64_t setup(FarMachine& at, const Names& arguments, Array& output) {
  SetupOrder order;
  SetupFailure end{0, ""};
  try {
    Named<std::string> stated;
    for (const std::string& argument : arguments) {
      const std::size_t equals = std::min(argument.find('='), argument.size());
      if (argument.rfind("/", 0) != 0) throw SetupFailure{wrong_parameter, "Unknown argument: " + argument};
      stated[argument.substr(1, equals - 1)] = equals == argument.size() ? "True" : argument.substr(equals + 1);
    }
    if (stated.count("ConfigurationFile") != 0) {
      order = read_order(at.type_method("System.IO.File", "ReadAllText", {stated["ConfigurationFile"]}).text());
    }
    for (const auto& [key, value] : stated) {
      if (!same_text(key, "ConfigurationFile")) order.settings[same_text(key, "Q") ? "QUIET" : key] = values_of(value);
    }
    perform(at, order);
  } catch (const SetupFailure& failure) {
    end = failure;
  }
  leave_summary(at, order, end);
  output.emplace_back("Microsoft (R) SQL Server " + std::to_string(at.world.sql_version) + ".00");
  if (end.code != 0) output.emplace_back("The following error occurred: " + end.message);
  return end.code;
}

}  // namespace

std::string SetupOrder::text(const std::string& key, const std::string& otherwise) const {
  const auto found = settings.find(key);
  return found == settings.end() || found->second.empty() ? otherwise : found->second.front();
}

std::string SetupOrder::required(const std::string& key) const {
  const std::string value = text(key);
  if (value.empty()) {
    throw SetupFailure{wrong_parameter, "The /" + key + " command line parameter is missing. It is required."};
  }
  return value;
}

Names SetupOrder::list(const std::string& key) const {
  const auto found = settings.find(key);
  return found == settings.end() ? Names() : found->second;
}

SetupOrder read_order(const std::string& text) {
  SetupOrder order;
  std::istringstream lines(text);
  bool in_options = false;
  for (std::string line; std::getline(lines, line);) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (line.empty() || line[0] == ';') continue;
    if (line[0] == '[') {
      in_options = same_text(line, "[OPTIONS]");
      continue;
    }
    const std::size_t equals = line.find('=');
    if (!in_options || equals == std::string::npos) {
      throw SetupFailure{wrong_parameter, "The configuration file has a line that cannot be read: " + line};
    }
    order.settings[line.substr(0, equals)] = values_of(line.substr(equals + 1));
  }
  return order;
}

void check_account(FarMachine& at, const SetupOrder& order, const std::string& account_key,
                   const std::string& password_key) {
  const std::string account = order.required(account_key);
  const std::string authority = account.substr(0, account.find('\\'));
  if (same_text(authority, "NT Service") || same_text(authority, "NT AUTHORITY")) return;
  const auto known = at.world.domain.accounts.find(account);
  if (known == at.world.domain.accounts.end() || known->second != order.text(password_key)) {
    throw SetupFailure{-2061893563, "The credentials you provided for the '" + account_key +
                                        "' are invalid. To continue, provide a valid account and password."};
  }
}

std::string version_folder(const FarWorld& world) {
  return std::to_string(world.sql_version * 10);
}

void add_setup_program(Programs& programs) {
  programs["setup.exe"] = setup;
}

}  // namespace far_side

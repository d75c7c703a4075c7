#include "tests/far_side/parameters.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace far_side {
namespace {

using Table = Named<CmdletFacts>;

Parameter parameter_of(const std::string& word) {
  Parameter parameter;
  const std::size_t equals = word.find('=');
  if (equals != std::string::npos) parameter.type = word.substr(equals + 1);
  std::istringstream names(word.substr(0, equals));
  std::getline(names, parameter.name, '/');
  for (std::string alias; std::getline(names, alias, '/');) parameter.aliases.push_back(alias);
  return parameter;
}

/// One cmdlet an entry, continued by lines that begin with a blank. Entries outside of sections of cmdlets are passed
/// over; a file without sections holds the cmdlets of `module`.
void read_table(Table& table, const std::string& path, std::string module) {
  std::ifstream file(path);
  if (!file) throw std::logic_error("the far side misses its table " + path);
  CmdletFacts* current = nullptr;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    if (line[0] == '[') {
      const std::string cmdlets = "[cmdlets of ";
      module = line.rfind(cmdlets, 0) == 0
                   ? line.substr(cmdlets.size(), line.find(' ', cmdlets.size()) - cmdlets.size())
                   : "";
      current = nullptr;
      continue;
    }
    if (module.empty()) continue;
    std::istringstream words(line);
    std::string word;
    if (line[0] != ' ') {
      words >> word;
      current = &table[word];
      *current = {module, {}};
    }
    while (current != nullptr && words >> word) current->parameters.push_back(parameter_of(word));
  }
}

Table read_tables() {
  const std::string root = REHEARSE_SOURCE_DIR;
  Table table;
  read_table(table, root + "/real_backend/powershell/windows_facts.txt", "");
  // The whole module replaces what the facts of the program hold of it.
  read_table(table, root + "/tests/far_side/failoverclusters.txt", "FailoverClusters");
  return table;
}

const Parameter* find_parameter(const Call& call, const CmdletFacts& facts, const std::string& name) {
  std::vector<const Parameter*> close;
  for (const Parameter& parameter : facts.parameters) {
    const auto is_name = [&](const std::string& alias) { return same_text(alias, name); };
    if (is_name(parameter.name) || std::any_of(parameter.aliases.begin(), parameter.aliases.end(), is_name)) {
      return &parameter;
    }
    if (same_text(parameter.name.substr(0, name.size()), name)) close.push_back(&parameter);
  }
  if (close.size() == 1) return close.front();
  Error error(close.empty()
                  ? "A parameter cannot be found that matches parameter name '" + name + "'."
                  : "Parameter cannot be processed because the parameter name '" + name +
                        "' is ambiguous. Possible matches include: -" + close[0]->name + " -" + close[1]->name + ".",
              "InvalidArgument", (close.empty() ? "NamedParameterNotFound," : "AmbiguousParameter,") + call.cmdlet);
  error.type = "System.Management.Automation.ParameterBindingException";
  error.ends_statement = true;
  throw error;
}

[[noreturn]] void refuse(const Call& call, const std::string& message, const std::string& id) {
  Error error(message, "InvalidArgument", id + "," + call.cmdlet);
  error.type = "System.Management.Automation.ParameterBindingException";
  error.ends_statement = true;
  throw error;
}

bool is_whole_number(const Value& value) {
  try {
    value.whole();
  } catch (const Error&) {
    return false;
  }
  return true;
}

/// Types matter where PowerShell would refuse the value.
void check_type(const Call& call, const Parameter& parameter, const Value& value) {
  const std::string& type = parameter.type;
  const std::string cannot = "Cannot bind parameter '" + parameter.name + "'. ";
  if (type.empty()) {
    const bool flag =
        std::holds_alternative<bool>(value.data) ||
        (value.object() != nullptr && value.object()->type == "System.Management.Automation.SwitchParameter");
    if (!flag) refuse(call, cannot + "Cannot convert value to type SwitchParameter.", "CannotConvertArgumentNoMessage");
  } else if ((type == "int" || type == "uint" || type == "long") && !is_whole_number(value)) {
    refuse(call, cannot + "Cannot convert value \"" + value.text() + "\" to type \"System.Int32\".",
           "CannotConvertArgumentNoMessage");
  } else if (type == "string" && value.collection() != nullptr) {
    refuse(call,
           cannot + "Cannot convert 'System.Object[]' to the type 'System.String' required by parameter '" +
               parameter.name + "'. Specified method is not supported.",
           "CannotConvertArgument");
  } else if ((type == "SecureString" || type == "securestring") &&
             (value.object() == nullptr || value.object()->type != "System.Security.SecureString")) {
    refuse(call,
           cannot + "Cannot convert the \"" + value.text() + "\" value of type \"System.String\" to type " +
               "\"System.Security.SecureString\".",
           "CannotConvertArgumentNoMessage");
  }
}

/// Position 0 of the cmdlets that scripts call that way.
const char* const first_positions[] = {"Name", "Path", "Seconds", "FilterScript", "Command"};

}  // namespace

const CmdletFacts* facts_of_cmdlet(const std::string& name) {
  static const Table table = read_tables();
  const auto found = table.find(name);
  return found == table.end() ? nullptr : &found->second;
}

Call bind(const Call& call, const CmdletFacts& facts) {
  Call bound = call;
  bound.named.clear();
  bound.positional.clear();
  for (const auto& [name, value] : call.named) {
    const Parameter* parameter = find_parameter(call, facts, name);
    if (bound.has(parameter->name)) {
      refuse(call, "Cannot bind parameter because parameter '" + parameter->name + "' is specified more than once.",
             "ParameterAlreadyBound");
    }
    check_type(call, *parameter, value);
    bound.named[parameter->name] = value;
  }
  for (const Value& argument : call.positional) {
    const auto is_free = [&](const char* position) {
      const auto known = [&](const Parameter& one) { return one.name == position && !one.type.empty(); };
      return !bound.has(position) && std::any_of(facts.parameters.begin(), facts.parameters.end(), known);
    };
    const auto position = std::find_if(std::begin(first_positions), std::end(first_positions), is_free);
    if (position == std::end(first_positions) || call.positional.size() > 1) {
      refuse(call, "A positional parameter cannot be found that accepts argument '" + argument.text() + "'.",
             "PositionalParameterNotFound");
    }
    bound.named[*position] = argument;
  }
  return bound;
}

}  // namespace far_side

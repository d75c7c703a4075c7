// What Windows has: the cmdlets with their parameters, the static members of .NET types and the programs that scripts
// may use. The facts stand in windows_facts.txt, reduced from tables of real machines; the builder of scripts
// (script.hpp) refuses what is not there, and tests hold generated scripts against the same facts.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace rehearse::real {

/// One cmdlet: its parameters with the short names of their types ("string[]"), "switch" for a switch. Without the
/// common parameters, which every cmdlet has.
struct Cmdlet {
  std::string module;
  std::map<std::string, std::string, std::less<>> parameters;
};

/// One .NET type: its static properties, fields and enumeration members, and its static methods with the numbers of
/// arguments that they can take; constructors are a method called "new".
struct NetType {
  std::set<std::string, std::less<>> members;
  std::map<std::string, std::set<std::size_t>, std::less<>> methods;
};

class CommandTable {
 public:
  /// Reads facts in the grammar that windows_facts.txt states at its top. Throws std::logic_error for a text that does
  /// not follow it, or has an entry twice: the table is part of the program.
  explicit CommandTable(std::string_view facts);

  // Names as they are spelled in the table; null: not there.
  const Cmdlet* cmdlet(std::string_view name) const;
  const NetType* type(std::string_view full_name) const;
  /// The type of a parameter of the cmdlet, the common ones included; null: it has no such parameter.
  const std::string* parameter(const Cmdlet& cmdlet, std::string_view name) const;
  /// By file name, without regard to case, as Windows finds it.
  bool program(std::string_view file_name) const;

  const std::map<std::string, Cmdlet, std::less<>>& cmdlets() const { return cmdlets_; }
  const std::map<std::string, std::string, std::less<>>& common_parameters() const { return common_; }

 private:
  std::map<std::string, Cmdlet, std::less<>> cmdlets_;
  std::map<std::string, std::string, std::less<>> common_;
  std::map<std::string, NetType, std::less<>> types_;
  std::vector<std::string> programs_;
};

/// The facts that the program carries.
const CommandTable& command_table();

}  // namespace rehearse::real

// The cmdlets that only handle values: they are the same on every machine.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "tests/far_side/interpreter.hpp"

namespace far_side {

class LanguageCommand {
 public:
  explicit LanguageCommand(Interpreter& interpreter) : interpreter_(interpreter) {}

  /// nullopt: this cmdlet is the machine's.
  std::optional<Array> run(const Call& call, bool piped);

 private:
  Array where_object(const Call& call);
  Array for_each_object(const Call& call);
  Array select_object(const Call& call);
  Array sort_object(const Call& call);
  Array measure_object(const Call& call);
  Array convert_to_json(const Call& call, bool piped);
  Array convert_from_json(const Call& call);
  Array new_object(const Call& call);
  Array add_member(const Call& call);
  Array write_output(const Call& call);
  Array write_error(const Call& call);
  Array invoke_here(const Call& call);

  /// The value of a property that a name or a script block tells.
  Value property_of(const Value& item, const Value& property);

  Interpreter& interpreter_;
};

using ParameterNames = std::set<std::string, NoCase>;

/// As PowerShell says it. What exists but is not interpreted (`existing`) is a std::logic_error of this stand-in.
void check_parameters(const Call& call, const ParameterNames& known, const ParameterNames& existing = {});
/// A parameter by name or, where it was not named, by its place among those that have no name.
Value parameter(const Call& call, const std::string& name, std::size_t place);
/// No more arguments without a name than so many.
void check_positions(const Call& call, std::size_t most);
/// What came through the pipeline, or -InputObject.
Array input_of(const Call& call);

}  // namespace far_side

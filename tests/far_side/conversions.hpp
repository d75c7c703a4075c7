// PowerShell's casts, and the names of types: [string] is System.String, [IO.File] System.IO.File.
#pragma once

#include <optional>
#include <string>

#include "tests/far_side/value.hpp"

namespace far_side {

/// The full name of a type as scripts write it, brackets left out: accelerators and the missing "System." resolved.
std::string full_type_name(const std::string& written);

/// .NET's name of a value's type, as messages and GetType() show it.
std::string type_name(const Value& value);
/// The value that [type] stands for, and that GetType() gives.
Value type_value(const std::string& full_name);

/// [type]value for the types that the language knows; nullopt for another one. Throws Error where the value cannot be
/// converted.
std::optional<Value> converted(const std::string& full_name, const Value& value);

/// Whether an exception of type `thrown` is a `caught` one.
bool is_exception_of(const std::string& thrown, const std::string& caught);

bool is_number(const Value& value);
bool is_enumeration(const Value& value);
/// items() of a value, but one item where the value is $null itself.
Array items_with_null(const Value& value);
/// As a real number; throws Error for what is none.
double real_number(const Value& value);

}  // namespace far_side

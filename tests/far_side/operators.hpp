// PowerShell's operators over values: comparisons without regard to case that take arrays apart, arithmetic that the
// left side's type decides, wildcards, regular expressions.
#pragma once

#include <map>
#include <string>

#include "tests/far_side/value.hpp"

namespace far_side {

/// One item with another: -eq of two values, neither taken apart on the left.
bool equal(const Value& left, const Value& right, bool minds_case = false);
/// Below 0, 0, above 0.
int compare(const Value& left, const Value& right, bool minds_case = false);

/// What -match leaves behind.
using Matches = std::map<std::string, Value, NoCase>;

/// Any comparison operator ("-eq", "-clike", "-in", "-split", ...) but -is and -as. Throws std::logic_error for an
/// operator that is not known here.
Value compared(const Value& left, const std::string& operation, const Value& right, Matches& matches);
/// + - * / %
Value calculated(const Value& left, const std::string& operation, const Value& right);
/// '{0} of {1}' -f values
std::string composed(const std::string& format, const Array& values);

bool like(const std::string& text, const std::string& wildcards, bool minds_case = false);

}  // namespace far_side

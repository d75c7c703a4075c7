// The part of .NET that only computes and belongs to no machine: texts, numbers, collections, encodings, versions.
// Whatever is not known here gives nullopt, and is asked of the machine.
#pragma once

#include <optional>
#include <string>

#include "tests/far_side/value.hpp"

namespace far_side {

/// [type]::name
std::optional<Value> dotnet_member(const std::string& type, const std::string& name);
/// [type]::name(arguments), constructors as "new".
std::optional<Value> dotnet_method(const std::string& type, const std::string& name, const Array& arguments);
/// [type]value
std::optional<Value> dotnet_cast(const std::string& type, const Value& value);
/// value.name(arguments), for values whose methods are known here: texts, numbers, arrays, hashtables, dates.
std::optional<Value> object_method(const Value& value, const std::string& name, const Array& arguments);
/// Members that are no properties of `members`: the keys of a hashtable, the parts of a regular expression's match.
std::optional<Value> object_member(const Value& value, const std::string& name);
/// -eq and -lt of two objects: versions, GUIDs.
std::optional<int> dotnet_order(const Value& left, const Value& right);

std::optional<Value> text_method(const std::string& text, const std::string& name, const Array& arguments);
/// A number with one of .NET's formats: D4, X2, N0, F1, 0.00 ... Throws std::logic_error for others.
std::string number_as(const Value& number, const std::string& format);

/// Arrays of bytes and C++ strings of bytes.
Value byte_array(const std::string& bytes);
std::string raw_bytes(const Value& array);

/// [System.DBNull]::Value: what SQL's NULL comes as. It is not $null, and its text is empty.
Value database_null();

/// Of one type: an empty ArrayList or List.
Value new_list(const std::string& type, Array items);

/// An exception of .NET's own.
Error dotnet_error(const std::string& type, const std::string& message);

}  // namespace far_side

// System.DateTime and System.TimeSpan of the far side: objects that compare by their Ticks (100 ns; dates since the
// year 1). The machines stand in a time zone two hours ahead of UTC, so that a script which takes local time for UTC
// goes wrong here as it would there.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "tests/far_side/value.hpp"

namespace far_side {

inline constexpr const char* date_time_type = "System.DateTime";
inline constexpr const char* time_span_type = "System.TimeSpan";
inline constexpr std::chrono::hours local_offset{2};

enum class Kind { unspecified, utc, local };

Value date_time(std::int64_t ticks, Kind kind);
/// The instant, as UTC.
Value date_time(std::chrono::sys_time<std::chrono::milliseconds> instant);
Value time_span(std::int64_t ticks);

bool is_date_time(const Value& value);
bool is_time_span(const Value& value);
std::int64_t ticks_of(const Value& value);
/// Of a date of any kind; dates of no stated kind are taken for local ones, as ToUniversalTime does.
std::chrono::sys_time<std::chrono::milliseconds> instant_of(const Value& date);

/// Methods of both; nullopt: there is no such method.
std::optional<Value> date_time_method(const Value& value, const std::string& method, const Array& arguments);
/// [datetime]'text': ISO 8601 or MM/dd/yyyy; local time as PowerShell's cast gives it. Throws Error.
Value parse_date_time(const std::string& text);
/// Static methods and members of both types; nullopt: not known here (the clock is the machine's).
std::optional<Value> date_time_static(const std::string& type, const std::string& name, const Array* arguments);

}  // namespace far_side

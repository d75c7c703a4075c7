// Time as the model speaks of it. Lengths are 64-bit nanoseconds, dates are points of the civil calendar in UTC;
// neither is ever a floating-point number or a bare integer.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace rehearse {

using Duration = std::chrono::nanoseconds;

/// A point of the civil calendar, UTC, 1678 to 2262.
using Date = std::chrono::sys_time<std::chrono::nanoseconds>;

namespace model {

/// "500ms", "30s", "5m", "2h", "7d", and sums of them with falling units ("41m30s"). nullopt: not a duration.
/// A leading '-' is refused: no quantity of the model is negative.
std::optional<Duration> parse_duration(std::string_view text);

/// The shortest exact form that parse_duration reads back: "1m30s", "500ms", "0s".
std::string to_text(Duration length);

/// ISO 8601 with an offset or Z: "2027-03-01T00:30:00Z". nullopt: not a date, or no offset given.
std::optional<Date> parse_date(std::string_view text);

/// "2027-03-01T00:30:00Z", with milliseconds only where there are any.
std::string to_text(Date date);

/// "01:00" or "01:00:30": what clocks show, from 00:00 to 23:59:59. nullopt: not a time of day.
std::optional<std::chrono::seconds> parse_time_of_day(std::string_view text);

/// .NET TimeSpan as the SSIS settings files write it: "00:01:00", "7.00:00:00", "00:00:00.500" (S 2).
std::optional<Duration> parse_timespan(std::string_view text);

}  // namespace model
}  // namespace rehearse

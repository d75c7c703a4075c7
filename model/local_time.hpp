// Times of day as people write them in schedules, put on the UTC line: a batch "at 01:00" in Europe/Paris is another
// instant in summer than in winter. The zones are the operating system's (tzdata), read by the date library.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "model/units.hpp"

namespace rehearse::model {

/// Whether the IANA name is known on this machine.
bool zone_exists(const std::string& zone);

/// Every instant in [from, until] at which clocks in the zone show this time of day, on local days that are among
/// `days` (empty: on every day). A time that a spring night skips counts as the first instant after the gap; of a time
/// that an autumn night shows twice, the first.
/// Throws std::invalid_argument for an unknown zone.
std::vector<Date> daily_occurrences(const std::string& zone, std::chrono::seconds time_of_day, Date from, Date until,
                                    const std::vector<std::chrono::weekday>& days = {});

/// The latest local midnight at or before the instant, or where that night skips it the first instant of the local day.
/// Throws std::invalid_argument for an unknown zone.
Date local_midnight_before(const std::string& zone, Date at);

/// A span of time throughout which clocks in the zone are equally far ahead of UTC.
struct OffsetSpan {
  std::chrono::seconds offset{};
  Date until{};  // the first instant of the next span; Date::max() where there is none
};

/// The span around an instant. Throws std::invalid_argument for an unknown zone.
OffsetSpan offset_span(const std::string& zone, Date at);

/// The hour, 0 to 23, that clocks in the zone show. Throws std::invalid_argument for an unknown zone.
int local_hour(const std::string& zone, Date at);

}  // namespace rehearse::model

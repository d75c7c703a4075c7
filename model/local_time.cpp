#include "model/local_time.hpp"

#include <date/tz.h>

#include <algorithm>
#include <stdexcept>

namespace rehearse::model {
namespace {

const date::time_zone* find_zone(const std::string& zone) {
  try {
    return date::locate_zone(zone);
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

const date::time_zone& zone_of(const std::string& zone) {
  const date::time_zone* rules = find_zone(zone);
  if (rules == nullptr) throw std::invalid_argument("unknown time zone '" + zone + "'");
  return *rules;
}

/// The first instant at which clocks show the local time; where they skip it, the first instant after the gap.
Date first_showing(const date::time_zone& rules, date::local_seconds local) {
  const date::local_info info = rules.get_info(local);
  const bool skipped = info.result == date::local_info::nonexistent;
  return Date(skipped ? info.second.begin.time_since_epoch() : local.time_since_epoch() - info.first.offset);
}

}  // namespace

bool zone_exists(const std::string& zone) {
  return find_zone(zone) != nullptr;
}

std::vector<Date> daily_occurrences(const std::string& zone, std::chrono::seconds time_of_day, Date from, Date until,
                                    const std::vector<std::chrono::weekday>& days) {
  const date::time_zone& rules = zone_of(zone);
  std::vector<Date> found;
  // Local days differ from UTC days by less than two.
  const auto first = std::chrono::floor<std::chrono::days>(from) - std::chrono::days(2);
  const auto last = std::chrono::floor<std::chrono::days>(until) + std::chrono::days(2);
  for (auto day = first; day <= last; day += std::chrono::days(1)) {
    if (!days.empty() && std::find(days.begin(), days.end(), std::chrono::weekday(day)) == days.end()) continue;
    const Date instant = first_showing(rules, date::local_seconds(day.time_since_epoch() + time_of_day));
    if (instant >= from && instant <= until) found.push_back(instant);
  }
  return found;
}

Date local_midnight_before(const std::string& zone, Date at) {
  const date::time_zone& rules = zone_of(zone);
  const auto local = rules.to_local(std::chrono::floor<std::chrono::seconds>(at));
  return first_showing(rules, std::chrono::floor<std::chrono::days>(local));
}

OffsetSpan offset_span(const std::string& zone, Date at) {
  const date::sys_info info = zone_of(zone).get_info(std::chrono::floor<std::chrono::seconds>(at));
  const bool for_ever = info.end > std::chrono::floor<std::chrono::seconds>(Date::max());
  return {info.offset, for_ever ? Date::max() : Date(info.end)};
}

int local_hour(const std::string& zone, Date at) {
  const auto local = zone_of(zone).to_local(std::chrono::floor<std::chrono::seconds>(at));
  const auto since_midnight = local - std::chrono::floor<std::chrono::days>(local);
  return static_cast<int>(std::chrono::floor<std::chrono::hours>(since_midnight).count());
}

}  // namespace rehearse::model

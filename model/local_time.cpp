#include "model/local_time.hpp"

#include <date/tz.h>

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

}  // namespace

bool zone_exists(const std::string& zone) {
  return find_zone(zone) != nullptr;
}

std::vector<Date> daily_occurrences(const std::string& zone, std::chrono::seconds time_of_day, Date from, Date until) {
  const date::time_zone* rules = find_zone(zone);
  if (rules == nullptr) throw std::invalid_argument("unknown time zone '" + zone + "'");
  std::vector<Date> found;
  // Local days differ from UTC days by less than two.
  const auto first = std::chrono::floor<std::chrono::days>(from) - std::chrono::days(2);
  const auto last = std::chrono::floor<std::chrono::days>(until) + std::chrono::days(2);
  for (auto day = first; day <= last; day += std::chrono::days(1)) {
    const date::local_seconds local(day.time_since_epoch() + time_of_day);
    const date::local_info info = rules->get_info(local);
    const bool skipped = info.result == date::local_info::nonexistent;
    const std::chrono::sys_seconds instant(skipped ? info.second.begin.time_since_epoch()
                                                   : local.time_since_epoch() - info.first.offset);
    if (instant >= from && instant <= until) found.push_back(Date(instant.time_since_epoch()));
  }
  return found;
}

int local_hour(const std::string& zone, Date at) {
  const date::time_zone* rules = find_zone(zone);
  if (rules == nullptr) throw std::invalid_argument("unknown time zone '" + zone + "'");
  const auto local = rules->to_local(std::chrono::floor<std::chrono::seconds>(at));
  const auto since_midnight = local - std::chrono::floor<std::chrono::days>(local);
  return static_cast<int>(std::chrono::floor<std::chrono::hours>(since_midnight).count());
}

}  // namespace rehearse::model

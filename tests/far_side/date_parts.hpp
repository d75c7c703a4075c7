// The calendar behind System.DateTime: ticks, and what people write.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "tests/far_side/date_time.hpp"

namespace far_side {

using Ticks = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;

inline constexpr std::int64_t ticks_per_day = 864'000'000'000;
inline constexpr std::int64_t epoch_ticks = 621'355'968'000'000'000;  // of 1970
inline constexpr std::int64_t file_time_epoch = 504'911'232'000'000'000;

struct DateParts {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<Ticks> time;
};

DateParts parts_of(std::int64_t ticks);
/// Throws Error for a date that there is not.
std::int64_t ticks_of_date(int year, unsigned month, unsigned day, std::int64_t hour, std::int64_t minute,
                           std::int64_t second);
std::int64_t offset_ticks();
Kind kind_of(const Value& date);
/// ToString(format), with a standard or a custom format. Throws std::logic_error for one that is not known here.
std::string formatted(const Value& date, const std::string& format);

}  // namespace far_side

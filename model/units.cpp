#include "model/units.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <limits>

namespace rehearse::model {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;

struct Unit {
  std::string_view name;
  std::int64_t length;  // ns
};

// Falling, as a sum must have them. Microseconds and nanoseconds are here because every length must have a text.
constexpr std::array<Unit, 7> units = {{{"d", nanoseconds(days(1)).count()},
                                        {"h", nanoseconds(hours(1)).count()},
                                        {"m", nanoseconds(minutes(1)).count()},
                                        {"s", nanoseconds(seconds(1)).count()},
                                        {"ms", 1'000'000},
                                        {"us", 1'000},
                                        {"ns", 1}}};

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Reads a text from left to right; each function takes what it names and says whether it was there.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  bool next_is(char c) const { return !rest_.empty() && rest_.front() == c; }

  bool skip(char c) {
    if (!next_is(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view digits() { return take(&is_digit); }
  std::string_view letters() {
    return take([](char c) { return c >= 'a' && c <= 'z'; });
  }

  /// Exactly `width` digits.
  std::optional<int> fixed(std::size_t width) {
    if (rest_.size() < width) return std::nullopt;
    int value = 0;
    for (char c : rest_.substr(0, width)) {
      if (!is_digit(c)) return std::nullopt;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(width);
    return value;
  }

 private:
  template <class Accept>
  std::string_view take(Accept accept) {
    std::size_t size = 0;
    while (size < rest_.size() && accept(rest_[size])) ++size;
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::string_view rest_;
};

std::optional<std::int64_t> to_whole(std::string_view digits) {
  if (digits.empty()) return std::nullopt;
  std::int64_t value = 0;
  for (char c : digits) {
    if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, c - '0', &value)) {
      return std::nullopt;
    }
  }
  return value;
}

/// The value of ".digits" in units of `one` ns; nothing where it is no whole number of nanoseconds.
std::optional<std::int64_t> to_fraction(std::string_view digits, std::int64_t one) {
  if (digits.empty()) return std::nullopt;
  std::int64_t value = 0;
  for (char c : digits) {
    // The unit is divided instead of a sum multiplied, so nothing can overflow.
    if (one % 10 != 0) {
      if (c != '0') return std::nullopt;
      continue;
    }
    one /= 10;
    value += one * (c - '0');
  }
  return value;
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  Scanner scan(text);
  std::int64_t sum = 0;
  std::size_t next_unit = 0;  // units from here on are still allowed
  do {
    const auto whole = to_whole(scan.digits());
    if (!whole) return std::nullopt;
    std::string_view fraction;
    const bool has_fraction = scan.skip('.');
    if (has_fraction) fraction = scan.digits();
    const std::string_view name = scan.letters();
    while (next_unit < units.size() && units[next_unit].name != name) ++next_unit;
    if (next_unit == units.size()) return std::nullopt;
    const std::int64_t one = units[next_unit++].length;
    std::int64_t part = 0;
    if (__builtin_mul_overflow(*whole, one, &part) || __builtin_add_overflow(sum, part, &sum)) return std::nullopt;
    if (has_fraction) {
      const auto extra = to_fraction(fraction, one);
      if (!extra || !scan.at_end() || __builtin_add_overflow(sum, *extra, &sum)) return std::nullopt;
    }
  } while (!scan.at_end());
  return Duration(sum);
}

std::string to_text(Duration length) {
  if (length == Duration::zero()) return "0s";
  std::string text;
  // Unsigned, because the most negative length has no positive counterpart.
  std::uint64_t rest = static_cast<std::uint64_t>(length.count());
  if (length < Duration::zero()) {
    text = "-";  // never read back: no quantity is negative, but a message about a broken one must be able to show it
    rest = 0 - rest;
  }
  for (const Unit& unit : units) {
    const auto one = static_cast<std::uint64_t>(unit.length);
    if (rest >= one) text += fmt::format("{}{}", rest / one, unit.name);
    rest %= one;
  }
  return text;
}

std::optional<Date> parse_date(std::string_view text) {
  Scanner scan(text);
  const auto year = scan.fixed(4);
  if (!year || !scan.skip('-')) return std::nullopt;
  const auto month = scan.fixed(2);
  if (!month || !scan.skip('-')) return std::nullopt;
  const auto day = scan.fixed(2);
  if (!day || !scan.skip('T')) return std::nullopt;
  const auto hour = scan.fixed(2);
  if (!hour || !scan.skip(':')) return std::nullopt;
  const auto minute = scan.fixed(2);
  if (!minute) return std::nullopt;

  int second = 0;
  std::int64_t fraction = 0;
  if (scan.skip(':')) {
    const auto value = scan.fixed(2);
    if (!value) return std::nullopt;
    second = *value;
    if (scan.skip('.')) {
      const auto digits = to_fraction(scan.digits(), nanoseconds(seconds(1)).count());
      if (!digits) return std::nullopt;
      fraction = *digits;
    }
  }

  seconds offset{0};
  if (!scan.skip('Z')) {
    const bool west = scan.next_is('-');
    if (!scan.skip(west ? '-' : '+')) return std::nullopt;
    const auto hours_off = scan.fixed(2);
    if (!hours_off || !scan.skip(':')) return std::nullopt;
    const auto minutes_off = scan.fixed(2);
    if (!minutes_off || *hours_off > 14 || *minutes_off > 59) return std::nullopt;
    offset = hours(*hours_off) + minutes(*minutes_off);
    if (west) offset = -offset;
  }
  if (!scan.at_end()) return std::nullopt;

  const std::chrono::year_month_day date(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok() || *hour > 23 || *minute > 59 || second > 59) return std::nullopt;
  const std::chrono::sys_seconds point =
      std::chrono::sys_days(date) + hours(*hour) + minutes(*minute) + seconds(second) - offset;
  if (point < std::chrono::floor<seconds>(Date::min()) || point > std::chrono::floor<seconds>(Date::max())) {
    return std::nullopt;
  }
  // The whole seconds that are nearer to the epoch, so that the product alone cannot leave the range of the sum.
  const seconds back{point.time_since_epoch() < seconds::zero() ? 1 : 0};
  std::int64_t count = 0;
  if (__builtin_mul_overflow((point.time_since_epoch() + back).count(), nanoseconds(seconds(1)).count(), &count) ||
      __builtin_add_overflow(count, fraction - nanoseconds(back).count(), &count)) {
    return std::nullopt;
  }
  return Date(nanoseconds(count));
}

std::string to_text(Date date) {
  // floor, not cast: before 1970 a cast would round towards the future. Seconds first, because the first day of the
  // range begins before its first nanosecond.
  const auto second = std::chrono::floor<seconds>(date);
  const auto day = std::chrono::floor<days>(second);
  const std::chrono::year_month_day ymd(day);
  const std::chrono::hh_mm_ss time(second - day);
  constexpr std::int64_t one_second = 1'000'000'000;
  const std::int64_t into_second = (date.time_since_epoch().count() % one_second + one_second) % one_second;
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(ymd.year()),
                                 static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()),
                                 time.hours().count(), time.minutes().count(), time.seconds().count());
  if (const auto milliseconds = into_second / 1'000'000; milliseconds != 0) text += fmt::format(".{:03}", milliseconds);
  return text + "Z";
}

std::optional<seconds> parse_time_of_day(std::string_view text) {
  Scanner scan(text);
  const auto hour = scan.fixed(2);
  if (!hour || !scan.skip(':')) return std::nullopt;
  const auto minute = scan.fixed(2);
  const auto second = scan.skip(':') ? scan.fixed(2) : std::optional(0);
  if (!minute || !second || !scan.at_end() || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return hours(*hour) + minutes(*minute) + seconds(*second);
}

// [days.]hours:minutes[:seconds[.fraction]], or days alone: "10" is ten days, as .NET reads it.
std::optional<Duration> parse_timespan(std::string_view text) {
  Scanner scan(text);
  auto first = to_whole(scan.digits());
  if (!first) return std::nullopt;
  std::int64_t day_count = 0;
  const bool days_alone = scan.at_end();
  if (days_alone) {
    day_count = *first;
    first = 0;
  } else {
    if (scan.skip('.')) {
      day_count = *first;
      first = to_whole(scan.digits());
    }
    if (!first || *first > 23 || !scan.skip(':')) return std::nullopt;
  }
  const std::int64_t hour_count = *first;
  std::int64_t minute_count = 0, second_count = 0, fraction = 0;
  if (!days_alone) {
    const auto minute = to_whole(scan.digits());
    if (!minute || *minute > 59) return std::nullopt;
    minute_count = *minute;
    if (scan.skip(':')) {
      const auto second = to_whole(scan.digits());
      if (!second || *second > 59) return std::nullopt;
      second_count = *second;
      if (scan.skip('.')) {
        const std::string_view digits = scan.digits();
        const auto value = to_fraction(digits, nanoseconds(seconds(1)).count());
        if (!value || digits.size() > 7) return std::nullopt;  // ticks of 100 ns
        fraction = *value;
      }
    }
    if (!scan.at_end()) return std::nullopt;
  }
  std::int64_t length = 0;
  const std::int64_t in_day =
      nanoseconds(hours(hour_count) + minutes(minute_count) + seconds(second_count)).count() + fraction;
  if (__builtin_mul_overflow(day_count, units[0].length, &length) || __builtin_add_overflow(length, in_day, &length)) {
    return std::nullopt;
  }
  return Duration(length);
}

}  // namespace rehearse::model

// Dates from texts and texts from dates.
#include <fmt/format.h>

#include <cstdio>
#include <optional>

#include "tests/far_side/date_parts.hpp"

namespace far_side {

namespace chrono = std::chrono;

DateParts parts_of(std::int64_t ticks) {
  const Ticks since_epoch(ticks - epoch_ticks);
  const auto day = chrono::floor<chrono::days>(since_epoch);
  return {chrono::year_month_day(chrono::sys_days(day)), chrono::hh_mm_ss<Ticks>(since_epoch - day)};
}

std::int64_t ticks_of_date(int year, unsigned month, unsigned day, std::int64_t hour, std::int64_t minute,
                           std::int64_t second) {
  const chrono::year_month_day date{chrono::year(year), chrono::month(month), chrono::day(day)};
  if (!date.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
    Error error("Year, Month, and Day parameters describe an un-representable DateTime.");
    error.type = "System.ArgumentOutOfRangeException";
    throw error;
  }
  const Ticks ticks = chrono::sys_days(date).time_since_epoch() + chrono::hours(hour) + chrono::minutes(minute) +
                      chrono::seconds(second);
  return ticks.count() + epoch_ticks;
}

Kind kind_of(const Value& date) {
  return static_cast<Kind>(date.member("Kind").whole());
}

std::int64_t offset_ticks() {
  return Ticks(local_offset).count();
}

std::string formatted(const Value& value, const std::string& format) {
  const std::int64_t ticks = ticks_of(value);
  const DateParts parts = parts_of(ticks);
  const Kind kind = kind_of(value);
  const std::string zone = kind == Kind::utc ? "Z" : kind == Kind::local ? "+02:00" : "";
  const std::string date = fmt::format("{:04}-{:02}-{:02}", int(parts.date.year()), unsigned(parts.date.month()),
                                       unsigned(parts.date.day()));
  const std::string time = fmt::format("{:02}:{:02}:{:02}", parts.time.hours().count(), parts.time.minutes().count(),
                                       parts.time.seconds().count());
  const std::int64_t fraction = parts.time.subseconds().count();
  if (format == "o" || format == "O") return fmt::format("{}T{}.{:07}{}", date, time, fraction, zone);
  if (format == "s") return date + "T" + time;
  if (format == "u") return date + " " + time + "Z";
  if (format.size() == 1) throw std::logic_error("DateTime.ToString: the format '" + format + "' is not known here");
  std::string text;
  for (std::size_t i = 0; i < format.size();) {
    const char c = format[i];
    if (c == '\'' || c == '"') {
      const std::size_t end = format.find(c, i + 1);
      text += format.substr(i + 1, end - i - 1);
      i = end == format.npos ? format.size() : end + 1;
      continue;
    }
    if (c == '\\') {
      text += format.substr(i + 1, 1);
      i += 2;
      continue;
    }
    std::size_t run = 1;
    while (i + run < format.size() && format[i + run] == c) ++run;
    i += run;
    const auto number = [&](std::int64_t n) { text += fmt::format("{:0{}}", n, run); };
    switch (c) {
      case 'y': number(run == 2 ? int(parts.date.year()) % 100 : int(parts.date.year())); break;
      case 'M':
        if (run > 2) throw std::logic_error("DateTime.ToString: names of months are not known here");
        number(unsigned(parts.date.month()));
        break;
      case 'd':
        if (run > 2) throw std::logic_error("DateTime.ToString: names of days are not known here");
        number(unsigned(parts.date.day()));
        break;
      case 'H': number(parts.time.hours().count()); break;
      case 'm': number(parts.time.minutes().count()); break;
      case 's': number(parts.time.seconds().count()); break;
      case 'f': text += fmt::format("{:07}", fraction).substr(0, run); break;
      case 'K': text += zone; break;
      case 'z': text += run == 3 ? (kind == Kind::utc ? "+00:00" : "+02:00") : (kind == Kind::utc ? "+0" : "+2"); break;
      case 'h':
      case 't':
      case 'g': throw std::logic_error("DateTime.ToString: the format '" + format + "' is not known here");
      default: text += std::string(run, c);
    }
  }
  return text;
}

Value parse_date_time(const std::string& text) {
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int read = 0;
  std::size_t end = 0;
  bool known = std::sscanf(text.c_str(), "%4d-%2d-%2d%n", &year, &month, &day, &read) == 3 ||
               std::sscanf(text.c_str(), "%2d/%2d/%4d%n", &month, &day, &year, &read) == 3;
  end = static_cast<std::size_t>(read);
  std::int64_t fraction = 0;
  if (known && end < text.size() && (text[end] == 'T' || text[end] == ' ')) {
    known = std::sscanf(text.c_str() + end + 1, "%2d:%2d:%2d%n", &hour, &minute, &second, &read) == 3;
    end += 1 + static_cast<std::size_t>(read);
    if (known && end < text.size() && text[end] == '.') {
      std::int64_t unit = 1'000'000;
      for (++end; end < text.size() && text[end] >= '0' && text[end] <= '9'; ++end, unit /= 10) {
        fraction += (text[end] - '0') * unit;
      }
    }
  }
  std::optional<std::int64_t> offset;
  if (known && text.substr(end) == "Z") {
    offset = 0;
    ++end;
  } else if (int hours = 0, minutes = 0;
             known && std::sscanf(text.c_str() + end, "%3d:%2d%n", &hours, &minutes, &read) == 2) {
    offset = Ticks(chrono::hours(hours) + chrono::minutes(hours < 0 ? -minutes : minutes)).count();
    end += static_cast<std::size_t>(read);
  }
  if (!known || end != text.size()) {
    throw Error("Cannot convert value \"" + text +
                    "\" to type \"System.DateTime\". Error: \"String was not recognized "
                    "as a valid DateTime.\"",
                "InvalidArgument", "InvalidCastParseTargetInvocation");
  }
  const std::int64_t ticks =
      ticks_of_date(year, static_cast<unsigned>(month), static_cast<unsigned>(day), hour, minute, second) + fraction;
  return offset ? date_time(ticks - *offset + offset_ticks(), Kind::local) : date_time(ticks, Kind::unspecified);
}

}  // namespace far_side

#include "tests/far_side/date_time.hpp"

#include <fmt/format.h>

#include <array>
#include <map>

#include "tests/far_side/date_parts.hpp"

namespace far_side {
namespace {

namespace chrono = std::chrono;

std::string shown_span(std::int64_t ticks) {
  const std::int64_t size = ticks < 0 ? -ticks : ticks;
  const chrono::hh_mm_ss<Ticks> time{Ticks(size % ticks_per_day)};
  std::string text = ticks < 0 ? "-" : "";
  if (size >= ticks_per_day) text += std::to_string(size / ticks_per_day) + ".";
  text += fmt::format("{:02}:{:02}:{:02}", time.hours().count(), time.minutes().count(), time.seconds().count());
  if (time.subseconds().count() != 0) text += fmt::format(".{:07}", time.subseconds().count());
  return text;
}

double number_of(const Value& value) {
  if (const auto* real = std::get_if<double>(&value.data)) return *real;
  return static_cast<double>(value.whole());
}

const std::map<std::string, double, NoCase>& units() {
  static const std::map<std::string, double, NoCase> all = {{"Milliseconds", 1e4}, {"Seconds", 1e7},  {"Minutes", 6e8},
                                                            {"Hours", 3.6e10},     {"Days", 8.64e11}, {"Ticks", 1}};
  return all;
}

/// "AddSeconds" -> the unit's ticks, after the word `before`.
std::optional<double> unit_after(const std::string& before, const std::string& name) {
  if (name.size() <= before.size() || !same_text(name.substr(0, before.size()), before)) return std::nullopt;
  const auto found = units().find(name.substr(before.size()));
  return found == units().end() ? std::nullopt : std::optional<double>(found->second);
}

Value with_months(const Value& date, std::int64_t months) {
  const DateParts parts = parts_of(ticks_of(date));
  chrono::year_month_day moved = parts.date + chrono::months(months);
  if (!moved.ok()) moved = moved.year() / moved.month() / chrono::last;
  const std::int64_t within_day = ticks_of(date) % ticks_per_day;
  const std::int64_t day = Ticks(chrono::sys_days(moved).time_since_epoch()).count() + epoch_ticks;
  return date_time(day + within_day, kind_of(date));
}

}  // namespace

Value date_time(std::int64_t ticks, Kind kind) {
  const DateParts parts = parts_of(ticks);
  const chrono::sys_days day(parts.date);
  static constexpr std::array<const char*, 7> days = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                      "Thursday", "Friday", "Saturday"};
  static constexpr std::array<const char*, 3> kinds = {"Unspecified", "Utc", "Local"};
  const unsigned weekday = chrono::weekday(day).c_encoding();
  const auto object = make_object(
      date_time_type,
      {{"Ticks", ticks},
       {"Kind", enumeration("System.DateTimeKind", kinds[static_cast<std::size_t>(kind)], static_cast<int>(kind))},
       {"Year", int(parts.date.year())},
       {"Month", static_cast<int>(unsigned(parts.date.month()))},
       {"Day", static_cast<int>(unsigned(parts.date.day()))},
       {"Hour", static_cast<std::int64_t>(parts.time.hours().count())},
       {"Minute", static_cast<std::int64_t>(parts.time.minutes().count())},
       {"Second", static_cast<std::int64_t>(parts.time.seconds().count())},
       {"Millisecond", static_cast<std::int64_t>(parts.time.subseconds().count() / 10'000)},
       {"DayOfWeek", enumeration("System.DayOfWeek", days[weekday], weekday)}});
  object->shown = fmt::format("{:02}/{:02}/{:04} {:02}:{:02}:{:02}", unsigned(parts.date.month()),
                              unsigned(parts.date.day()), int(parts.date.year()), parts.time.hours().count(),
                              parts.time.minutes().count(), parts.time.seconds().count());
  return object;
}

Value date_time(chrono::sys_time<chrono::milliseconds> instant) {
  return date_time(Ticks(instant.time_since_epoch()).count() + epoch_ticks, Kind::utc);
}

Value time_span(std::int64_t ticks) {
  const double real = static_cast<double>(ticks);
  const auto object = make_object(time_span_type, {{"Ticks", ticks},
                                                   {"Days", ticks / ticks_per_day},
                                                   {"Hours", ticks / 36'000'000'000 % 24},
                                                   {"Minutes", ticks / 600'000'000 % 60},
                                                   {"Seconds", ticks / 10'000'000 % 60},
                                                   {"Milliseconds", ticks / 10'000 % 1000}});
  for (const auto& [name, size] : units()) {
    if (name != "Ticks") object->members["Total" + name] = real / size;
  }
  object->shown = shown_span(ticks);
  return object;
}

bool is_date_time(const Value& value) {
  return value.object() != nullptr && value.object()->type == date_time_type;
}

bool is_time_span(const Value& value) {
  return value.object() != nullptr && value.object()->type == time_span_type;
}

std::int64_t ticks_of(const Value& value) {
  return value.member("Ticks").whole();
}

chrono::sys_time<chrono::milliseconds> instant_of(const Value& date) {
  const std::int64_t ticks = ticks_of(date) - (kind_of(date) == Kind::utc ? 0 : offset_ticks());
  return chrono::sys_time<chrono::milliseconds>(chrono::floor<chrono::milliseconds>(Ticks(ticks - epoch_ticks)));
}

std::optional<Value> date_time_method(const Value& value, const std::string& method, const Array& arguments) {
  const auto is = [&](const char* name, std::size_t count) {
    return same_text(method, name) && arguments.size() == count;
  };
  const std::int64_t ticks = ticks_of(value);
  if (is("CompareTo", 1)) return Value(ticks < ticks_of(arguments[0]) ? -1 : ticks > ticks_of(arguments[0]) ? 1 : 0);
  if (is("Equals", 1)) return Value(ticks == ticks_of(arguments[0]));
  if (is_time_span(value)) {
    if (is("ToString", 0)) return Value(value.text());
    if (is("Add", 1)) return time_span(ticks + ticks_of(arguments[0]));
    if (is("Subtract", 1)) return time_span(ticks - ticks_of(arguments[0]));
    return std::nullopt;
  }
  const Kind kind = kind_of(value);
  if (is("ToString", 0)) return Value(value.text());
  if (same_text(method, "ToString") && (arguments.size() == 1 || arguments.size() == 2)) {
    return Value(formatted(value, arguments[0].text()));
  }
  if (is("ToUniversalTime", 0)) return date_time(kind == Kind::utc ? ticks : ticks - offset_ticks(), Kind::utc);
  if (is("ToLocalTime", 0)) return date_time(kind == Kind::local ? ticks : ticks + offset_ticks(), Kind::local);
  if (is("ToFileTimeUtc", 0) || is("ToFileTime", 0)) {
    const bool local = kind == Kind::local || (kind == Kind::unspecified && is("ToFileTime", 0));
    return Value(ticks - (local ? offset_ticks() : 0) - file_time_epoch);
  }
  if (is("AddMonths", 1)) return with_months(value, arguments[0].whole());
  if (is("AddYears", 1)) return with_months(value, 12 * arguments[0].whole());
  if (is("Add", 1)) return date_time(ticks + ticks_of(arguments[0]), kind);
  if (is("Subtract", 1)) {
    const std::int64_t other = ticks_of(arguments[0]);
    return is_time_span(arguments[0]) ? date_time(ticks - other, kind) : time_span(ticks - other);
  }
  if (const auto unit = unit_after("Add", method); unit && arguments.size() == 1) {
    return date_time(ticks + static_cast<std::int64_t>(number_of(arguments[0]) * *unit), kind);
  }
  return std::nullopt;
}

std::optional<Value> date_time_static(const std::string& type, const std::string& name, const Array* arguments) {
  if (type == time_span_type) {
    if (arguments == nullptr) return same_text(name, "Zero") ? std::optional(time_span(0)) : std::nullopt;
    if (const auto unit = unit_after("From", name); unit && arguments->size() == 1) {
      return time_span(static_cast<std::int64_t>(number_of(arguments->front()) * *unit));
    }
    if (same_text(name, "new") && arguments->size() >= 3) {
      const bool days = arguments->size() >= 4;
      const std::size_t first = days ? 1 : 0;
      return time_span(((((days ? (*arguments)[0].whole() : 0) * 24 + (*arguments)[first].whole()) * 60 +
                         (*arguments)[first + 1].whole()) *
                            60 +
                        (*arguments)[first + 2].whole()) *
                       10'000'000);
    }
    return std::nullopt;
  }
  if (type != date_time_type) return std::nullopt;
  if (arguments == nullptr) {
    return same_text(name, "MinValue") ? std::optional(date_time(0, Kind::unspecified)) : std::nullopt;
  }
  const Array& given = *arguments;
  if (same_text(name, "FromFileTimeUtc") && given.size() == 1) {
    return date_time(given[0].whole() + file_time_epoch, Kind::utc);
  }
  if (same_text(name, "FromFileTime") && given.size() == 1) {
    return date_time(given[0].whole() + file_time_epoch + offset_ticks(), Kind::local);
  }
  if (same_text(name, "SpecifyKind") && given.size() == 2) {
    const std::string kind = given[1].text();
    return date_time(ticks_of(given[0]), same_text(kind, "Utc")     ? Kind::utc
                                         : same_text(kind, "Local") ? Kind::local
                                                                    : Kind::unspecified);
  }
  if (same_text(name, "Parse") && given.size() == 1) return parse_date_time(given[0].text());
  if (same_text(name, "new") && (given.size() == 1 || given.size() == 2) && !given[0].is_null()) {
    const bool utc = given.size() == 2 && same_text(given[1].text(), "Utc");
    return date_time(given[0].whole(), utc ? Kind::utc : Kind::unspecified);
  }
  if (same_text(name, "new") && (given.size() == 3 || given.size() == 6 || given.size() == 7)) {
    const auto at = [&](std::size_t index) { return index < given.size() ? given[index].whole() : 0; };
    const std::string kind = given.size() == 7 ? given[6].text() : "";
    return date_time(ticks_of_date(static_cast<int>(at(0)), static_cast<unsigned>(at(1)), static_cast<unsigned>(at(2)),
                                   at(3), at(4), at(5)),
                     same_text(kind, "Utc")     ? Kind::utc
                     : same_text(kind, "Local") ? Kind::local
                                                : Kind::unspecified);
  }
  return std::nullopt;
}

}  // namespace far_side

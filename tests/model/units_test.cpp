#include "model/units.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace rehearse::model {
namespace {

using namespace std::chrono_literals;

TEST(Units, reads_lengths_with_one_unit_and_sums_with_falling_units) {
  EXPECT_EQ(parse_duration("500ms"), Duration(500ms));
  EXPECT_EQ(parse_duration("30s"), Duration(30s));
  EXPECT_EQ(parse_duration("5m"), Duration(5min));
  EXPECT_EQ(parse_duration("2h"), Duration(2h));
  EXPECT_EQ(parse_duration("7d"), Duration(168h));
  EXPECT_EQ(parse_duration("41m30s"), Duration(41min + 30s));
  EXPECT_EQ(parse_duration("1d2h3m4s5ms6us7ns"), Duration(26h + 3min + 4s + 5ms + 6us + 7ns));
  EXPECT_EQ(parse_duration("0s"), Duration(0));
  EXPECT_EQ(parse_duration("90m"), Duration(90min));
}

TEST(Units, reads_a_decimal_fraction_in_the_last_part_when_it_is_exact) {
  EXPECT_EQ(parse_duration("0.6s"), Duration(600ms));
  EXPECT_EQ(parse_duration("1.5h"), Duration(90min));
  EXPECT_EQ(parse_duration("1m0.25s"), Duration(1min + 250ms));
  EXPECT_EQ(parse_duration("0.000000001s"), Duration(1ns));
  EXPECT_EQ(parse_duration("0.0000000010s"), Duration(1ns));
  EXPECT_EQ(parse_duration("0.0000000001s"), std::nullopt);
  EXPECT_EQ(parse_duration("0.5ns"), std::nullopt);
  EXPECT_EQ(parse_duration("1.5m30s"), std::nullopt);
}

TEST(Units, refuses_what_is_no_length) {
  for (const char* text : {"",
                           " ",
                           "s",
                           "5",
                           "5 s",
                           " 5s",
                           "5s ",
                           "-5s",
                           "+5s",
                           "5S",
                           "5sec",
                           "5s5m",
                           "5s5s",
                           "5m5",
                           "1e3s",
                           ".5s",
                           "5.s",
                           "1.2.3s",
                           "0x5s",
                           "5\xC2\xB5s",
                           "9223372037s",
                           "99999999999999999999s",
                           "106752d",
                           "292y"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << '"' << text << '"';
  }
  EXPECT_EQ(parse_duration("9223372036854775807ns"), Duration::max());
  EXPECT_EQ(parse_duration("9223372036854775808ns"), std::nullopt);
}

TEST(Units, writes_lengths_as_people_say_them) {
  EXPECT_EQ(to_text(Duration(0)), "0s");
  EXPECT_EQ(to_text(Duration(90s)), "1m30s");
  EXPECT_EQ(to_text(Duration(500ms)), "500ms");
  EXPECT_EQ(to_text(Duration(168h)), "7d");
  EXPECT_EQ(to_text(Duration(-2s)), "-2s");
  EXPECT_EQ(to_text(Duration::min()), "-106751d23h47m16s854ms775us808ns");
}

TEST(Units, reads_back_every_length_it_writes) {
  EXPECT_EQ(parse_duration(to_text(Duration::max())), Duration::max());
  for (std::int64_t length = 1; length > 0 && length < std::numeric_limits<std::int64_t>::max() / 7; length *= 7) {
    for (std::int64_t near : {length - 1, length, length + 1}) {
      EXPECT_EQ(parse_duration(to_text(Duration(near))), Duration(near));
    }
  }
}

TEST(Units, reads_dates_with_an_offset) {
  const Date date = std::chrono::sys_days(std::chrono::year(2027) / 3 / 1) + 30min;
  EXPECT_EQ(parse_date("2027-03-01T00:30:00Z"), date);
  EXPECT_EQ(parse_date("2027-03-01T00:30Z"), date);
  EXPECT_EQ(parse_date("2027-03-01T01:30:00+01:00"), date);
  EXPECT_EQ(parse_date("2027-02-28T19:00:00-05:30"), date);
  EXPECT_EQ(parse_date("2027-03-01T00:30:00.25Z"), date + 250ms);
  EXPECT_EQ(parse_date("2028-02-29T00:00:00Z"), Date(std::chrono::sys_days(std::chrono::year(2028) / 2 / 29)));
}

TEST(Units, refuses_what_is_no_date) {
  for (const char* text :
       {"", "2027-03-01", "2027-03-01T00:30:00", "2027-02-29T00:00:00Z", "2027-13-01T00:00:00Z", "2027-00-01T00:00:00Z",
        "2027-03-01T24:00:00Z", "2027-03-01T00:60:00Z", "2027-03-01T00:00:60Z", "2027-03-01 00:30:00Z",
        "2027-03-01T00:30:00z", "2027-3-1T00:30:00Z", "2027-03-01T00:30:00Zx", "2027-03-01T00:30:00+1:00",
        "2027-03-01T00:30:00+15:00", "2027-03-01T00:30:00.Z", "1600-01-01T00:00:00Z", "2263-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z"}) {
    EXPECT_EQ(parse_date(text), std::nullopt) << '"' << text << '"';
  }
}

TEST(Units, writes_dates_in_utc) {
  EXPECT_EQ(to_text(*parse_date("2027-03-01T01:30:00+01:00")), "2027-03-01T00:30:00Z");
  EXPECT_EQ(to_text(*parse_date("2027-03-01T00:30:00.0419Z")), "2027-03-01T00:30:00.041Z");
  EXPECT_EQ(to_text(*parse_date("1969-12-31T23:59:59.5Z")), "1969-12-31T23:59:59.500Z");
  EXPECT_EQ(to_text(Date::min()), "1677-09-21T00:12:43.145Z");
  EXPECT_EQ(to_text(Date::max()), "2262-04-11T23:47:16.854Z");
}

TEST(Units, reads_every_nanosecond_that_a_date_can_be) {
  EXPECT_EQ(parse_date("1677-09-21T00:12:43.145224192Z"), Date::min());
  EXPECT_EQ(parse_date("2262-04-11T23:47:16.854775807Z"), Date::max());
  EXPECT_EQ(parse_date("1969-12-31T23:59:59.999999999Z"), Date(Duration(-1)));
  EXPECT_EQ(parse_date("1677-09-21T00:12:43.145224191Z"), std::nullopt);
  EXPECT_EQ(parse_date("2262-04-11T23:47:16.854775808Z"), std::nullopt);
}

TEST(TimesOfDay, are_hours_and_minutes_and_perhaps_seconds_of_one_day) {
  EXPECT_EQ(parse_time_of_day("00:00"), 0s);
  EXPECT_EQ(parse_time_of_day("01:02:03"), 1h + 2min + 3s);
  EXPECT_EQ(parse_time_of_day("23:59:59"), 24h - 1s);
  for (const char* wrong : {"", "1:00", "01", "01:", "01:00:", "24:00", "01:60", "01:00:60", "01:00:00.5", "01:00 ",
                            "-1:00", "01.00", "0a:00"}) {
    EXPECT_EQ(parse_time_of_day(wrong), std::nullopt) << wrong;
  }
}

TEST(Units, reads_the_time_spans_of_the_settings_files) {
  EXPECT_EQ(parse_timespan("00:01:00"), Duration(1min));
  EXPECT_EQ(parse_timespan("7.00:00:00"), Duration(168h));
  EXPECT_EQ(parse_timespan("00:00:00.500"), Duration(500ms));
  EXPECT_EQ(parse_timespan("00:00:10.0000001"), Duration(10s + 100ns));
  EXPECT_EQ(parse_timespan("12:30"), Duration(12h + 30min));
  EXPECT_EQ(parse_timespan("10"), Duration(240h));
  for (const char* text : {"", ":", "1:", "24:00:00", "00:60:00", "00:00:60", "-00:01:00", "1.", "1.2", "00:01:00 ",
                           "00:01:00.", "00:00:00.12345678", "0:0:0:0", "106752", "PT1M"}) {
    EXPECT_EQ(parse_timespan(text), std::nullopt) << '"' << text << '"';
  }
}

}  // namespace
}  // namespace rehearse::model

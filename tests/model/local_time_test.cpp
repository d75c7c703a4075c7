// Times of day on the two nights a year on which clocks are changed, north and south of the equator, and where they
// are changed by half an hour or at midnight. The dates of the changes are those of tzdata for 2026.
#include "model/local_time.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace rehearse::model {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::chrono_literals;

Date at(const char* text) {
  return parse_date(text).value();
}

std::vector<std::string> shown(const std::string& zone, std::chrono::seconds time, const char* from, const char* until,
                               const std::vector<std::chrono::weekday>& days = {}) {
  std::vector<std::string> texts;
  for (const Date date : daily_occurrences(zone, time, at(from), at(until), days)) texts.push_back(to_text(date));
  return texts;
}

TEST(LocalTime, the_same_time_of_day_is_another_instant_in_summer) {
  EXPECT_THAT(shown("Europe/Paris", 1h, "2026-03-28T00:00:00Z", "2026-03-30T12:00:00Z"),
              ElementsAre("2026-03-28T00:00:00Z", "2026-03-29T00:00:00Z", "2026-03-29T23:00:00Z"));
}

TEST(LocalTime, a_time_that_a_spring_night_skips_is_the_first_instant_after_the_gap) {
  EXPECT_THAT(shown("Europe/Paris", 2h + 30min, "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z"),
              ElementsAre("2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"));
  EXPECT_THAT(shown("Australia/Sydney", 2h + 30min, "2026-10-03T06:00:00Z", "2026-10-05T06:00:00Z"),
              ElementsAre("2026-10-03T16:00:00Z", "2026-10-04T15:30:00Z"));
  EXPECT_THAT(shown("Australia/Lord_Howe", 2h + 10min, "2026-10-03T06:00:00Z", "2026-10-05T06:00:00Z"),
              ElementsAre("2026-10-03T15:30:00Z", "2026-10-04T15:10:00Z"));
}

TEST(LocalTime, of_a_time_that_an_autumn_night_shows_twice_the_first_counts) {
  EXPECT_THAT(shown("Europe/Paris", 2h + 30min, "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z"),
              ElementsAre("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"));
  EXPECT_THAT(shown("Australia/Sydney", 2h + 30min, "2026-04-04T06:00:00Z", "2026-04-06T06:00:00Z"),
              ElementsAre("2026-04-04T15:30:00Z", "2026-04-05T16:30:00Z"));
  // On Lord Howe Island only the half hour from 01:30 on comes twice.
  EXPECT_THAT(shown("Australia/Lord_Howe", 1h + 45min, "2026-04-04T06:00:00Z", "2026-04-06T06:00:00Z"),
              ElementsAre("2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"));
}

TEST(LocalTime, every_day_of_a_year_has_every_time_once) {
  for (const char* zone : {"UTC", "Europe/Paris", "Australia/Sydney", "Australia/Lord_Howe", "America/Santiago"}) {
    for (int quarter = 0; quarter < 96; ++quarter) {
      const auto found = daily_occurrences(zone, quarter * 15min, at("2026-01-10T12:00:00Z"),
                                           at("2026-01-10T12:00:00Z") + std::chrono::days(365) - 1s);
      EXPECT_EQ(found.size(), 365u) << zone << ' ' << quarter;
      EXPECT_TRUE(std::is_sorted(found.begin(), found.end())) << zone << ' ' << quarter;
    }
  }
}

TEST(LocalTime, days_of_the_week_are_local_ones) {
  // 2026-10-05 is a Monday. In Auckland it begins at 11:00 UTC of the Sunday.
  EXPECT_THAT(shown("Pacific/Auckland", 1h, "2026-10-01T00:00:00Z", "2026-10-14T00:00:00Z", {std::chrono::Monday}),
              ElementsAre("2026-10-04T12:00:00Z", "2026-10-11T12:00:00Z"));
  EXPECT_THAT(shown("America/New_York", 23h, "2026-10-05T00:00:00Z", "2026-10-12T00:00:00Z",
                    {std::chrono::Friday, std::chrono::Monday}),
              ElementsAre("2026-10-06T03:00:00Z", "2026-10-10T03:00:00Z"));
  EXPECT_THAT(shown("UTC", 1h, "2026-10-05T00:00:00Z", "2026-10-06T00:00:00Z", {std::chrono::Sunday}), IsEmpty());
}

TEST(LocalTime, a_sunday_keeps_its_time_on_the_nights_of_the_change) {
  EXPECT_THAT(shown("Europe/Paris", 2h + 30min, "2026-03-20T00:00:00Z", "2026-04-06T00:00:00Z", {std::chrono::Sunday}),
              ElementsAre("2026-03-22T01:30:00Z", "2026-03-29T01:00:00Z", "2026-04-05T00:30:00Z"));
}

TEST(LocalTime, midnight_is_the_first_instant_of_the_local_day) {
  const auto midnight = [](const char* zone, const char* text) {
    return to_text(local_midnight_before(zone, at(text)));
  };
  EXPECT_EQ(midnight("Europe/Paris", "2026-10-05T01:00:00Z"), "2026-10-04T22:00:00Z");
  EXPECT_EQ(midnight("Europe/Paris", "2026-10-04T22:00:00Z"), "2026-10-04T22:00:00Z");
  EXPECT_EQ(midnight("Europe/Paris", "2026-10-04T21:59:59.999Z"), "2026-10-03T22:00:00Z");
  EXPECT_EQ(midnight("Europe/Paris", "2026-10-25T12:00:00Z"), "2026-10-24T22:00:00Z");      // the day of 25 hours
  EXPECT_EQ(midnight("America/Santiago", "2026-09-06T12:00:00Z"), "2026-09-06T04:00:00Z");  // 00:00 is skipped
}

TEST(LocalTime, a_span_lasts_until_clocks_are_changed) {
  const OffsetSpan summer = offset_span("Europe/Paris", at("2026-07-01T00:00:00Z"));
  EXPECT_EQ(summer.offset, 2h);
  EXPECT_EQ(to_text(summer.until), "2026-10-25T01:00:00Z");
  EXPECT_EQ(offset_span("Europe/Paris", summer.until).offset, 1h);
  EXPECT_EQ(offset_span("Australia/Lord_Howe", at("2026-07-01T00:00:00Z")).offset, 10h + 30min);
  EXPECT_EQ(offset_span("UTC", at("2026-07-01T00:00:00Z")).until, Date::max());
}

TEST(LocalTime, a_zone_that_nobody_knows_is_refused) {
  const Date now = at("2026-07-01T00:00:00Z");
  EXPECT_FALSE(zone_exists("Europe/Atlantis"));
  EXPECT_THROW(daily_occurrences("Europe/Atlantis", 1h, now, now), std::invalid_argument);
  EXPECT_THROW(local_midnight_before("Europe/Atlantis", now), std::invalid_argument);
  EXPECT_THROW(offset_span("Europe/Atlantis", now), std::invalid_argument);
  EXPECT_THROW(local_hour("Europe/Atlantis", now), std::invalid_argument);
}

}  // namespace
}  // namespace rehearse::model

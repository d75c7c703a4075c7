// Rates that follow the clock, and the arrivals they give.
#include "model/arrival_rate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include "model/local_time.hpp"

namespace rehearse::model {
namespace {

using testing::ElementsAre;
using namespace std::chrono_literals;

Date at(const char* text) {
  return parse_date(text).value();
}

std::vector<std::string> shown(const std::vector<RateStep>& steps) {
  std::vector<std::string> texts;
  for (const RateStep& step : steps) texts.push_back(to_text(step.from) + " " + std::to_string(step.per_second * 3600));
  return texts;
}

double seconds_of(Duration length) {
  return std::chrono::duration<double>(length).count();
}

/// What the rate adds up to over [from, until].
double sum_over(const std::vector<RateStep>& steps, Date from, Date until) {
  double sum = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Date begin = std::max(from, steps[i].from);
    const Date end = i + 1 < steps.size() ? std::min(until, steps[i + 1].from) : until;
    if (end > begin) sum += steps[i].per_second * seconds_of(end - begin);
  }
  return sum;
}

const std::vector<ProfileStep> office = {{0h, 0.2}, {8h, 3}, {18h, 0.5}};

TEST(RateSteps, without_a_profile_there_is_one) {
  EXPECT_THAT(shown(rate_steps("Europe/Paris", 120, {}, at("2026-03-01T00:00:00Z"), at("2026-12-01T00:00:00Z"))),
              ElementsAre("2026-03-01T00:00:00Z 120.000000"));
}

TEST(RateSteps, follow_local_times_of_day) {
  EXPECT_THAT(shown(rate_steps("Europe/Paris", 100, office, at("2026-10-05T10:00:00Z"), at("2026-10-06T07:00:00Z"))),
              ElementsAre("2026-10-05T10:00:00Z 300.000000", "2026-10-05T16:00:00Z 50.000000",
                          "2026-10-05T22:00:00Z 20.000000", "2026-10-06T06:00:00Z 300.000000"));
}

TEST(RateSteps, the_evening_s_factor_goes_on_until_the_first_step_of_the_morning) {
  EXPECT_THAT(shown(rate_steps("UTC", 10, {{6h, 2}, {20h, 1}}, at("2026-10-05T01:00:00Z"), at("2026-10-06T01:00:00Z"))),
              ElementsAre("2026-10-05T01:00:00Z 10.000000", "2026-10-05T06:00:00Z 20.000000",
                          "2026-10-05T20:00:00Z 10.000000"));
}

TEST(RateSteps, an_hour_that_a_spring_night_skips_is_absent) {
  EXPECT_THAT(shown(rate_steps("Europe/Paris", 1, {{0h, 1}, {2h, 5}, {3h, 2}}, at("2026-03-29T00:00:00Z"),
                               at("2026-03-29T12:00:00Z"))),
              ElementsAre("2026-03-29T00:00:00Z 1.000000", "2026-03-29T01:00:00Z 2.000000"));
}

TEST(RateSteps, an_hour_that_an_autumn_night_shows_twice_counts_twice) {
  EXPECT_THAT(
      shown(rate_steps("Europe/Paris", 1, {{0h, 1}, {2h + 30min, 5}, {3h, 2}}, at("2026-10-25T00:00:00Z"),
                       at("2026-10-25T12:00:00Z"))),
      ElementsAre("2026-10-25T00:00:00Z 1.000000", "2026-10-25T00:30:00Z 5.000000", "2026-10-25T01:00:00Z 1.000000",
                  "2026-10-25T01:30:00Z 5.000000", "2026-10-25T02:00:00Z 2.000000"));
}

TEST(RateSteps, a_change_by_half_an_hour_moves_half_an_hour) {
  // Lord Howe, spring: 02:00 becomes 02:30. Autumn: 02:00 becomes 01:30.
  EXPECT_THAT(
      shown(rate_steps("Australia/Lord_Howe", 1, {{0h, 1}, {2h, 5}, {3h, 2}}, at("2026-10-03T15:00:00Z"),
                       at("2026-10-03T20:00:00Z"))),
      ElementsAre("2026-10-03T15:00:00Z 1.000000", "2026-10-03T15:30:00Z 5.000000", "2026-10-03T16:00:00Z 2.000000"));
  EXPECT_THAT(
      shown(rate_steps("Australia/Lord_Howe", 1, {{0h, 1}, {1h + 30min, 5}, {2h, 2}}, at("2026-04-04T14:00:00Z"),
                       at("2026-04-04T20:00:00Z"))),
      ElementsAre("2026-04-04T14:00:00Z 1.000000", "2026-04-04T14:30:00Z 5.000000", "2026-04-04T15:30:00Z 2.000000"));
}

TEST(RateSteps, an_interval_without_length_has_its_first_step) {
  EXPECT_THAT(shown(rate_steps("UTC", 1, office, at("2026-10-05T09:00:00Z"), at("2026-10-05T09:00:00Z"))),
              ElementsAre("2026-10-05T09:00:00Z 3.000000"));
}

// The other way to the same sum: what do clocks show in this minute?
TEST(RateSteps, add_up_to_what_clocks_show_minute_by_minute) {
  std::vector<ProfileStep> profile;
  for (int hour = 0; hour < 24; ++hour) profile.push_back({std::chrono::hours(hour), 1.0 + hour * hour % 7});
  for (const char* zone : {"UTC", "Europe/Paris", "Australia/Sydney", "Australia/Lord_Howe", "America/Santiago"}) {
    const Date from = at("2026-01-01T00:17:00Z"), until = at("2027-01-01T00:00:00Z");
    const auto steps = rate_steps(zone, 60, profile, from, until);
    double in_day = 0;
    Date day = from;
    for (Date minute = from; minute < until; minute += 1min) {
      in_day += profile[static_cast<std::size_t>(local_hour(zone, minute))].factor;
      const Date next = minute + 1min;
      if (next - day < std::chrono::days(1) && next < until) continue;
      EXPECT_NEAR(sum_over(steps, day, next), in_day, 1e-6) << zone << ' ' << to_text(day);
      day = next;
      in_day = 0;
    }
  }
}

TEST(ArrivalAfter, is_where_the_rate_has_added_up_to_the_amount) {
  const Date start = at("2026-10-05T00:00:00Z"), until = start + 1h;
  const std::vector<RateStep> steps = {{start, 1}, {start + 10s, 0}, {start + 20s, 2}};
  EXPECT_EQ(arrival_after(steps, start, 2.5, until), start + 2500ms);
  EXPECT_EQ(arrival_after(steps, start, 10, until), start + 10s);
  EXPECT_EQ(arrival_after(steps, start, 12, until), start + 21s);
  EXPECT_EQ(arrival_after(steps, start + 15s, 2, until), start + 21s);
  EXPECT_EQ(arrival_after(steps, start + 20s, 2, until), start + 21s);
  EXPECT_EQ(arrival_after(steps, start + 30s, 1e-12, until), start + 30s + 1ns);  // rounded up: time goes on
}

TEST(ArrivalAfter, nothing_arrives_beyond_the_end) {
  const Date start = at("2026-10-05T00:00:00Z");
  const std::vector<RateStep> steps = {{start, 1}, {start + 10s, 0}};
  EXPECT_EQ(arrival_after(steps, start, 5, start + 5s), start + 5s);
  EXPECT_EQ(arrival_after(steps, start, 5.001, start + 5s), std::nullopt);
  EXPECT_EQ(arrival_after(steps, start, 10.001, start + 10h), std::nullopt);
  EXPECT_EQ(arrival_after(steps, start + 20s, 0.1, start + 10h), std::nullopt);
  EXPECT_EQ(arrival_after(steps, start + 20s, 0.1, start + 10s), std::nullopt);
  EXPECT_EQ(arrival_after({{start, 1e-12}}, start, 700, start + 24h * 365), std::nullopt);
}

/// Numbers in (0, 1) and unit exponential amounts, the same everywhere.
class Numbers {
 public:
  explicit Numbers(std::uint64_t seed) : bits_(seed) {}
  double unit() { return (static_cast<double>(bits_() >> 11) + 0.5) / 9007199254740992.0; }
  double exponential() { return -std::log(unit()); }

 private:
  std::mt19937_64 bits_;
};

TEST(ArrivalAfter, adds_up_to_the_amount_wherever_it_begins) {
  const Date from = at("2026-10-20T00:00:00Z"), until = at("2026-11-20T00:00:00Z");
  const auto steps = rate_steps("Europe/Paris", 2, office, from, until);
  Numbers numbers(7);
  for (int i = 0; i < 2000; ++i) {
    const Date t = from + Duration(static_cast<std::int64_t>(numbers.unit() * 14 * 86400e9));
    const double first = numbers.exponential(), second = numbers.exponential();
    const auto arrival = arrival_after(steps, t, first + second, until);
    ASSERT_TRUE(arrival);
    EXPECT_NEAR(sum_over(steps, t, *arrival), first + second, 1e-9);
    // Two amounts one after the other lead as far as their sum, but for the rounding up.
    const Date halfway = arrival_after(steps, t, first, until).value();
    EXPECT_NEAR(seconds_of(arrival_after(steps, halfway, second, until).value() - *arrival), 0, 2e-5);
  }
}

using Hours = std::array<double, 24>;

Hours arrivals_by_hour(const std::string& zone, const std::vector<RateStep>& steps, Date from, Date until,
                       std::uint64_t seed) {
  Numbers numbers(seed);
  Hours counts{};
  for (auto t = arrival_after(steps, from, numbers.exponential(), until); t;
       t = arrival_after(steps, *t, numbers.exponential(), until)) {
    ++counts[static_cast<std::size_t>(local_hour(zone, *t))];
  }
  return counts;
}

// 60 whole local days around the autumn change: the hour from 02:00 on is there 61 times.
TEST(Arrivals, come_as_often_as_the_profile_says_within_four_standard_errors) {
  const std::string zone = "Europe/Paris";
  const Date from = at("2026-09-30T22:00:00Z"), until = at("2026-11-29T23:00:00Z");
  const auto steps = rate_steps(zone, 20, office, from, until);
  for (const std::uint64_t seed : {1, 2, 3}) {
    const Hours counts = arrivals_by_hour(zone, steps, from, until, seed);
    for (std::size_t hour = 0; hour < counts.size(); ++hour) {
      const double days = hour == 2 ? 61 : 60;
      const double wanted = days * 20 * (hour < 8 ? 0.2 : hour < 18 ? 3 : 0.5);
      EXPECT_NEAR(counts[hour], wanted, 4 * std::sqrt(wanted)) << "hour " << hour << ", seed " << seed;
    }
  }
}

// Thinning draws from the highest rate and refuses some: another road to the same process.
TEST(Arrivals, agree_with_thinning_within_four_standard_errors) {
  const std::string zone = "Australia/Sydney";
  const Date from = at("2026-09-25T14:00:00Z"), until = at("2026-11-24T13:00:00Z");
  const auto steps = rate_steps(zone, 20, office, from, until);
  for (const std::uint64_t seed : {4, 5, 6}) {
    const Hours inverted = arrivals_by_hour(zone, steps, from, until, seed);
    Hours thinned{};
    Numbers numbers(seed + 100);
    const double highest = 20 * 3 / 3600.0;
    for (Date t = from;;) {
      t += Duration(static_cast<std::int64_t>(numbers.exponential() / highest * 1e9));
      if (t > until) break;
      const int hour = local_hour(zone, t);
      const double factor = hour < 8 ? 0.2 : hour < 18 ? 3 : 0.5;
      if (numbers.unit() < factor / 3) ++thinned[static_cast<std::size_t>(hour)];
    }
    for (std::size_t hour = 0; hour < thinned.size(); ++hour) {
      EXPECT_NEAR(inverted[hour], thinned[hour], 4 * std::sqrt(inverted[hour] + thinned[hour]))
          << "hour " << hour << ", seed " << seed;
    }
  }
}

// Gaps at a constant rate are exponential: one quarter of them each below, between and above the quartiles.
TEST(Arrivals, of_a_constant_rate_have_exponential_gaps) {
  const Date from = at("2026-10-05T00:00:00Z"), until = from + std::chrono::days(30);
  const auto steps = rate_steps("UTC", 60, {}, from, until);
  Numbers numbers(11);
  std::array<double, 4> quarters{};
  double gaps = 0;
  Date last = from;
  for (auto t = arrival_after(steps, last, numbers.exponential(), until); t;
       t = arrival_after(steps, last, numbers.exponential(), until)) {
    const double share = 1 - std::exp(-seconds_of(*t - last) / 60);
    ++quarters[static_cast<std::size_t>(share * 4)];
    ++gaps;
    last = *t;
  }
  for (const double quarter : quarters) EXPECT_NEAR(quarter, gaps / 4, 4 * std::sqrt(gaps * 3 / 16));
}

}  // namespace
}  // namespace rehearse::model

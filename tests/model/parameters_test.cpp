#include "model/parameters.hpp"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

#include "model/defaults.hpp"

namespace rehearse::model {
namespace {

using namespace std::chrono_literals;

const LedgerRow& row_named(const std::vector<LedgerRow>& ledger, std::string_view name) {
  for (const LedgerRow& row : ledger) {
    if (row.name == name) return row;
  }
  throw std::logic_error("no such row");
}

TEST(Parameters, every_row_has_a_name_of_its_own_a_value_and_a_source) {
  const std::vector<LedgerRow> ledger = Parameters().ledger();
  EXPECT_EQ(ledger.size(), timing_count + setting_count + switch_count);
  std::set<std::string> names;
  for (const LedgerRow& row : ledger) {
    names.insert(row.name);
    EXPECT_FALSE(row.value.empty()) << row.name;
    EXPECT_FALSE(row.source.empty()) << row.name;
  }
  EXPECT_EQ(names.size(), ledger.size());
}

TEST(Parameters, every_default_timing_is_a_sound_distribution) {
  const Parameters parameters;
  for (std::size_t i = 0; i < timing_count; ++i) {
    const auto timing = static_cast<Timing>(i);
    EXPECT_EQ(problem_of(parameters[timing]), "") << name_of(timing);
  }
}

TEST(Parameters, hold_the_documented_numbers) {
  const Parameters parameters;
  EXPECT_EQ(parameters.length(Setting::same_subnet_delay), Duration(1s));
  EXPECT_EQ(parameters.length(Setting::restart_period), Duration(15min));
  EXPECT_EQ(parameters.length(Setting::retry_period_on_failure), Duration(1h));
  EXPECT_EQ(parameters.length(Setting::failover_period), Duration(6h));
  EXPECT_EQ(parameters[Setting::restart_threshold], 1);
  EXPECT_EQ(parameters.length(Setting::first_lease), Duration(5min));
  EXPECT_EQ(parameters[Timing::regroup], Distribution::triangular(600ms, 650ms, 4300ms));
  EXPECT_EQ(parameters[Timing::boot_physical], Distribution::lognormal(5min, 12min));
  EXPECT_TRUE(parameters[Switch::startup_stamping]);
  EXPECT_FALSE(parameters[Switch::sweep_at_master_start]);
}

TEST(Parameters, the_three_parts_of_a_connect_timeout_agree) {
  const Parameters parameters;
  const Duration last_wait =
      parameters.length(Setting::tcp_connect_timeout) - parameters.length(Setting::syn_retry_second);
  EXPECT_EQ(last_wait, Duration(12s));  // 0, 3, 9 and then 12 s of silence: the third doubled wait
}

TEST(Parameters, counts_are_counts_and_lengths_are_lengths) {
  EXPECT_TRUE(is_count(Setting::same_subnet_threshold));
  EXPECT_TRUE(is_count(Setting::failure_condition_level));
  EXPECT_FALSE(is_count(Setting::same_subnet_delay));
  const std::vector<LedgerRow> ledger = Parameters().ledger();
  EXPECT_EQ(row_named(ledger, "same_subnet_threshold").value, "20");
  EXPECT_EQ(row_named(ledger, "health_check_timeout").value, "1m");
  EXPECT_EQ(row_named(ledger, "startup_stamping").value, "on");
}

TEST(Parameters, what_is_set_shows_in_the_ledger_with_its_origin) {
  Parameters parameters;
  parameters.set(Timing::regroup, Distribution::constant(1s), Origin::calibrated, "cluster.log of SQL1");
  parameters.set(Setting::task_poll, Duration(7s).count(), Origin::given, "design");
  parameters.set(Switch::startup_stamping, false, Origin::given, "design");
  EXPECT_EQ(parameters[Timing::regroup], Distribution::constant(1s));
  const std::vector<LedgerRow> ledger = parameters.ledger();
  EXPECT_EQ(row_named(ledger, "regroup").origin, Origin::calibrated);
  EXPECT_EQ(row_named(ledger, "regroup").source, "cluster.log of SQL1");
  EXPECT_EQ(row_named(ledger, "task_poll").value, "7s");
  EXPECT_EQ(row_named(ledger, "startup_stamping").value, "off");
  EXPECT_EQ(to_text(row_named(ledger, "task_poll").origin), "given");
}

TEST(Parameters, switches_are_assumed_and_say_what_would_settle_them) {
  for (std::size_t i = 0; i < switch_count; ++i) {
    const auto which = static_cast<Switch>(i);
    EXPECT_EQ(row_named(Parameters().ledger(), name_of(which)).origin, Origin::assumed);
    EXPECT_EQ(lab_test_of(which).back(), '.') << name_of(which);
  }
}

TEST(Parameters, the_names_are_those_of_the_enumerators) {
  EXPECT_EQ(name_of(Timing::regroup), "regroup");
  EXPECT_EQ(name_of(Timing::patch), "patch");
  EXPECT_EQ(name_of(Timing::sql_start_after_crash), "sql_start_after_crash");
  EXPECT_EQ(name_of(Setting::stealth_mode), "stealth_mode");
  EXPECT_EQ(name_of(Switch::health_judged_by_looks_alive), "health_judged_by_looks_alive");
}

TEST(Defaults, heartbeat_thresholds_follow_the_windows_version) {
  const std::pair<WindowsVersion, std::int64_t> expected[] = {{WindowsVersion::v2012r2, 5},
                                                              {WindowsVersion::v2016, 10},
                                                              {WindowsVersion::v2019, 20},
                                                              {WindowsVersion::v2022, 20}};
  for (auto [windows, beats] : expected) {
    const Parameters parameters = defaults_for(windows, SqlVersion::v2019, Edition::enterprise);
    EXPECT_EQ(parameters[Setting::same_subnet_threshold], beats) << to_text(windows);
    EXPECT_EQ(parameters[Setting::cross_subnet_threshold], beats) << to_text(windows);
    // Only a captured value is known of 2022, and it is another one.
    EXPECT_EQ(row_named(parameters.ledger(), "same_subnet_threshold").origin,
              windows == WindowsVersion::v2022 ? Origin::assumed : Origin::documented);
  }
}

TEST(Defaults, only_standard_edition_waits_for_undo) {
  const auto defaults = [](SqlVersion sql, Edition edition) {
    return defaults_for(WindowsVersion::v2019, sql, edition);
  };
  const auto source = [&](SqlVersion sql, Edition edition) {
    return row_named(defaults(sql, edition).ledger(), "ssisdb_undo").source;
  };
  const Distribution none = Distribution::constant(Duration::zero());
  EXPECT_EQ(defaults(SqlVersion::v2019, Edition::enterprise)[Timing::ssisdb_undo], none);
  EXPECT_EQ(defaults(SqlVersion::v2019, Edition::developer)[Timing::ssisdb_undo], none);
  EXPECT_EQ(defaults(SqlVersion::v2019, Edition::standard)[Timing::ssisdb_undo], Parameters()[Timing::ssisdb_undo]);
  EXPECT_NE(Parameters()[Timing::ssisdb_undo], none);
  EXPECT_EQ(source(SqlVersion::v2017, Edition::standard).find("accelerated"), std::string::npos);
  EXPECT_NE(source(SqlVersion::v2019, Edition::standard).find("accelerated"), std::string::npos);
}

// Sites and quarantine came with 2016 (W 1.1, 1.5); what Windows does with a hung cluster service changed (W 1.3).
TEST(Defaults, windows_2012r2_has_neither_sites_nor_quarantine) {
  const auto defaults = [](WindowsVersion windows) {
    return defaults_for(windows, SqlVersion::v2019, Edition::enterprise);
  };
  const Parameters old = defaults(WindowsVersion::v2012r2);
  EXPECT_EQ(old[Setting::cross_site_threshold], old[Setting::cross_subnet_threshold]);
  EXPECT_EQ(old[Setting::cross_site_delay], old[Setting::cross_subnet_delay]);
  EXPECT_EQ(old[Setting::quarantine_threshold], 4294967295);
  EXPECT_EQ(old[Setting::hang_recovery_action], 3);
  for (const WindowsVersion windows : {WindowsVersion::v2016, WindowsVersion::v2019, WindowsVersion::v2022}) {
    const Parameters later = defaults(windows);
    EXPECT_EQ(later[Setting::cross_site_threshold], 20) << to_text(windows);
    EXPECT_EQ(later[Setting::quarantine_threshold], 3) << to_text(windows);
    EXPECT_EQ(later[Setting::hang_recovery_action], 6) << to_text(windows);
  }
}

TEST(ClusterProperties, are_found_by_windows_own_names) {
  ASSERT_NE(find_cluster_property("SameSubnetThreshold"), nullptr);
  EXPECT_EQ(find_cluster_property("SameSubnetThreshold")->setting, Setting::same_subnet_threshold);
  EXPECT_EQ(find_cluster_property("SameSubnetTreshold"), nullptr);
  std::set<std::string_view> names;
  for (const ClusterProperty& property : cluster_properties()) {
    names.insert(property.name);
    EXPECT_LE(property.min, property.max) << property.name;
  }
  EXPECT_EQ(names.size(), cluster_properties().size());
}

TEST(ClusterProperties, the_range_includes_its_ends) {
  for (const ClusterProperty& property : cluster_properties()) {
    EXPECT_EQ(problem_of(property, property.min), "") << property.name;
    EXPECT_EQ(problem_of(property, property.max), "") << property.name;
    EXPECT_NE(problem_of(property, property.min - 1), "") << property.name;
    EXPECT_NE(problem_of(property, property.max + 1), "") << property.name;
  }
  EXPECT_EQ(problem_of(*find_cluster_property("SameSubnetThreshold"), 2), "must be 3 to 120 (count), not 2");
}

TEST(ClusterProperties, reach_their_setting_in_its_unit) {
  Parameters parameters;
  apply(*find_cluster_property("SameSubnetDelay"), 500, parameters);
  EXPECT_EQ(parameters.length(Setting::same_subnet_delay), Duration(500ms));
  apply(*find_cluster_property("CrossSubnetThreshold"), 40, parameters);
  EXPECT_EQ(parameters[Setting::cross_subnet_threshold], 40);
  EXPECT_EQ(row_named(parameters.ledger(), "same_subnet_delay").origin, Origin::given);
  EXPECT_EQ(row_named(parameters.ledger(), "same_subnet_delay").source, "design: SameSubnetDelay");
  EXPECT_THROW(apply(*find_cluster_property("SameSubnetDelay"), 249, parameters), std::logic_error);
}

TEST(ClusterProperties, in_seconds_and_minutes_reach_their_settings_too) {
  Parameters parameters;
  apply(*find_cluster_property("QuarantineDuration"), 3600, parameters);
  apply(*find_cluster_property("WitnessRestartInterval"), 20, parameters);
  EXPECT_EQ(parameters.length(Setting::quarantine_duration), Duration(1h));
  EXPECT_EQ(parameters.length(Setting::witness_restart_interval), Duration(20min));
}

TEST(ClusterProperties, of_sites_and_quarantine_came_with_2016) {
  std::set<std::string_view> later;
  for (const ClusterProperty& property : cluster_properties()) {
    if (property.since != WindowsVersion::v2012r2) later.insert(property.name);
  }
  EXPECT_EQ(later,
            (std::set<std::string_view>{"CrossSiteDelay", "CrossSiteThreshold", "ResiliencyLevel",
                                        "ResiliencyDefaultPeriod", "QuarantineThreshold", "QuarantineDuration"}));
}

TEST(ClusterProperties, without_a_setting_change_nothing) {
  Parameters parameters;
  apply(*find_cluster_property("RouteHistoryLength"), 20, parameters);
  for (const LedgerRow& row : parameters.ledger()) EXPECT_NE(row.origin, Origin::given) << row.name;
}

}  // namespace
}  // namespace rehearse::model

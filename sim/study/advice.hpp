// Which settings to choose: heartbeats and health checks that act sooner make outages shorter and act more often where
// nothing is broken. Neither is right or wrong, so the settings that no other setting beats in both are told: the
// Pareto front of an outage's quantile against false failovers in a year.
//
// False failovers come from episodes alone: machines that stand still for some seconds, bursts in which every packet is
// lost (RandomFaults::harmless). Packets lost one by one, independently, practically never silence a peer for long
// enough, and a count that rested on them would praise every setting.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/runner.hpp"
#include "sim/study/statistics.hpp"

namespace rehearse::sim {

/// Whole numbers, so that counts of any cut of the replications add up to the same.
struct FalseFailovers {
  std::uint64_t replications = 0;
  std::uint64_t episodes = 0;   // pauses and bursts
  std::uint64_t failovers = 0;  // of them: a role lost its owner, a resource failed, or quorum was lost
  void add(const FalseFailovers& other);
  friend bool operator==(const FalseFailovers&, const FalseFailovers&) = default;
};

/// How long a replication lasts.
inline constexpr Duration false_failover_length = std::chrono::hours(24 * 365);

/// The farm of the scenario without its timeline and without work, put there installed, for a year.
Prepared prepare_for_false_failovers(const Scenario& scenario);

/// Years `from` to `to` of a farm prepared so. Another setting of the same farm meets the same episodes.
FalseFailovers count_false_failovers(const Prepared& prepared, std::uint64_t seed, std::uint64_t from,
                                     std::uint64_t to);

/// In a year.
statistics::Estimate rate_of(const FalseFailovers& count, double confidence);

/// A setting that is compared: less is better on both axes.
struct SettingOption {
  std::string name;
  statistics::Estimate outage;     // a quantile, in seconds
  statistics::Estimate failovers;  // in a year
};

enum class Standing : std::uint8_t {
  on_front,   // by the values no other is better in one and no worse in the other
  unclear,    // another one is by the values, but the intervals do not settle it
  dominated,  // and the intervals settle it
};
/// "on the front", "unclear", "dominated".
std::string_view to_text(Standing standing);

struct OptionStanding {
  Standing standing = Standing::on_front;
  std::size_t by = 0;  // unless on_front: the option that beats it; of several the first with the shortest outage
};
/// By option. Equal options stand alike. An axis whose values are equal is settled: under common random numbers a
/// setting that changes nothing leaves the very same values.
std::vector<OptionStanding> pareto(std::span<const SettingOption> options);

/// The options on the front, from the shortest outage to the longest.
std::vector<std::size_t> front_of(std::span<const SettingOption> options);

}  // namespace rehearse::sim

#include "sim/study/advice.hpp"

#include <algorithm>
#include <stdexcept>

#include "sim/study/episodes.hpp"

namespace rehearse::sim {
namespace {

using core::Time;
using statistics::Estimate;
using world::MoveCause;
using world::Record;
using world::RecordKind;

/// The cluster acts on what it takes for a failure.
bool is_reaction(const Record& record) {
  if (record.kind == RecordKind::quorum_lost || record.kind == RecordKind::resource_failed) return true;
  if (record.kind != RecordKind::owner_changed) return false;
  const auto cause = static_cast<MoveCause>(record.value);
  return cause != MoveCause::planned && cause != MoveCause::failback && cause != MoveCause::drain;
}

bool beats(const SettingOption& a, const SettingOption& b) {
  const bool no_worse = a.outage.value <= b.outage.value && a.failovers.value <= b.failovers.value;
  return no_worse && (a.outage.value < b.outage.value || a.failovers.value < b.failovers.value);
}

bool surely_no_worse(const Estimate& a, const Estimate& b) {
  return a.value == b.value || a.interval.high <= b.interval.low;
}

}  // namespace

void FalseFailovers::add(const FalseFailovers& other) {
  replications += other.replications;
  episodes += other.episodes;
  failovers += other.failovers;
}

Prepared prepare_for_false_failovers(const Scenario& scenario) {
  Scenario quiet;
  quiet.name = scenario.name;
  quiet.design = scenario.design;
  quiet.design.batches.clear();
  quiet.design.rates.clear();
  quiet.design.histories.clear();
  quiet.start = scenario.start;
  quiet.duration = false_failover_length;
  quiet.deploy = Deploy::installed;
  return prepare(quiet, world::Tempo::when_it_matters);
}

FalseFailovers count_false_failovers(const Prepared& prepared, std::uint64_t seed, std::uint64_t from,
                                     std::uint64_t to) {
  const EpisodePlan plan(prepared.plan, RandomFaults::harmless());
  Episodes episodes(plan);
  world::World world = prepared.world;
  world::Journal journal;
  FalseFailovers count;
  for (std::uint64_t replication = from; replication < to; ++replication) {
    world = prepared.world;
    world.engine().set_pace(world::Pace::drawn);
    journal.records.clear();
    world.engine().write_to(&journal);
    world.begin({seed, replication});
    episodes.begin({seed, replication}, world.now());
    play(episodes, world, Time(false_failover_length));
    ++count.replications;
    // The first reaction after an episode makes it a failover; what follows until the next one belongs to it, too.
    bool told = true;
    for (const Record& record : journal.records) {
      if (record.kind == RecordKind::fault_injected) {
        ++count.episodes;
        told = false;
      } else if (!told && is_reaction(record)) {
        ++count.failovers;
        told = true;
      }
    }
  }
  world.engine().write_to(nullptr);
  return count;
}

Estimate rate_of(const FalseFailovers& count, double confidence) {
  return statistics::rate_interval(count.failovers, static_cast<double>(count.replications), confidence);
}

std::string_view to_text(Standing standing) {
  switch (standing) {
    case Standing::on_front: return "on the front";
    case Standing::unclear: return "unclear";
    case Standing::dominated: return "dominated";
  }
  throw std::logic_error("no such standing");
}

std::vector<OptionStanding> pareto(std::span<const SettingOption> options) {
  std::vector<OptionStanding> standings(options.size());
  for (std::size_t i = 0; i < options.size(); ++i) {
    OptionStanding& standing = standings[i];
    for (std::size_t other = 0; other < options.size(); ++other) {
      if (!beats(options[other], options[i])) continue;
      const bool settled = surely_no_worse(options[other].outage, options[i].outage) &&
                           surely_no_worse(options[other].failovers, options[i].failovers);
      const Standing now = settled ? Standing::dominated : Standing::unclear;
      const bool better = now > standing.standing ||
                          (now == standing.standing && options[other].outage.value < options[standing.by].outage.value);
      if (better) standing = {now, other};
    }
  }
  return standings;
}

std::vector<std::size_t> front_of(std::span<const SettingOption> options) {
  const std::vector<OptionStanding> standings = pareto(options);
  std::vector<std::size_t> front;
  for (std::size_t i = 0; i < options.size(); ++i) {
    if (standings[i].standing == Standing::on_front) front.push_back(i);
  }
  std::stable_sort(front.begin(), front.end(),
                   [&](std::size_t a, std::size_t b) { return options[a].outage.value < options[b].outage.value; });
  return front;
}

}  // namespace rehearse::sim

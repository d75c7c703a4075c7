#include "sim/study/drain.hpp"

#include <algorithm>
#include <optional>

#include "sim/scenario/runner.hpp"
#include "sim/scenario/scenario_reader.hpp"
#include "sim/scenario/service_watch.hpp"
#include "sim/scenario/timeline_player.hpp"

namespace rehearse::sim {
namespace {

using core::Time;

/// Told of what happens instant by instant.
class DrainWatch {
 public:
  explicit DrainWatch(const world::World& world) : world_(world), watch_(world.state(), world.plan()) {
    packages_ = watch_.services().size() - 1;
    out_ = !watch_.up(packages_);
  }

  void tell(world::Journal& journal) {
    for (const world::Record& record : journal.records) watch_.applied(record);
    journal.records.clear();
    const bool out = !watch_.up(packages_);
    const bool waits = world_.state().ready_count > 0;
    if (out_ && !out) since_ = waits ? world_.now() : core::never;
    if (out) since_ = core::never;
    out_ = out;
    if (since_ != core::never && !waits) {
      longest_ = std::max(longest_.value_or(Duration::zero()), world_.now() - since_);
      since_ = core::never;
    }
  }

  std::optional<Duration> longest() const { return longest_; }
  /// Since when what waits has not drained; never: it has.
  Time since() const { return since_; }

 private:
  const world::World& world_;
  ServiceWatch watch_;
  std::size_t packages_ = 0;  // package execution, the last of the services
  bool out_ = false;
  Time since_ = core::never;
  std::optional<Duration> longest_;
};

}  // namespace

Distribution drain_times(const Scenario& scenario, std::uint64_t seed, std::uint64_t from, std::uint64_t to) {
  const Prepared prepared = prepare(scenario, world::Tempo::when_it_matters);
  Distribution times;
  world::World world = prepared.world;
  world::Journal journal;
  const Time end(scenario.duration.value_or(longest_until_quiescent));
  for (std::uint64_t replication = from; replication < to; ++replication) {
    world = prepared.world;
    world.engine().set_pace(world::Pace::drawn);
    DrainWatch watch(world);
    journal.records.clear();
    world.engine().write_to(&journal);
    world.begin({seed, replication});
    watch.tell(journal);
    TimelinePlayer player(scenario.design, scenario.timeline, world);
    player.watch([&] { watch.tell(journal); });
    const Time over = player.play(end, !scenario.duration);
    watch.tell(journal);
    const Duration open = watch.since() == core::never ? Duration::zero() : over - watch.since();
    if (open > watch.longest().value_or(Duration::zero())) {
      times.add_censored(open.count(), replication);
    } else if (watch.longest()) {
      times.add(watch.longest()->count(), replication);
    } else {
      ++times.none;
    }
  }
  world.engine().write_to(nullptr);
  return times;
}

}  // namespace rehearse::sim

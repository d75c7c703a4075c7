// What a study asks of the heap: nothing an event, little a replication, and no more for more replications.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "sim/study/gathered.hpp"
#include "sim/study/replication.hpp"
#include "sim/study/run_watch.hpp"
#include "sim/study/study_work.hpp"
#include "sim/world/membership.hpp"
#include "tests/study/allocations/counted_heap.hpp"
#include "tests/study/studies.hpp"

namespace rehearse::sim {
namespace {

using core::Time;
using tests::heap_use;

/// Until everything has the room that it needs, and what is counted then.
struct Replications {
  std::uint64_t warm_up, all;
};
/// Where every beat is an event a replication has hundreds of times as many.
Replications replications_of(world::Tempo tempo) {
  return tempo == world::Tempo::every_beat ? Replications{30, 50} : Replications{200, 300};
}

TEST(Allocations, are_counted) {
  const tests::HeapUse before = heap_use();
  {
    const std::vector<std::uint64_t> thousand(1000);
    EXPECT_EQ(heap_use().allocations, before.allocations + 1);
    EXPECT_GE(heap_use().live_bytes, before.live_bytes + 8000);
  }
  EXPECT_EQ(heap_use().live_bytes, before.live_bytes);
}

/// The loss of a node, driven directly.
class NodeLoss {
 public:
  explicit NodeLoss(world::Tempo tempo)
      : prepared_(prepare(node_loss_study().points[0].scenario, tempo)), world_(prepared_.world) {}

  const world::World& world() const { return world_; }
  world::Journal& journal() { return journal_; }

  void assign() {
    world_ = prepared_.world;
    journal_.records.clear();
    world_.engine().set_pace(world::Pace::drawn);
    world_.engine().write_to(&journal_);
  }
  template <class Tell>
  void play(std::uint64_t number, Tell&& tell) {
    world_.begin({1, number});
    tell();
    while (world_.step(Time(std::chrono::minutes(40)))) tell();
    world_.membership().lose_power(0, 0);
    tell();
    while (world_.step(Time(std::chrono::hours(2)))) tell();
  }

 private:
  Prepared prepared_;
  world::World world_;
  world::Journal journal_;
};

class OfTempo : public testing::TestWithParam<world::Tempo> {};

TEST_P(OfTempo, a_replication_in_a_world_that_was_used_allocates_nothing) {
  NodeLoss loss(GetParam());
  const auto [warm_up, all] = replications_of(GetParam());
  std::uint64_t allocations = 0;
  for (std::uint64_t number = 0; number < all; ++number) {
    if (number == warm_up) allocations = heap_use().allocations;
    loss.assign();
    loss.play(number, [&] { loss.journal().records.clear(); });
  }
  EXPECT_EQ(heap_use().allocations, allocations);
  EXPECT_EQ(loss.world().state().groups[loss.world().plan().sql_group].owner, 1U) << "the node was lost";
}

/// A watch is made anew for each replication, and its lists grow to what happens at one instant.
TEST_P(OfTempo, a_watched_replication_allocates_for_the_watch_alone) {
  constexpr std::uint64_t most = 12;
  NodeLoss loss(GetParam());
  const auto [warm_up, all] = replications_of(GetParam());
  for (std::uint64_t number = 0; number < all; ++number) {
    loss.assign();
    RunWatch watch(loss.world(), {core::at_start, core::at_start, 0, false});
    const std::uint64_t before = heap_use().allocations;
    loss.play(number, [&] {
      watch.tell(loss.journal().records);
      loss.journal().records.clear();
    });
    watch.close(Time(std::chrono::hours(2)));
    if (number < warm_up) continue;
    ASSERT_LE(heap_use().allocations - before, most) << "replication " << number;
  }
}

INSTANTIATE_TEST_SUITE_P(Allocations, OfTempo, testing::Values(world::Tempo::when_it_matters, world::Tempo::every_beat),
                         [](const auto& tempo) {
                           return tempo.param == world::Tempo::every_beat ? "every_beat" : "when_it_matters";
                         });

struct Cost {
  std::uint64_t most = 0;    // allocations of a replication
  std::uint64_t events = 0;  // of a replication, at most
};

Cost cost_of(const Study& study, world::Tempo tempo) {
  const Prepared prepared = prepare(study.points[0].scenario, tempo);
  std::optional<world::World> world;
  Replicator replicator(study, study.points[0], prepared, world);
  const auto [warm_up, all] = replications_of(tempo);
  Cost cost;
  for (std::uint64_t number = 0; number < all; ++number) {
    const std::uint64_t before = heap_use().allocations;
    const std::uint64_t events = replicator.run({1, number}, {}).events;
    if (number < warm_up) continue;
    cost.most = std::max(cost.most, heap_use().allocations - before);
    cost.events = std::max(cost.events, events);
  }
  return cost;
}

TEST(Allocations, of_a_measured_replication_are_few_however_many_events_it_has) {
  constexpr std::uint64_t most = 2;
  const Study study = node_loss_study();
  const Cost lazy = cost_of(study, world::Tempo::when_it_matters);
  const Cost busy = cost_of(study, world::Tempo::every_beat);
  EXPECT_GT(busy.events, 100 * lazy.events);
  EXPECT_LE(lazy.most, most);
  EXPECT_EQ(busy.most, lazy.most);
}

TEST(Allocations, memory_does_not_grow_with_the_number_of_replications) {
  Study study = node_loss_study();
  study.replications = 5 * replications_per_chunk;
  const PreparedStudy prepared = prepare_study(study, 1, {});
  const StudyWork work(study, prepared, [] { return false; });
  const std::unique_ptr<ChunkWorker> worker = work.worker();
  Tally all;
  const std::int64_t before = heap_use().live_bytes;
  all.merge(worker->run(0));
  const std::int64_t after_one = heap_use().live_bytes - before;
  const auto do_chunks = [&](std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t chunk = from; chunk < to; ++chunk) all.merge(worker->run(chunk));
    return heap_use().live_bytes - before;
  };
  const std::int64_t after_five = do_chunks(1, 5);
  // Rarer values lie further out in their histograms, which are at most 14,336 buckets long.
  EXPECT_LT(after_five - after_one, 64 << 10);
  EXPECT_LT(do_chunks(0, 5) - after_five, 5 * 1024) << "the same values again: not a byte a replication";
}

}  // namespace
}  // namespace rehearse::sim

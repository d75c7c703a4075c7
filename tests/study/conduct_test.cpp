// Dividing a study's work among threads: the result is that of one after the other.
#include "sim/study/conduct.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <numeric>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/scenario/runner.hpp"
#include "tests/study/fake_work.hpp"

namespace rehearse::sim {
namespace {

using std::chrono::milliseconds;

Gathered conducted(const ChunkedWork& work, unsigned threads) {
  Gathered gathered(work);
  ConductOptions options;
  options.threads = threads;
  conduct(work, gathered, options);
  return gathered;
}

TEST(Conduct, gives_the_same_bytes_on_any_number_of_threads) {
  FakeWork work(97);
  // Later chunks finish first.
  work.before_each([](std::uint64_t chunk) { std::this_thread::sleep_for(milliseconds(chunk % 5 == 0 ? 9 : 1)); });
  for (const unsigned threads : {1U, 2U, 3U, 8U}) {
    const Gathered gathered = conducted(work, threads);
    EXPECT_TRUE(gathered.ended());
    EXPECT_EQ(gathered.complete(), 97U);
    EXPECT_TRUE(gathered.tally().bytes() == FakeWork::first(97).bytes()) << threads << " threads";
  }
}

TEST(Conduct, ends_by_precision_at_the_same_chunk_on_any_number_of_threads) {
  FakeWork work(1000);
  work.enough_from(41).before_each([](std::uint64_t chunk) { std::this_thread::sleep_for(milliseconds(chunk % 3)); });
  for (const unsigned threads : {1U, 2U, 3U}) {
    const Gathered gathered = conducted(work, threads);
    EXPECT_EQ(gathered.complete(), 48U) << "the first boundary from 41 on";
    EXPECT_TRUE(gathered.tally().bytes() == FakeWork::first(48).bytes());
    EXPECT_TRUE(gathered.beyond().empty());
  }
}

TEST(Conduct, does_each_chunk_once_and_none_far_ahead_of_one_that_takes_long) {
  std::mutex mutex;
  std::multiset<std::uint64_t> begun;
  std::atomic<std::uint64_t> farthest = 0;
  FakeWork work(500);
  work.before_each([&](std::uint64_t chunk) {
    if (chunk == 3) {
      // Until the others have gone as far as they may: they stop by themselves.
      std::uint64_t before = 0;
      do {
        before = farthest;
        std::this_thread::sleep_for(milliseconds(100));
      } while (farthest != before);
      EXPECT_LT(farthest, 3U + 2 * 2 * 8) << "they wait for it";
    }
    const std::lock_guard lock(mutex);
    begun.insert(chunk);
    farthest = *begun.rbegin();
  });
  EXPECT_EQ(conducted(work, 2).complete(), 500U);
  EXPECT_EQ(begun.size(), 500U);
  EXPECT_EQ(std::set<std::uint64_t>(begun.begin(), begun.end()).size(), 500U);
}

TEST(Conduct, keeps_what_was_done_until_it_was_interrupted) {
  std::atomic<int> begun = 0;
  FakeWork work(10'000);
  work.before_each([&](std::uint64_t) { ++begun; });
  Gathered gathered(work);
  ConductOptions options;
  options.threads = 2;
  options.interrupted = [&] { return begun > 50; };
  conduct(work, gathered, options);
  EXPECT_FALSE(gathered.ended());
  EXPECT_GE(gathered.complete(), 32U);
  EXPECT_LT(gathered.complete(), 10'000U);
  EXPECT_TRUE(gathered.tally().bytes() == FakeWork::first(gathered.complete()).bytes());
}

TEST(Conduct, lets_a_second_one_go_on_where_the_first_was_interrupted) {
  std::atomic<int> begun = 0;
  FakeWork work(300);
  work.before_each([&](std::uint64_t chunk) {
    ++begun;
    if (chunk == 2) std::this_thread::sleep_for(milliseconds(30));
  });
  Gathered first(work);
  ConductOptions options;
  options.threads = 3;
  options.interrupted = [&] { return begun > 20; };
  conduct(work, first, options);
  ASSERT_FALSE(first.ended());

  begun = 0;
  Gathered second(work);
  second.restore(first.complete(), first.tally(), first.beyond());
  const std::uint64_t left = 300 - second.complete() - second.beyond().size();
  options.interrupted = nullptr;
  conduct(work, second, options);
  EXPECT_EQ(static_cast<std::uint64_t>(begun), left) << "nothing is done twice";
  EXPECT_TRUE(second.tally().bytes() == FakeWork::first(300).bytes());
}

TEST(Conduct, gives_up_chunks_whose_workers_see_the_interruption) {
  std::atomic<bool> interrupted = false;
  FakeWork work(1000);
  work.before_each([&](std::uint64_t chunk) {
    if (chunk == 40) interrupted = true;
    if (interrupted) throw Interrupted();
  });
  Gathered gathered(work);
  ConductOptions options;
  options.threads = 2;
  options.interrupted = [&] { return interrupted.load(); };
  conduct(work, gathered, options);
  EXPECT_FALSE(gathered.ended());
  EXPECT_LE(gathered.complete(), 40U);
  EXPECT_EQ(gathered.tally(), FakeWork::first(gathered.complete()));
}

TEST(Conduct, hands_on_what_a_worker_threw) {
  FakeWork work(1000);
  work.before_each([](std::uint64_t chunk) {
    if (chunk == 17) throw std::logic_error("chunk 17 broke");
  });
  for (const unsigned threads : {1U, 3U}) {
    EXPECT_THAT([&] { conducted(work, threads); },
                testing::ThrowsMessage<std::logic_error>(testing::StrEq("chunk 17 broke")));
  }
}

TEST(Conduct, tells_how_far_it_is_and_ends_when_that_throws) {
  FakeWork work(64);
  std::vector<std::uint64_t> told;
  Gathered gathered(work);
  ConductOptions options;
  options.look = [&](const Gathered& now) { told.push_back(now.complete()); };
  conduct(work, gathered, options);
  EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
  EXPECT_EQ(told.back(), 64U);

  Gathered again(work);
  options.look = [](const Gathered&) { throw std::runtime_error("the disk is full"); };
  EXPECT_THROW(conduct(work, again, options), std::runtime_error);
  EXPECT_TRUE(again.tally() == FakeWork::first(again.complete())) << "what was gathered stays";
}

/// Processes that are played by the test: they do what they have when asked.
class PlayedCompanions : public Companions {
 public:
  explicit PlayedCompanions(std::size_t capacity) : capacity_(capacity) {}
  std::size_t capacity() const override { return capacity_; }
  std::size_t under_way() const override { return given_.size(); }
  void give(std::uint64_t chunk) override {
    given_.push_back(chunk);
    ++all_;
  }
  std::vector<DoneChunk> take() override {
    std::vector<DoneChunk> done;
    while (given_.size() > 1) {  // the last first
      done.push_back({given_.back(), fake_tally(given_.back())});
      given_.pop_back();
    }
    if (done.empty() && !given_.empty()) {
      done.push_back({given_.front(), fake_tally(given_.front())});
      given_.clear();
    }
    return done;
  }
  void dismiss() override { dismissed_ = true; }
  std::size_t all() const { return all_; }
  bool dismissed() const { return dismissed_; }

 private:
  std::size_t capacity_, all_ = 0;
  std::vector<std::uint64_t> given_;
  bool dismissed_ = false;
};

TEST(Conduct, gives_companions_their_part) {
  FakeWork work(400);
  work.before_each([](std::uint64_t) { std::this_thread::sleep_for(milliseconds(1)); });
  PlayedCompanions companions(16);
  Gathered gathered(work);
  ConductOptions options;
  options.companions = &companions;
  conduct(work, gathered, options);
  EXPECT_TRUE(gathered.tally().bytes() == FakeWork::first(400).bytes());
  EXPECT_GT(companions.all(), 100U);
  EXPECT_TRUE(companions.dismissed());
}

TEST(Shards, do_every_chunk_once) {
  for (const std::uint64_t chunks : {1U, 6U, 7U, 98U}) {
    for (std::uint64_t shards = 1; shards < 10; ++shards) {
      std::uint64_t next = 0;
      for (std::uint64_t shard = 1; shard <= shards; ++shard) {
        const ChunkRange range = shard_range(chunks, shard, shards);
        EXPECT_EQ(range.first, next);
        EXPECT_LE(range.size(), chunks / shards + 1);
        next = range.last;
      }
      EXPECT_EQ(next, chunks);
    }
  }
}

TEST(Shards, merge_to_the_bytes_of_one_run) {
  const FakeWork work(23);
  Tally merged;
  for (const std::uint64_t shard : {4U, 7U, 1U, 6U, 2U, 5U, 3U}) {
    Gathered gathered(work, shard_range(23, shard, 7));
    conduct(work, gathered, {});
    EXPECT_TRUE(gathered.ended());
    merged.merge(gathered.tally());
  }
  EXPECT_TRUE(merged.bytes() == FakeWork::first(23).bytes());
}

TEST(Shards, are_refused_by_a_work_that_ends_by_its_precision) {
  FakeWork work(23);
  work.enough_from(5);
  EXPECT_THROW(Gathered(work, shard_range(23, 1, 7)), std::logic_error);
}

TEST(Gathered, refuses_a_chunk_that_was_done_twice) {
  const FakeWork work(5);
  Gathered gathered(work);
  gathered.add(1, fake_tally(1));
  EXPECT_THROW(gathered.add(1, fake_tally(1)), std::logic_error);
  gathered.add(0, fake_tally(0));
  EXPECT_EQ(gathered.complete(), 2U);
  EXPECT_THROW(gathered.add(0, fake_tally(0)), std::logic_error);
}

TEST(Gathered, asks_whether_it_is_enough_when_it_goes_on) {
  FakeWork work(100);
  work.enough_from(8);
  Gathered gathered(work);
  gathered.restore(8, FakeWork::first(8), {});
  EXPECT_TRUE(gathered.ended());
}

}  // namespace
}  // namespace rehearse::sim

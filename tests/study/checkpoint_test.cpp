// Checkpoints survive whatever ends their process; files that are something else are refused in words.
#include "sim/study/checkpoint.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/steps/failure.hpp"
#include "sim/core/random.hpp"
#include "sim/study/conduct.hpp"
#include "tests/study/fake_work.hpp"
#include "tests/support/files.hpp"

namespace rehearse::sim {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using steps::Failure;
using steps::FailureCode;
using testing::HasSubstr;

StudyPart part_of(const ChunkedWork& work) {
  return {work.identity(), work.most_chunks(), {0, work.most_chunks()}, "fake.json"};
}

/// Goes on from the file, writes whenever it may, and gives what it came to.
Tally gone_on(const std::string& path, const ChunkedWork& work) {
  Checkpoint checkpoint(path, part_of(work));
  Gathered gathered(work);
  checkpoint.restore(gathered);
  ConductOptions options;
  options.threads = 2;
  options.look = [&](const Gathered& now) { checkpoint.write(now); };
  conduct(work, gathered, options);
  return gathered.tally();
}

/// What the failure says; empty: there was none.
std::string refused(FailureCode code, const std::function<void()>& act) {
  try {
    act();
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.code(), code) << failure.message();
    return failure.message();
  }
  ADD_FAILURE() << "nothing was refused";
  return {};
}

/// A process of its own that does this; it ends with 0, or with 1 where something is thrown.
class Child {
 public:
  explicit Child(const std::function<void()>& act) : pid_(fork()) {
    if (pid_ != 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // whatever it waits for, it does not outlive the test
    try {
      act();
      _exit(0);
    } catch (const std::exception& error) {
      dprintf(STDERR_FILENO, "%s\n", error.what());
      _exit(1);
    }
  }
  ~Child() {
    if (!ended_) kill_it();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Its exit code, or minus the signal that ended it.
  int wait() {
    int status = 0;
    waitpid(pid_, &status, 0);
    ended_ = true;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  int kill_it() {
    ::kill(pid_, SIGKILL);
    return wait();
  }

 private:
  pid_t pid_;
  bool ended_ = false;
};

/// Lets as many chunks pass as it was told, in whatever process they are done; the next one waits.
class Gate {
 public:
  Gate() { EXPECT_EQ(pipe(ends_.data()), 0); }
  ~Gate() {
    for (const int end : ends_) close(end);
  }
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  void let(std::uint64_t chunks) {
    const std::string tokens(chunks, '.');
    EXPECT_EQ(write(ends_[1], tokens.data(), tokens.size()), static_cast<ssize_t>(chunks));
  }
  void pass() const {
    char token = 0;
    if (read(ends_[0], &token, 1) != 1) throw std::runtime_error("the gate is gone");
  }

 private:
  std::array<int, 2> ends_{};
};

class CheckpointTest : public testing::Test {
 protected:
  std::string path(const std::string& name = "study.sqlite") const { return folder_.path(name); }

  tests::TemporaryFolder folder_;
};

TEST_F(CheckpointTest, holds_the_prefix_and_the_chunks_beyond_it) {
  const FakeWork work(9);
  {
    Checkpoint checkpoint(path(), part_of(work));
    Gathered gathered(work);
    checkpoint.restore(gathered);
    for (const std::uint64_t chunk : {0U, 3U, 1U, 7U, 2U}) {
      gathered.add(chunk, fake_tally(chunk));
      checkpoint.write(gathered);
    }
  }
  Checkpoint checkpoint(path(), part_of(work));
  Gathered gathered(work);
  checkpoint.restore(gathered);
  EXPECT_EQ(gathered.complete(), 4U);
  EXPECT_EQ(gathered.tally(), FakeWork::first(4));
  ASSERT_EQ(gathered.beyond().size(), 1U);
  EXPECT_EQ(gathered.beyond().at(7), fake_tally(7));
}

TEST_F(CheckpointTest, of_a_run_that_is_killed_at_any_moment_leads_to_the_same_bytes) {
  constexpr std::uint64_t runs = 60, chunks = 400, most_a_run = 6;
  static_assert(runs * most_a_run < chunks, "each of the runs is killed before it is done, however fast it is");
  Gate gate;
  FakeWork work(chunks);
  work.before_each([&](std::uint64_t) { gate.pass(); });
  for (std::uint64_t run = 0; run < runs; ++run) {
    gate.let(core::draw({1, run}, core::stream("kill", "chunks"), 0) % (most_a_run + 1));
    Child child([&] { gone_on(path(), work); });
    std::this_thread::sleep_for(microseconds(core::draw({1, run}, core::stream("kill", "moment"), 0) % 10'000));
    ASSERT_EQ(child.kill_it(), -SIGKILL);
  }
  gate.let(chunks);
  EXPECT_TRUE(gone_on(path(), work).bytes() == FakeWork::first(chunks).bytes());
}

TEST_F(CheckpointTest, ends_by_precision_where_an_uninterrupted_run_does) {
  FakeWork work(400);
  work.enough_from(50).before_each([](std::uint64_t) { std::this_thread::sleep_for(milliseconds(1)); });
  for (std::uint64_t attempt = 0; attempt < 20; ++attempt) {
    Child child([&] { gone_on(path(), work); });
    std::this_thread::sleep_for(milliseconds(core::draw({2, attempt}, core::stream("kill", "moment"), 0) % 20));
    child.kill_it();
  }
  EXPECT_TRUE(gone_on(path(), work).bytes() == FakeWork::first(56).bytes());
}

TEST_F(CheckpointTest, that_is_finished_is_not_done_again) {
  FakeWork work(20);
  gone_on(path(), work);
  work.before_each([](std::uint64_t) { FAIL() << "it was done"; });
  EXPECT_EQ(gone_on(path(), work), FakeWork::first(20));
}

TEST_F(CheckpointTest, of_another_study_is_refused_and_left_alone) {
  gone_on(path(), FakeWork(20));
  const std::string before = tests::content_of(path());
  EXPECT_THAT(refused(FailureCode::conflict, [&] { gone_on(path(), FakeWork(20, "other")); }),
              testing::AllOf(HasSubstr(path()), HasSubstr("another study (fake.json)")));
  EXPECT_EQ(tests::content_of(path()), before);
}

TEST_F(CheckpointTest, of_another_shard_is_refused) {
  const FakeWork work(20);
  gone_on(path(), work);
  StudyPart part = part_of(work);
  part.range.last = 10;
  EXPECT_THAT(refused(FailureCode::conflict, [&] { Checkpoint(path(), part); }), HasSubstr("another shard"));
}

TEST_F(CheckpointTest, is_never_made_of_a_file_that_is_something_else) {
  std::ofstream(path("notes.txt")) << "What the night shift has to know, in more bytes than a header of SQLite has: "
                                   << std::string(200, '.');
  EXPECT_THAT(refused(FailureCode::conflict, [&] { gone_on(path("notes.txt"), FakeWork(5)); }),
              HasSubstr("no file of SQLite"));
  EXPECT_THAT(tests::content_of(path("notes.txt")), testing::StartsWith("What the night shift"));

  Database(path("books.sqlite"), Database::Missing::is_created).run("CREATE TABLE books (title TEXT)");
  EXPECT_THAT(refused(FailureCode::conflict, [&] { gone_on(path("books.sqlite"), FakeWork(5)); }),
              HasSubstr("no checkpoint of Rehearse"));
}

TEST_F(CheckpointTest, of_a_later_version_is_refused) {
  gone_on(path(), FakeWork(5));
  Database(path(), Database::Missing::is_a_failure).run("PRAGMA user_version = 2");
  EXPECT_THAT(refused(FailureCode::conflict, [&] { gone_on(path(), FakeWork(5)); }), HasSubstr("later version"));
}

TEST_F(CheckpointTest, in_which_a_byte_changed_is_refused) {
  gone_on(path(), FakeWork(5));
  Database(path(), Database::Missing::is_a_failure).run("UPDATE study SET complete = 4");
  EXPECT_THAT(refused(FailureCode::conflict, [&] { gone_on(path(), FakeWork(5)); }), HasSubstr("damaged"));
}

TEST_F(CheckpointTest, belongs_to_one_run_at_a_time) {
  const FakeWork work(5);
  std::optional<Checkpoint> mine;
  mine.emplace(path(), part_of(work));
  EXPECT_THAT(refused(FailureCode::conflict, [&] { Checkpoint(path(), part_of(work)); }), HasSubstr("in use"));
  mine.reset();
  EXPECT_NO_THROW(Checkpoint(path(), part_of(work)));
}

TEST_F(CheckpointTest, on_a_full_disk_keeps_what_it_held) {
  FakeWork work(3000);
  const auto fill = [&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{16'384, 16'384};
    setrlimit(RLIMIT_FSIZE, &limit);
    const std::string told = refused(FailureCode::refused, [&] { gone_on(path(), work); });
    _exit(told.find(path()) != std::string::npos && !HasFailure() ? 7 : 8);
  };
  EXPECT_EQ(Child(fill).wait(), 7);
  const StudyShard kept = read_checkpoint(path());
  EXPECT_FALSE(kept.finished());
  EXPECT_EQ(kept.tally, FakeWork::first(kept.complete));
  EXPECT_TRUE(gone_on(path(), work).bytes() == FakeWork::first(3000).bytes());
}

TEST_F(CheckpointTest, in_a_folder_that_cannot_be_written_is_refused_before_anything_is_done) {
  gone_on(path("there.sqlite"), FakeWork(5));
  ASSERT_EQ(chmod(folder_.path().c_str(), 0555), 0);
  FakeWork work(5);
  work.before_each([](std::uint64_t) { FAIL() << "it was done"; });
  const auto try_both = [&] {
    if (geteuid() == 0 && setresuid(65534, 65534, 65534) != 0) _exit(9);  // root may write anywhere
    for (const char* name : {"there.sqlite", "not_there.sqlite"}) {
      if (refused(FailureCode::refused, [&] { gone_on(path(name), work); }).find(path(name)) == std::string::npos) {
        _exit(8);
      }
    }
    _exit(HasFailure() ? 8 : 7);
  };
  EXPECT_EQ(Child(try_both).wait(), 7);
  ASSERT_EQ(chmod(folder_.path().c_str(), 0755), 0);
}

}  // namespace
}  // namespace rehearse::sim

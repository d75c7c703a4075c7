// A study's work over processes that a real mpirun starts on this machine.
#include <sys/wait.h>

#include <chrono>
#include <cstdlib>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/steps/sha256.hpp"
#include "tests/study/fake_work.hpp"
#include "tests/support/files.hpp"

namespace rehearse::sim {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class RanksTest : public testing::Test {
 protected:
  void SetUp() override {
    if (std::system("command -v mpirun >/dev/null") != 0) GTEST_SKIP() << "there is no mpirun";
  }

  struct Ended {
    int exit = -1;
    std::string out;
  };

  /// Over loopback only; more ranks than processors; OpenMPI itself leaks.
  Ended mpirun(int ranks, const std::string& arguments) const {
    const std::string command =
        "OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 ASAN_OPTIONS=detect_leaks=0 timeout 60 mpirun "
        "--oversubscribe --mca btl self,vader,tcp --mca btl_tcp_if_include lo --mca oob_tcp_if_include lo -n " +
        std::to_string(ranks) + " '" REHEARSE_RANKS_PROGRAM "' " + arguments + " >'" + folder_.path("out") + "' 2>'" +
        folder_.path("err") + "'";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, tests::content_of(folder_.path("out"))};
  }

  std::string told(std::uint64_t chunks) const {
    return "ended " + std::to_string(chunks) + " " + steps::sha256_hex(FakeWork::first(chunks).bytes());
  }

  tests::TemporaryFolder folder_;
};

TEST_F(RanksTest, give_the_same_bytes_however_many_they_are) {
  for (const int ranks : {1, 2, 4}) {
    const Ended ended = mpirun(ranks, "300");
    EXPECT_EQ(ended.exit, 0);
    EXPECT_EQ(ended.out, told(300) + (ranks > 1 ? ", some here\n" : ", all here\n")) << ranks << " ranks";
  }
}

TEST_F(RanksTest, end_by_precision_at_the_same_chunk) {
  for (const int ranks : {1, 2, 4}) EXPECT_THAT(mpirun(ranks, "3000 enough 121").out, StartsWith(told(128)));
}

TEST_F(RanksTest, may_be_more_than_there_are_chunks) {
  EXPECT_THAT(mpirun(4, "1").out, StartsWith(told(1)));
}

TEST_F(RanksTest, all_end_with_the_words_of_the_one_that_failed) {
  for (const int rank : {0, 2}) {
    const Ended ended = mpirun(3, "5000 fail " + std::to_string(rank));
    EXPECT_NE(ended.exit, 0);
    EXPECT_THAT(ended.out, HasSubstr("chunk broke"));
    EXPECT_THAT(ended.out, rank == 0 ? StartsWith("failed: chunk") : StartsWith("failed: rank 2 on "));
  }
}

TEST_F(RanksTest, of_which_one_has_another_study_or_none_are_refused_by_name) {
  EXPECT_THAT(mpirun(3, "5000 differ 1").out, AllOf(HasSubstr("rank 1 on "), HasSubstr("another study than rank 0")));
  EXPECT_THAT(mpirun(3, "5000 no_work 2").out, AllOf(HasSubstr("rank 2 on "), HasSubstr("the study is not there")));
}

TEST_F(RanksTest, keep_what_was_done_when_one_is_interrupted) {
  for (const int rank : {0, 1}) {
    EXPECT_THAT(mpirun(2, "100000 interrupt " + std::to_string(rank)).out, StartsWith("interrupted "));
  }
}

}  // namespace
}  // namespace rehearse::sim

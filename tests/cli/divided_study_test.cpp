// `rehearse study` and `rehearse merge` however the work is cut, and whatever ends it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/cli/run_program.hpp"
#include "tests/support/files.hpp"

namespace {

namespace fs = std::filesystem;
using rehearse::cli::Ended;
using rehearse::tests::content_of;
using testing::AllOf;
using testing::HasSubstr;

const std::string study = "scenarios/studies/what_recovery_costs.json";
const std::string size = " --replications 7000";  // 7 chunks, the last one smaller

class DividedStudy : public testing::Test {
 protected:
  Ended run(const std::string& arguments, const std::string& before = "") {
    return rehearse::cli::run_program(folder_.path(), arguments, before);
  }
  Ended run_study(const std::string& options, const std::string& before = "") {
    return run("study " + study + " --quiet " + options, before);
  }
  std::string path(const std::string& name) const { return folder_.path(name); }

  rehearse::tests::TemporaryFolder folder_;
};

TEST_F(DividedStudy, in_seven_shards_merged_in_any_order_gives_the_bytes_of_one_run) {
  const Ended json = run_study(size + " --format json --csv " + path("one.csv") + " -o " + path("one.sqlite"));
  ASSERT_EQ(json.exit, 0) << json.err;
  const std::string text = run_study(size).out;
  std::vector<std::string> files;
  for (int shard = 1; shard <= 7; ++shard) {
    files.push_back(path("shard-" + std::to_string(shard) + (shard % 3 == 0 ? ".sqlite" : ".json")));
    const Ended ended = run_study(size + " --shard " + std::to_string(shard) + "/7 --output " + files.back());
    ASSERT_EQ(ended.exit, 0) << ended.err;
    EXPECT_EQ(ended.out, "") << "a part is no result";
  }
  for (int order = 0; order < 3; ++order) {
    std::rotate(files.begin(), files.begin() + 2, files.end());
    std::swap(files[0], files[3]);
    std::string names;
    for (const std::string& file : files) names += " " + file;
    EXPECT_EQ(run("merge" + names).out, text);
    const Ended merged = run("merge" + names + " --format json --csv " + path("m.csv") + " -o " + path("m.sqlite"));
    EXPECT_EQ(merged.exit, 0) << merged.err;
    EXPECT_EQ(merged.out, json.out);
    EXPECT_EQ(content_of(path("m.csv")), content_of(path("one.csv")));
    EXPECT_TRUE(content_of(path("m.sqlite")) == content_of(path("one.sqlite")));
  }
}

TEST_F(DividedStudy, that_is_killed_at_any_moment_goes_on_and_ends_with_the_same_bytes) {
  const std::string uninterrupted = run_study(size + " --format json").out;
  const std::string command = size + " --format json --threads 2 --checkpoint " + path("kept.sqlite");
  int killed = 0;
  Ended ended;
  do {
    // Each round gives them longer: on a slow machine the first ones do not come to their first chunk.
    const int hundredths = 8 + 13 * (killed % 20) * (1 + killed / 20);
    ended = run_study(command, "timeout -s KILL " + std::to_string(hundredths / 100.0));
    ASSERT_LT(++killed, 300) << "it never ends";
  } while (ended.exit == -1 || ended.exit == 137);
  EXPECT_EQ(ended.exit, 0) << ended.err;
  EXPECT_GT(killed, 1);
  EXPECT_EQ(ended.out, uninterrupted);
  EXPECT_EQ(run_study(command).out, uninterrupted) << "all of it is in the checkpoint";
}

TEST_F(DividedStudy, that_is_interrupted_tells_and_keeps_what_is_complete) {
  const std::string command = " --replications 100000000 --format json --checkpoint " + path("kept.sqlite");
  Ended ended;
  for (const char* seconds : {"3", "30"}) {  // a slow machine may have nothing complete by then
    ended = run_study(command, std::string("timeout -s INT --preserve-status ") + seconds);
    if (!ended.out.empty()) break;
  }
  EXPECT_EQ(ended.exit, 130);
  EXPECT_THAT(ended.out, HasSubstr("\"complete\": false"));
  EXPECT_THAT(ended.err, AllOf(HasSubstr("chunks complete"), HasSubstr(path("kept.sqlite"))));
}

TEST_F(DividedStudy, refuses_a_checkpoint_of_another_study) {
  const std::string file = path("kept.sqlite");
  ASSERT_EQ(run_study("--replications 100 --checkpoint " + file).exit, 0);
  const std::string before = content_of(file);
  const Ended ended = run_study("--replications 100 --seed 2 --checkpoint " + file);
  EXPECT_EQ(ended.exit, 64);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("another study"), HasSubstr("--replications=100")));
  EXPECT_EQ(content_of(file), before);
  std::ofstream(path("notes.txt")) << std::string(300, 'x');
  EXPECT_EQ(run_study("--replications 100 --checkpoint " + path("notes.txt")).exit, 64);
}

TEST_F(DividedStudy, on_a_full_disk_says_so_and_goes_on_when_there_is_room) {
  const std::string command = size + " --format json --checkpoint " + path("kept.sqlite");
  const Ended full = run_study(command, "ulimit -f 16; ");
  EXPECT_EQ(full.exit, 74);
  EXPECT_THAT(full.err, HasSubstr(path("kept.sqlite") + " cannot be"));
  EXPECT_EQ(run_study(command).out, run_study(size + " --format json").out);
}

TEST_F(DividedStudy, refuses_places_that_cannot_be_written_before_the_work) {
  for (const char* option : {"--checkpoint /proc/kept.sqlite", "-o /proc/results.sqlite", "--csv /proc/table.csv",
                             "--shard 1/7 -o /proc/shard.json"}) {
    const Ended ended = run_study("--replications 1000000000 " + std::string(option), "timeout 100");
    EXPECT_EQ(ended.exit, 74) << option << ended.err;
    EXPECT_THAT(ended.err, HasSubstr("/proc/"));
  }
}

TEST_F(DividedStudy, refuses_shards_that_cannot_be_with_a_remedy) {
  for (const char* shard : {"0/7", "8/7", "3", "a/b", "1/7x"}) {
    const Ended ended = run_study("--shard " + std::string(shard) + " -o " + path("shard.json"));
    EXPECT_EQ(ended.exit, 64) << shard;
    EXPECT_THAT(ended.err, HasSubstr("the first of seven is 1/7"));
  }
  EXPECT_THAT(run_study("--shard 1/7").err, HasSubstr("a shard needs a file"));
  const Ended ended = run("study scenarios/studies/heartbeat_and_health.json --shard 1/7 -o " + path("shard.json"));
  EXPECT_EQ(ended.exit, 64);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("precise enough"), HasSubstr("fixed number of replications")));
  EXPECT_EQ(run_study("--replications 100 -o results.txt").exit, 64);
  const std::string kept = path("kept.sqlite");
  ASSERT_EQ(run_study("--replications 100 --checkpoint " + kept).exit, 0);
  EXPECT_EQ(run_study("--replications 100 -o " + kept).exit, 64) << "results would take the checkpoint's place";
}

TEST_F(DividedStudy, refuses_to_merge_what_does_not_fit_by_name) {
  const std::string one = path("1.json"), two = path("2.json"), copy = path("copy.json"), cut = path("cut.json");
  ASSERT_EQ(run_study("--replications 2000 --shard 1/2 -o " + one).exit, 0);
  ASSERT_EQ(run_study("--replications 2000 --shard 2/2 -o " + two).exit, 0);
  fs::copy_file(one, copy);
  std::ofstream(cut) << content_of(two).substr(0, 2000);

  EXPECT_THAT(run("merge " + one + " " + two + " " + copy).err, AllOf(HasSubstr(copy), HasSubstr("is in " + one)));
  EXPECT_THAT(run("merge " + one).err, HasSubstr("no file has chunk 2 of 2"));
  EXPECT_THAT(run("merge " + one + " " + cut).err, AllOf(HasSubstr(cut), HasSubstr("damaged")));
  EXPECT_EQ(run("merge " + one + " " + path("nowhere.json")).exit, 74);

  ASSERT_EQ(run_study("--replications 2000 --seed 2 --shard 2/2 -o " + path("seed2.json")).exit, 0);
  const Ended mixed = run("merge " + one + " " + path("seed2.json"));
  EXPECT_EQ(mixed.exit, 64);
  EXPECT_THAT(mixed.err, AllOf(HasSubstr("seed2.json"), HasSubstr("another study"), HasSubstr("--seed=2")));

  const Ended elsewhere = run("merge " + one + " " + two + " --study scenarios/studies/queue_of_a_day.json");
  EXPECT_EQ(elsewhere.exit, 64);
  EXPECT_THAT(elsewhere.err, HasSubstr("is not what the shards were run with"));
}

class StudyUnderMpirun : public DividedStudy {
 protected:
  void SetUp() override {
    if (std::system("command -v mpirun >/dev/null") != 0) GTEST_SKIP() << "there is no mpirun";
  }

  /// Over loopback only; more ranks than processors; OpenMPI itself leaks.
  static std::string mpirun(int ranks) {
    return "OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 ASAN_OPTIONS=detect_leaks=0 timeout 300 mpirun "
           "--oversubscribe --mca btl self,vader,tcp --mca btl_tcp_if_include lo --mca oob_tcp_if_include lo -n " +
           std::to_string(ranks);
  }
};

TEST_F(StudyUnderMpirun, gives_the_same_bytes_on_any_number_of_ranks) {
  const std::string alone = run_study(size + " --format json").out;
  for (const int ranks : {1, 2, 4}) {
    const Ended ended = run_study(size + " --format json", mpirun(ranks));
    EXPECT_EQ(ended.exit, 0) << ended.err;
    EXPECT_EQ(ended.out, alone) << ranks << " ranks";
  }
}

TEST_F(StudyUnderMpirun, ends_by_precision_where_a_single_run_does) {
  const std::string command =
      "study scenarios/studies/heartbeat_and_health.json --quiet --format json --replications 4000";
  EXPECT_EQ(run(command, mpirun(2)).out, run(command).out);
}

TEST_F(StudyUnderMpirun, goes_on_from_the_checkpoint_of_a_single_run_and_the_other_way_round) {
  const std::string alone = run_study(size + " --format json").out;
  const std::string kept = size + " --format json --checkpoint " + path("kept.sqlite");
  run_study(kept, "timeout -s KILL 1.5");
  EXPECT_EQ(run_study(kept, mpirun(2)).out, alone);
  EXPECT_EQ(run_study(kept).out, alone);
}

TEST_F(StudyUnderMpirun, tells_bad_input_once) {
  const Ended ended = run("study nowhere.json", mpirun(3));
  EXPECT_EQ(ended.exit, 64);
  const std::size_t first = ended.err.find("nowhere.json");
  ASSERT_NE(first, std::string::npos) << ended.err;
  EXPECT_EQ(ended.err.find("nowhere.json:", first + 14), std::string::npos) << ended.err;
}

}  // namespace

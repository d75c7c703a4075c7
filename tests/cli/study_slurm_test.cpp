// The shipped files for batch engines: a Slurm job array on a real Slurm, one of its tasks killed and put back into the
// queue; the command of a Kubernetes indexed job.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/cli/loopback_slurm.hpp"
#include "tests/cli/run_program.hpp"
#include "tests/support/files.hpp"

namespace {

namespace fs = std::filesystem;
using rehearse::cli::comes_true;
using rehearse::cli::Ended;
using rehearse::cli::LoopbackSlurm;
using rehearse::cli::run_program;
using rehearse::tests::content_of;
using std::chrono::seconds;
using testing::HasSubstr;

const std::string study = "scenarios/studies/what_recovery_costs.json";

/// The lines of the manifest's shell script, without their indentation.
std::string script_of(const std::string& manifest) {
  const std::string mark = "            - |\n", indentation(14, ' ');
  std::string script;
  for (std::size_t place = manifest.find(mark) + mark.size(); manifest.compare(place, 14, indentation) == 0;) {
    const std::size_t end = manifest.find('\n', place);
    script += manifest.substr(place + 14, end + 1 - place - 14);
    place = end + 1;
  }
  return script;
}

TEST(SlurmArray, of_which_a_task_is_killed_and_requeued_merges_to_the_bytes_of_one_run) {
  if (!LoopbackSlurm::is_there()) GTEST_SKIP() << "there is no Slurm (slurm-wlm, munge)";
  const rehearse::tests::TemporaryFolder folder;
  // Long enough for the second task to be met at its work, on a machine of any speed: it is the longest of the three.
  const std::string size = "--replications 40000";
  LoopbackSlurm slurm;
  const std::string shards = folder.path("shards");
  const std::string id = slurm.run("cd '" REHEARSE_SOURCE_DIR "' && REHEARSE='" REHEARSE_PROGRAM "' FOLDER='" + shards +
                                   "' sbatch --parsable --array=1-3 --output='" + folder.path("log-%a") +
                                   "' scenarios/studies/slurm.sh " + study + " " + size);
  const std::string second = id.substr(0, id.find('\n')) + "_2";
  ASSERT_TRUE(comes_true(seconds(60), [&] { return fs::exists(shards + "/2.sqlite"); })) << slurm.run("squeue");
  slurm.run("scontrol requeue " + second);
  ASSERT_FALSE(fs::exists(shards + "/2.json")) << "it was finished too soon to be killed";
  // Slurm holds it for two minutes otherwise.
  ASSERT_TRUE(comes_true(
      seconds(60), [&] { return slurm.run("squeue -h -o %T -j " + second).find("PENDING") != std::string::npos; }));
  slurm.run("scontrol update JobId=" + second + " StartTime=now");
  ASSERT_TRUE(comes_true(seconds(150), [&] { return slurm.idle(); })) << slurm.run("squeue");
  EXPECT_THAT(content_of(folder.path("log-2")), HasSubstr("DUE TO JOB REQUEUE"));

  const Ended merged = run_program(folder.path(), "merge " + shards + "/*.json --format json");
  EXPECT_EQ(merged.exit, 0) << merged.err;
  EXPECT_EQ(merged.out, run_program(folder.path(), "study " + study + " --quiet --format json " + size).out);
}

TEST(SlurmArray, whose_numbers_are_not_those_of_shards_is_refused) {
  const rehearse::tests::TemporaryFolder folder;
  const auto refused = [&](const std::string& environment) {
    const std::string command = "cd '" REHEARSE_SOURCE_DIR "' && env -u SHARDS FOLDER='" + folder.path("shards") +
                                "' " + environment + " bash scenarios/studies/slurm.sh " + study + " 2>'" +
                                folder.path("err") + "'";
    const int status = std::system(command.c_str());
    EXPECT_EQ(WEXITSTATUS(status), 64);
    return content_of(folder.path("err"));
  };
  EXPECT_THAT(refused(""), HasSubstr("job arrays"));
  EXPECT_THAT(refused("SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=6 SLURM_ARRAY_TASK_COUNT=7"),
              HasSubstr("SHARDS"));
}

TEST(KubernetesJob, does_with_its_indices_the_shards_of_one_run) {
  const rehearse::tests::TemporaryFolder folder;
  const std::string manifest = content_of(REHEARSE_SOURCE_DIR "/scenarios/studies/kubernetes.yaml");
  EXPECT_THAT(manifest, HasSubstr("completionMode: Indexed"));
  std::ofstream(folder.path("script")) << script_of(manifest);
  fs::create_directory(folder.path("bin"));
  fs::create_symlink(REHEARSE_PROGRAM, folder.path("bin/rehearse"));
  // On the volume: the study and what it names.
  fs::copy(REHEARSE_SOURCE_DIR "/scenarios", folder.path("scenarios"), fs::copy_options::recursive);
  std::string text = content_of(folder.path(study));
  const std::string asked = "\"replications\": 4000";
  ASSERT_NE(text.find(asked), std::string::npos);
  std::ofstream(folder.path(study)) << text.replace(text.find(asked), asked.size(), "\"replications\": 3000");
  for (int index = 0; index < 3; ++index) {
    const std::string command = "cd '" + folder.path("") + "' && PATH='" + folder.path("bin") +
                                "':$PATH STUDY=" + study + " SHARDS=3 JOB_COMPLETION_INDEX=" + std::to_string(index) +
                                " /bin/sh -c \"$(cat script)\"";
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
  }
  const std::string there = "cd '" + folder.path("") + "' &&";
  const Ended merged = run_program(folder.path(), "merge scenarios/studies/what_recovery_costs.shards/*.json", there);
  EXPECT_EQ(merged.exit, 0) << merged.err;
  EXPECT_EQ(merged.out, run_program(folder.path(), "study --quiet " + study, there).out);
}

}  // namespace

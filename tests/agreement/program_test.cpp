// The program itself, planning and performing: through the system's ssh, a real sshd for each machine, and the far side
// in the place of PowerShell.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/agreement/farm.hpp"
#include "tests/far_side/world_file.hpp"
#include "tests/real_backend/asking.hpp"
#include "tests/real_backend/loopback_sshd.hpp"

namespace far_side {
namespace {

namespace real = rehearse::real;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

class WholeWay : public testing::Test {
 protected:
  WholeWay() {
    WorldFile(world_).save(bare_farm());
    std::string config;
    for (const std::string& machine : names) {
      servers_.push_back(std::make_unique<real::LoopbackSshd>(
          std::vector<std::string>{machine},
          std::vector<std::string>{"FAR_SIDE_NODE=" + machine, "FAR_SIDE_WORLD=" + world_,
                                   // Machines that restart are back while the program asks for them.
                                   "FAR_SIDE_SPEED=60"}));
      config += real::text_of_file(servers_.back()->client_config());
    }
    std::ofstream(folder_.path("ssh")) << config;
    std::ofstream(folder_.path("design.json")) << farm_design_text(true);
    std::ofstream(folder_.path("site.json")) << R"({
      "media": "\\\\FS1\\sql2019", "sql_data_folder": "F:\\Data", "sql_account": "CORP\\svc-sql",
      "sql_administrators": ["CORP\\SQL Admins"], "cluster_address": "10.0.0.40",
      "installation_account": "CORP\\installer" })";
    ::setenv("REHEARSE_SECRET_PASSWORD_OF_CORP_INSTALLER", "installer's word", 1);
    ::setenv("REHEARSE_SECRET_PASSWORD_OF_CORP_SVC_SSIS", "master's word", 1);
    ::setenv("REHEARSE_SECRET_PASSWORD_OF_CORP_SVC_WORKER", "worker's word", 1);
    ::setenv("REHEARSE_SECRET_LOGON_OF_THE_SQL_SERVER_SERVICES", "sql's word", 1);
    ::setenv("REHEARSE_SECRET_SSISDB_MASTER_KEY", "catalog's Word 12", 1);
  }

  /// Its exit code; what it says is in `said`. `before` stands in front of the program.
  int rehearse(const std::string& words, const std::string& before = "") {
    const std::string log = folder_.path("log");
    const std::string command = "cd '" + folder_.path(".") + "' && " + before + " '" REHEARSE_PROGRAM "' " + words +
                                " >'" + log + "' 2>&1 </dev/null";
    const int status = std::system(command.c_str());
    said = real::text_of_file(log);
    all_said += said;
    return WEXITSTATUS(status);
  }

  std::string machines() const {
    return " --site site.json --ssh-config '" + folder_.path("ssh") + "' --shell '" FAR_SIDE_POWERSHELL "' ";
  }

  /// The rest of the line that says this.
  std::string after(const std::string& words) const {
    const std::size_t found = said.find(words);
    if (found == std::string::npos) return "";
    const std::size_t begin = found + words.size();
    return said.substr(begin, said.find('\n', begin) - begin);
  }

  /// The same while somebody looks at the process list all the time.
  int rehearse_watched(const std::string& words) {
    std::atomic<bool> ended = false;
    std::thread watcher([&] {
      while (!ended) {
        for (const char* secret : secrets) seen_ = seen_ || real::stands_in_a_command_line(secret);
        std::this_thread::sleep_for(100ms);
      }
    });
    const int exit = rehearse(words);
    ended = true;
    watcher.join();
    return exit;
  }

  /// It accepts no connection any more.
  void stop(const std::string& machine) {
    servers_[static_cast<std::size_t>(std::find(names.begin(), names.end(), machine) - names.begin())]->stop();
  }

  /// Neither in what was said, nor in these files, nor in any process list.
  void expect_no_secret_in(const std::vector<std::string>& files) {
    std::string text = all_said;
    for (const std::string& file : files) {
      ASSERT_NE(real::text_of_file(folder_.path(file)), "") << file;
      text += real::text_of_file(folder_.path(file));
    }
    for (const char* secret : secrets) EXPECT_THAT(text, Not(HasSubstr(secret)));
    EXPECT_FALSE(seen_) << "a secret stood in a command line";
  }

  real::TestFolder folder_;
  const std::string world_ = folder_.path("world.json");
  const std::vector<std::string> names = {"SQL1", "SQL2", "WRK1", "WRK2"};
  std::string said, all_said;

 private:
  static constexpr const char* secrets[] = {"installer's word", "master's word", "worker's word", "sql's word",
                                            "catalog's Word 12"};

  bool seen_ = false;
  std::vector<std::unique_ptr<real::LoopbackSshd>> servers_;
};

TEST_F(WholeWay, a_plan_is_performed_in_parts_recorded_and_refused_when_reality_has_moved_on) {
  ASSERT_EQ(rehearse("plan design.json -o plan.json --record plan.transcript" + machines()), 0) << said;
  EXPECT_THAT(said, HasSubstr("install_fci on SQL1"));
  EXPECT_THAT(said, HasSubstr("a second hop: "));
  ASSERT_EQ(rehearse("plan design.json -o replayed.json --replay plan.transcript"), 0) << said;
  EXPECT_EQ(real::text_of_file(folder_.path("replayed.json")), real::text_of_file(folder_.path("plan.json")));

  const std::string first = "apply plan.json --yes --until install_failover_clustering";
  ASSERT_EQ(rehearse(first + " --record apply.transcript" + machines()), 0) << said;
  EXPECT_THAT(said, HasSubstr("next: validate_cluster"));
  ASSERT_EQ(rehearse(first + machines()), 0) << said;
  EXPECT_THAT(said, HasSubstr("left out, the journal has it as done"));
  EXPECT_THAT(said, HasSubstr("done: 0 performed"));

  // Another journal knows of nothing, so the machines are not what the plan expects.
  EXPECT_EQ(rehearse("apply plan.json --yes --journal other.journal" + machines()), 1);
  EXPECT_THAT(said,
              HasSubstr("Host.FeatureInstalled('SQL1', 'Failover-Clustering'): the plan expects no, but it is yes"));
  EXPECT_THAT(said, HasSubstr("nothing was done"));

  expect_no_secret_in({"plan.json", "plan.json.journal", "plan.transcript", "apply.transcript"});
}

TEST_F(WholeWay, the_command_to_go_on_reaches_the_same_machines_with_the_same_journal) {
  ASSERT_EQ(rehearse("plan design.json -o \"Today's plan.json\"" + machines()), 0) << said;
  ASSERT_EQ(rehearse("apply \"Today's plan.json\" --yes --journal 'my journal' --until install_failover_clustering" +
                     machines()),
            0)
      << said;
  const std::string on = after("go on: rehearse ");
  EXPECT_THAT(on, Not(HasSubstr("--until")));
  ASSERT_EQ(rehearse(on + " --until validate_cluster"), 0) << said;
  EXPECT_THAT(said, HasSubstr("done: 1 performed"));
  EXPECT_THAT(said, HasSubstr("next: create_cluster"));
  EXPECT_EQ(after("go on: rehearse "), on);
}

TEST_F(WholeWay, a_machine_that_does_not_answer_leaves_the_plan_as_it_is) {
  ASSERT_EQ(rehearse("plan design.json -o plan.json" + machines()), 0) << said;
  stop("WRK2");
  EXPECT_EQ(rehearse("apply plan.json --yes" + machines()), 2);
  EXPECT_THAT(said, HasSubstr("  WRK2: "));
  EXPECT_THAT(said, HasSubstr("Connection refused"));
  EXPECT_THAT(said, HasSubstr("try again"));
  EXPECT_THAT(said, Not(HasSubstr("rehearse plan")));
}

TEST_F(WholeWay, an_operation_needs_no_machine_that_its_steps_do_not_act_on) {
  WorldFile(world_).save(deployed_world(true));
  stop("WRK2");
  const std::string pause = "plan design.json -o plan.json --operation pause_node --with node=";
  ASSERT_EQ(rehearse(pause + "SQL2" + machines()), 0) << said;
  EXPECT_THAT(said, HasSubstr("note: WRK2: "));
  EXPECT_THAT(said, HasSubstr("as if the machine were off"));
  ASSERT_EQ(rehearse("apply plan.json --yes" + machines()), 0) << said;
  EXPECT_THAT(said, HasSubstr("done: 1 performed"));

  EXPECT_EQ(rehearse("plan design.json --operation restart_workers" + machines()), 2);
  EXPECT_THAT(said, HasSubstr("that its steps act on"));
  EXPECT_EQ(rehearse("plan design.json" + machines()), 2);
}

TEST_F(WholeWay, after_a_renewal_people_are_told_to_state_the_certificate_and_plans_warn_until_they_do) {
  WorldFile(world_).save(deployed_world(true));
  ASSERT_EQ(rehearse("plan design.json" + machines()), 0) << said;
  EXPECT_THAT(said, Not(HasSubstr("shows a certificate")));
  ASSERT_EQ(rehearse("apply --yes --design design.json --operation renew_master_certificate --with "
                     "not_after=2039-11-22T00:00:00Z" +
                     machines()),
            0)
      << said;
  EXPECT_THAT(said, HasSubstr("in certificates.master \"not_after\": \"2039-11-22T00:00:00Z\""));
  ASSERT_EQ(rehearse("plan design.json" + machines()), 0) << said;
  EXPECT_THAT(said, HasSubstr("note: SQL1 shows a certificate that ends at 2039-11-22T00:00:00Z"));
  EXPECT_THAT(said, HasSubstr("note: SQL2 shows"));
}

TEST_F(WholeWay, one_ctrl_c_ends_the_looking_at_once) {
  ASSERT_EQ(rehearse("plan design.json -o plan.json" + machines()), 0) << said;
  // An ssh that never answers, and that presses the key once.
  std::ofstream(folder_.path("ssh-that-hangs")) << "#!/bin/sh\n"
                                                   "mkdir pressed 2>/dev/null && kill -INT $PPID\n"
                                                   "exec sleep 60\n";
  ASSERT_EQ(
      std::system(
          ("cd '" + folder_.path(".") + "' && mkdir -p bin && mv ssh-that-hangs bin/ssh && chmod +x bin/ssh").c_str()),
      0);
  for (const char* words : {"plan design.json", "apply plan.json --yes"}) {
    SCOPED_TRACE(words);
    EXPECT_EQ(rehearse(words + machines(), "rmdir pressed 2>/dev/null; PATH=\"$PWD/bin:$PATH\" timeout 50"), 130)
        << said;
    EXPECT_THAT(said, HasSubstr("given up on request"));
    EXPECT_THAT(said, Not(HasSubstr("bug")));
  }
}

TEST_F(WholeWay, one_ctrl_c_answers_the_question_whether_to_perform) {
  ASSERT_EQ(rehearse("plan design.json -o plan.json" + machines()), 0) << said;
  std::ofstream(folder_.path("apply")) << "exec '" REHEARSE_PROGRAM "' apply plan.json " + machines();
  // The key is pressed when the question is there; the end of the input would be an answer, too, so it comes later.
  const std::string until_shown =
      "shown() { for i in $(seq 300); do grep -qs \"$1\" typescript && break; sleep 0.1; done; }; ";
  const std::string at_a_terminal = "cd '" + folder_.path(".") + "' && " + until_shown +
                                    "(shown y/N; printf '\\003'; shown request) | "
                                    "timeout 50 script -qefc 'exec sh apply' typescript >log 2>&1";
  EXPECT_EQ(WEXITSTATUS(std::system(at_a_terminal.c_str())), 130);
  const std::string shown = real::text_of_file(folder_.path("typescript"));
  EXPECT_THAT(shown, HasSubstr("given up on request"));
  EXPECT_THAT(shown, Not(HasSubstr("bug")));
}

TEST_F(WholeWay, a_whole_deployment_is_performed_and_after_it_nothing_is_left_to_do) {
  ASSERT_EQ(rehearse("plan design.json -o plan.json" + machines()), 0) << said;
  ASSERT_EQ(rehearse_watched("apply plan.json --yes --record apply.transcript" + machines()), 0) << said;
  EXPECT_THAT(said, HasSubstr("[39/39] enable_worker on WRK2"));
  EXPECT_THAT(said, HasSubstr(" found done, 0 left out"));
  ASSERT_EQ(rehearse("apply plan.json --yes" + machines()), 0) << said;
  EXPECT_THAT(said, HasSubstr("done: 0 performed"));
  ASSERT_EQ(rehearse("plan design.json -o next.json --record next.transcript" + machines()), 0) << said;
  EXPECT_THAT(said, HasSubstr("nothing to do: "));
  ASSERT_EQ(rehearse("apply next.json --yes" + machines()), 0) << said;
  EXPECT_THAT(said, HasSubstr("done: 0 performed"));
  expect_no_secret_in({"plan.json", "plan.json.journal", "next.json", "apply.transcript", "next.transcript"});
}

}  // namespace
}  // namespace far_side

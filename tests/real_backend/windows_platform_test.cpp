// The platform as steps see it: typed questions over scripts that go nowhere, answered by the test.
#include "real_backend/windows_platform.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "canned_transport.hpp"
#include "model/steps/waiting.hpp"
#include "run_now.hpp"

namespace rehearse::real {
namespace {

using namespace std::chrono_literals;
using steps::Answer;
using steps::AnyRequest;
using steps::Failure;
using steps::FailureCode;
using testing::HasSubstr;

steps::Awaitable<bool> done(steps::Awaitable<void> operation) {
  co_await std::move(operation);
  co_return true;
}

class OnWindows : public testing::Test {
 protected:
  OnWindows() {
    design.cluster.name = "SSISCLU";
    for (const char* name : {"SQL1", "SQL2", "SQL3"}) {
      model::Node node;
      node.name = name;
      design.cluster.nodes.push_back(node);
    }
    design.fci.network_name = "SQLFCI";
    site.installation_account = "CORP\\installer";
  }

  std::string respond(const RemoteScript& script) {
    if (silent.contains(script.host)) throw Failure(FailureCode::unreachable, "no route");
    return line;
  }

  std::string failure_of(steps::Awaitable<void> operation) {
    try {
      run_now(done(std::move(operation)));
    } catch (const Failure& failure) {
      return failure.what();
    }
    return {};
  }

  model::Design design;
  Site site;
  std::set<std::string> silent;
  std::string line = value_line("null");
  CannedTransport transport{[this](const RemoteScript& script) { return respond(script); }};
  KnowingOperator person{{{"master key", "open sesame"}, {"password of CORP\\installer", "let me in"}}};
  WindowsPlatform windows{transport, person, design, site, {1ms}};
  steps::Platform platform = windows.platform();
};

// ---- clock and operator

TEST_F(OnWindows, the_clock_is_that_of_this_machine) {
  const Date before = std::chrono::system_clock::now();
  const Date now = run_now(platform.clock.now());
  EXPECT_GE(now, before);
  EXPECT_LE(now, std::chrono::system_clock::now());
}

TEST_F(OnWindows, sleeping_takes_its_time) {
  const auto begun = std::chrono::steady_clock::now();
  run_now(done(platform.clock.sleep(20ms)));
  EXPECT_GE(std::chrono::steady_clock::now() - begun, 20ms);
}

TEST_F(OnWindows, a_sleep_ends_when_it_is_no_longer_waited_for) {
  EXPECT_THAT(failure_of(steps::with_deadline(platform.clock, platform.clock.sleep(24h), 1ms, "sleeping")),
              HasSubstr("sleeping: not finished after 1ms"));
}

TEST_F(OnWindows, the_operator_answers_for_the_steps) {
  EXPECT_EQ(run_now(platform.person.secret("master key")).reveal(), "open sesame");
  EXPECT_TRUE(run_now(platform.person.confirm("really?")));
  EXPECT_TRUE(transport.sent.empty());
}

// ---- machines

TEST_F(OnWindows, a_question_to_a_machine_is_answered_by_its_script) {
  line = value_line("true");
  EXPECT_TRUE(run_now(platform.host.feature_installed("SQL2", "Failover-Clustering")));
  EXPECT_EQ(transport.hosts(), "SQL2");
  EXPECT_THAT(transport.sent[0].text, HasSubstr("Get-WindowsFeature"));
}

TEST_F(OnWindows, a_machine_that_nobody_reaches_does_not_answer) {
  line = value_line("true");
  EXPECT_TRUE(run_now(platform.host.answers("SQL1")));
  silent = {"SQL1"};
  EXPECT_FALSE(run_now(platform.host.answers("SQL1")));
}

TEST_F(OnWindows, failures_carry_primitive_place_and_windows_own_words) {
  line = R"({"ok":false,"code":"","message":"Cannot open ClusSvc service","category":"OpenError","id":"x","hresult":0,)"
         R"("cmdlet":"Start-Service","number":null})";
  EXPECT_EQ(failure_of(platform.host.start_service("SQL3", "SSISScaleOutMaster150")),
            "Host.StartService on SQL3: refused: Cannot open ClusSvc service (Start-Service)");
}

TEST_F(OnWindows, a_name_that_no_script_can_hold_is_refused_before_anything_is_sent) {
  EXPECT_THAT(failure_of(platform.host.start_service("SQL3", std::string("a\0b", 3))), HasSubstr("refused: "));
  EXPECT_TRUE(transport.sent.empty());
}

// ---- the cluster

TEST_F(OnWindows, a_cluster_answers_when_one_node_does) {
  line = value_line("true");
  silent = {"SQL1"};
  EXPECT_TRUE(run_now(platform.cluster.answers()));
  silent = {"SQL1", "SQL2", "SQL3"};
  EXPECT_FALSE(run_now(platform.cluster.answers()));
}

TEST_F(OnWindows, whether_a_cluster_exists_nobody_can_tell_while_all_are_silent) {
  silent = {"SQL1", "SQL2", "SQL3"};
  EXPECT_THROW(run_now(platform.cluster.exists("SSISCLU")), Failure);
}

TEST_F(OnWindows, a_cluster_exists_unless_every_node_that_answers_denies_it) {
  line = value_line("false");
  silent = {"SQL2"};
  EXPECT_FALSE(run_now(platform.cluster.exists("SSISCLU")));
  EXPECT_EQ(transport.hosts(), "SQL1 SQL2 SQL3");
}

TEST_F(OnWindows, what_is_waited_for_has_time_beyond_the_wait) {
  constexpr Duration within = 45min;
  const std::vector<AnyRequest> waiting = {
      steps::ClusterRequest(steps::cluster::OnlineRole("R", within)),
      steps::ClusterRequest(steps::cluster::OfflineRole("R", within)),
      steps::ClusterRequest(steps::cluster::OnlineResource("R", within)),
      steps::ClusterRequest(steps::cluster::OfflineResource("R", within)),
      steps::ClusterRequest(steps::cluster::MoveRole("R", "SQL2", within)),
      steps::ClusterRequest(steps::cluster::MoveRoleToBest("R", within)),
      steps::ClusterRequest(steps::cluster::DrainNode("SQL1", within)),
      steps::ClusterRequest(steps::cluster::StopNode("SQL1", within)),
      steps::ClusterRequest(steps::cluster::StartNode("SQL1", steps::NodeStart::usual, within)),
      steps::ClusterRequest(steps::cluster::ClearQuarantine("SQL1", within)),
  };
  for (const AnyRequest& request : waiting) {
    transport.sent.clear();
    run_now(windows.call(request));
    ASSERT_EQ(transport.sent.size(), 1u) << to_text(request);
    EXPECT_GT(transport.sent[0].limit, within) << to_text(request);
    EXPECT_LT(transport.sent[0].limit, within + 15min) << to_text(request);
  }
}

// ---- the catalog

TEST_F(OnWindows, the_catalog_is_asked_on_the_node_that_owns_the_instance) {
  transport = CannedTransport([](const RemoteScript& script) {
    return script.host == "SQL3" ? value_line("true") : failure_line("elsewhere", "SQL3");
  });
  EXPECT_TRUE(run_now(platform.catalog.scale_out_enabled()));
  EXPECT_TRUE(run_now(platform.catalog.scale_out_enabled()));
  EXPECT_EQ(transport.hosts(), "SQL1 SQL3 SQL3");
}

}  // namespace
}  // namespace rehearse::real

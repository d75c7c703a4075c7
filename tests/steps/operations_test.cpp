// What operators do to a deployed farm: what it comes to, done twice, and cut off at every call.
#include "model/steps/operations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "interruption.hpp"
#include "model/steps/adapters/recording.hpp"
#include "model/steps/deployment.hpp"
#include "model/steps/role_operations.hpp"
#include "model/steps/verify_steps.hpp"
#include "test_designs.hpp"

namespace rehearse::steps {
namespace {

using testing::HasSubstr;
using Kind = StepOutcome::Kind;

const std::string sql_role = "SQL Server (MSSQLSERVER)";

/// The design with SSISDB in an availability group of SQL1 and SQL2.
model::Design in_availability_group(model::Design design) {
  model::AvailabilityGroup group;
  group.name = "AG";
  for (const char* node : {"SQL1", "SQL2"}) group.replicas.emplace_back().node = node;
  design.fci.availability_group = group;
  return design;
}

/// A deployed farm of three nodes in the joint placement.
class Operations : public testing::Test {
 protected:
  Operations() {
    const std::vector<StepPtr> steps = deployment_steps(design);
    const Performance performance = perform_on(farm, farm.platform(), steps);
    EXPECT_TRUE(performance.succeeded()) << to_text(performance, steps);
  }

  Performance perform(const char* name, const OperationArguments& arguments) {
    return perform_on(farm, farm.platform(), operation_steps(design, name, arguments));
  }

  /// Does it, and finds it done when asked for again.
  void do_twice(const char* name, const OperationArguments& arguments) {
    const std::vector<StepPtr> steps = operation_steps(design, name, arguments);
    const Performance once = perform_on(farm, farm.platform(), steps);
    EXPECT_TRUE(once.succeeded()) << to_text(once, steps);
    for (const Performance::Entry& entry : once.entries) EXPECT_EQ(entry.outcome.kind, Kind::done) << name;
    const FarmState before = farm.state;
    const Performance again = perform_on(farm, farm.platform(), steps);
    for (const Performance::Entry& entry : again.entries) {
      EXPECT_EQ(entry.outcome.kind, Kind::already_satisfied) << name;
    }
    EXPECT_EQ(farm.state, before) << name;
  }

  void do_it(const char* name, const OperationArguments& arguments) {
    const Performance performance = perform(name, arguments);
    ASSERT_EQ(performance.failure(), nullptr) << performance.failure()->what();
    for (const Performance::Entry& entry : performance.entries) EXPECT_EQ(entry.outcome.kind, Kind::done) << name;
  }

  Failure failure_of(const char* name, const OperationArguments& arguments) {
    const Performance performance = perform(name, arguments);
    EXPECT_NE(performance.failure(), nullptr) << name << " succeeded";
    return performance.failure() ? *performance.failure() : Failure(FailureCode::cancelled, "");
  }

  const std::string& owner() const { return farm.state.role_owner.at(sql_role); }
  void stop_everything() {
    for (const std::string& node : farm.state.nodes) farm.state.stopped.insert(node);
    for (auto& [name, resource] : farm.state.resources) resource.online = false;
  }

  const model::Design design = joint_design(3);
  SmallFarm farm{design};
};

TEST_F(Operations, a_drained_node_owns_nothing_until_it_is_resumed_and_given_its_role_back) {
  do_twice("drain_node", {{"node", "sql1"}});
  EXPECT_EQ(owner(), "SQL2");
  do_twice("resume_node", {{"node", "SQL1"}});
  EXPECT_EQ(owner(), "SQL2");
  do_twice("move_role", {{"role", sql_role}, {"to", "SQL1"}});
  EXPECT_EQ(owner(), "SQL1");
  do_it("restart_workers", {});
}

TEST_F(Operations, a_paused_node_keeps_its_roles_and_takes_no_others) {
  do_twice("pause_node", {{"node", "SQL1"}});
  EXPECT_EQ(owner(), "SQL1");
  do_twice("pause_node", {{"node", "SQL2"}});
  EXPECT_EQ(failure_of("move_role", {{"role", sql_role}, {"to", "SQL2"}}).code(), FailureCode::refused);
  do_twice("resume_node", {{"node", "SQL2"}, {"failback", "policy"}});
}

TEST_F(Operations, a_role_moves_to_the_best_possible_node_whenever_that_is_asked_for) {
  do_it("move_role", {{"role", sql_role}});
  EXPECT_NE(owner(), "SQL1");
  const std::string first = owner();
  do_it("move_role", {{"role", sql_role}});
  EXPECT_NE(owner(), first);
}

TEST_F(Operations, a_role_and_a_resource_are_taken_offline_and_brought_back) {
  do_twice("offline_role", {{"role", "sql server (mssqlserver)"}});
  EXPECT_FALSE(farm.state.resources.at("SQL Server").online);
  do_twice("online_role", {{"role", sql_role}});
  EXPECT_TRUE(farm.state.resources.at("SQL Server").online);
  do_twice("offline_resource", {{"resource", design.master_resource()}});
  EXPECT_FALSE(farm.state.resources.at(design.master_resource()).online);
  EXPECT_TRUE(farm.state.resources.at("SQL Server").online);
  do_twice("online_resource", {{"resource", design.master_resource()}});
}

TEST_F(Operations, a_resource_fails_as_often_as_it_is_told_to_and_not_while_it_is_offline) {
  do_it("fail_resource", {{"resource", "sql server"}});
  do_it("fail_resource", {{"resource", "SQL Server"}});
  EXPECT_EQ(farm.state.resources.at("SQL Server").failures, 2);
  do_it("offline_role", {{"role", sql_role}});
  EXPECT_EQ(failure_of("fail_resource", {{"resource", "SQL Server"}}).code(), FailureCode::refused);
}

TEST_F(Operations, a_node_is_stopped_and_started_and_its_role_goes_elsewhere) {
  do_twice("stop_node", {{"node", "SQL1"}});
  EXPECT_NE(owner(), "SQL1");
  do_twice("start_node", {{"node", "SQL1"}});
  EXPECT_TRUE(farm.state.stopped.empty());
}

TEST_F(Operations, a_machine_that_was_shut_down_is_found_off) {
  do_twice("shut_down_node", {{"node", "SQL1"}});
  EXPECT_FALSE(farm.state.hosts.at("SQL1").on);
  EXPECT_NE(owner(), "SQL1");
}

TEST_F(Operations, a_restart_needs_the_machine_to_answer_and_ends_with_the_node_in_the_cluster) {
  do_it("restart_node", {{"node", "SQL2"}});
  farm.state.hosts.at("SQL2").on = false;
  EXPECT_EQ(failure_of("restart_node", {{"node", "SQL2"}}).code(), FailureCode::unreachable);
}

// ---- the ways back after quorum was lost

TEST_F(Operations, forcing_quorum_starts_one_node_by_force_and_all_others_that_answer_without_that_right) {
  stop_everything();
  farm.state.hosts.at("SQL3").on = false;
  Transcript transcript;
  Recording recording(farm.platform(), transcript);
  const std::vector<StepPtr> steps = operation_steps(design, "force_quorum", {{"node", "SQL2"}});
  const Performance performance = perform_on(farm, recording.platform(), steps);
  ASSERT_TRUE(performance.succeeded()) << to_text(performance, steps);
  EXPECT_EQ(farm.state.stopped, (std::set<std::string>{"SQL3"})) << "nobody can start what is off";
  std::vector<std::string> starts;
  for (const Transcript::Entry& entry : transcript.entries()) {
    if (name_of(entry.request) == "Cluster.StartNode") starts.push_back(to_text(entry.request));
  }
  EXPECT_THAT(starts, testing::ElementsAre(HasSubstr("'SQL2', ForceQuorum"), HasSubstr("'SQL1', PreventQuorum")));
  const Performance again = perform_on(farm, farm.platform(), steps);
  EXPECT_EQ(again.entries.front().outcome.kind, Kind::already_satisfied);
}

TEST_F(Operations, forcing_quorum_on_a_cluster_that_answers_is_refused_and_says_why) {
  farm.state.stopped.insert("SQL2");
  const Failure failure = failure_of("force_quorum", {{"node", "SQL2"}});
  EXPECT_EQ(failure.code(), FailureCode::refused);
  EXPECT_EQ(failure.node(), "SQL2");
  EXPECT_THAT(failure.message(), HasSubstr("would split it"));
  EXPECT_TRUE(farm.state.stopped.contains("SQL2"));
  // With even_if_alive the request goes out; this farm then finds two clusters.
  EXPECT_EQ(failure_of("force_quorum", {{"node", "SQL2"}, {"even_if_alive", "yes"}}).code(), FailureCode::conflict);
}

TEST_F(Operations, a_node_rejoins_and_leaves_quarantine_only_when_it_is_let_out) {
  farm.state.stopped.insert("SQL2");
  do_twice("rejoin_node", {{"node", "SQL2"}});
  farm.state.stopped.insert("SQL3");
  farm.state.quarantined.insert("SQL3");
  EXPECT_EQ(failure_of("start_node", {{"node", "SQL3"}}).code(), FailureCode::refused);
  do_twice("clear_quarantine", {{"node", "SQL3"}});
  EXPECT_TRUE(farm.state.quarantined.empty());
}

// ---- patching

TEST_F(Operations, a_patched_node_was_drained_restarted_and_resumed) {
  do_twice("patch_node", {{"node", "SQL1"}});
  EXPECT_EQ(farm.state.hosts.at("SQL1").patches, PatchState::in_place);
  EXPECT_EQ(farm.state.hosts.at("SQL2").patches, PatchState::missing);
  EXPECT_TRUE(farm.state.paused.empty());
  EXPECT_EQ(owner(), "SQL2");
}

TEST_F(Operations, a_rolling_patch_takes_the_owner_of_sql_server_last_so_that_the_role_moves_once) {
  do_it("move_role", {{"role", sql_role}, {"to", "SQL2"}});
  Transcript transcript;
  Recording recording(farm.platform(), transcript);
  const std::vector<StepPtr> steps = operation_steps(design, "patch_rolling", {});
  const Performance performance = perform_on(farm, recording.platform(), steps);
  ASSERT_TRUE(performance.succeeded()) << to_text(performance, steps);
  std::vector<std::string> drained;
  for (const Transcript::Entry& entry : transcript.entries()) {
    if (name_of(entry.request) == "Cluster.DrainNode") drained.push_back(node_of(entry.request));
  }
  EXPECT_THAT(drained, testing::ElementsAre("SQL1", "SQL3", "SQL2"));
  for (const std::string& node : farm.state.nodes) {
    EXPECT_EQ(farm.state.hosts.at(node).patches, PatchState::in_place) << node;
  }
  EXPECT_TRUE(farm.state.paused.empty());
}

TEST_F(Operations, a_rolling_patch_ends_at_the_first_failure_and_goes_on_there) {
  farm.state.hosts.at("SQL3").on = false;
  EXPECT_EQ(failure_of("patch_rolling", {}).code(), FailureCode::unreachable);
  EXPECT_EQ(farm.state.hosts.at("SQL1").patches, PatchState::missing) << "the owner comes last";
  farm.state.hosts.at("SQL3").on = true;
  do_twice("patch_rolling", {});
}

// ---- arguments

TEST_F(Operations, wrong_names_and_arguments_are_told_with_what_would_be_right) {
  const auto problem = [&](const char* name, const OperationArguments& arguments) {
    return problem_of_operation(design, name, arguments);
  };
  EXPECT_THAT(problem("move_rule", {}), HasSubstr("move_role"));
  EXPECT_THAT(problem("move_role", {{"to", "SQL1"}}), HasSubstr("'role'"));
  EXPECT_THAT(problem("move_role", {{"role", "SQL"}, {"to", "SQL1"}}), HasSubstr(sql_role));
  EXPECT_THAT(problem("drain_node", {{"node", "SQL9"}}), HasSubstr("SQL9"));
  EXPECT_THAT(problem("offline_resource", {{"resource", "SQL Browser"}}), HasSubstr("SQL Server Agent"));
  EXPECT_THAT(problem("restart_workers", {{"node", "SQL1"}}), HasSubstr("'node'"));
  EXPECT_THAT(problem("resume_node", {{"node", "SQL1"}, {"failback", "now"}}), HasSubstr("immediate"));
  EXPECT_THAT(problem("force_quorum", {{"node", "SQL1"}, {"even_if_alive", "true"}}), HasSubstr("\"yes\""));
  EXPECT_THAT(problem("renew_master_certificate", {{"not_after", "soon"}}), HasSubstr("soon"));
  EXPECT_NE(problem("renew_master_certificate", {{"not_after", "2029-01-01T00:00:00Z"}}), "");
  EXPECT_NE(problem("renew_master_certificate", {{"not_after", "2031-01-01T00:00:00Z"}, {"order", "random"}}), "");
  EXPECT_EQ(problem("move_role", {{"role", sql_role}, {"to", "SQL1"}}), "");
  EXPECT_EQ(problem("move_role", {{"role", sql_role}}), "");
  EXPECT_THROW(operation_steps(design, "move_rule", {}), std::logic_error);
}

TEST_F(Operations, every_operation_of_the_list_has_its_steps_and_its_own_name) {
  const OperationArguments all = {{"role", sql_role},         {"to", "SQL2"},
                                  {"resource", "SQL Server"}, {"node", "SQL2"},
                                  {"failback", "policy"},     {"even_if_alive", "yes"},
                                  {"order", "documented"},    {"not_after", "2031-01-01T00:00:00Z"}};
  const model::Design with_group = in_availability_group(design);
  for (const OperationInfo& operation : operations()) {
    OperationArguments arguments;
    for (const auto* names : {&operation.required, &operation.optional}) {
      for (const std::string& name : *names) arguments.emplace(name, all.at(name));
    }
    const bool of_replica = operation.name == "force_failover" || operation.name == "resume_data_movement";
    const std::vector<StepPtr> steps = operation_steps(of_replica ? with_group : design, operation.name, arguments);
    ASSERT_FALSE(steps.empty()) << operation.name;
    EXPECT_FALSE(operation.what.empty()) << operation.name;
    const bool several = operation.name == "verify_deployment" || operation.name == "renew_master_certificate";
    if (several) continue;
    EXPECT_EQ(steps.front()->name(), operation.name);
  }
}

TEST_F(Operations, on_replicas_are_for_availability_groups_and_their_nodes) {
  const model::Design with_group = in_availability_group(design);
  EXPECT_EQ(problem_of_operation(with_group, "force_failover", {{"to", "sql2"}}), "");
  EXPECT_EQ(problem_of_operation(with_group, "resume_data_movement", {{"node", "SQL1"}}), "");
  EXPECT_THAT(problem_of_operation(with_group, "force_failover", {{"to", "SQL3"}}), HasSubstr("no replica of AG"));
  EXPECT_THAT(problem_of_operation(with_group, "force_failover", {{"to", "SQL9"}}), HasSubstr("no node"));
  EXPECT_THAT(problem_of_operation(design, "force_failover", {{"to", "SQL2"}}), HasSubstr("the design has none"));
}

TEST_F(Operations, force_a_replica_and_let_the_other_follow_again) {
  std::vector<StepPtr> force, resume;
  force.push_back(force_failover(sql_role, "SQL2"));
  resume.push_back(resume_data_movement(sql_role, "SQL1"));
  ASSERT_TRUE(perform_on(farm, farm.platform(), force).succeeded());
  EXPECT_EQ(owner(), "SQL2");
  farm.state.standing.insert("SQL1");
  ASSERT_TRUE(perform_on(farm, farm.platform(), resume).succeeded());
  EXPECT_TRUE(farm.state.standing.empty());
  for (const std::vector<StepPtr>* steps : {&force, &resume}) {
    const Performance again = perform_on(farm, farm.platform(), *steps);
    EXPECT_EQ(again.entries.front().outcome.kind, Kind::already_satisfied);
  }
}

TEST_F(Operations, names_of_other_roles_and_their_resources_are_known) {
  model::Design with_files = design;
  model::Role files;
  files.name = "Files";
  files.resources.emplace_back().name = "Share";
  with_files.cluster.roles.push_back(files);
  EXPECT_EQ(problem_of_operation(with_files, "offline_role", {{"role", "files"}}), "");
  EXPECT_EQ(problem_of_operation(with_files, "fail_resource", {{"resource", "share"}}), "");
  EXPECT_NE(problem_of_operation(design, "fail_resource", {{"resource", "share"}}), "");
}

TEST(Renewal, a_renewed_certificate_is_shown_and_pinned_everywhere_in_either_order) {
  for (const char* order : {"documented", "least_outage"}) {
    const model::Design design = joint_design();
    SmallFarm farm(design);
    const std::vector<StepPtr> deployment = deployment_steps(design);
    ASSERT_TRUE(perform_on(farm, farm.platform(), deployment).succeeded());
    const std::string old = farm.state.hosts.at("SQL1").bindings.at(8391).thumbprint;

    const std::vector<StepPtr> steps =
        operation_steps(design, "renew_master_certificate", {{"not_after", "2031-01-01T00:00:00Z"}, {"order", order}});
    const Performance renewal = perform_on(farm, farm.platform(), steps);
    ASSERT_TRUE(renewal.succeeded()) << to_text(renewal, steps);

    const std::string thumbprint = farm.state.hosts.at("SQL1").bindings.at(8391).thumbprint;
    EXPECT_NE(thumbprint, old);
    EXPECT_EQ(farm.state.hosts.at("SQL2").bindings.at(8391).thumbprint, thumbprint);
    EXPECT_EQ(farm.state.hosts.at("SQL2").master_file->certificate_thumbprint, thumbprint);
    EXPECT_EQ(farm.state.hosts.at("WRK2").worker_loaded->master_certificate_thumbprint, thumbprint);
    const std::vector<StepPtr> verification = verification_steps(design);
    const Performance verified = perform_on(farm, farm.platform(), verification);
    EXPECT_TRUE(verified.succeeded()) << to_text(verified, verification);

    const Performance again = perform_on(farm, farm.platform(), steps);
    for (const Performance::Entry& entry : again.entries) {
      EXPECT_EQ(entry.outcome.kind, StepOutcome::Kind::already_satisfied) << title_of(*steps[entry.step]);
    }
  }
}

// ---- cut off at every call

struct Cut {
  const char* name;
  OperationArguments arguments;
  std::function<void(FarmState&)> arrange;
};

void nothing(FarmState&) {}
void drained_first(FarmState& state) {
  state.paused.insert("SQL2");
}
void second_stopped(FarmState& state) {
  state.stopped.insert("SQL2");
}
void quarantined(FarmState& state) {
  state.stopped.insert("SQL2");
  state.quarantined.insert("SQL2");
}
void all_stopped(FarmState& state) {
  for (const std::string& node : state.nodes) state.stopped.insert(node);
}
void instance_offline(FarmState& state) {
  for (auto& [name, resource] : state.resources) resource.online = false;
}

const std::vector<Cut>& cuts() {
  static const std::vector<Cut> all = {
      {"move_role", {{"role", sql_role}, {"to", "SQL2"}}, nothing},
      {"offline_role", {{"role", sql_role}}, nothing},
      {"online_role", {{"role", sql_role}}, instance_offline},
      {"offline_resource", {{"resource", "SQL Server Agent"}}, nothing},
      {"online_resource", {{"resource", "SQL Server"}}, instance_offline},
      {"pause_node", {{"node", "SQL1"}}, nothing},
      {"drain_node", {{"node", "SQL1"}}, nothing},
      {"resume_node", {{"node", "SQL2"}, {"failback", "immediate"}}, drained_first},
      {"stop_node", {{"node", "SQL1"}}, nothing},
      {"start_node", {{"node", "SQL2"}}, second_stopped},
      {"rejoin_node", {{"node", "SQL2"}}, second_stopped},
      {"clear_quarantine", {{"node", "SQL2"}}, quarantined},
      {"force_quorum", {{"node", "SQL2"}}, all_stopped},
      {"restart_node", {{"node", "SQL2"}}, nothing},
      {"shut_down_node", {{"node", "SQL1"}}, nothing},
      {"patch_node", {{"node", "SQL1"}}, nothing},
      {"patch_rolling", {{"failback", "policy"}}, nothing},
  };
  return all;
}

class CutOff : public testing::TestWithParam<std::size_t> {};

TEST_P(CutOff, anywhere_it_goes_on_to_the_same_end) {
  const Cut& cut = cuts()[GetParam()];
  const model::Design design = joint_design(3, 1);
  for (const FaultKind kind : {FaultKind::before, FaultKind::answer_lost, FaultKind::hang, FaultKind::garbage}) {
    Procedure procedure{.design = design,
                        .prepare = deployment_steps(design),
                        .steps = operation_steps(design, cut.name, cut.arguments),
                        .arrange = cut.arrange};
    interrupt_everywhere(procedure, kind, 3);
  }
}

INSTANTIATE_TEST_SUITE_P(Operations, CutOff, testing::Range(std::size_t{0}, cuts().size()),
                         [](const auto& parameter) { return std::string(cuts()[parameter.param].name); });

TEST(CutOffOnce, a_failure_whose_answer_was_lost_is_not_injected_again_by_itself) {
  const model::Design design = joint_design(3, 1);
  Procedure procedure{.design = design,
                      .prepare = deployment_steps(design),
                      .steps = operation_steps(design, "fail_resource", {{"resource", "SQL Server"}})};
  std::size_t twice = 0, once = 0;
  for (std::size_t at = 0; at < 4; ++at) {
    const Interrupted cut = interrupt(procedure, at, FaultKind::answer_lost);  // and asked for once more
    const int failures = cut.end.resources.at("SQL Server").failures;
    once += failures == 1;
    twice += failures == 2;
  }
  EXPECT_EQ(once + twice, 4U) << "one for each time that somebody asked for it, at most";
}

}  // namespace
}  // namespace rehearse::steps

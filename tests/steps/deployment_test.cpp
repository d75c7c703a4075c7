// The whole article, performed from nothing on a small farm.
#include "model/steps/deployment.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "interruption.hpp"
#include "model/steps/adapters/recording.hpp"
#include "model/steps/verify_steps.hpp"
#include "test_designs.hpp"

namespace rehearse::steps {
namespace {

void deploy(SmallFarm& farm, const model::Design& design) {
  const std::vector<StepPtr> steps = deployment_steps(design);
  const Performance performance = perform_on(farm, farm.platform(), steps);
  ASSERT_TRUE(performance.succeeded()) << to_text(performance, steps);
  ASSERT_EQ(performance.entries.size(), steps.size());
}

std::vector<AnyRequest> changes_in(const Transcript& transcript) {
  std::vector<AnyRequest> changes;
  for (const Transcript::Entry& entry : transcript.entries()) {
    if (effect_of(entry.request) == Effect::change) changes.push_back(entry.request);
  }
  return changes;
}

const CertificateInfo* copy_in(const FarmHost& host, const std::string& store, const std::string& name) {
  for (const CertificateInfo& copy : host.certificates) {
    if (copy.store == store && std::count(copy.names.begin(), copy.names.end(), name) > 0 &&
        copy.not_after == certificate_end) {
      return &copy;
    }
  }
  return nullptr;
}

TEST(Deployment, the_joint_article_builds_a_farm_whose_workers_are_heard) {
  const model::Design design = joint_design();
  SmallFarm farm(design);
  deploy(farm, design);

  const FarmState& state = farm.state;
  EXPECT_EQ(state.nodes, (std::vector<std::string>{"SQL1", "SQL2"}));
  EXPECT_EQ(state.witness, model::Witness::Kind::file_share);
  EXPECT_EQ(state.properties.at("SameSubnetThreshold"), 20);
  const FarmResource& master = state.resources.at(design.master_resource());
  EXPECT_EQ(master.role, "SQL Server (MSSQLSERVER)");
  EXPECT_TRUE(master.online);
  EXPECT_EQ(master.providers, (std::vector<std::string>{"SQL Network Name (SQLFCI)", "SQL Server"}));
  EXPECT_EQ(state.resources.at("SQL Server").properties.at(ResourceProperty::health_check_timeout), 30000);
  EXPECT_EQ(state.enabled, (std::set<std::string>{"WRK1", "WRK2"}));
  EXPECT_EQ(state.hosts.at("WRK2").worker_loaded->max_task_count, 4);
  EXPECT_TRUE(state.admins.empty()) << "a virtual account gets its login from enable_scaleout";
}

TEST(Deployment, every_node_has_the_same_certificate_settings_and_a_parked_service) {
  const model::Design design = joint_design(3);
  SmallFarm farm(design);
  deploy(farm, design);

  const FarmHost& first = farm.state.hosts.at("SQL1");
  for (const char* node : {"SQL1", "SQL2", "SQL3"}) {
    const FarmHost& host = farm.state.hosts.at(node);
    EXPECT_EQ(host.master_file, first.master_file) << node;
    EXPECT_EQ(host.master_file->sql_server_name, "SQLFCI") << node;
    EXPECT_EQ(host.bindings, first.bindings) << node;
    const CertificateInfo* copy = copy_in(host, "Root", "SQLFCI");
    ASSERT_TRUE(copy) << node;
    EXPECT_TRUE(copy->has_private_key) << node;
    EXPECT_TRUE(copy_in(host, "Root", "WRK1") && copy_in(host, "Root", "WRK2")) << node;
    const FarmService& service = host.services.at("SSISScaleOutMaster150");
    EXPECT_EQ(service.start, StartType::manual) << node;
    EXPECT_EQ(service.running, host == first) << node << ": only the owner of the role runs the master";
    EXPECT_EQ(host.open_ports, (std::set<int>{1433, 8391})) << node;
  }
}

TEST(Deployment, the_separate_article_gives_the_master_its_own_role_name_and_login) {
  model::Design design = separate_design();
  design.scale_out.role->addresses = {"10.0.0.51", "10.0.1.51"};
  SmallFarm farm(design);
  deploy(farm, design);

  const FarmState& state = farm.state;
  const FarmResource& master = state.resources.at(design.master_resource());
  EXPECT_EQ(master.role, "SSIS Scale Out Master");
  EXPECT_TRUE(master.online);
  EXPECT_EQ(state.role_addresses.at("SSIS Scale Out Master"), design.scale_out.role->addresses);
  EXPECT_EQ(state.master_address, "https://SSISMASTER:8391");
  EXPECT_EQ(state.admins, (std::set<std::string>{"CORP\\svc-ssis"}));
  EXPECT_EQ(state.hosts.at("WRK1").worker_file->endpoint, "https://SSISMASTER:8391");
  EXPECT_EQ(state.enabled.size(), 2U);
}

TEST(Deployment, performing_it_again_finds_every_step_satisfied_and_changes_nothing) {
  for (const model::Design& design : {joint_design(), separate_design()}) {
    SmallFarm farm(design);
    deploy(farm, design);
    const FarmState before = farm.state;

    Transcript transcript;
    Recording recording(farm.platform(), transcript);
    const std::vector<StepPtr> steps = deployment_steps(design);
    const Performance again = perform_on(farm, recording.platform(), steps);

    ASSERT_EQ(again.entries.size(), steps.size());
    for (const Performance::Entry& entry : again.entries) {
      EXPECT_EQ(entry.outcome.kind, StepOutcome::Kind::already_satisfied) << title_of(*steps[entry.step]);
    }
    EXPECT_TRUE(changes_in(transcript).empty());
    EXPECT_EQ(farm.state, before);
  }
}

TEST(Deployment, a_master_started_by_hand_on_the_passive_node_is_stopped_and_the_active_one_is_not) {
  const model::Design design = joint_design();
  SmallFarm farm(design);
  deploy(farm, design);
  const FarmState before = farm.state;
  farm.state.hosts.at("SQL2").services.at("SSISScaleOutMaster150") =
      FarmService{true, StartType::automatic, design.scale_out.master.account};
  farm.state.hosts.at("SQL2").master_loaded = farm.state.hosts.at("SQL2").master_file;
  deploy(farm, design);
  EXPECT_FALSE(farm.state.hosts.at("SQL2").services.at("SSISScaleOutMaster150").running);
  EXPECT_TRUE(farm.state.hosts.at("SQL1").services.at("SSISScaleOutMaster150").running);
  EXPECT_EQ(farm.state, before);
}

TEST(Deployment, a_start_type_set_back_to_automatic_is_mended_without_stopping_the_active_master) {
  const model::Design design = joint_design();
  SmallFarm farm(design);
  deploy(farm, design);
  const FarmState before = farm.state;
  farm.state.hosts.at("SQL1").services.at("SSISScaleOutMaster150").start = StartType::automatic;
  deploy(farm, design);
  EXPECT_EQ(farm.state, before) << "above all: the service on SQL1 still runs";
}

TEST(Deployment, settings_changed_on_the_active_node_are_written_back_and_the_master_is_online_again) {
  const model::Design design = joint_design();
  SmallFarm farm(design);
  deploy(farm, design);
  const FarmState before = farm.state;
  farm.state.hosts.at("SQL1").master_file->sql_server_name = "SQL1";
  farm.state.hosts.at("SQL2").master_file->sql_server_name = "SQL2";
  deploy(farm, design);
  EXPECT_EQ(farm.state, before);
}

TEST(Deployment, a_certificate_from_a_file_is_imported_and_one_that_nobody_states_is_left_to_setup) {
  model::Design from_file = joint_design();
  from_file.certificates.front().thumbprint = "0123456789ABCDEF0123456789ABCDEF01234567";
  SmallFarm farm(from_file);
  deploy(farm, from_file);
  EXPECT_EQ(farm.state.hosts.at("SQL2").master_file->certificate_thumbprint, from_file.certificates.front().thumbprint);
  EXPECT_EQ(farm.state.hosts.at("SQL1").made, 0);

  model::Design from_setup = joint_design();
  from_setup.certificates.clear();
  SmallFarm other(from_setup);
  deploy(other, from_setup);
  EXPECT_EQ(other.state.hosts.at("SQL1").made, 1);
  EXPECT_EQ(other.state.hosts.at("SQL2").made, 0) << "the second node gets the first one's certificate";
  EXPECT_EQ(other.state.hosts.at("SQL1").master_file, other.state.hosts.at("SQL2").master_file);
  EXPECT_EQ(other.state.enabled.size(), 2U);
}

TEST(Verification, every_node_owns_every_role_in_turn_and_the_first_one_at_the_end) {
  for (const model::Design& design : {joint_design(3), separate_design()}) {
    SmallFarm farm(design);
    deploy(farm, design);
    const std::vector<StepPtr> steps = verification_steps(design);
    const Performance performance = perform_on(farm, farm.platform(), steps);
    EXPECT_TRUE(performance.succeeded()) << to_text(performance, steps);
    for (const auto& [role, owner] : farm.state.role_owner) EXPECT_EQ(owner, "SQL1") << role;
  }
  EXPECT_EQ(verification_steps(joint_design(3)).size(), 3U);
  EXPECT_EQ(verification_steps(separate_design()).size(), 4U);
}

TEST(Verification, a_worker_certificate_on_one_node_only_is_found_with_its_node_and_worker) {
  model::Design design = joint_design();
  // What Scale Out Manager does: the node where the master happens to run.
  design.certificates.back().installed = {{"WRK*", {"My+key", "Root"}}, {"SQL1", {"Root"}}};
  SmallFarm farm(design);
  deploy(farm, design);
  const std::vector<StepPtr> steps = verification_steps(design);
  const Performance performance = perform_on(farm, farm.platform(), steps);

  ASSERT_FALSE(performance.succeeded());
  EXPECT_EQ(performance.failure()->code(), FailureCode::timed_out);
  const std::string text = performance.failure()->what();
  EXPECT_NE(text.find("WRK1"), std::string::npos) << text;
  EXPECT_NE(text.find("WRK2"), std::string::npos) << text;
  EXPECT_NE(text.find("on SQL2"), std::string::npos) << text;
}

}  // namespace
}  // namespace rehearse::steps

#include "real_backend/probe/probe_targets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/design_reader.hpp"

namespace rehearse::real {
namespace {

using testing::ElementsAre;

model::Design shipped(const std::string& name) {
  return model::read_design_file(std::string(REHEARSE_SOURCE_DIR) + "/scenarios/designs/" + name).design.value();
}

TEST(ProbeTargets, workers_that_expect_the_same_are_one_target) {
  const model::Design design = shipped("reference.json");
  const std::vector<ProbeTarget> targets = endpoints_of(design);
  ASSERT_EQ(targets.size(), 1U);
  EXPECT_EQ(targets[0].endpoint, (model::Endpoint{"SQLFCI", 8391}));
  EXPECT_THAT(targets[0].workers, ElementsAre("WRK1", "WRK2", "WRK3"));
  EXPECT_EQ(targets[0].pinned_thumbprint, "94727335B5DFBB64C0AE5C565B63C21DF4093FF3");
  EXPECT_EQ(targets[0].worker_thumbprint, "4818D88884309947BB2D9672598D720B3B8A5B21");
}

TEST(ProbeTargets, a_worker_that_pins_another_certificate_is_a_target_of_its_own) {
  model::Design design = shipped("reference.json");
  design.scale_out.workers[1].settings.master_certificate_thumbprint = std::string(40, 'A');
  const std::vector<ProbeTarget> targets = endpoints_of(design);
  ASSERT_EQ(targets.size(), 2U);
  EXPECT_THAT(targets[0].workers, ElementsAre("WRK1", "WRK3"));
  EXPECT_THAT(targets[1].workers, ElementsAre("WRK2"));
}

TEST(ProbeTargets, without_settings_the_design_s_certificates_say_what_to_expect) {
  model::Design design = shipped("reference.json");
  for (model::WorkerPool& pool : design.scale_out.workers) {
    pool.settings.master_certificate_thumbprint.clear();
    pool.settings.worker_certificate_thumbprint.clear();
  }
  const ProbeTarget target = endpoints_of(design).front();
  EXPECT_EQ(target.pinned_thumbprint, "94727335B5DFBB64C0AE5C565B63C21DF4093FF3");
  EXPECT_EQ(target.worker_thumbprint, "4818D88884309947BB2D9672598D720B3B8A5B21");
}

TEST(ProbeTargets, a_settings_file_counts_as_it_is) {
  const model::Design design = shipped("reference.json");
  model::WorkerSettings settings = design.scale_out.workers[0].settings;
  settings.endpoint = "https://other:9000";
  settings.master_certificate_thumbprint.clear();
  const auto target = endpoint_of(settings, "WorkerSettings.config", &design);
  ASSERT_TRUE(target);
  EXPECT_EQ(target->endpoint, (model::Endpoint{"other", 9000}));
  EXPECT_EQ(target->pinned_thumbprint, "");
  EXPECT_EQ(target->master_thumbprints.front().thumbprint, "94727335B5DFBB64C0AE5C565B63C21DF4093FF3");
  EXPECT_FALSE(endpoint_of(model::WorkerSettings(), "x", nullptr));
}

TEST(ProbeTargets, the_instance_s_port_is_known_or_asked_for_but_never_guessed) {
  model::Design design = shipped("reference.json");
  EXPECT_EQ(instance_of(design, std::nullopt)->server, (NetworkAddress{"SQLFCI", 1433}));
  EXPECT_EQ(instance_of(design, 1533)->server.port, 1533);
  design.fci.instance = "INST1";
  EXPECT_FALSE(instance_of(design, std::nullopt));
  for (auto& [node, settings] : design.scale_out.master.settings_by_node)
    settings.sql_server_name = "SQLFCI\\INST1,1544";
  EXPECT_EQ(instance_of(design, std::nullopt)->server.port, 1544);
  design.fci.availability_group.emplace().port = 1555;
  EXPECT_EQ(instance_of(design, std::nullopt)->server.port, 1555);
}

TEST(ProbeTargets, a_redirected_target_is_probed_at_each_place_that_is_given) {
  const model::Design design = shipped("reference.json");
  std::vector<ProbeTarget> endpoints = endpoints_of(design);
  std::vector<SqlTarget> instances = {*instance_of(design, std::nullopt)};
  const std::vector<Redirection> redirections = {*parse_redirection("sqlfci:8391=10.0.0.11:8391"),
                                                 *parse_redirection("SQLFCI:8391=[::1]:9"),
                                                 *parse_redirection("SQLFCI:8392=10.0.0.11:8391")};
  const std::vector<Redirection> useless = redirect(redirections, endpoints, instances);
  ASSERT_EQ(endpoints.size(), 2U);
  EXPECT_EQ(endpoints[0].via, (NetworkAddress{"10.0.0.11", 8391}));
  EXPECT_EQ(endpoints[1].via, (NetworkAddress{"::1", 9}));
  EXPECT_FALSE(instances[0].via);
  ASSERT_EQ(useless.size(), 1U);
  EXPECT_EQ(useless[0].from.port, 8392);
}

}  // namespace
}  // namespace rehearse::real

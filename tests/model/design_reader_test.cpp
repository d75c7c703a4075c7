#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "model/design_shapes.hpp"
#include "small_design.hpp"

namespace rehearse::model {
namespace {

using nlohmann::json;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string designs = std::string(REHEARSE_SOURCE_DIR) + "/scenarios/designs";

Design shipped(const std::string& name) {
  DesignResult result = read_design_file(designs + "/" + name);
  EXPECT_EQ(told(result), "");
  return std::move(result.design).value();
}

TEST(ShippedDesigns, are_all_read_without_a_word) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(designs)) {
    if (entry.path().extension() != ".json") continue;
    shipped(entry.path().filename().string());
    ++count;
  }
  EXPECT_GE(count, 3);
}

TEST(ShippedDesigns, the_reference_says_what_its_file_says) {
  const Design design = shipped("reference.json");
  EXPECT_EQ(design.name, "reference");
  EXPECT_EQ(design.time_zone, "Europe/Paris");
  EXPECT_EQ(design.cluster.name, "SSISCLU");
  ASSERT_EQ(design.cluster.nodes.size(), 2u);
  EXPECT_EQ(design.cluster.nodes[1].name, "SQL2");
  EXPECT_EQ(design.cluster.nodes[1].site, "A");
  EXPECT_EQ(design.cluster.nodes[1].place.pointer, "/cluster/nodes/1");
  EXPECT_EQ(design.cluster.witness.kind, Witness::Kind::file_share);
  EXPECT_EQ(design.cluster.witness.path, "\\\\FS1\\witness");
  EXPECT_EQ(design.cluster.properties.at("SameSubnetThreshold"), 20);
  EXPECT_EQ(design.fci.addresses, std::vector<std::string>{"10.0.0.50"});
  EXPECT_EQ(design.fci.health_check_timeout, Duration(seconds(30)));
  EXPECT_EQ(design.fci.failure_condition_level, 3);
  EXPECT_EQ(design.fci.ssisdb_recovery, Distribution::lognormal(seconds(10), seconds(40)));
  EXPECT_EQ(design.scale_out.placement, Placement::joint);
  EXPECT_FALSE(design.scale_out.role);
  EXPECT_EQ(design.scale_out.master.account, "CORP\\svc-ssis");
  EXPECT_THAT(design.scale_out.master.depends_on, ElementsAre("SQL Server", "SQL Network Name (SQLFCI)"));
  EXPECT_THAT(design.worker_names(), ElementsAre("WRK1", "WRK2", "WRK3"));
  ASSERT_EQ(design.batches.size(), 1u);
  EXPECT_EQ(design.batches[0].at, seconds(3600));
  EXPECT_EQ(design.batches[0].executions, 400);
  EXPECT_EQ(design.batches[0].deadline, seconds(6 * 3600));
  EXPECT_EQ(design.batches[0].retry_count, 1);
}

// The thumbprints of the settings files are those of the certificate files, or no worker would ever connect (S 3).
TEST(ShippedDesigns, pin_the_certificates_that_lie_beside_them) {
  for (const char* name : {"reference.json", "separate.json", "expiring.json"}) {
    const Design design = shipped(name);
    const std::string master = design.find_certificate("master")->thumbprint;
    const std::string worker = design.find_certificate("worker")->thumbprint;
    ASSERT_EQ(master.size(), 40u);
    ASSERT_EQ(design.scale_out.master.settings_by_node.size(), 2u);
    for (const auto& [node, settings] : design.scale_out.master.settings_by_node) {
      EXPECT_EQ(settings.certificate_thumbprint, master) << name << " " << node;
      EXPECT_EQ(settings.sql_server_name, "SQLFCI") << name << " " << node;
    }
    std::set<std::string> agents;
    for (const WorkerPool& pool : design.scale_out.workers) {
      EXPECT_EQ(pool.settings.master_certificate_thumbprint, master) << name << " " << pool.name;
      EXPECT_EQ(pool.settings.worker_certificate_thumbprint, worker) << name << " " << pool.name;
      EXPECT_EQ(pool.settings.endpoint, "https://" + design.master_host_name() + ":8391") << name << " " << pool.name;
      agents.insert(pool.settings.agent_id);
    }
    EXPECT_EQ(agents.size(), 3u) << "cloned workers would fight over one row (S 1.3)";
    EXPECT_THAT(design.find_certificate("master")->common_names, testing::Contains(design.master_host_name()));
  }
}

TEST(ShippedDesigns, the_separate_master_has_its_own_access_point) {
  const Design design = shipped("separate.json");
  ASSERT_TRUE(design.scale_out.role);
  EXPECT_EQ(design.scale_out.role->dns_host_name, "SSISMASTER");
  EXPECT_THAT(design.scale_out.role->addresses, ElementsAre("10.0.0.60"));
  EXPECT_EQ(design.master_role_name(), "SSIS Scale Out Master");
}

TEST(ShippedDesigns, the_expiring_certificate_ends_in_the_night_of_the_first_of_march) {
  EXPECT_EQ(to_text(shipped("expiring.json").find_certificate("master")->not_after), "2027-03-01T02:00:00Z");
}

TEST(DesignReader, a_file_that_is_not_there_is_one_error) {
  const DesignResult result = read_design_file(designs + "/none.json");
  EXPECT_FALSE(result.design);
  EXPECT_THAT(told(result), HasSubstr("the file does not exist"));
}

TEST(DesignReader, reads_every_key) {
  const DesignResult result = read(small());
  EXPECT_EQ(told(result), "");
  const Design& design = result.design.value();
  EXPECT_EQ(design.windows, WindowsVersion::v2016);
  EXPECT_EQ(design.sql, SqlVersion::v2017);
  EXPECT_EQ(design.edition, Edition::developer);
  EXPECT_EQ(design.file, "small.json");
  EXPECT_TRUE(design.cluster.nodes[0].physical);
  EXPECT_FALSE(design.cluster.nodes[1].physical);
  EXPECT_EQ(design.cluster.networks[0].subnet, "10.0.0.0/24");
  EXPECT_EQ(design.fci.instance, "INST1");
  EXPECT_EQ(design.fci.disks, std::vector<std::string>{"Disk 1"});
  EXPECT_FALSE(design.fci.mixed_mode);
  EXPECT_EQ(design.scale_out.master.settings.port, 8392);
  EXPECT_EQ(design.scale_out.master.settings.sweep_interval, Duration(seconds(60)));
  EXPECT_EQ(design.scale_out.master.restart_action, 1);
  EXPECT_EQ(design.scale_out.workers[0].settings.max_task_count, 5);
  EXPECT_EQ(design.scale_out.workers[0].settings.lease_interval, Duration(seconds(120)));
  EXPECT_EQ(design.scale_out.workers[1].account, "NT Service\\SSISScaleOutWorker140");
  EXPECT_THAT(design.worker_names(), ElementsAre("W1", "W2", "EXTRA"));
  const Certificate& master = *design.find_certificate("master");
  EXPECT_EQ(master.thumbprint, std::string(40, 'A'));
  EXPECT_FALSE(master.self_signed);
  EXPECT_EQ(to_text(master.not_before), "2029-01-01T00:00:00Z");  // one year before its end
  EXPECT_EQ(master.installed.size(), 3u);
}

TEST(DesignReader, what_a_design_states_becomes_a_given_parameter) {
  const Design design = read(small()).design.value();
  EXPECT_EQ(design.parameters[Timing::sql_stop], Distribution::uniform(seconds(1), seconds(2)));
  EXPECT_EQ(design.parameters[Timing::ssisdb_recovery_after_crash], Distribution::constant(seconds(20)));
  EXPECT_EQ(design.parameters.length(Setting::tcp_connect_timeout), Duration(seconds(10)));
  EXPECT_EQ(design.parameters.length(Setting::health_check_timeout), Duration(seconds(60)));
  EXPECT_EQ(design.parameters.length(Setting::same_subnet_delay), Duration(std::chrono::milliseconds(500)));
  EXPECT_EQ(design.parameters[Setting::failure_condition_level], 2);
  EXPECT_EQ(design.parameters[Setting::stealth_mode], 0);
  EXPECT_FALSE(design.parameters[Switch::startup_stamping]);
  int given = 0;
  for (const LedgerRow& row : design.parameters.ledger()) given += row.origin == Origin::given ? 1 : 0;
  EXPECT_EQ(given, 9);
}

TEST(DesignReader, a_design_states_an_availability_group) {
  const Design design = read(small_with_group()).design.value();
  ASSERT_TRUE(design.fci.availability_group);
  const AvailabilityGroup& group = *design.fci.availability_group;
  EXPECT_EQ(group.name, "AG");
  EXPECT_EQ(group.port, 1533);
  EXPECT_FALSE(group.failover_monitor_job);
  ASSERT_EQ(group.replicas.size(), 2u);
  EXPECT_EQ(group.replicas[0].node, "N1") << "as the cluster writes it";
  EXPECT_TRUE(group.replicas[0].log_login && group.replicas[0].master_key && !group.replicas[0].hosted_by_fci);
  EXPECT_EQ(group.replicas[1].failover, FailoverMode::manual);
  EXPECT_FALSE(group.replicas[1].log_login || group.replicas[1].master_key || !group.replicas[1].hosted_by_fci);
  EXPECT_EQ(design.parameters.length(Setting::lease_timeout), Duration(seconds(4)));
  EXPECT_EQ(design.parameters.length(Setting::session_timeout), Duration(seconds(5)));
  EXPECT_EQ(design.parameters.length(Setting::health_check_timeout), Duration(seconds(45)));
  EXPECT_EQ(design.parameters[Setting::failure_condition_level], 1);
  EXPECT_EQ(design.parameters[Timing::replica_redo], Distribution::constant(seconds(20)));
  // The listener and the group's role stand where those of an instance would.
  EXPECT_EQ(design.fci.server_name(), "LSN,1533");
  EXPECT_EQ(design.fci.role_name(), "AG");
  EXPECT_EQ(design.fci.register_all_ips, false);
  EXPECT_EQ(design.fci.record_ttl, Duration(seconds(300)));
  EXPECT_THAT(design.fci.role.possible_owners, ElementsAre("N1", "N2"));
  EXPECT_THAT(design.instance_resources(), ElementsAre("AG_10.0.0.50", "AG_10.0.1.50", "AG_LSN", "AG"));
}

TEST(DesignReader, an_availability_group_has_the_documented_defaults) {
  json whole = small_with_group();
  json& group = whole["fci"]["ssisdb"];
  for (const char* key : {"LeaseTimeout", "HealthCheckTimeout", "FailureConditionLevel", "SESSION_TIMEOUT",
                          "failover_monitor_job", "recovery"}) {
    group.erase(key);
  }
  for (const char* key : {"port", "RegisterAllProvidersIP", "HostRecordTTL"}) group["listener"].erase(key);
  whole["cluster"]["properties"] = {{"SameSubnetThreshold", 20}};
  const Design design = read(whole).design.value();
  EXPECT_EQ(design.parameters.length(Setting::lease_timeout), Duration(seconds(20)));  // W 10
  EXPECT_EQ(design.parameters.length(Setting::health_check_timeout), Duration(seconds(30)));
  EXPECT_EQ(design.parameters.length(Setting::session_timeout), Duration(seconds(10)));
  EXPECT_EQ(design.parameters[Setting::failure_condition_level], 3);
  EXPECT_TRUE(design.fci.availability_group->failover_monitor_job);
  EXPECT_EQ(design.fci.register_all_ips, true);
  EXPECT_EQ(design.fci.server_name(), "LSN");
}

TEST(DesignReader, a_lease_that_outlives_the_heartbeats_is_worth_a_word) {
  json whole = small_with_group();
  whole["fci"]["ssisdb"]["LeaseTimeout"] = "40s";
  EXPECT_THAT(told(read(whole)), HasSubstr("warning: half of LeaseTimeout"));
}

/// Every place of the tree that matches a shape's path.
std::vector<json::json_pointer> matches(const json& design, std::string_view path) {
  std::vector<json::json_pointer> found;
  const json flat = design.flatten();
  for (const auto& [pointer, value] : flat.items()) {
    for (json::json_pointer at(pointer);; at = at.parent_pointer()) {
      std::string generic, step;
      for (json::json_pointer up = at; !up.empty(); up = up.parent_pointer()) {
        const json& parent = design.at(up.parent_pointer());
        const std::string above = up.parent_pointer().to_string();
        const bool free_name = parent.is_array() || above == "/certificates" || above == "/fci/role/resources" ||
                               above == "/scale_out/role/resources";
        generic = "/" + (free_name ? std::string("*") : up.back()) + generic;
      }
      if (generic == path && std::find(found.begin(), found.end(), at) == found.end()) found.push_back(at);
      if (at.empty()) break;
    }
  }
  return found;
}

TEST(DesignReader, every_required_key_is_missed_by_its_name) {
  int tried = 0;
  for (const Shape& shape : design_shapes()) {
    bool found = false;
    for (const json& whole : {small(), small_with_group()}) {
      for (const auto& place : matches(whole, shape.path)) {
        found = true;
        for (const Key& key : shape.keys) {
          if (key.need != Need::required) continue;
          json broken = whole;
          broken.at(place).erase(std::string(key.name));
          EXPECT_THAT(told(read(broken)), HasSubstr("error: the key '" + std::string(key.name) + "' is missing"))
              << place;
          ++tried;
        }
      }
    }
    EXPECT_TRUE(found) << shape.path;
  }
  EXPECT_GE(tried, 70);
}

TEST(DesignReader, an_unknown_key_is_told_in_every_object) {
  for (const Shape& shape : design_shapes()) {
    for (const json& whole : {small(), small_with_group()}) {
      const std::size_t usual = read(whole).diagnostics.size();
      for (const auto& place : matches(whole, shape.path)) {
        json broken = whole;
        broken.at(place)["surplus"] = 1;
        const DesignResult result = read(broken);
        ASSERT_EQ(result.diagnostics.size(), usual + 1) << place << "\n" << told(result);
        EXPECT_THAT(told(result), HasSubstr("(at " + (place / "surplus").to_string() + ")"));
      }
    }
  }
}

// Whatever is put in place of a value, the reader answers with diagnostics, and with a design only when there is no
// error.
TEST(DesignReader, no_value_is_accepted_as_null_and_none_of_a_wrong_type_is_passed_over) {
  const json flat = small().flatten();
  for (const auto& [text, value] : flat.items()) {
    for (json::json_pointer at(text); !at.empty(); at = at.parent_pointer()) {
      for (const json& wrong :
           {json(), json(-1.5), json(json::array({json::array()})), json(json::object({{"x", 1}}))}) {
        json broken = small();
        broken.at(at) = wrong;
        const DesignResult result = read(broken);
        EXPECT_FALSE(result.design) << at << " = " << wrong;
        const bool at_the_place =
            std::any_of(result.diagnostics.begin(), result.diagnostics.end(), [&](const Diagnostic& diagnostic) {
              return diagnostic.severity == Severity::error && diagnostic.place.pointer.starts_with(at.to_string());
            });
        EXPECT_TRUE(at_the_place) << at << " = " << wrong << "\n" << told(result);
      }
    }
  }
}

TEST(DesignReader, any_missing_byte_gives_a_design_or_errors_but_never_both) {
  const std::string text = small().dump();
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string broken = text;
    broken.erase(at, 1);
    const DesignResult result = read_design(broken, "small.json", REHEARSE_SOURCE_DIR);
    ASSERT_NE(result.design.has_value(), has_errors(result.diagnostics)) << broken;
  }
}

TEST(DesignReader, a_settings_file_wins_over_a_stated_value_with_a_warning) {
  std::ifstream file(designs + "/reference.json");
  json reference = json::parse(std::string(std::istreambuf_iterator<char>(file), {}), nullptr, true, true);
  reference["scale_out"]["master"]["settings"] = {{"DealWithExpiredTasksIntervalInMs", 1000}};
  reference["scale_out"]["workers"][0]["settings"] = {{"MaxTaskCount", 3}};
  const DesignResult result = read_design(reference.dump(2), "r.json", designs);
  EXPECT_THAT(told(result),
              HasSubstr("settings file of SQL1 says something else about 'DealWithExpiredTasksIntervalInMs'"));
  EXPECT_THAT(told(result), HasSubstr("settings file of WRK3 says something else about 'MaxTaskCount'"));
  ASSERT_TRUE(result.design);
  EXPECT_EQ(result.design->master_settings("SQL2").sweep_interval, Duration(seconds(300)));
  EXPECT_EQ(result.design->scale_out.workers[0].settings.max_task_count, 10);
}

TEST(DesignReader, one_settings_file_can_serve_a_whole_pool) {
  json design = small();
  design["scale_out"]["workers"][0]["settings_file"] = "artefacts/separate/WRK1/WorkerSettings.config";
  design["scale_out"]["workers"][0]["endpoint"] = "https://SSISMASTER:8391";
  design["workload"].erase("histories");  // whose file lies elsewhere
  const DesignResult result = read_design(design.dump(), "d.json", designs);
  ASSERT_TRUE(result.design) << told(result);
  ASSERT_EQ(result.design->scale_out.workers.size(), 2u);
  EXPECT_EQ(result.design->scale_out.workers[0].count, 2);
  EXPECT_EQ(result.design->scale_out.workers[0].settings.endpoint, "https://SSISMASTER:8391");
  EXPECT_THAT(told(result), HasSubstr("but the master answers to 'SSISM'"));
}

TEST(DesignReader, ten_thousand_workers_are_the_most) {
  json design = small();
  design["scale_out"]["workers"][0]["count"] = 9999;
  EXPECT_EQ(told(read(design)), "");
  design["scale_out"]["workers"][0]["count"] = 10000;
  EXPECT_THAT(told(read(design)), HasSubstr("there are 10001 workers"));
}

TEST(DesignReader, sixty_four_nodes_are_the_most) {
  json design = small();
  design["cluster"]["nodes"] = json::array();
  for (int i = 1; i <= 64; ++i) {
    design["cluster"]["nodes"].push_back({{"name", "N" + std::to_string(i)}, {"site", i > 1 ? "B" : "A"}});
  }
  EXPECT_EQ(told(read(design)), "");
  design["cluster"]["nodes"].push_back({{"name", "N65"}});
  EXPECT_THAT(told(read(design)), HasSubstr("the array has 65 entries"));
}

/// The schema's definition of a property, with a $ref followed.
json definition(const json& schema, const json& property) {
  const auto ref = property.find("$ref");
  return ref == property.end() ? property : schema.at(json::json_pointer(ref->get<std::string>().substr(1)));
}

// The ranges of the schema are those of the reader: both ends are taken, what lies beyond is told.
TEST(DesignReader, takes_the_whole_numbers_that_the_schema_allows_and_no_others) {
  std::ifstream file(std::string(REHEARSE_SOURCE_DIR) + "/scenarios/design.schema.json");
  const json schema = json::parse(file);
  json base = small();
  json& resource = base["fci"]["role"]["resources"]["SQL Server (INST1)"];
  resource = {{"RestartPeriod", 0}, {"RetryPeriodOnFailure", 4294967295}};
  base.erase("parameters");
  base["fci"].erase("FailureConditionLevel");
  base["cluster"].erase("properties");
  const std::string role = "/properties/fci/properties/role/properties";
  const std::pair<std::string, std::string> places[] = {
      {"/$defs/resource_settings/properties", "/fci/role/resources/SQL Server (INST1)"},
      {role, "/fci/role"},
      {"/properties/fci/properties", "/fci"},
      {"/properties/cluster/properties/properties/properties", "/cluster/properties"},
      {"/properties/parameters/properties", "/parameters"}};
  int tried = 0;
  for (const auto& [in_schema, in_design] : places) {
    for (const auto& [name, property] : schema.at(json::json_pointer(in_schema)).items()) {
      const json written = definition(schema, property);
      if (!written.contains("minimum") || name.starts_with("FailbackWindow")) continue;
      const auto low = written.at("minimum").get<std::int64_t>(), high = written.at("maximum").get<std::int64_t>();
      const bool of_nodes = name == "LowerQuorumPriorityNodeID";  // this design has two
      for (const std::int64_t value : {low - 1, low, of_nodes ? std::int64_t{2} : high, high + 1}) {
        json design = base;
        design[json::json_pointer(in_design)][name] = value;
        const DesignResult result = read(design);
        EXPECT_EQ(told(result).empty(), value >= low && value <= high) << name << " " << value << "\n" << told(result);
        ++tried;
      }
    }
  }
  EXPECT_GE(tried, 4 * 50);
}

}  // namespace
}  // namespace rehearse::model

// Inspections of exports that lie in tests/real_backend/exports, in the grammar that the export script writes.
#include "real_backend/inspect/inspection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>

#include "model/design_reader.hpp"
#include "real_backend/inspect/export_script.hpp"
#include "real_backend/inspect/export_shapes.hpp"
#include "real_backend/inspect/inspection_report.hpp"
#include "real_backend/inspect/time_zones.hpp"
#include "tests/real_backend/carried.hpp"
#include "tests/real_backend/inspecting.hpp"

namespace rehearse::real::testing {
namespace {

using Json = nlohmann::ordered_json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

model::Design design_of(const Inspection& inspection) {
  std::string errors;
  auto design = read_back(inspection, errors);
  EXPECT_EQ(errors, "");
  return std::move(design).value();
}

/// The export of three nodes, which is one file, changed.
Inspection with(const std::function<void(Json&)>& change) {
  std::ifstream file(export_path("three_nodes/farm.json"));
  Json whole = Json::parse(file);
  change(whole);
  return inspect_text(whole.dump(1));
}

Json& named(Json& list, const std::string& name) {
  for (Json& one : list) {
    if (one["name"] == name) return one;
  }
  throw std::logic_error("no " + name);
}

TEST(Inspection, the_joint_deployment_is_the_reference_design_but_for_its_sites) {
  const Inspection inspection = inspect_export("joint");
  EXPECT_TRUE(inspection.understood_wholly()) << remarks_of(inspection);
  model::Design reference =
      model::read_design_file(REHEARSE_SOURCE_DIR "/scenarios/designs/reference.json").design.value();
  for (model::Node& node : reference.cluster.nodes) node.site.clear();
  for (model::Network& network : reference.cluster.networks) network.site.clear();
  EXPECT_EQ(difference(reference, design_of(inspection)), "");
}

TEST(Inspection, the_separate_deployment_is_the_separate_design_but_for_its_sites) {
  const Inspection inspection = inspect_export("separate");
  EXPECT_TRUE(inspection.understood_wholly()) << remarks_of(inspection);
  model::Design separate =
      model::read_design_file(REHEARSE_SOURCE_DIR "/scenarios/designs/separate.json").design.value();
  for (model::Node& node : separate.cluster.nodes) node.site.clear();
  for (model::Network& network : separate.cluster.networks) network.site.clear();
  EXPECT_EQ(difference(separate, design_of(inspection)), "");
}

TEST(Inspection, settings_and_certificates_go_beside_the_design_byte_by_byte) {
  const Inspection inspection = inspect_export("joint");
  std::vector<std::string> paths;
  for (const InspectedFile& file : inspection.files) paths.push_back(file.path);
  EXPECT_THAT(
      paths,
      ElementsAre("inspected.artefacts/SQL1/MasterSettings.config", "inspected.artefacts/SQL2/MasterSettings.config",
                  "inspected.artefacts/WRK1/WorkerSettings.config", "inspected.artefacts/WRK2/WorkerSettings.config",
                  "inspected.artefacts/WRK3/WorkerSettings.config", "inspected.artefacts/master.cer",
                  "inspected.artefacts/worker.cer"));
  std::ifstream original(REHEARSE_SOURCE_DIR "/scenarios/designs/artefacts/joint/WRK2/WorkerSettings.config",
                         std::ios::binary);
  std::ostringstream bytes;
  bytes << original.rdbuf();
  EXPECT_EQ(inspection.files[3].bytes, bytes.str());
}

TEST(Inspection, sites_subnets_and_other_roles_of_three_nodes_are_understood) {
  const Inspection inspection = inspect_export("three_nodes");
  EXPECT_EQ(remarks_of(inspection), "");
  const model::Design design = design_of(inspection);
  EXPECT_EQ(design.cluster.nodes[2].site, "Lyon");
  EXPECT_TRUE(design.cluster.nodes[2].physical);
  EXPECT_EQ(design.cluster.networks.size(), 3u) << "the cluster does not use the network for backups";
  EXPECT_EQ(design.cluster.networks[2].role, model::NetworkRole::cluster);
  EXPECT_EQ(design.cluster.properties.at("SameSubnetThreshold"), 40);
  EXPECT_FALSE(design.cluster.properties.contains("RouteHistoryLength")) << "it has its default";
  EXPECT_EQ(design.cluster.witness.kind, model::Witness::Kind::cloud);
  EXPECT_THAT(design.fci.addresses, ElementsAre("10.0.0.50", "10.1.0.50"));
  EXPECT_THAT(design.fci.disks, ElementsAre("Cluster Disk 1", "Cluster Disk 2"));
  EXPECT_EQ(design.fci.role.resources.at("SQL Server").restart_period, Duration(std::chrono::minutes(10)));
  EXPECT_EQ(design.scale_out.placement, model::Placement::separate);
  EXPECT_EQ(design.scale_out.role->record_ttl, Duration(std::chrono::minutes(5)));
  EXPECT_EQ(design.scale_out.workers[2].site, "Lyon");
  ASSERT_EQ(design.cluster.roles.size(), 1u);
  EXPECT_THAT(design.cluster.roles[0].settings.possible_owners, ElementsAre("SQL1", "SQL3"));
}

TEST(Inspection, everything_odd_is_told_and_nothing_of_it_is_in_the_design) {
  const Inspection inspection = inspect_export("odd");
  EXPECT_EQ(remarks_of(inspection), R"(the machine WRK3: Access is denied.
the time zone 'Tatooine Standard Time' is not known
whether SQL2 is a physical machine: it is a 'Box 9' of 'Contoso' with a hypervisor
FixQuorum of the cluster is 1
TomorrowsProperty of the cluster is 5
SomethingOfTomorrow of the role 'SQL Server (MSSQLSERVER)' is 7
Frobnication of 'Scale Out Master' is a value that the export withholds
SSISScaleOutMaster150 on SQL1 starts as 'Auto'
the firewall of SQL1 does not let everybody to the port 8391
SQL2 binds another certificate to 0.0.0.0:8391 than MasterSettings.config says
'Scale Out Master' depends on (([SQL Server]) and ([SQL Network Name (SQLFCI)])) or ([SQL Server Agent]): parentheses inside parentheses
the worker WRK2 is disabled in SSISDB
the worker WRK3, which SSISDB knows
'File Server (\\FILES)' of the type 'File Server'
'Virtual Machine Old' of the type 'Virtual Machine'
'Nested service' depends on ([Nested IP a] and ([Nested IP b] or [Nested IP a])) or [Nested disk]: 'and' inside parentheses
the address 10.9.9.9 is in no network of the cluster
the role 'Astray' cannot be stated as it is
)");
  EXPECT_FALSE(inspection.understood_wholly());
  for (const Remark& remark : inspection.remarks) {
    if (remark.kind == Remark::Kind::not_understood) {
      ASSERT_TRUE(remark.spot) << remark.what;
      EXPECT_GT(remark.spot->place.line, 0) << remark.what;
    }
  }
  const model::Design design = design_of(inspection);
  EXPECT_EQ(design.time_zone, "UTC");
  EXPECT_THAT(design.scale_out.master.depends_on, ElementsAre());
  ASSERT_EQ(design.cluster.roles.size(), 1u);
  EXPECT_EQ(design.cluster.roles[0].name, "Nested");
  EXPECT_TRUE(design.cluster.roles[0].resources[1].depends_on.empty());
}

TEST(Inspection, there_is_no_design_where_a_design_would_have_to_guess) {
  struct Case {
    const char* what;
    std::function<void(Json&)> change;
    const char* told;
  };
  const std::vector<Case> cases = {{"no cluster", [](Json& file) { file.erase("cluster"); }, "the cluster\n"},
                                   {"no worker",
                                    [](Json& file) {
                                      for (int worker = 0; worker < 3; ++worker) file["machines"].erase(3);
                                    },
                                    "any worker with its settings"},
                                   {"no master",
                                    [](Json& file) {
                                      Json& service = named(file["cluster"]["resources"],
                                                            "SQL Server Integration Services Scale Out Master 15.0");
                                      named(service["parameters"], "ServiceName")["value"] = "Spooler";
                                    },
                                    "a Scale Out Master in the cluster"},
                                   {"Windows of tomorrow",
                                    [](Json& file) {
                                      for (Json& node : file["cluster"]["nodes"]) node["build"] = 99999;
                                    },
                                    "the version of Windows on the nodes"},
                                   {"no SSISDB and no settings",
                                    [](Json& file) {
                                      file.erase("ssisdb");
                                      for (Json& machine : file["machines"]) machine["settings"] = Json::array();
                                    },
                                    "which instance or availability group of the cluster holds SSISDB"},
                                   {"no certificate",
                                    [](Json& file) {
                                      for (Json& machine : file["machines"]) machine["certificates"] = Json::array();
                                    },
                                    "it is in no store that was exported"},
                                   {"no votes",
                                    [](Json& file) {
                                      for (Json& node : file["cluster"]["nodes"]) node["weight"] = 0;
                                    },
                                    "no node has a vote"}};
  for (const Case& one : cases) {
    SCOPED_TRACE(one.what);
    const Inspection inspection = with(one.change);
    EXPECT_FALSE(inspection.design);
    EXPECT_TRUE(inspection.files.empty());
    EXPECT_THAT(remarks_of(inspection), HasSubstr(one.told));
  }
}

TEST(Inspection, a_part_that_was_not_exported_is_missing_and_the_rest_is_said) {
  const Inspection inspection = with([](Json& file) {
    file.erase("ssisdb");
    file["machines"].erase(1);  // SQL2
  });
  EXPECT_THAT(remarks_of(inspection), HasSubstr("the machine SQL2 itself"));
  EXPECT_THAT(remarks_of(inspection), HasSubstr("SSISDB itself"));
  const model::Design design = design_of(inspection);
  EXPECT_EQ(design.edition, model::Edition::enterprise) << "the registry of the nodes says it";
  EXPECT_TRUE(design.fci.mixed_mode);
  EXPECT_FALSE(design.scale_out.master.settings_by_node.contains("SQL2"));
}

TEST(Inspection, nodes_that_disagree_about_the_master_s_certificate_are_told_and_both_are_stated) {
  const Inspection inspection = with([](Json& file) {
    Json& machine = named(file["machines"], "SQL1");
    machine["settings"][0]["content"] = "eyJQb3J0TnVtYmVyIjogODM5MX0=";  // {"PortNumber": 8391}
  });
  EXPECT_THAT(remarks_of(inspection),
              HasSubstr("MasterSettings.config of SQL1 names another certificate than that of SQL2"));
  EXPECT_THAT(remarks_of(inspection), HasSubstr("'SqlServerName' is missing"));
}

TEST(Inspection, ids_of_nodes_with_holes_are_counted_as_designs_count_them) {
  const model::Design design =
      design_of(with([](Json& file) { file["cluster"]["properties"]["LowerQuorumPriorityNodeID"] = 4; }));  // SQL3
  EXPECT_EQ(design.cluster.properties.at("LowerQuorumPriorityNodeID"), 3);
}

TEST(Inspection, the_report_names_places_and_the_next_command_and_its_json_parses) {
  const Inspection inspection = inspect_export("odd");
  std::ostringstream text, json;
  write_text(text, {inspection, "farm.json", {"cluster.json"}, {}});
  write_json(json, {inspection, "", {"cluster.json"}, {}});
  EXPECT_THAT(text.str(), HasSubstr("cluster.json:71:25  /cluster/properties/TomorrowsProperty"));
  EXPECT_THAT(text.str(), HasSubstr("the workload: none stated"));
  EXPECT_THAT(text.str(), HasSubstr("next: add the workload to farm.json"));
  const Json parsed = Json::parse(json.str());
  EXPECT_TRUE(parsed["design"].is_null());
  EXPECT_EQ(parsed["not_understood"].size(), 16u);
  EXPECT_EQ(parsed["missing"].size(), 2u);
}

TEST(Inspection, windows_zones_have_the_rules_of_their_places) {
  EXPECT_EQ(iana_zone("Romance Standard Time"), "Europe/Paris");
  EXPECT_EQ(iana_zone("utc"), "UTC");
  EXPECT_EQ(iana_zone("Tatooine Standard Time"), "");
}

TEST(ExportReader, tells_a_file_that_is_no_export_and_one_of_another_schema) {
  const auto told = [](const std::string& text) { return errors_of(read_export({{"x.json", text}}).diagnostics); };
  EXPECT_THAT(told("[]"), HasSubstr("this is no export of a deployment"));
  EXPECT_THAT(told("{\"name\": \"a design\"}"), HasSubstr("--export-script"));
  EXPECT_THAT(told("{\"rehearse_export\": 2, \"tomorrow\": {}}"), HasSubstr("the export has the schema 2, and only 1"));
  EXPECT_THAT(told("{\"rehearse_export\": 1,"), HasSubstr("x.json:1:"));
  EXPECT_THAT(told("\xFF\xFE{"), HasSubstr("UTF-16"));
}

TEST(ExportReader, tells_all_problems_of_all_files) {
  const std::string head = "{\"rehearse_export\": 1, \"written\": \"now\", \"by\": \"SQL1\", ";
  const ExportResult read = read_export(
      {{"a.json", head + "\"machines\": [5], \"surprise\": 1}"}, {"b.json", head + "\"ssisdb\": {\"server\": 7}}"}});
  const std::string told = errors_of(read.diagnostics);
  EXPECT_FALSE(read.exported);
  EXPECT_THAT(told, HasSubstr("'surprise'"));
  EXPECT_THAT(told, HasSubstr("/machines/0"));
  EXPECT_THAT(told, HasSubstr("b.json:1:"));
  EXPECT_THAT(told, HasSubstr("'edition'"));
}

TEST(ExportReader, reads_utf_16_as_a_redirection_of_windows_powershell_writes_it) {
  std::string wide = "\xFF\xFE";
  for (const char c : std::string("{\"rehearse_export\": 1, \"written\": \"now\", \"by\": \"SQL1\"}")) {
    wide += c;
    wide += '\0';
  }
  EXPECT_TRUE(read_export({{"x.json", wide}}).exported);
}

TEST(ExportReader, refuses_two_files_about_one_machine) {
  std::ifstream file(export_path("joint/machine-SQL1.json"));
  std::ostringstream text;
  text << file.rdbuf();
  const ExportResult read = read_export({{"a.json", text.str()}, {"b.json", text.str()}});
  EXPECT_THAT(errors_of(read.diagnostics), HasSubstr("the machine 'SQL1' is also in a.json"));
}

// The script and the reader are of one version: every key that the reader knows is written by the script.
TEST(ExportScript, writes_every_key_that_the_reader_demands) {
  const std::string script(export_script());
  for (const model::Shape& shape : export_shapes()) {
    for (const model::Key& key : shape.keys) {
      EXPECT_THAT(script, HasSubstr("'" + std::string(key.name) + "'")) << shape.path;
    }
  }
  EXPECT_THAT(script, HasSubstr("$Schema = " + std::to_string(export_schema)));
}

}  // namespace
}  // namespace rehearse::real::testing

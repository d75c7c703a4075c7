#include "model/structure/structure_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "model/dot_text.hpp"
#include "model/structure/dependency_tree.hpp"
#include "model/structure/proof.hpp"
#include "shipped_requirements.hpp"

namespace rehearse::model::structure {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

/// Two nodes that share a disk, one vote of two, and a name that nobody should have.
Requirements small() {
  Requirements made;
  const auto leaf = [&](ComponentKind kind, const std::string& name) {
    Component component{kind, name, "", "", {}};
    component.faults = {{TimelineLine::Head::fault, "witness.down", {}}};
    made.components.push_back(component);
    return made.graph.add_leaf(name, static_cast<int>(made.components.size()) - 1);
  };
  const int disk = leaf(ComponentKind::disk, "Disk \"D:\\\" & <more>");
  const int one = leaf(ComponentKind::node, "SQL1"), other = leaf(ComponentKind::node, "SQL2"),
            third = leaf(ComponentKind::node, "SQL3");
  const int votes = made.graph.add_some("2 of 3 votes", 2, {one, other, third});
  const int on_one = made.graph.add_all("on SQL1", {one, votes}),
            on_other = made.graph.add_all("on SQL2", {other, votes});
  const int alone = made.graph.add_any("wherever", {made.graph.add_any("on one of them", {on_one, on_other})});
  made.services.fill(made.graph.add_all("packages are executed", {alone, disk}));
  made.undisputed = made.anywhere = made.services;
  return made;
}

TEST(DependencyTree, tells_each_requirement_once_and_passes_over_those_of_one_part) {
  EXPECT_EQ(tree_text(small(), Service::package_execution),
            "packages are executed: all of\n"
            "  on one of them: any of\n"
            "    on SQL1: all of\n"
            "      - SQL1 [node]\n"
            "      2 of 3 votes: 2 of 3\n"
            "        - SQL1 [node]\n"
            "        - SQL2 [node]\n"
            "        - SQL3 [node]\n"
            "    on SQL2: all of\n"
            "      - SQL2 [node]\n"
            "      2 of 3 votes: see above\n"
            "  - Disk \"D:\\\" & <more> [disk]\n");
}

TEST(DependencyTree, is_drawn_with_names_quoted_and_single_points_marked) {
  EXPECT_EQ(tree_dot(small(), Service::package_execution, {0}),
            "digraph requirements {\n"
            "  rankdir=LR;\n"
            "  node [fontname=\"sans-serif\", fontsize=10];\n"
            "  r9 [label=\"packages are executed\\nall of\", shape=plaintext];\n"
            "  r7 [label=\"on one of them\\nany of\", shape=ellipse];\n"
            "  r5 [label=\"on SQL1\\nall of\", shape=plaintext];\n"
            "  r1 [label=\"SQL1\", shape=box, style=filled, fillcolor=\"#e8eef4\"];\n"
            "  r4 [label=\"2 of 3 votes\\n2 of 3\", shape=ellipse];\n"
            "  r2 [label=\"SQL2\", shape=box, style=filled, fillcolor=\"#e8eef4\"];\n"
            "  r3 [label=\"SQL3\", shape=box, style=filled, fillcolor=\"#e8eef4\"];\n"
            "  r6 [label=\"on SQL2\\nall of\", shape=plaintext];\n"
            "  r0 [label=\"Disk \\\"D:\\\\\\\" &amp; <more>\", shape=box, style=filled, fillcolor=\"#f4a6a0\"];\n"
            "  r5 -> r1;\n"
            "  r4 -> r1 [style=dashed];\n"
            "  r4 -> r2 [style=dashed];\n"
            "  r4 -> r3 [style=dashed];\n"
            "  r5 -> r4;\n"
            "  r7 -> r5 [style=dashed];\n"
            "  r6 -> r2;\n"
            "  r6 -> r4;\n"
            "  r7 -> r6 [style=dashed];\n"
            "  r9 -> r7;\n"
            "  r9 -> r0;\n"
            "}\n");
}

TEST(DependencyTree, of_the_reference_design_is_the_same_every_time) {
  const Requirements once = requirements_of(shipped("designs/reference.json"));
  const Requirements again = requirements_of(shipped("designs/reference.json"));
  EXPECT_EQ(tree_text(once, Service::package_execution), tree_text(again, Service::package_execution));
  EXPECT_EQ(tree_dot(once, Service::workers, {}), tree_dot(again, Service::workers, {}));
  EXPECT_THAT(tree_text(once, Service::package_execution),
              AllOf(StartsWith("packages are executed: all of\n"), HasSubstr("SQL1 sees 2 of 3 votes: 2 of 3\n")));
}

TEST(DotText, shows_every_letter_as_it_is) {
  EXPECT_EQ(dot_string("plain"), "\"plain\"");
  EXPECT_EQ(dot_string("a\"b\\c\nd&lt;{x|y}"), "\"a\\\"b\\\\c\\nd&amp;lt;{x|y}\"");
}

TEST(StructureReport, tells_what_is_lost_in_what_way_and_what_proves_it) {
  Structure made;
  made.requirements = small();
  made.cut_sets = cut_sets_of(made.requirements);
  made.weaknesses = weaknesses_of(made.requirements, made.cut_sets);
  EXPECT_EQ(structure_text(made, "proofs"),
            "4 components; 1 single points of failure, 3 pairs.\n"
            "\n"
            "Single points of failure\n"
            "  Disk \"D:\\\" & <more>\n"
            "      costs sql_server, ssisdb, scale_out_master, workers, package_execution, until it is repaired\n"
            "      shows at once\n"
            "      proved by proofs/without-disk-d-more.json\n"
            "\n"
            "Pairs\n"
            "  any two of: SQL1; SQL2; SQL3\n"
            "      costs sql_server, ssisdb, scale_out_master, workers, package_execution, until it is repaired\n"
            "      shows at once\n"
            "      proved by proofs/without-sql1-sql2.json\n");
  EXPECT_THAT(structure_text(made), testing::Not(HasSubstr("proved")));
}

// What the master does without SSISDB nobody has published: behaviour 6.
TEST(StructureReport, says_what_an_unknown_switch_leaves_open) {
  Design design = shipped("designs/reference.json");
  const std::string file =
      "  MasterSettings.config of any one of SQL1, SQL2\n"
      "      costs scale_out_master, package_execution, until somebody moves the role or repairs it: "
      "the cluster does not see it\n";
  const std::string open = "      unknown: with master_exits_without_ssisdb the other way it ";
  const std::string told = structure_text(Studied(design));
  EXPECT_THAT(told, HasSubstr(file + open + "comes back by itself\n"));
  EXPECT_THAT(told,
              HasSubstr(open + "costs ssisdb, scale_out_master, workers, package_execution, until it is repaired\n"));
  design.parameters.set(Switch::master_exits_without_ssisdb, false, Origin::given, "design");
  EXPECT_THAT(structure_text(Studied(design)), AllOf(HasSubstr(file), testing::Not(HasSubstr("unknown"))));
}

TEST(StructureReport, is_json_that_adds_up) {
  const Studied reference(shipped("designs/reference.json"));
  const auto json = nlohmann::json::parse(structure_json(reference));
  EXPECT_EQ(json["components"], reference.requirements.components.size());
  EXPECT_EQ(json["cut_sets"]["single"].get<std::size_t>() + json["cut_sets"]["double"].get<std::size_t>(),
            reference.cut_sets.size());
  EXPECT_TRUE(json["never_there"].empty());
  std::set<std::string> proofs;
  std::uint64_t count = 0;
  for (const auto& one : json["weaknesses"]) {
    EXPECT_TRUE(proofs.insert(one["proof"]).second) << one["proof"];
    EXPECT_GE(one["groups"].size(), one["chosen"].get<std::size_t>());
    EXPECT_FALSE(one["lost"].empty());
    count += one["count"].get<std::uint64_t>();
  }
  EXPECT_EQ(count, reference.cut_sets.size());
  const auto& disk = json["weaknesses"][4]["groups"][0][0];
  EXPECT_EQ(disk["name"], "Cluster Disk 1");
  EXPECT_EQ(disk["at"]["pointer"], "/fci");
  EXPECT_GT(disk["at"]["line"], 1);
}

TEST(StructureReport, gives_every_weakness_a_file_of_its_own) {
  for (const std::string file : {"designs/separate.json", "cluster/designs/stretched_file_share.json"}) {
    const Studied studied(shipped(file));
    const auto names = proof_file_names(studied);
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), studied.weaknesses.size());
    for (const std::string& name : names) {
      EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-."), std::string::npos) << name;
    }
  }
}

constexpr const char* bad_binding = R"proof({
  "name": "without http.sys binding of SQL2",
  "description": "Without http.sys binding of SQL2 there is no workers, package_execution, until somebody moves the role or repairs it: the cluster does not see it. The loss of http.sys binding of SQL2 shows when the role is on that node.",
  "design": "designs/reference.json",
  "seed": 1,
  "start": "2027-03-01T12:00:00Z",
  "duration": "2h",
  "deploy": "installed",
  "timeline": [
    { "at": "10m", "fault": "certificate.wrong_binding", "node": "SQL2" },
    { "at": "20m", "step": "move_role", "role": "SQL Server (MSSQLSERVER)", "to": "SQL2" }
  ],
  "expect": [
    { "workers": "all", "disconnected_from": "1h" },
    { "service": "package_execution", "outage": { "min": "1h" } }
  ]
}
)proof";

TEST(Proof, is_written_as_people_would_write_it) {
  const Studied reference(shipped("designs/reference.json"));
  const Weakness& binding = reference.weakness("http.sys binding of any one of SQL1, SQL2");
  CutSet second = binding.example;
  second.components = binding.groups[1];
  EXPECT_EQ(proof_scenario(reference.requirements, second, "designs/reference.json",
                           parse_date("2027-03-01T12:00:00Z").value()),
            bad_binding);
}

TEST(Proof, needs_a_fault_that_scenarios_know) {
  Requirements made = small();
  made.components[0].faults.clear();
  EXPECT_THROW(proof_scenario(made, cut_sets_of(made).front(), "x.json", {}), std::logic_error);
}

TEST(Proof, happens_while_every_certificate_is_valid) {
  Design design = shipped("designs/reference.json");
  const auto date = [](const char* text) { return parse_date(text).value(); };
  for (Certificate& one : design.certificates) {
    one.not_before = date("2027-01-01T00:00:00Z");
    one.not_after = date("2028-01-01T00:00:00Z");
  }
  EXPECT_EQ(date_of_proof(design, date("2027-06-01T00:00:00Z")), date("2027-06-01T00:00:00Z"));
  EXPECT_EQ(date_of_proof(design, date("2026-06-01T00:00:00Z")), date("2027-01-02T00:00:00Z"));
  EXPECT_EQ(date_of_proof(design, date("2029-06-01T00:00:00Z")), date("2027-12-25T00:00:00Z"));
  design.certificates.front().not_after = date("2027-01-03T00:00:00Z");
  EXPECT_EQ(date_of_proof(design, date("2027-06-01T00:00:00Z")), std::nullopt);
}

}  // namespace
}  // namespace rehearse::model::structure

#include "sim/study/study_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/files.hpp"

namespace rehearse::sim {
namespace {

const std::string studies = std::string(REHEARSE_SOURCE_DIR) + "/scenarios/studies";

/// A study of the lost node, with these members beside name and scenario.
StudyResult read(const std::string& members) {
  return read_study(R"({ "name": "n", "scenario": "../node_loss.json")" + (members.empty() ? "" : ", " + members) + "}",
                    "studies/n.json", studies);
}

Study right(const std::string& members) {
  StudyResult result = read(members);
  for (const model::Diagnostic& diagnostic : result.diagnostics) ADD_FAILURE() << model::to_text(diagnostic);
  if (!result.study) throw std::runtime_error("no study");
  return std::move(*result.study);
}

std::string told(const std::string& members) {
  std::string text;
  for (const model::Diagnostic& diagnostic : read(members).diagnostics) text += model::to_text(diagnostic) + '\n';
  return text;
}

std::vector<std::string> names(const Study& study) {
  std::vector<std::string> found;
  for (const StudyPoint& point : study.points) found.push_back(name_of(point));
  return found;
}

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(StudyReader, of_a_bare_study_makes_one_point_and_the_usual_measures) {
  const Study study = right("");
  EXPECT_THAT(names(study), ElementsAre("as it is"));
  std::vector<std::string> measures;
  for (const Measure& measure : study.measures) measures.push_back(measure.name);
  EXPECT_THAT(measures,
              ElementsAre("outage.sql_server", "outage.ssisdb", "outage.scale_out_master", "outage.package_execution",
                          "executions.lost", "executions.doubled", "batch.nightly.late"));
  EXPECT_EQ(study.scenario_file, "node_loss.json");
  EXPECT_EQ(study.seed, 1U);
  EXPECT_EQ(study.identity.size(), 64U);
}

TEST(StudyReader, makes_a_grid_without_the_points_that_break_a_constraint) {
  const Study study = right(R"("sweep": { "cluster.properties.SameSubnetThreshold": [5, 20],
                                          "fci.HealthCheckTimeout": ["15s", "30s", "60s"] },
                               "constraint": ["fci.HealthCheckTimeout >= 20s", "cluster.properties.SameSubnetThreshold != 7"])");
  EXPECT_THAT(names(study), ElementsAre("cluster.properties.SameSubnetThreshold = 5, fci.HealthCheckTimeout = 30s",
                                        "cluster.properties.SameSubnetThreshold = 5, fci.HealthCheckTimeout = 60s",
                                        "cluster.properties.SameSubnetThreshold = 20, fci.HealthCheckTimeout = 30s",
                                        "cluster.properties.SameSubnetThreshold = 20, fci.HealthCheckTimeout = 60s"));
  const auto threshold = [&](std::size_t point) {
    const model::Design& design = study.points[point].scenario.design;
    return world::Blueprint(design, {}, {}).parameters()[model::Setting::same_subnet_threshold];
  };
  EXPECT_EQ(threshold(0), 5);
  EXPECT_EQ(threshold(2), 20);
  EXPECT_EQ(study.points[1].scenario.design.fci.health_check_timeout, std::chrono::seconds(60));
}

TEST(StudyReader, takes_points_one_by_one_and_settings_one_at_a_time) {
  EXPECT_THAT(names(right(R"("points": [{ "timeline[0].at": "30m" }, { "timeline[0].at": "35m", "duration": "3h" }])")),
              ElementsAre("timeline[0].at = 30m", "timeline[0].at = 35m, duration = 3h"));
  EXPECT_THAT(
      names(right(R"("one_at_a_time": { "fci.HealthCheckTimeout": ["15s"], "parameters.restart_delay": ["1s"] })")),
      ElementsAre("as it is", "fci.HealthCheckTimeout = 15s", "parameters.restart_delay = 1s"));
}

TEST(StudyReader, prepares_points_together_that_differ_only_in_what_happens) {
  const Study study = right(R"("points": [{}, { "timeline[0].at": "30m" }, { "fci.HealthCheckTimeout": "31s" }])");
  EXPECT_EQ(study.points[0].prepared_like, study.points[1].prepared_like);
  EXPECT_NE(study.points[0].prepared_like, study.points[2].prepared_like);
}

TEST(StudyReader, sets_what_all_points_have) {
  const Study study = right(R"("set": { "duration": "90m", "deploy": "installed", "workload.like": "nightly",
                                        "workload.executions": 7, "timeline": [] })");
  EXPECT_EQ(study.points[0].scenario.duration, std::chrono::minutes(90));
  EXPECT_EQ(study.points[0].scenario.one_batch->executions, 7);
  EXPECT_TRUE(study.points[0].scenario.timeline.empty());
}

TEST(StudyReader, tells_all_problems_of_a_file_each_at_its_place) {
  const std::string text = told(R"("sweeep": {}, "replications": 0,
      "sweep": { "cluster.properties.SameSubnetTreshold": [5], "timeline[7].at": ["1m"] },
      "measure": ["outage.ssisbd"], "precision": { "outage.ssisdb.p99": "1" },
      "vary": { "cluster.nodes": { "uniform": [1, 2] } })");
  EXPECT_THAT(text, AllOf(HasSubstr("did you mean 'sweep'"), HasSubstr("/replications"),
                          HasSubstr("did you mean 'SameSubnetThreshold'"), HasSubstr("the list has 3 entries"),
                          HasSubstr("did you mean 'outage.ssisdb'"), HasSubstr("is no precision"),
                          HasSubstr("'cluster.nodes': it is structural")));
}

TEST(StudyReader, says_what_is_structural_and_what_to_do_instead) {
  EXPECT_THAT(told(R"("vary": { "scale_out.workers[0].count": { "uniform": [1, 5] } })"),
              AllOf(HasSubstr("structural"), HasSubstr("under 'sweep'")));
  EXPECT_THAT(told(R"("vary": { "timeline[0].node": { "among": ["SQL1"] } })"), HasSubstr("timeline[0].at"));
  EXPECT_THAT(told(R"("vary": { "parameters.same_subnet_treshold": { "uniform": [1, 5] } })"),
              HasSubstr("did you mean 'parameters.same_subnet_threshold'"));
}

TEST(StudyReader, refuses_variations_that_the_ordinary_readers_would_refuse_or_that_change_nothing) {
  EXPECT_THAT(told(R"("vary": { "timeline[0].at": { "uniform": ["0s", "24h"] } })"),
              HasSubstr("'timeline[0].at': with"));
  EXPECT_THAT(told(R"("vary": { "parameters.health_check_timeout": { "uniform": ["10s", "20s"] } })"),
              HasSubstr("stated twice; it is already at /fci/HealthCheckTimeout"));
  EXPECT_THAT(told(R"("vary": { "fci.HealthCheckTimeout": "20s" })"), HasSubstr("does not vary"));
  EXPECT_THAT(told(R"("vary": { "cluster.properties.SameSubnetThreshold": { "uniform": [1, 2000000] } })"),
              HasSubstr("out of range"));
  EXPECT_THAT(told(R"("sweep": { "fci.HealthCheckTimeout": ["15s"] }, "vary": { "fci.HealthCheckTimeout": "20s" })"),
              HasSubstr("points differ in it"));
  EXPECT_THAT(told(R"("vary": { "parameters.same_subnet_threshold": { "uniform": [9, 5] } })"), HasSubstr("lower"));
}

TEST(StudyReader, varies_properties_of_the_cluster_in_their_own_units) {
  const Study study = right(R"("vary": { "cluster.properties.SameSubnetThreshold": { "uniform": [5, 40] },
                                         "cluster.properties.SameSubnetDelay": { "among": [250, 500, 1000] } })");
  model::Design design = study.points[0].scenario.design;
  study.variations[0].apply(12, design);
  study.variations[1].apply(500, design);
  EXPECT_EQ(design.parameters[model::Setting::same_subnet_threshold], 12);
  EXPECT_EQ(design.parameters.length(model::Setting::same_subnet_delay), std::chrono::milliseconds(500));
  EXPECT_THAT(told(R"("vary": { "cluster.properties.SameSubnetTreshold": { "uniform": [5, 40] } })"),
              HasSubstr("did you mean 'SameSubnetThreshold'"));
}

TEST(StudyReader, refuses_addresses_and_constraints_that_lead_nowhere) {
  EXPECT_THAT(told(R"("sweep": { "cluster..properties": [1] })"), HasSubstr("is no address"));
  EXPECT_THAT(told(R"("sweep": { "timeline[x].at": ["1m"] })"), HasSubstr("brackets hold"));
  EXPECT_THAT(told(R"("sweep": { "name.first": ["1m"] })"), HasSubstr("has no keys"));
  EXPECT_THAT(told(R"("constraint": "fci.HealthCheckTimeout")"), HasSubstr("compares nothing"));
  EXPECT_THAT(told(R"("constraint": "fci.HealthCheckTimeout > 5")"), HasSubstr("a length of time with a number"));
  EXPECT_THAT(told(R"("constraint": "fci.ssisdb.LeaseTimeout > 5s")"), HasSubstr("neither the files nor the point"));
  EXPECT_THAT(told(R"("sweep": { "fci.HealthCheckTimeout": ["15s"] }, "constraint": "fci.HealthCheckTimeout > 20s")"),
              HasSubstr("no point keeps"));
  EXPECT_THAT(told(R"("sweep": { "fci.HealthCheckTimeout": ["15s", "15s"] })"), HasSubstr("there twice"));
  EXPECT_THAT(told(R"("sweep": { "fci.HealthCheckTimeout": ["15s"] }, "points": [{}])"), HasSubstr("from one section"));
}

TEST(StudyReader, says_so_where_the_only_point_does_not_keep_a_constraint) {
  EXPECT_THAT(told(R"("constraint": "fci.HealthCheckTimeout > 90s")"),
              AllOf(HasSubstr("the scenario and its design do not keep"), HasSubstr("/constraint")));
}

TEST(StudyReader, counts_points_before_it_makes_them) {
  std::string values = "0";
  for (int value = 1; value < 10'000; ++value) values += ", " + std::to_string(value);
  std::string sweep;
  for (const char* address : {"a", "b", "c"})
    sweep += (sweep.empty() ? "\"" : ", \"") + std::string(address) + "\": [" + values + "]";
  EXPECT_THAT(told("\"sweep\": {" + sweep + "}"),
              AllOf(HasSubstr("these are 1000000000000 points"), HasSubstr("at most 1000")));
  EXPECT_THAT(told("\"one_at_a_time\": {" + sweep + "}"), HasSubstr("these are 30001 points"));
  EXPECT_THAT(told(R"("vary": { "timeline[0].at": { "among": [)" + values + "] } }"), HasSubstr("1 to 100"));
}

TEST(StudyReader, refuses_addresses_that_no_file_is_deep_enough_for) {
  std::string keys, places = "timeline";
  for (int level = 0; level < 200; ++level) {
    keys += "a.";
    places += "[0]";
  }
  EXPECT_THAT(told("\"set\": { \"" + keys + "b\": 1 }"), HasSubstr("201 keys and places"));
  EXPECT_THAT(told("\"set\": { \"" + places + "\": 1 }"), HasSubstr("201 keys and places"));
  const std::string endless(1'000'000, 'a');
  EXPECT_THAT(told("\"vary\": { \"" + endless + "\": \"1s\" }"), HasSubstr("at most 1000"));
}

TEST(StudyReader, knows_quantiles_from_measures_in_its_precision) {
  const Study study = right(R"("measure": ["wait.p95"],
      "precision": { "wait.p95": "2%", "outage.ssisdb.p99.9": "5%", "outage.ssisdb.mean": "1%", "availability.ssisdb": "0.5%" })");
  ASSERT_EQ(study.precision.size(), 4U);
  EXPECT_FALSE(study.precision[0].quantile);
  EXPECT_EQ(study.precision[1].quantile, 0.999);
  EXPECT_EQ(study.measures[study.precision[2].measure].name, "outage.ssisdb");
  EXPECT_EQ(study.measures.size(), 3U);
  EXPECT_THAT(told(R"("precision": { "availability.ssisdb.p99": "1%" })"), HasSubstr("no quantiles"));
  EXPECT_THAT(told(R"("precision": { "outage.ssisdb.p99": "0.1%" })"), HasSubstr("0.4% to 50%"));
}

TEST(StudyReader, wants_a_steady_state_to_have_time_left) {
  EXPECT_THAT(told(R"("warm_up": "8h")"), HasSubstr("is no part of the rehearsal"));
  EXPECT_THAT(told(R"("batches": 5)"), HasSubstr("after a warm-up"));
  EXPECT_THAT(told(R"("warm_up": "1h", "sweep": { "duration": ["2h", "50m"] })"), HasSubstr(""));
  EXPECT_THAT(told(R"("warm_up": "80m", "sweep": { "duration": ["2h", "75m"] })"), HasSubstr("ends before it"));
}

TEST(StudyReader, knows_the_faults_that_come_by_themselves) {
  EXPECT_EQ(right("").faults, RandomFaults());
  EXPECT_EQ(right(R"("faults": "default rates")").faults, RandomFaults::default_rates());
  EXPECT_EQ(right(R"("faults": ["node.pause", "network.burst"])").faults, RandomFaults::harmless());
  EXPECT_THAT(told(R"("faults": ["node.crush"])"), HasSubstr("did you mean 'node.crash'"));
  EXPECT_THAT(told(R"("faults": "default rate")"), HasSubstr("did you mean 'default rates'"));
  EXPECT_THAT(told(R"("faults": "default rates", "set": { "until": "quiescent" })"), HasSubstr("never end"));
}

TEST(StudyReader, gives_an_identity_that_changes_with_whatever_results_depend_on) {
  const std::string base = right("").identity;
  EXPECT_EQ(right("").identity, base);
  EXPECT_EQ(right(R"("description": "in other words")").identity, base);
  for (const char* other : {R"("seed": 2)", R"("replications": 9)", R"("measure": ["outage.ssisdb"])",
                            R"("set": { "duration": "3h" })", R"("set": { "fci.HealthCheckTimeout": "31s" })",
                            R"("precision": { "outage.ssisdb": "1%" })", R"("faults": "default rates")",
                            R"("vary": { "timeline[0].at": { "uniform": ["1m", "2m"] } })", R"("points": [{}, {}])"}) {
    EXPECT_NE(right(other).identity, base) << other;
  }
}

TEST(StudyReader, does_what_the_caller_wants_otherwise) {
  const StudyResult result = read_study_file(studies + "/heartbeat_and_health.json", {5, 77});
  ASSERT_TRUE(result.study);
  EXPECT_EQ(result.study->seed, 5U);
  EXPECT_EQ(result.study->replications, 77U);
}

}  // namespace
}  // namespace rehearse::sim

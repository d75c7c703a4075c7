// What several rules ask of a design.
#include "model/rules/questions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "model/rules/design_source.hpp"
#include "small_design.hpp"

namespace rehearse::model::rules {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;

Design design_of(const nlohmann::json& tree) {
  const DesignResult result = read(tree);
  EXPECT_TRUE(result.design) << told(result);
  return *result.design;
}

TEST(RuleQuestions, list_names_as_people_do) {
  EXPECT_EQ(quoted({}), "");
  EXPECT_EQ(quoted({"a"}), "'a'");
  EXPECT_EQ(quoted({"a", "b"}), "'a' and 'b'");
  EXPECT_EQ(quoted({"a", "b", "c"}), "'a', 'b' and 'c'");
}

TEST(RuleQuestions, know_a_node_by_its_name_with_or_without_a_domain_but_not_by_an_address) {
  const Design design = design_of(small());
  EXPECT_NE(node_called(design, "n1"), nullptr);
  EXPECT_NE(node_called(design, "N2.corp.example"), nullptr);
  EXPECT_EQ(node_called(design, "N3"), nullptr);
  EXPECT_EQ(node_called(design, "10.0.0.50"), nullptr);
}

TEST(RuleQuestions, gather_the_stores_of_a_host_from_every_entry_that_means_it) {
  Certificate certificate;
  EXPECT_EQ(stores_on(certificate, "SQL1"), std::nullopt);
  certificate.installed = {{"SQL*", {"Root"}}, {"sql1", {"My+key"}}, {"WRK1", {"Root+key"}}};
  EXPECT_THAT(*stores_on(certificate, "SQL1"), ElementsAre("Root", "My+key"));
  EXPECT_THAT(*stores_on(certificate, "SQL2"), ElementsAre("Root"));
  EXPECT_THAT(*stores_on(certificate, "WRK2"), ElementsAre());
}

TEST(RuleQuestions, know_which_node_can_bring_which_address_online) {
  const Design design = design_of(small());
  const Node& first = *design.find_node("N1");   // on LAN and Beats
  const Node& second = *design.find_node("N2");  // on every network of its site, B, and of no site
  EXPECT_TRUE(reaches(design, first, {"10.0.0.50"}));
  EXPECT_FALSE(reaches(design, first, {"10.0.1.50"}));
  EXPECT_TRUE(reaches(design, second, {"10.0.0.50", "10.0.1.50"}));
  EXPECT_FALSE(reaches(design, second, {"10.0.0.50"}));
}

TEST(RuleQuestions, take_the_mean_and_the_high_end_of_every_kind_of_length) {
  const auto near = [](double value) { return testing::DoubleNear(value, value * 0.01); };
  EXPECT_THAT(mean_seconds(Distribution::constant(seconds(5))), near(5));
  EXPECT_THAT(mean_seconds(Distribution::uniform(seconds(2), seconds(4))), near(3));
  EXPECT_THAT(mean_seconds(Distribution::triangular(seconds(1), seconds(2), seconds(6))), near(3));
  EXPECT_THAT(mean_seconds(Distribution::exponential(seconds(7))), near(7));
  EXPECT_THAT(mean_seconds(Distribution::lognormal(seconds(90), minutes(10))), near(175));  // 90 s e^(1.153^2 / 2)
  EXPECT_THAT(mean_seconds(Distribution::weibull(seconds(10), 2)), near(8.862));
  EXPECT_THAT(mean_seconds(Distribution::erlang(seconds(12), 4)), near(12));
  EXPECT_THAT(mean_seconds(Distribution::empirical({seconds(1), seconds(2), seconds(9)})), near(4));
  EXPECT_EQ(high_end(Distribution::lognormal(seconds(10), seconds(40))), seconds(40));
  EXPECT_EQ(high_end(Distribution::triangular(seconds(1), seconds(2), seconds(6))), seconds(6));
  EXPECT_THAT(std::chrono::duration<double>(high_end(Distribution::exponential(seconds(10)))).count(), near(29.96));
  // The 95th percentile of an Erlang distribution of four stages and mean 4 is 7.754.
  EXPECT_THAT(std::chrono::duration<double>(high_end(Distribution::erlang(seconds(4), 4))).count(),
              testing::AllOf(testing::Ge(7.5), testing::Le(8.1)));
}

TEST(RuleQuestions, count_the_slots_of_the_workers_that_a_source_may_use) {
  const Design design = design_of(small());                  // W1 and W2 of five slots each, EXTRA of ten
  EXPECT_EQ(slots_for(design, design.batches.front()), 15);  // named: w2 and EXTRA
  EXPECT_EQ(slots_for(design, design.rates.front()), 5);     // W1
  WorkloadSource any;
  EXPECT_EQ(slots_for(design, any), 20);
  EXPECT_EQ(sources(design).size(), 3u);
}

TEST(RuleQuestions, reckon_a_failover_longer_with_more_patient_heartbeats_and_slower_recovery) {
  nlohmann::json tree = small();
  tree["fci"]["ssisdb"]["recovery"] = "20s";
  const Duration usual = failover_time(design_of(tree));
  EXPECT_GT(usual, seconds(30));
  EXPECT_LT(usual, minutes(5));
  tree["fci"]["ssisdb"]["recovery"] = "120s";
  EXPECT_EQ(failover_time(design_of(tree)), usual + seconds(100));
  tree["cluster"]["properties"]["SameSubnetThreshold"] = 40;  // 10 until now, beats every 500 ms
  EXPECT_EQ(failover_time(design_of(tree)), usual + seconds(115));
}

TEST(DesignSource, gives_every_pointer_its_place_and_width) {
  const auto source = DesignSource::from("{\n  \"a\": [1, -2.5e3, \"x\\\"y\"],\n  \"b/c\": { \"d\": true }\n}\n", "f");
  ASSERT_TRUE(source);
  EXPECT_EQ(source->place("/a/1"), (Place{2, 12, "/a/1"}));
  EXPECT_EQ(source->width("/a/1"), 6u);
  EXPECT_EQ(source->place("/a/2"), (Place{2, 20, "/a/2"}));
  EXPECT_EQ(source->width("/a/2"), 6u);
  EXPECT_EQ(source->place("/b~1c/d"), (Place{3, 17, "/b~1c/d"}));
  EXPECT_EQ(source->width("/b~1c/d"), 4u);
  EXPECT_EQ(source->place("/b~1c/e/f"), (Place{3, 10, "/b~1c/e/f"}));
  EXPECT_EQ(source->place("/z"), (Place{1, 1, "/z"}));
  EXPECT_TRUE(source->has("/a/0"));
  EXPECT_FALSE(source->has("/a/3"));
  EXPECT_EQ(source->line(3), "  \"b/c\": { \"d\": true }");
  EXPECT_EQ(source->line(9), "");
  EXPECT_FALSE(DesignSource::from("{", "f"));
}

}  // namespace
}  // namespace rehearse::model::rules

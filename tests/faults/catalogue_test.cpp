// Which faults a design can meet: every kind on every thing of it, and nothing twice.
#include "sim/faults/catalogue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "sim/faults/scenario_text.hpp"
#include "sim/faults/told_course.hpp"
#include "sim/scenario/fault_kinds.hpp"
#include "sim/scenario/scenario_reader.hpp"
#include "stages.hpp"

namespace rehearse::sim {
namespace {

FaultCatalogue catalogue(const std::string& design) {
  return catalogue_of(*staged(design_file(design)).deployed);
}

/// Sequences of one fault that are run.
std::size_t representatives(const FaultCatalogue& catalogue) {
  std::size_t count = 0;
  for (std::size_t fault = 0; fault < catalogue.faults.size(); ++fault) {
    const std::size_t alone[] = {fault};
    count += catalogue.is_representative(alone);
  }
  return count;
}

TEST(Catalogue, has_every_kind_of_fault_or_says_why_not) {
  for (const char* design : {"designs/reference", "designs/separate", "cluster/designs/stretched_disk",
                             "scale_out/designs/availability_group"}) {
    const FaultCatalogue found = catalogue(design);
    std::set<std::string> there, left_out;
    for (const CatalogueFault& fault : found.faults) there.emplace(to_text(fault.entry.fault));
    for (const LeftOut& one : found.left_out) {
      left_out.insert(one.fault);
      EXPECT_NE(one.why, "") << one.fault;
    }
    for (const std::string& kind : fault_names()) {
      EXPECT_NE(there.contains(kind), left_out.contains(kind)) << kind << " of " << design;
    }
  }
}

TEST(Catalogue, names_no_fault_twice) {
  for (const char* design : {"designs/reference", "cluster/designs/stretched_disk"}) {
    std::set<std::string> names;
    for (const CatalogueFault& fault : catalogue(design).faults) {
      EXPECT_TRUE(names.insert(fault.name).second) << fault.name;
    }
  }
}

TEST(Catalogue, has_as_many_faults_as_the_shipped_designs_have_things_to_act_on) {
  const FaultCatalogue reference = catalogue("designs/reference");
  EXPECT_EQ(reference.faults.size(), 175U);
  EXPECT_EQ(representatives(reference), 133U) << "three workers are alike: 21 faults on each count once";
  EXPECT_EQ(reference.left_out.size(), 4U);
  const FaultCatalogue separate = catalogue("designs/separate");
  EXPECT_EQ(separate.faults.size(), 181U);
  EXPECT_EQ(representatives(separate), 139U);
}

TEST(Catalogue, runs_one_of_several_sequences_that_differ_only_in_which_worker_is_which) {
  const FaultCatalogue found = catalogue("designs/reference");
  const std::size_t first = place_of(found, "worker.hang on WRK1"), second = place_of(found, "worker.hang on WRK2"),
                    third = place_of(found, "worker.hang on WRK3"), node = place_of(found, "node.reboot on SQL1");
  using Sequence = std::vector<std::size_t>;
  EXPECT_TRUE(found.is_representative(Sequence{first}));
  EXPECT_FALSE(found.is_representative(Sequence{second}));
  EXPECT_TRUE(found.is_representative(Sequence{first, first}));
  EXPECT_TRUE(found.is_representative(Sequence{first, node, second}));
  EXPECT_FALSE(found.is_representative(Sequence{first, third}));
  EXPECT_EQ(found.multiplicity(Sequence{node}), 1U);
  EXPECT_EQ(found.multiplicity(Sequence{first, first}), 3U) << "each of three workers twice";
  EXPECT_EQ(found.multiplicity(Sequence{first, second}), 6U) << "one of three, then one of the other two";
}

TEST(Catalogue, merges_no_worker_that_differs_in_a_certificate) {
  model::Design design = design_file("designs/reference");
  for (model::Certificate& certificate : design.certificates) {
    if (certificate.key != "master") continue;
    certificate.installed = {{"SQL1", {"Root+key"}}, {"SQL2", {"Root+key"}}, {"WRK1", {"Root"}}, {"WRK2", {"Root"}}};
  }
  const FaultCatalogue found = catalogue_of(*staged(design).deployed);
  ASSERT_EQ(found.alike.size(), 1U);
  EXPECT_EQ(found.alike.front().size(), 2U) << "WRK3 does not trust the master";
}

/// What a scenario file says of a timeline, read back.
TEST(Catalogue, writes_every_fault_and_repair_in_the_words_of_scenario_files) {
  for (const char* name : {"designs/reference", "cluster/designs/stretched_disk"}) {
    const Stage stage = staged(design_file(name));
    std::vector<PlannedEvent> events;
    core::Time at(first_fault);
    for (const CatalogueFault& fault : catalogue_of(*stage.deployed).faults) {
      events.push_back({fault.entry, fault.repair(), at += std::chrono::seconds(1), std::nullopt});
    }
    const Scenario scenario = scenario_of(stage, events, true);
    const std::string text = scenario_text(scenario, std::string(name) + ".json");
    const ScenarioResult read = read_scenario(text, "faults.json", std::string(REHEARSE_SOURCE_DIR) + "/scenarios");
    for (const model::Diagnostic& diagnostic : read.diagnostics) ADD_FAILURE() << model::to_text(diagnostic);
    ASSERT_TRUE(read.scenario.has_value());
    ASSERT_EQ(read.scenario->timeline.size(), scenario.timeline.size());
    for (std::size_t index = 0; index < scenario.timeline.size(); ++index) {
      const TimelineEntry &written = scenario.timeline[index], &back = read.scenario->timeline[index];
      EXPECT_EQ(written.at, back.at);
      EXPECT_EQ(written.action, back.action);
      EXPECT_EQ(written.step, back.step);
      EXPECT_EQ(written.arguments, back.arguments);
      if (written.action == TimelineEntry::Action::step) continue;
      EXPECT_TRUE(same_target(written, back)) << to_text(written.fault);
      EXPECT_EQ(written.kind, back.kind) << to_text(written.fault);
      EXPECT_EQ(written.amount, back.amount) << to_text(written.fault);
      EXPECT_EQ(written.length, back.length) << to_text(written.fault);
      EXPECT_EQ(written.lasts, back.lasts) << to_text(written.fault);
      EXPECT_EQ(written.batch, back.batch);
    }
    EXPECT_EQ(read.scenario->one_batch, scenario.one_batch);
  }
}

}  // namespace
}  // namespace rehearse::sim

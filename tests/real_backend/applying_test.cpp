// What performing a part of a plan needs: no step that is left out may come before one that builds on it.
#include "real_backend/applying.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rehearse::real {
namespace {

namespace host = steps::host;
using steps::PlannedStep;
using testing::HasSubstr;

steps::AnyRequest asked(const std::string& machine) {
  return steps::HostRequest(host::Answers(machine));
}
steps::AnyRequest restart(const std::string& machine) {
  return steps::HostRequest(host::RestartService(machine, "SSISScaleOutWorker150"));
}
steps::AnyRequest copy(const std::string& from, const std::string& to) {
  return steps::CertificateRequest(steps::certificate_store::Copy(from, to, "00", "Root", false));
}

PlannedStep needed(std::string title, std::vector<std::string> hosts, std::vector<steps::AnyRequest> calls) {
  PlannedStep step;
  step.title = step.name = std::move(title);
  step.hosts = std::move(hosts);
  step.calls = std::move(calls);
  return step;
}

class OnlyOneNode : public testing::Test {
 protected:
  OnlyOneNode() {
    for (const char* machine : {"SQL1", "SQL2", "WRK1", "WRK2"}) {
      plan.observed.facts.push_back({asked(machine), steps::Answer(true)});
    }
  }

  std::string missing(const std::string& only, const std::vector<bool>& done = {}) const {
    ApplyOptions options;
    options.only = only;
    options.until = until;
    return missing_before(plan, done, options);
  }

  steps::Plan plan;
  std::string until;
};

TEST_F(OnlyOneNode, waits_in_vain_for_a_worker_whose_certificate_no_node_trusts) {
  plan.steps = {needed("trust WRK2", {"SQL1", "SQL2"}, {copy("WRK2", "SQL1"), copy("WRK2", "SQL2")}),
                needed("restart WRK2", {"WRK2"}, {restart("WRK2")})};
  EXPECT_THAT(missing("WRK2"),
              testing::AllOf(HasSubstr("'restart WRK2' may need what 'trust WRK2' does"), HasSubstr("without --only")));
  EXPECT_EQ(missing("WRK2", {true, false}), "") << "what is done is no matter";
  EXPECT_EQ(missing(""), "");
  EXPECT_EQ(missing("SQL1"), "");
  plan.steps.front().kind = PlannedStep::Kind::already;
  EXPECT_EQ(missing("WRK2"), "") << "what holds already needs nobody";
}

TEST_F(OnlyOneNode, leaves_out_what_is_about_another_machine) {
  plan.steps = {needed("trust master on WRK1", {"WRK1"}, {copy("SQL1", "WRK1")}),
                needed("trust WRK1", {"SQL1", "SQL2"}, {copy("WRK1", "SQL1"), copy("WRK1", "SQL2")}),
                needed("restart WRK1", {"WRK1"}, {restart("WRK1")}),
                needed("trust master on WRK2", {"WRK2"}, {copy("SQL1", "WRK2")}),
                needed("restart WRK2", {"WRK2"}, {restart("WRK2")})};
  EXPECT_EQ(missing("WRK2"), "");
}

TEST_F(OnlyOneNode, does_nothing_for_the_cluster_before_the_other_nodes_are_ready) {
  plan.steps = {needed("prepare SQL1", {"SQL1"}, {restart("SQL1")}),
                needed("prepare SQL2", {"SQL2"}, {restart("SQL2")}), needed("form the cluster", {}, {})};
  EXPECT_THAT(missing("SQL1"), HasSubstr("'form the cluster' may need what 'prepare SQL2' does"));
  until = "prepare SQL2";
  EXPECT_EQ(missing("SQL1"), "");
}

TEST_F(OnlyOneNode, needs_what_was_done_on_all_nodes) {
  plan.steps = {needed("open ports", {"SQL1", "SQL2"}, {restart("SQL1"), restart("SQL2")}),
                needed("restart WRK2", {"WRK2"}, {restart("WRK2")})};
  EXPECT_THAT(missing("WRK2"), HasSubstr("'open ports'"));
}

TEST_F(OnlyOneNode, takes_certificates_from_where_they_were_made) {
  plan.steps = {needed("install SQL1", {"SQL1"}, {restart("SQL1")}),
                needed("trust master on WRK2", {"WRK2"}, {copy("SQL1", "WRK2")})};
  EXPECT_THAT(missing("WRK2"), HasSubstr("'install SQL1'"));
}

}  // namespace
}  // namespace rehearse::real

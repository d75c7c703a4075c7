#include "real_backend/probe/handshake_evidence.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rehearse::real {
namespace {

using model::HandshakeFacts;
using Outcome = model::HandshakeOutcome;
using testing::ElementsAre;

const Date today = Date(std::chrono::sys_days(std::chrono::year(2027) / 3 / 1));

HandshakeEvidence nothing_unknown() {
  HandshakeEvidence evidence;
  evidence.facts.worker_clock = evidence.facts.node_clock = today;
  evidence.unknown = {};
  return evidence;
}

TEST(HandshakeEvidence, every_defect_that_is_brought_about_is_judged_so_and_mended_again) {
  for (const Outcome outcome : OutcomeSet::every_defect().list()) {
    HandshakeFacts facts = nothing_unknown().facts;
    bring_about(facts, outcome);
    EXPECT_EQ(judge(facts), outcome) << to_text(outcome);
    mend(facts, outcome);
    EXPECT_EQ(judge(facts), Outcome::accepted) << to_text(outcome);
  }
}

TEST(HandshakeEvidence, with_every_fact_known_it_says_what_the_simulator_says_and_nothing_else) {
  const std::vector<Outcome> all = OutcomeSet::every_defect().list();
  for (const Outcome first : all) {
    for (const Outcome second : all) {
      HandshakeEvidence evidence = nothing_unknown();
      bring_about(evidence.facts, first);
      bring_about(evidence.facts, second);
      EXPECT_THAT(evidence.possible().list(), ElementsAre(judge(evidence.facts)));
      EXPECT_TRUE(evidence.defects().has(second));
    }
  }
}

TEST(HandshakeEvidence, where_nothing_is_known_everything_is_possible) {
  HandshakeEvidence evidence;
  OutcomeSet all = OutcomeSet::every_defect();
  all.add(Outcome::accepted);
  EXPECT_EQ(evidence.possible(), all);
}

TEST(HandshakeEvidence, an_unknown_defect_behind_a_known_one_does_not_matter) {
  HandshakeEvidence evidence = nothing_unknown();
  evidence.facts.host_in_master_names = false;
  evidence.unknown = {Outcome::worker_not_trusted, Outcome::thumbprint_mismatch};
  EXPECT_THAT(evidence.possible().list(), ElementsAre(Outcome::host_not_in_names));
  evidence.unknown.add(Outcome::master_not_trusted);
  EXPECT_THAT(evidence.possible().list(), ElementsAre(Outcome::master_not_trusted, Outcome::host_not_in_names));
}

TEST(HandshakeEvidence, a_refusal_leaves_its_causes_and_what_may_decide_before_them) {
  HandshakeEvidence evidence = nothing_unknown();
  evidence.unknown = {Outcome::master_not_trusted, Outcome::worker_not_trusted, Outcome::worker_expired,
                      Outcome::node_root_polluted};
  evidence.cause = {Outcome::worker_not_trusted, Outcome::node_root_polluted};
  EXPECT_THAT(evidence.possible().list(), ElementsAre(Outcome::master_not_trusted, Outcome::worker_not_trusted,
                                                      Outcome::worker_expired, Outcome::node_root_polluted));
}

TEST(HandshakeEvidence, a_known_cause_explains_a_refusal) {
  HandshakeEvidence evidence = nothing_unknown();
  evidence.facts.worker_not_after = today - std::chrono::hours(1);
  evidence.unknown = {Outcome::worker_not_trusted, Outcome::node_root_polluted};
  evidence.cause = {Outcome::worker_not_trusted, Outcome::worker_expired, Outcome::node_root_polluted};
  EXPECT_THAT(evidence.possible().list(), ElementsAre(Outcome::worker_not_trusted, Outcome::worker_expired));
}

TEST(HandshakeEvidence, a_refusal_that_nothing_explains_leaves_nothing) {
  HandshakeEvidence evidence = nothing_unknown();
  evidence.cause = {Outcome::worker_expired};
  EXPECT_TRUE(evidence.possible().empty());
}

}  // namespace
}  // namespace rehearse::real

#include "model/handshake.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <stdexcept>
#include <vector>

namespace rehearse::model {
namespace {

using namespace std::chrono_literals;
using Outcome = HandshakeOutcome;
using testing::HasSubstr;

struct Defect {
  Outcome outcome;
  std::function<void(HandshakeFacts&)> bring_about;
};

const Date today = Date(std::chrono::sys_days(std::chrono::year(2027) / 3 / 1));

HandshakeFacts working() {
  HandshakeFacts facts;
  facts.worker_clock = facts.node_clock = today;
  facts.master_not_before = facts.worker_not_before = today - 24h;
  facts.master_not_after = facts.worker_not_after = today + 24h;
  return facts;
}

/// In the documented order of a connection (behaviour 5). A certificate cannot be too young and too old at once, so
/// those two defects move different clocks or dates.
std::vector<Defect> defects() {
  return {
      {Outcome::name_not_resolved, [](HandshakeFacts& f) { f.name_resolves = false; }},
      {Outcome::address_unreachable, [](HandshakeFacts& f) { f.address_reachable = false; }},
      {Outcome::port_blocked, [](HandshakeFacts& f) { f.port_open = false; }},
      {Outcome::nothing_listening, [](HandshakeFacts& f) { f.listening = false; }},
      {Outcome::binding_missing, [](HandshakeFacts& f) { f.binding_present = false; }},
      {Outcome::binding_key_unusable, [](HandshakeFacts& f) { f.binding_key_usable = false; }},
      {Outcome::master_not_trusted, [](HandshakeFacts& f) { f.master_chain_trusted = false; }},
      {Outcome::master_not_yet_valid, [](HandshakeFacts& f) { f.master_not_before = today + 1h; }},
      {Outcome::master_expired, [](HandshakeFacts& f) { f.master_not_after = today - 1h; }},
      {Outcome::host_not_in_names, [](HandshakeFacts& f) { f.host_in_master_names = false; }},
      {Outcome::thumbprint_mismatch, [](HandshakeFacts& f) { f.pinned_thumbprint_matches = false; }},
      {Outcome::worker_key_missing, [](HandshakeFacts& f) { f.worker_key_present = false; }},
      {Outcome::worker_key_inaccessible, [](HandshakeFacts& f) { f.worker_key_accessible = false; }},
      {Outcome::worker_not_trusted, [](HandshakeFacts& f) { f.worker_trusted_at_node = false; }},
      {Outcome::worker_not_yet_valid, [](HandshakeFacts& f) { f.worker_not_before = today + 1h; }},
      {Outcome::worker_expired, [](HandshakeFacts& f) { f.worker_not_after = today - 1h; }},
      {Outcome::node_root_polluted, [](HandshakeFacts& f) { f.node_root_polluted = true; }},
  };
}

TEST(Handshake, accepts_when_nothing_is_wrong) {
  EXPECT_EQ(judge(working()), Outcome::accepted);
  EXPECT_EQ(judge(HandshakeFacts()), Outcome::accepted);
}

TEST(Handshake, names_every_single_defect) {
  std::set<Outcome> seen;
  for (const Defect& defect : defects()) {
    HandshakeFacts facts = working();
    defect.bring_about(facts);
    EXPECT_EQ(judge(facts), defect.outcome) << to_text(defect.outcome);
    seen.insert(defect.outcome);
  }
  EXPECT_EQ(seen.size() + 1, static_cast<std::size_t>(Outcome::count_));  // and `accepted`
}

TEST(Handshake, of_every_two_defects_the_earlier_decides) {
  const std::vector<Defect> all = defects();
  for (std::size_t first = 0; first < all.size(); ++first) {
    for (std::size_t second = first + 1; second < all.size(); ++second) {
      HandshakeFacts facts = working();
      all[second].bring_about(facts);
      all[first].bring_about(facts);
      EXPECT_EQ(judge(facts), all[first].outcome) << to_text(all[second].outcome);
    }
  }
}

TEST(Handshake, a_certificate_is_valid_on_its_first_and_its_last_instant) {
  HandshakeFacts facts = working();
  facts.master_not_before = facts.worker_not_before = today;
  facts.master_not_after = facts.worker_not_after = today;
  EXPECT_EQ(judge(facts), Outcome::accepted);
  facts.worker_clock = today + 1ns;
  EXPECT_EQ(judge(facts), Outcome::master_expired);
  facts.worker_clock = today - 1ns;
  EXPECT_EQ(judge(facts), Outcome::master_not_yet_valid);
}

TEST(Handshake, each_side_reads_its_own_clock) {
  HandshakeFacts facts = working();
  facts.node_clock = today + 48h;
  EXPECT_EQ(judge(facts), Outcome::worker_expired);
  facts = working();
  facts.worker_clock = today + 48h;
  EXPECT_EQ(judge(facts), Outcome::master_expired);
}

TEST(Handshake, gives_the_documented_message_with_the_address_filled_in) {
  EXPECT_THAT(message_of(Outcome::port_blocked, "SQLFCI", 8391),
              HasSubstr("no endpoint listening at https://SQLFCI:8391/ClusterManagement/"));
  EXPECT_THAT(message_of(Outcome::binding_missing, "SQLFCI", 8391), HasSubstr("HTTP.SYS"));
  EXPECT_THAT(message_of(Outcome::master_expired, "SQLFCI", 8391),
              HasSubstr("trust relationship for the SSL/TLS secure channel with authority 'SQLFCI:8391'"));
  EXPECT_THAT(message_of(Outcome::worker_key_inaccessible, "SQLFCI", 8391),
              HasSubstr("Could not create SSL/TLS secure channel"));
  EXPECT_THAT(message_of(Outcome::worker_expired, "SQLFCI", 8391), HasSubstr("(403) Forbidden"));
}

TEST(Handshake, every_defect_has_a_text_of_its_own_a_message_and_a_remedy) {
  std::set<std::string_view> texts;
  std::set<std::string> remedies;
  for (int i = 0; i < static_cast<int>(Outcome::count_); ++i) {
    const auto outcome = static_cast<Outcome>(i);
    texts.insert(to_text(outcome));
    remedies.insert(remedy_of(outcome, "SQLFCI", 8391));
    EXPECT_EQ(message_of(outcome, "SQLFCI", 8391).empty(), outcome == Outcome::accepted);
    EXPECT_EQ(remedy_of(outcome, "SQLFCI", 8391).empty(), outcome == Outcome::accepted);
  }
  EXPECT_EQ(texts.size(), static_cast<std::size_t>(Outcome::count_));
  EXPECT_EQ(remedies.size(), static_cast<std::size_t>(Outcome::count_));
  EXPECT_THROW(to_text(Outcome::count_), std::logic_error);
}

TEST(Handshake, host_names_match_without_regard_to_case) {
  EXPECT_TRUE(names_match({"SQL1", "sqlfci"}, "SQLFCI"));
  EXPECT_FALSE(names_match({"SQL1", "SQLFCI2"}, "SQLFCI"));
  EXPECT_FALSE(names_match({"SQLFCI.corp.local"}, "SQLFCI"));
  EXPECT_FALSE(names_match({}, "SQLFCI"));
  EXPECT_FALSE(names_match({""}, ""));
}

TEST(Handshake, a_wildcard_stands_for_exactly_one_label) {
  EXPECT_TRUE(names_match({"*.corp.local"}, "sqlfci.CORP.local"));
  EXPECT_FALSE(names_match({"*.corp.local"}, "corp.local"));
  EXPECT_FALSE(names_match({"*.corp.local"}, ".corp.local"));
  EXPECT_FALSE(names_match({"*.corp.local"}, "a.b.corp.local"));
  EXPECT_FALSE(names_match({"*"}, "sqlfci"));
  EXPECT_FALSE(names_match({"*."}, "sqlfci."));
  EXPECT_FALSE(names_match({"sql*.corp.local"}, "sqlfci.corp.local"));
}

TEST(Handshake, an_address_matches_only_itself) {
  EXPECT_TRUE(names_match({"10.0.0.50"}, "10.0.0.50"));
  EXPECT_FALSE(names_match({"*.0.0.50"}, "10.0.0.50"));
}

}  // namespace
}  // namespace rehearse::model

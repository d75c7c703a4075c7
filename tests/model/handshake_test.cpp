#include "model/handshake.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <functional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace rehearse::model {
namespace {

using namespace std::chrono_literals;
using Outcome = HandshakeOutcome;
using testing::HasSubstr;

/// What the worker's log shows, by the exception's own words (S 3).
const std::string no_endpoint =
    "EndpointNotFoundException: There was no endpoint listening at "
    "https://SQLFCI:8391/ClusterManagement/ that could accept the message.";
const std::string no_binding = "The server certificate is not configured properly with HTTP.SYS.";
const std::string no_trust =
    "Could not establish trust relationship for the SSL/TLS secure channel with authority 'SQLFCI:8391'. The remote "
    "certificate is invalid according to the validation procedure.";
const std::string no_channel =
    "Could not establish secure channel for SSL/TLS with authority 'SQLFCI:8391'. The request "
    "was aborted: Could not create SSL/TLS secure channel.";
const std::string forbidden =
    "The HTTP request was forbidden with client authentication scheme 'Anonymous'. The remote "
    "server returned an error: (403) Forbidden.";

struct Defect {
  Outcome outcome;
  std::function<void(HandshakeFacts&)> bring_about;
  std::string message;  // a part of it
  std::string remedy;   // a part of it
};

const Date today = Date(std::chrono::sys_days(std::chrono::year(2027) / 3 / 1));

HandshakeFacts working() {
  HandshakeFacts facts;
  facts.worker_clock = facts.node_clock = today;
  facts.master_not_before = facts.worker_not_before = today - 24h;
  facts.master_not_after = facts.worker_not_after = today + 24h;
  return facts;
}

/// In the documented order of a connection (behaviour.md 5), each with what S 3 and S 5 say about it. Of the two
/// certificates the master's can be missing from the binding, without its key, untrusted, too young, too old, of
/// another name or not the one that is pinned; the worker's without its key, with a key that its account may not read,
/// untrusted, too young, too old, or hidden among certificates that are not self-signed.
const std::vector<Defect>& defects() {
  using F = HandshakeFacts;
  static const std::vector<Defect> all = {
      {Outcome::name_not_resolved, [](F& f) { f.name_resolves = false; }, no_endpoint, "Register SQLFCI in DNS"},
      {Outcome::address_unreachable, [](F& f) { f.address_reachable = false; }, no_endpoint,
       "Bring the role that holds SQLFCI online"},
      {Outcome::port_blocked, [](F& f) { f.port_open = false; }, no_endpoint, "Open TCP port 8391"},
      {Outcome::nothing_listening, [](F& f) { f.listening = false; }, no_endpoint, "Start the Scale Out Master"},
      {Outcome::binding_missing, [](F& f) { f.binding_present = false; }, no_binding,
       "netsh http add sslcert ipport=0.0.0.0:8391"},
      {Outcome::binding_key_unusable, [](F& f) { f.binding_key_usable = false; }, no_binding,
       "delete and add the binding of 0.0.0.0:8391"},
      {Outcome::master_not_trusted, [](F& f) { f.master_chain_trusted = false; }, no_trust,
       "into LocalMachine\\Root of the worker"},
      {Outcome::master_not_yet_valid, [](F& f) { f.master_not_before = today + 1h; }, no_trust,
       "Set the worker's clock right"},
      {Outcome::master_expired, [](F& f) { f.master_not_after = today - 1h; }, no_trust,
       "Renew the master's certificate"},
      {Outcome::host_not_in_names, [](F& f) { f.host_in_master_names = false; }, no_trust,
       "with SQLFCI among its common names"},
      {Outcome::thumbprint_mismatch, [](F& f) { f.pinned_thumbprint_matches = false; }, no_trust,
       "MasterHttpsCertThumbprint"},
      {Outcome::worker_key_missing, [](F& f) { f.worker_key_present = false; }, no_channel,
       "with its private key into LocalMachine\\My of the worker"},
      {Outcome::worker_key_inaccessible, [](F& f) { f.worker_key_accessible = false; }, no_channel,
       "winhttpcertcfg -g"},
      {Outcome::worker_not_trusted, [](F& f) { f.worker_trusted_at_node = false; }, forbidden,
       "into LocalMachine\\Root of every node"},
      {Outcome::worker_not_yet_valid, [](F& f) { f.worker_not_before = today + 1h; }, forbidden,
       "Set the node's clock right"},
      {Outcome::worker_expired, [](F& f) { f.worker_not_after = today - 1h; }, forbidden,
       "Renew the worker's certificate"},
      {Outcome::node_root_polluted, [](F& f) { f.node_root_polluted = true; }, forbidden, "ClientAuthTrustMode to 2"},
  };
  return all;
}

TEST(Handshake, accepts_when_nothing_is_wrong) {
  EXPECT_EQ(judge(working()), Outcome::accepted);
  EXPECT_EQ(judge(HandshakeFacts()), Outcome::accepted);
}

TEST(Handshake, has_a_defect_here_for_every_outcome_in_the_order_in_which_they_decide) {
  ASSERT_EQ(defects().size() + 1, static_cast<std::size_t>(Outcome::count_));  // and `accepted`
  for (std::size_t place = 0; place < defects().size(); ++place) {
    EXPECT_EQ(static_cast<std::size_t>(defects()[place].outcome), place + 1);
  }
}

TEST(Handshake, of_every_set_of_defects_the_earliest_decides) {
  // Every defect alone, every pair, and all that can come together.
  const std::vector<Defect>& all = defects();
  for (std::uint32_t set = 1; set < 1U << all.size(); ++set) {
    HandshakeFacts facts = working();
    for (std::size_t place = 0; place < all.size(); ++place) {
      if ((set >> place & 1U) != 0) all[place].bring_about(facts);
    }
    const Outcome earliest = all[static_cast<std::size_t>(std::countr_zero(set))].outcome;
    ASSERT_EQ(judge(facts), earliest) << to_text(judge(facts)) << " instead of " << to_text(earliest) << ", " << set;
  }
}

TEST(Handshake, every_defect_shows_the_documented_message_and_its_remedy) {
  for (const Defect& defect : defects()) {
    EXPECT_THAT(message_of(defect.outcome, "SQLFCI", 8391), HasSubstr(defect.message)) << to_text(defect.outcome);
    EXPECT_THAT(remedy_of(defect.outcome, "SQLFCI", 8391), HasSubstr(defect.remedy)) << to_text(defect.outcome);
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

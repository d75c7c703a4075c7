// What observations mean, http.sys's among them, which does not run here: each is laid out as values.
#include "real_backend/probe/verdict.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/real_backend/test_certificates.hpp"

namespace rehearse::real {
namespace {

using Outcome = model::HandshakeOutcome;
using namespace std::chrono_literals;
using loopback::CertificateWish;
using loopback::self_signed;
using loopback::TestCertificate;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A worker that is let in; each test changes what it is about.
struct Farm {
  Farm() {
    kit.identities.push_back(worker.with_key());
    kit.roots = {{master.facts().der}};
    target.endpoint = {"SQLFCI", 8391};
    target.pinned_thumbprint = master.facts().thumbprint;
    target.worker_thumbprint = worker.facts().thumbprint;
    seen.at = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    seen.attempts.push_back({{"10.0.0.50", 8391}, Attempt::End::connected, "", 1ms});
    seen.tls.emplace();
    seen.tls->end = TlsSeen::End::completed;
    seen.tls->chain = {master.facts().der};
    seen.tls->certificate_asked = true;
    answers(405);
  }
  void answers(int status) {
    seen.http.emplace();
    seen.http->end = HttpSeen::End::answered;
    seen.http->answer.emplace();
    seen.http->answer->status = status;
    seen.http->answer->server = "Microsoft-HTTPAPI/2.0";
    seen.http->answer->date = seen.at;
  }
  void shows(const TestCertificate& certificate) { seen.tls->chain = {certificate.facts().der}; }
  EndpointVerdict verdict() {
    seen.identity = kit.identity_for(target.worker_thumbprint);
    return judge_endpoint(target, kit, seen);
  }

  TestCertificate master = self_signed({{"SQLFCI", "SQL1", "SQL2"}});
  TestCertificate worker = self_signed({{"WRK1"}});
  ProbeKit kit;
  ProbeTarget target;
  EndpointObservation seen;
};

TEST(ProbeVerdict, a_worker_that_is_let_in_works) {
  const EndpointVerdict verdict = Farm().verdict();
  EXPECT_EQ(verdict.conclusion, Conclusion::works);
  EXPECT_THAT(verdict.possible.list(), ElementsAre(Outcome::accepted));
  EXPECT_THAT(verdict.doubts, IsEmpty());
  EXPECT_THAT(verdict.warnings, IsEmpty());
}

TEST(ProbeVerdict, a_403_with_valid_dates_leaves_trust_and_a_polluted_root) {
  Farm farm;
  farm.answers(403);
  const EndpointVerdict verdict = farm.verdict();
  EXPECT_EQ(verdict.conclusion, Conclusion::refused);
  EXPECT_THAT(verdict.possible.list(), ElementsAre(Outcome::worker_not_trusted, Outcome::node_root_polluted));
}

TEST(ProbeVerdict, the_node_s_own_clock_says_whether_a_certificate_has_expired) {
  Farm farm;
  farm.answers(403);
  farm.seen.http->answer->date = farm.worker.facts().not_after + 1h;
  const EndpointVerdict verdict = farm.verdict();
  EXPECT_THAT(verdict.possible.list(), ElementsAre(Outcome::worker_not_trusted, Outcome::worker_expired));
  EXPECT_THAT(verdict.warnings, Contains(HasSubstr("the node's clock is")));
}

TEST(ProbeVerdict, without_the_node_s_clock_an_expired_certificate_is_at_least_not_too_young) {
  Farm farm;
  farm.worker = self_signed({{"WRK1"}, -48h, -24h});
  farm.kit.identities = {farm.worker.with_key()};
  farm.target.worker_thumbprint = farm.worker.facts().thumbprint;
  farm.answers(403);
  farm.seen.http->answer->date.reset();
  EXPECT_THAT(farm.verdict().possible.list(),
              ElementsAre(Outcome::worker_not_trusted, Outcome::worker_expired, Outcome::node_root_polluted));
}

TEST(ProbeVerdict, what_the_worker_itself_refuses_decides_before_what_the_node_answers) {
  Farm farm;
  const TestCertificate old = self_signed({{"SQLFCI"}, -48h, -24h});
  farm.shows(old);
  farm.kit.roots = {{old.facts().der}};
  farm.answers(403);
  const EndpointVerdict verdict = farm.verdict();
  EXPECT_THAT(verdict.possible.list(), ElementsAre(Outcome::master_expired));
  EXPECT_THAT(verdict.defects.list(), ElementsAre(Outcome::master_expired, Outcome::thumbprint_mismatch));
}

TEST(ProbeVerdict, without_roots_trust_stays_unknown) {
  Farm farm;
  farm.kit.roots.reset();
  EXPECT_EQ(farm.verdict().conclusion, Conclusion::unknown);
  EXPECT_THAT(farm.verdict().possible.list(), ElementsAre(Outcome::master_not_trusted, Outcome::accepted));
  farm.answers(403);
  EXPECT_EQ(farm.verdict().conclusion, Conclusion::refused);
}

TEST(ProbeVerdict, a_403_to_a_caller_without_a_certificate_says_nothing_about_the_worker) {
  Farm farm;
  farm.kit.identities.clear();
  farm.answers(403);
  const EndpointVerdict verdict = farm.verdict();
  EXPECT_EQ(verdict.conclusion, Conclusion::unknown);
  EXPECT_TRUE(verdict.possible.has(Outcome::accepted));
}

TEST(ProbeVerdict, a_file_without_a_key_is_a_worker_without_a_key) {
  Farm farm;
  farm.kit.identities = {model::read_certificate_with_key(farm.worker.certificate_pem, "").contents.value()};
  farm.answers(403);
  EXPECT_THAT(farm.verdict().possible.list(), ElementsAre(Outcome::worker_key_missing));
}

TEST(ProbeVerdict, a_server_that_never_asks_for_a_certificate_has_not_accepted_one) {
  Farm farm;
  farm.seen.tls->certificate_asked = false;
  const EndpointVerdict verdict = farm.verdict();
  EXPECT_EQ(verdict.conclusion, Conclusion::unknown);
  EXPECT_TRUE(verdict.possible.has(Outcome::worker_not_trusted));
}

TEST(ProbeVerdict, what_was_seen_with_somebody_else_s_certificate_says_nothing_about_these_workers) {
  Farm farm;
  farm.target.worker_thumbprint = std::string(40, 'A');
  EXPECT_EQ(farm.verdict().conclusion, Conclusion::unknown);
  farm.answers(403);
  EXPECT_EQ(farm.verdict().conclusion, Conclusion::unknown);
  EXPECT_TRUE(farm.verdict().possible.has(Outcome::worker_key_missing));
}

TEST(ProbeVerdict, an_answer_of_another_program_is_no_master_s) {
  Farm farm;
  farm.seen.http->answer->server = "Apache";
  EXPECT_EQ(farm.verdict().conclusion, Conclusion::unknown);
  EXPECT_THAT(farm.verdict().possible.list(), ElementsAre(Outcome::accepted));
}

TEST(ProbeVerdict, a_404_may_mean_that_no_master_has_opened_its_url) {
  Farm farm;
  farm.answers(404);
  const EndpointVerdict verdict = farm.verdict();
  EXPECT_EQ(verdict.conclusion, Conclusion::unknown);
  EXPECT_TRUE(verdict.possible.has(Outcome::nothing_listening));
}

TEST(ProbeVerdict, a_certificate_that_is_let_in_though_it_has_expired_contradicts_the_rules) {
  Farm farm;
  farm.seen.http->answer->date = farm.worker.facts().not_after + 1h;
  const EndpointVerdict verdict = farm.verdict();
  EXPECT_EQ(verdict.conclusion, Conclusion::unknown);
  EXPECT_THAT(verdict.doubts, Contains(HasSubstr("a simulated node would refuse it")));
}

TEST(ProbeVerdict, silence_at_the_port_leaves_three_reasons_and_one_less_where_the_address_answers_elsewhere) {
  Farm farm;
  farm.seen.tls.reset();
  farm.seen.http.reset();
  farm.seen.attempts[0].end = Attempt::End::timed_out;
  EXPECT_EQ(farm.verdict().conclusion, Conclusion::refused);
  EXPECT_THAT(farm.verdict().possible.list(),
              ElementsAre(Outcome::address_unreachable, Outcome::port_blocked, Outcome::nothing_listening));
  farm.seen.address_answers = true;
  EXPECT_THAT(farm.verdict().possible.list(), ElementsAre(Outcome::port_blocked, Outcome::nothing_listening));
}

TEST(ProbeVerdict, no_route_is_no_address) {
  Farm farm;
  farm.seen.tls.reset();
  farm.seen.http.reset();
  farm.seen.attempts[0].end = Attempt::End::no_route;
  EXPECT_THAT(farm.verdict().possible.list(), ElementsAre(Outcome::address_unreachable));
}

TEST(ProbeVerdict, a_dead_address_before_the_living_one_is_told) {
  Farm farm;
  farm.seen.attempts.insert(farm.seen.attempts.begin(), {{"10.1.0.50", 8391}, Attempt::End::timed_out, "", 10s});
  EXPECT_EQ(farm.verdict().conclusion, Conclusion::works);
  EXPECT_THAT(farm.verdict().warnings, Contains(HasSubstr("10.1.0.50:8391 first")));
}

TEST(ProbeVerdict, alerts_about_the_worker_s_certificate_say_which_defect_it_is) {
  const auto possible = [](int alert) {
    Farm farm;
    farm.seen.tls->alert = alert;
    farm.seen.http->end = HttpSeen::End::closed;
    farm.seen.http->answer.reset();
    return farm.verdict().possible.list();
  };
  EXPECT_THAT(possible(48), ElementsAre(Outcome::worker_not_trusted, Outcome::node_root_polluted));
  EXPECT_THAT(possible(45), ElementsAre(Outcome::worker_not_yet_valid, Outcome::worker_expired));
  EXPECT_THAT(possible(42), ElementsAre(Outcome::worker_not_trusted, Outcome::worker_not_yet_valid,
                                        Outcome::worker_expired, Outcome::node_root_polluted));
  EXPECT_THAT(possible(44), IsEmpty());  // revoked: no rule of the simulator
}

TEST(ProbeVerdict, a_certificate_for_servers_only_may_be_refused_by_windows_for_a_reason_without_a_rule) {
  Farm farm;
  CertificateWish wish{{"WRK1"}};
  wish.for_servers_only = true;
  farm.worker = self_signed(wish);
  farm.kit.identities = {farm.worker.with_key()};
  farm.target.worker_thumbprint = farm.worker.facts().thumbprint;
  EXPECT_THAT(farm.verdict().doubts, Contains(HasSubstr("not meant for clients")));
}

TEST(ProbeVerdict, an_authority_in_root_is_as_good_and_its_absence_is_told) {
  Farm farm;
  CertificateWish authority{{"Corp CA"}};
  authority.authority = true;
  const TestCertificate ca = self_signed(authority);
  const TestCertificate master = issued({{"SQLFCI"}}, ca);
  farm.target.pinned_thumbprint = master.facts().thumbprint;
  farm.shows(master);
  EXPECT_THAT(farm.verdict().possible.list(), ElementsAre(Outcome::master_not_trusted));
  farm.kit.roots = {{ca.facts().der}};
  EXPECT_EQ(farm.verdict().conclusion, Conclusion::works);
  // What Windows makes of a certificate in Root without its issuer is not published.
  farm.kit.roots = {{master.facts().der}};
  EXPECT_EQ(farm.verdict().conclusion, Conclusion::unknown);
}

TEST(ProbeVerdict, an_issuer_that_has_expired_breaks_the_chain) {
  Farm farm;
  CertificateWish authority{{"Corp CA"}, -48h, -24h};
  authority.authority = true;
  const TestCertificate ca = self_signed(authority);
  const TestCertificate master = issued({{"SQLFCI"}}, ca);
  farm.target.pinned_thumbprint = master.facts().thumbprint;
  farm.shows(master);
  farm.kit.roots = {{ca.facts().der}};
  EXPECT_THAT(farm.verdict().possible.list(), ElementsAre(Outcome::master_not_trusted));
  EXPECT_THAT(farm.verdict().warnings, Contains(HasSubstr("expired")));
}

TEST(ProbeVerdict, whatever_a_server_does_gets_a_verdict_that_keeps_its_word) {
  const std::vector<int> alerts = {0, 20, 40, 42, 43, 44, 45, 46, 48, 49, 51, 70, 80, 112, 116};  // RFC 8446, 6
  const auto check = [](Farm& farm) {
    const EndpointVerdict verdict = farm.verdict();
    const bool may_work = verdict.possible.has(Outcome::accepted);
    EXPECT_EQ(verdict.possible.empty() && verdict.beyond_the_rules.empty(), false);
    if (verdict.conclusion == Conclusion::works) {
      EXPECT_TRUE(may_work && verdict.doubts.empty() && verdict.defects.empty());
    }
    if (verdict.conclusion == Conclusion::refused) {
      EXPECT_FALSE(may_work);
    }
    if (!verdict.defects.empty()) {
      EXPECT_FALSE(may_work);
    }
  };
  const auto with_every_answer = [&](Farm& farm) {
    for (const int status : {200, 302, 400, 403, 404, 405, 500, 503}) {
      for (const Duration ahead : {Duration(0h), Duration(-24h * 30), Duration(24h * 800)}) {
        farm.answers(status);
        farm.seen.http->answer->date = farm.seen.at + ahead;
        check(farm);
        farm.seen.http->answer->date.reset();
        check(farm);
      }
    }
    farm.seen.http->answer.reset();
    for (const auto end : {HttpSeen::End::not_http, HttpSeen::End::closed, HttpSeen::End::timed_out}) {
      farm.seen.http->end = end;
      check(farm);
    }
  };
  using End = TlsSeen::End;
  for (int variant = 0; variant < 32; ++variant) {
    Farm farm;
    if ((variant & 1) != 0) farm.kit.roots.reset();
    if ((variant & 2) != 0) farm.kit.identities.clear();
    if ((variant & 4) != 0) farm.seen.tls->certificate_asked = false;
    if ((variant & 8) != 0) farm.target.worker_thumbprint = std::string(40, 'A');
    if ((variant & 16) != 0) farm.target.pinned_thumbprint = std::string(40, 'B');
    with_every_answer(farm);
    farm.seen.tls->alert = 45;
    with_every_answer(farm);
    farm.seen.http.reset();
    for (const bool shown : {true, false}) {
      if (!shown) farm.seen.tls->chain.clear();
      for (const End end : {End::not_tls, End::closed, End::reset, End::timed_out, End::failed}) {
        farm.seen.tls->alert.reset();
        farm.seen.tls->end = end;
        check(farm);
      }
      farm.seen.tls->end = End::alert;
      for (const int alert : alerts) {
        farm.seen.tls->alert = alert;
        check(farm);
      }
    }
  }
}

TEST(ProbeVerdict, the_end_of_a_certificate_is_told_in_time) {
  Farm farm;
  farm.kit.warn_before = std::chrono::days(366);
  EXPECT_EQ(farm.verdict().conclusion, Conclusion::works);
  EXPECT_THAT(farm.verdict().warnings, ElementsAre(HasSubstr("the worker's certificate ends in"),
                                                   HasSubstr("the master's certificate ends in")));
}

TEST(ProbeVerdict, another_thumbprint_than_the_design_s_is_told_and_does_not_decide) {
  Farm farm;
  farm.target.master_thumbprints = {{"the design's certificate 'master'", std::string(40, 'B')}};
  EXPECT_EQ(farm.verdict().conclusion, Conclusion::works);
  EXPECT_THAT(farm.verdict().warnings, ElementsAre(HasSubstr("the design's certificate 'master'")));
}

}  // namespace
}  // namespace rehearse::real

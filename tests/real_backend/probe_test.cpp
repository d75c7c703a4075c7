// Live probes of real servers on loopback, each compared with what the simulator's judge says to the same facts.
#include "real_backend/probe/probe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/real_backend/loopback_servers.hpp"

namespace rehearse::real {
namespace {

using model::HandshakeFacts;
using Outcome = model::HandshakeOutcome;
using namespace std::chrono_literals;
using loopback::CertificateWish;
using loopback::FullQueue;
using loopback::http_sys_like;
using loopback::Nginx;
using loopback::OpensslServer;
using loopback::self_signed;
using loopback::SocketServer;
using loopback::TestCertificate;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Date now() {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

struct Farm {
  TestCertificate master = self_signed({{"SQLFCI", "localhost"}});
  TestCertificate worker = self_signed({{"WRK1"}});
  std::string node_root = worker.certificate_pem;  // what the node trusts
  std::string worker_root = master.certificate_pem;
  std::string pinned = master.facts().thumbprint;
  std::string host = "SQLFCI";
  bool shows = true;  // its certificate

  /// What the simulator would be told.
  HandshakeFacts facts() const {
    HandshakeFacts facts;
    facts.worker_clock = facts.node_clock = now();
    facts.master_not_before = master.facts().not_before;
    facts.master_not_after = master.facts().not_after;
    facts.worker_not_before = worker.facts().not_before;
    facts.worker_not_after = worker.facts().not_after;
    facts.master_chain_trusted = worker_root == master.certificate_pem;
    facts.host_in_master_names = model::names_match(master.facts().common_names, host);
    facts.pinned_thumbprint_matches = pinned == master.facts().thumbprint;
    facts.worker_trusted_at_node = node_root == worker.certificate_pem;
    facts.worker_key_present = shows;
    return facts;
  }

  /// `port` < 0: the endpoint's own host is asked for.
  EndpointReport probed(int port, const std::string& address = "127.0.0.1", Duration patience = 5s) const {
    ProbeJob job;
    ProbeTarget target;
    target.endpoint = {host, 8391};
    if (port >= 0) target.via = NetworkAddress{address, port};
    target.pinned_thumbprint = pinned;
    job.endpoints.push_back(target);
    job.kit.patience = patience;
    const std::string identity = shows ? worker.certificate_pem + worker.key_pem : worker.certificate_pem;
    job.kit.identities.push_back(*model::read_certificate_with_key(identity, "").contents);
    job.kit.roots = {{model::read_x509(worker_root, model::HostNames::optional).facts->der}};
    ProbeResult result = probe(job, now());
    EndpointReport report = result.endpoints.front();
    report.seen.identity = nullptr;  // the job ends here
    return report;
  }
};

/// Every defect that certificates can have, alone.
std::vector<std::pair<std::string, Farm>> farms() {
  std::vector<std::pair<std::string, Farm>> all;
  const auto add = [&](const std::string& name) -> Farm& { return all.emplace_back(name, Farm()).second; };
  const auto master = [](Farm& farm, const CertificateWish& wish) {
    farm.master = self_signed(wish);
    farm.worker_root = farm.master.certificate_pem;
    farm.pinned = farm.master.facts().thumbprint;
  };
  const auto worker = [](Farm& farm, const CertificateWish& wish) {
    farm.worker = self_signed(wish);
    farm.node_root = farm.worker.certificate_pem;
  };
  add("accepted");
  master(add("master expired"), {{"SQLFCI"}, -48h, -1h});
  master(add("master not yet valid"), {{"SQLFCI"}, 1h, 48h});
  master(add("master for another host"), {{"SQLAG"}});
  add("master not trusted").worker_root = self_signed({{"SQLFCI"}}).certificate_pem;
  add("another certificate pinned").pinned = std::string(40, 'A');
  worker(add("worker expired"), {{"WRK1"}, -48h, -1h});
  worker(add("worker not yet valid"), {{"WRK1"}, 1h, 48h});
  add("worker not trusted").node_root = self_signed({{"WRK1"}}).certificate_pem;
  add("worker without a key").shows = false;
  return all;
}

/// The verdict agrees with the simulator's; where the node's stores decide, from outside it cannot be the only one.
void expect_agreement(const std::string& name, const Farm& farm, const EndpointVerdict& verdict) {
  const Outcome simulated = judge(farm.facts());
  EXPECT_TRUE(verdict.possible.has(simulated)) << name << ": " << to_text(simulated);
  EXPECT_EQ(verdict.possible.has(Outcome::accepted), simulated == Outcome::accepted) << name;
  if (simulated < Outcome::worker_not_trusted) {
    EXPECT_THAT(verdict.possible.list(), ElementsAre(simulated)) << name;
  }
  EXPECT_EQ(verdict.conclusion == Conclusion::refused, simulated != Outcome::accepted) << name;
}

TEST(Probe, agrees_with_the_simulator_at_nginx_which_refuses_after_the_handshake) {
  for (const auto& [name, farm] : farms()) {
    const Nginx server(farm.master, farm.node_root);
    const EndpointReport report = farm.probed(server.port());
    expect_agreement(name, farm, report.verdict);
    EXPECT_EQ(report.seen.tls.value().end, TlsSeen::End::completed) << name;
    EXPECT_EQ(report.seen.http.value().answer.value().status,
              judge(farm.facts()) < Outcome::worker_key_missing ? 405 : 400)
        << name;
  }
}

TEST(Probe, agrees_with_the_simulator_at_servers_that_refuse_with_an_alert) {
  for (const std::string version : {"-tls1_2", "-tls1_3"}) {
    for (const auto& [name, farm] : farms()) {
      const OpensslServer server(farm.master, farm.node_root, {version, "-Verify", "2", "-verify_return_error"});
      const EndpointReport report = farm.probed(server.port());
      expect_agreement(name + " " + version, farm, report.verdict);
    }
  }
}

TEST(Probe, an_alert_of_an_expired_certificate_says_so_alone) {
  const Farm farm = farms()[6].second;
  const OpensslServer server(farm.master, farm.node_root, {"-Verify", "2", "-verify_return_error"});
  EXPECT_THAT(farm.probed(server.port()).verdict.possible.list(), ElementsAre(Outcome::worker_expired));
}

TEST(Probe, agrees_with_the_simulator_where_the_certificate_is_asked_for_after_the_request) {
  const std::string welcome =
      "HTTP/1.1 405 Method Not Allowed\r\nServer: Microsoft-HTTPAPI/2.0\r\nContent-Length: 0\r\n\r\n";
  const std::string refusal = "HTTP/1.1 403 Forbidden\r\nServer: Microsoft-HTTPAPI/2.0\r\nContent-Length: 0\r\n\r\n";
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    for (const auto& [name, farm] : farms()) {
      const SocketServer server = http_sys_like(farm.master, farm.node_root, version, welcome, refusal);
      const EndpointReport report = farm.probed(server.port());
      expect_agreement(name + " " + report.seen.tls->version, farm, report.verdict);
      EXPECT_TRUE(report.seen.tls->certificate_asked) << name << " " << report.seen.tls->version;
      if (name == "accepted") {
        EXPECT_EQ(report.verdict.conclusion, Conclusion::works);
      }
    }
  }
}

TEST(Probe, tells_every_defect_and_lets_the_first_decide) {
  Farm farm;
  farm.master = self_signed({{"SQLAG"}, -48h, -1h});
  const Nginx server(farm.master, farm.node_root);
  const EndpointVerdict verdict = farm.probed(server.port()).verdict;
  EXPECT_THAT(verdict.possible.list(), ElementsAre(judge(farm.facts())));
  EXPECT_THAT(verdict.defects.list(), ElementsAre(Outcome::master_not_trusted, Outcome::master_expired,
                                                  Outcome::host_not_in_names, Outcome::thumbprint_mismatch));
}

TEST(Probe, a_server_that_asks_for_no_certificate_leaves_the_worker_s_fate_unknown) {
  const Farm farm;
  const OpensslServer server(farm.master, "", {});
  EXPECT_EQ(farm.probed(server.port()).verdict.conclusion, Conclusion::unknown);
}

TEST(Probe, a_closed_port_is_a_port_where_nothing_listens) {
  HandshakeFacts facts;
  facts.listening = false;
  const EndpointReport report = Farm().probed(free_port());
  EXPECT_THAT(report.verdict.possible.list(), ElementsAre(judge(facts)));
  EXPECT_EQ(report.verdict.conclusion, Conclusion::refused);
}

TEST(Probe, a_port_that_swallows_connections_cannot_be_told_from_a_host_that_is_away) {
  const FullQueue queue;
  const EndpointReport report = Farm().probed(queue.port(), "127.0.0.1", 300ms);
  EXPECT_EQ(report.seen.attempts.front().end, Attempt::End::timed_out);
  EXPECT_THAT(report.verdict.possible.list(),
              ElementsAre(Outcome::address_unreachable, Outcome::port_blocked, Outcome::nothing_listening));
}

TEST(Probe, a_name_that_nobody_knows_does_not_resolve) {
  HandshakeFacts facts;
  facts.name_resolves = false;
  Farm farm;
  farm.host = "no-such-name.invalid";
  EXPECT_THAT(farm.probed(-1).verdict.possible.list(), ElementsAre(judge(facts)));
  // A place that only the operator names says nothing about the endpoint's own name.
  const EndpointVerdict elsewhere = Farm().probed(8391, "no-such-name.invalid").verdict;
  EXPECT_EQ(elsewhere.conclusion, Conclusion::unknown);
  EXPECT_THAT(elsewhere.beyond_the_rules, HasSubstr("the place given instead"));
}

TEST(Probe, a_server_that_closes_in_the_handshake_has_no_certificate_or_no_key_for_it) {
  const SocketServer closes([](int socket) {
    char hello[4096];
    const ssize_t ignored = ::recv(socket, hello, sizeof hello, 0);
    static_cast<void>(ignored);
  });
  const SocketServer resets([](int socket) {
    const linger at_once{1, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    char hello[1];
    const ssize_t ignored = ::recv(socket, hello, sizeof hello, 0);
    static_cast<void>(ignored);
  });
  for (const int port : {closes.port(), resets.port()}) {
    const EndpointVerdict verdict = Farm().probed(port).verdict;
    EXPECT_EQ(verdict.conclusion, Conclusion::refused);
    EXPECT_THAT(verdict.possible.list(), ElementsAre(Outcome::binding_missing, Outcome::binding_key_unusable));
  }
}

TEST(Probe, a_server_that_accepts_and_says_nothing_stays_unknown) {
  const SocketServer silent([](int socket) {
    char bytes[4096];
    while (::recv(socket, bytes, sizeof bytes, 0) > 0) continue;
  });
  const EndpointVerdict verdict = Farm().probed(silent.port(), "127.0.0.1", 300ms).verdict;
  EXPECT_EQ(verdict.conclusion, Conclusion::unknown);
  EXPECT_THAT(verdict.possible.list(), IsEmpty());
  EXPECT_THAT(verdict.beyond_the_rules, HasSubstr("says nothing"));
}

TEST(Probe, a_server_without_tls_is_called_so) {
  const SocketServer plain([](int socket) {
    char bytes[4096];
    const ssize_t ignored = ::recv(socket, bytes, sizeof bytes, 0);
    static_cast<void>(ignored);
    const std::string answer = "HTTP/1.1 400 Bad Request\r\n\r\n";
    ::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL);
  });
  const EndpointVerdict verdict = Farm().probed(plain.port()).verdict;
  EXPECT_EQ(verdict.conclusion, Conclusion::refused);
  EXPECT_THAT(verdict.beyond_the_rules, HasSubstr("speaks no TLS ('HTTP/1.1 400 Bad Request')"));
}

TEST(Probe, a_good_handshake_without_an_answer_is_no_success) {
  const Farm farm;
  const SocketServer mute = http_sys_like(farm.master, farm.worker.certificate_pem, TLS1_3_VERSION, "", "");
  const EndpointVerdict verdict = farm.probed(mute.port()).verdict;
  EXPECT_EQ(verdict.conclusion, Conclusion::unknown);
  EXPECT_THAT(verdict.beyond_the_rules, HasSubstr("not answered"));
}

TEST(Probe, asks_the_name_service_for_the_endpoint_s_host_and_tries_its_addresses_in_turn) {
  const Farm farm;
  const Nginx server(farm.master, farm.node_root);
  ProbeJob job;
  job.endpoints.push_back({});
  job.endpoints.front().endpoint = {"localhost", server.port()};
  const ProbeResult result = probe(job, now());
  const EndpointObservation& seen = result.endpoints.front().seen;
  EXPECT_THAT(seen.lookup.value().addresses, Contains("127.0.0.1"));
  EXPECT_EQ(seen.attempts.back().address, (NetworkAddress{"127.0.0.1", server.port()}));
  EXPECT_EQ(seen.attempts.back().end, Attempt::End::connected);
}

TEST(Probe, speaks_ipv6) {
  const Farm farm;
  const Nginx server(farm.master, farm.node_root, "[::1]");
  EndpointReport report;
  for (int i = 0; i < 100 && !report.seen.tls; ++i) report = farm.probed(server.port(), "::1");
  ASSERT_TRUE(report.seen.tls) << report.seen.attempts.front().words;
  EXPECT_THAT(report.verdict.possible.list(), ElementsAre(Outcome::accepted));
}

TEST(Probe, runs_many_at_a_time_and_keeps_their_order) {
  const Farm farm;
  const Nginx server(farm.master, farm.node_root);
  const int closed = free_port();
  ProbeJob job;
  for (int i = 0; i < 40; ++i) {
    ProbeTarget target;
    target.endpoint = {"SQLFCI", 8391};
    target.via = NetworkAddress{"127.0.0.1", i % 2 == 0 ? server.port() : closed};
    job.endpoints.push_back(target);
  }
  const ProbeResult result = probe(job, now());
  for (std::size_t i = 0; i < 40; ++i) EXPECT_EQ(result.endpoints[i].seen.tls.has_value(), i % 2 == 0) << i;
  EXPECT_EQ(result.conclusion(), Conclusion::refused);
}

/// SQL Server's part of the conversation, as far as it goes.
SocketServer sql_server(const std::string& answer) {
  return SocketServer([answer](int socket) {
    char request[4096];
    if (::recv(socket, request, sizeof request, 0) <= 0 || request[0] != 0x12) return;
    // In two pieces: what is read must not depend on how it arrives.
    ::send(socket, answer.data(), answer.size() / 2, MSG_NOSIGNAL);
    ::usleep(20'000);
    ::send(socket, answer.data() + answer.size() / 2, answer.size() - answer.size() / 2, MSG_NOSIGNAL);
  });
}

SqlReport asked(int port) {
  ProbeJob job;
  job.kit.patience = 2s;
  job.instances.push_back({{"SQLFCI", 1433}, NetworkAddress{"127.0.0.1", port}, model::SqlVersion::v2019});
  return probe(job, now()).instances.front();
}

TEST(Probe, a_sql_server_tells_its_version_without_a_login) {
  const char answer[] =
      "\x04\x01\0\x20\0\0\x01\0\0\0\x10\0\x06\x01\0\x16\0\x01\x02\0\x17\0\x01\xFF\x10\0\x10\x0E\0\0\x02\0";
  const SocketServer server = sql_server(std::string(answer, sizeof answer - 1));
  const SqlReport report = asked(server.port());
  ASSERT_TRUE(report.answer) << report.words;
  EXPECT_EQ(report.answer->version(), "16.0.4110");
  EXPECT_EQ(report.answer->encryption, TdsEncryption::not_supported);
  EXPECT_EQ(report.conclusion, Conclusion::works);
  EXPECT_THAT(report.warnings, ElementsAre(HasSubstr("the design says SQL Server 2019")));
}

TEST(Probe, what_is_no_sql_server_is_called_so_and_silence_stays_unknown) {
  const SocketServer other = sql_server("HTTP/1.1 400 Bad Request\r\n\r\n");
  EXPECT_EQ(asked(other.port()).conclusion, Conclusion::refused);
  EXPECT_THAT(asked(other.port()).words, HasSubstr("no SQL Server"));
  const SocketServer closes = sql_server("");
  EXPECT_EQ(asked(closes.port()).conclusion, Conclusion::unknown);
  EXPECT_EQ(asked(free_port()).conclusion, Conclusion::refused);
}

TEST(Probe, a_living_sql_server_on_the_same_address_rules_out_that_the_address_is_dead) {
  const FullQueue queue;
  const SocketServer instance = sql_server("");
  ProbeJob job;
  job.kit.patience = 300ms;
  job.endpoints.push_back({});
  job.endpoints.front().endpoint = {"SQLFCI", 8391};
  job.endpoints.front().via = NetworkAddress{"127.0.0.1", queue.port()};
  job.instances.push_back({{"SQLFCI", 1433}, NetworkAddress{"127.0.0.1", instance.port()}, std::nullopt});
  EXPECT_THAT(probe(job, now()).endpoints.front().verdict.possible.list(),
              ElementsAre(Outcome::port_blocked, Outcome::nothing_listening));
}

}  // namespace
}  // namespace rehearse::real

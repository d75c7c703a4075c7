#include "sim/report/describe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "hand_made_run.hpp"
#include "model/handshake.hpp"
#include "sim/report/events.hpp"

namespace rehearse::sim {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using world::host_id;
using world::none;
using world::PartId;
using world::Record;
using world::RecordKind;
using world::worker_id;

const std::vector<std::string> acts = {"install_fci on SQL1", "move_role (role: SQL Server (MSSQLSERVER), to: SQL2)"};

Sentence sentence(RecordKind kind, PartId subject, std::uint32_t object = none, std::int64_t value = 0) {
  const HandMade run;
  Scenario scenario;
  TimelineEntry loss;
  loss.hosts = {"SQL1"};
  TimelineEntry move;
  move.action = TimelineEntry::Action::step;
  move.step = "move_role";
  move.arguments = {{"to", "SQL2"}, {"role", "SQL Server (MSSQLSERVER)"}};
  scenario.timeline = {loss, move};
  return describe(Record{core::Time(40min), 0, kind, 0, subject, object, value}, run.plan(), scenario, acts);
}

std::string text(RecordKind kind, PartId subject, std::uint32_t object = none, std::int64_t value = 0) {
  return to_text(sentence(kind, subject, object, value));
}

TEST(Describe, every_kind_of_record_has_a_sentence_whatever_it_names) {
  const HandMade run;
  const Scenario scenario;
  for (int number = 0; number < static_cast<int>(RecordKind::count_); ++number) {
    const auto kind = static_cast<RecordKind>(number);
    for (int part = 0; part <= static_cast<int>(world::Part::site); ++part) {
      for (const std::uint32_t index : {0U, 1U, 77U}) {
        if (part == 0 && index != 0) continue;
        for (const std::uint32_t object : {0U, 99U, none}) {
          for (const std::int64_t value : {-1, 0, 1, 2, 3, 4, 5, 77}) {
            const Record record{core::Time(1s), 0,    kind, 0, PartId(static_cast<world::Part>(part), index),
                                object,         value};
            const Sentence said = describe(record, run.plan(), scenario, acts);
            ASSERT_THAT(said.what, Not(IsEmpty())) << world::to_text(kind);
            ASSERT_NE(said.what, world::to_text(kind)) << "no sentence of its own";
            ASSERT_THAT(said.what, Not(HasSubstr("\n"))) << world::to_text(kind);
          }
        }
      }
    }
  }
}

TEST(Describe, no_two_kinds_of_record_say_the_same) {
  const HandMade run;
  const Scenario scenario;
  std::map<std::string, RecordKind> said;
  for (int number = 0; number < static_cast<int>(RecordKind::count_); ++number) {
    const auto kind = static_cast<RecordKind>(number);
    const Record record{core::Time(1s), 0, kind, 0, PartId(world::Part::host, 0), 0, 0};
    const auto [same, first] = said.emplace(describe(record, run.plan(), scenario, acts).what, kind);
    EXPECT_TRUE(first) << world::to_text(kind) << " and " << world::to_text(same->second);
  }
}

TEST(Describe, sentences_use_the_names_of_the_design_and_the_ids_of_the_event_log) {
  const HandMade run;
  EXPECT_EQ(text(RecordKind::peer_silent, host_id(sql2), sql1), "SQL2: SQL1 is silent");
  EXPECT_EQ(text(RecordKind::node_removed, host_id(sql1), sql2), "SQL1: removed from the cluster by SQL2 (event 1135)");
  EXPECT_THAT(text(RecordKind::quorum_lost, host_id(sql2)), HasSubstr("event 1177, status 5925"));
  EXPECT_EQ(text(RecordKind::resource_failed, run.sql(), none, 1), "SQL Server: failed, found by IsAlive (event 1069)");
  EXPECT_THAT(text(RecordKind::resource_failed, run.master(), none, 0), HasSubstr("events 1042 and 1069"));
  EXPECT_THAT(text(RecordKind::resource_failed, run.master(), none, 2), HasSubstr("events 1040 and 1069"));
  EXPECT_THAT(text(RecordKind::resource_failed, run.name(), none, 3), HasSubstr("PendingTimeout, 3m"));
  EXPECT_THAT(text(RecordKind::stays_failed, run.master()), HasSubstr("RetryPeriodOnFailure, 1h (event 1205)"));
  EXPECT_EQ(text(RecordKind::restart_scheduled, run.sql(), none, 500'000'000),
            "SQL Server: restarts in place after 500ms");
  EXPECT_EQ(text(RecordKind::owner_changed, run.role(), sql2, 2),
            "SQL Server (MSSQLSERVER): owned by SQL2 (its node is lost)");
  EXPECT_EQ(text(RecordKind::regroup_done, host_id(sql2), none, 3), "SQL2: regroup done, still in reach: SQL1, SQL2");
  EXPECT_EQ(text(RecordKind::worker_connected, worker_id(wrk2), sql2, 3),
            "WRK2: connected to the master on SQL2 (process 3)");
  EXPECT_EQ(text(RecordKind::batch_skipped, world::batch_id(0), 0, 400),
            "batch nightly: skipped: 400 executions never submitted");
  EXPECT_EQ(text(RecordKind::master_last_online, host_id(sql1), none, -90'000'000'000),
            "SQL1: LAST_ONLINE_TIME stands at -1m30.000s");
}

TEST(Describe, machines_and_networks_are_told_in_the_words_of_the_field) {
  EXPECT_EQ(text(RecordKind::host_shutting_down, host_id(sql1), none, 0), "SQL1: Windows shuts down");
  EXPECT_EQ(text(RecordKind::host_shutting_down, host_id(sql1), none, 1), "SQL1: Windows restarts in order");
  EXPECT_EQ(text(RecordKind::link_down, host_id(sql1)), "SQL1: network card down (event 1127)");
  EXPECT_THAT(text(RecordKind::link_down, host_id(sql1), 0), HasSubstr("network card on "));
  EXPECT_EQ(text(RecordKind::loss_set, host_id(sql1), none, 125'000), "SQL1: 12.5 % of its packets are lost");
  EXPECT_EQ(text(RecordKind::latency_set, host_id(sql1), none, 20'000'000),
            "SQL1: its network is 20ms slower each way");
  EXPECT_EQ(text(RecordKind::dns_stopped, world::cluster_id, none, 0), "SSISCLU: DNS answers again");
}

TEST(Describe, certificates_settings_and_accounts_are_told_with_what_changed) {
  const HandMade run;
  const PartId master = world::certificate_id(0);
  const std::string key = run.plan().certificates[0].design_key;
  const std::int64_t noon = (model::parse_date("2027-04-01T12:00:00Z").value() - run.plan().start()).count();
  EXPECT_EQ(text(RecordKind::valid_until, master, none, noon),
            key + ": last instant of its validity is 2027-04-01T12:00:00Z");
  EXPECT_EQ(text(RecordKind::valid_from, master, sql2, noon),
            key + ": first instant of its validity is 2027-04-01T12:00:00Z on SQL2");
  EXPECT_EQ(text(RecordKind::valid_until, master, sql2, core::Time::max().time_since_epoch().count()),
            key + ": last instant of its validity is as issued on SQL2");
  EXPECT_EQ(text(RecordKind::binding_set, host_id(sql1), none, 8391),
            "SQL1: http.sys has no binding of port 8391 any more");
  EXPECT_EQ(text(RecordKind::private_key_removed, host_id(sql1), 0, 2),
            "SQL1: the certificate \"" + key + "\" in LocalMachine\\Root lost its private key");
  EXPECT_EQ(text(RecordKind::clock_set, host_id(sql1), none, -90'000'000'000), "SQL1: its clock is 1m30s behind");
  EXPECT_EQ(text(RecordKind::clock_set, host_id(sql1), none, 0), "SQL1: its clock shows the true time");
  EXPECT_EQ(text(RecordKind::password_expired, world::cluster_id, 1, 1),
            "SSISCLU: the password of the Scale Out Workers' account has expired");
  EXPECT_EQ(text(RecordKind::logon_refused, worker_id(wrk1)),
            "WRK1: Scale Out Worker does not start: its account cannot log on (error 1069)");
  EXPECT_EQ(text(RecordKind::resource_failed, run.master(), none,
                 static_cast<std::int64_t>(world::FailureReason::logon_refused)),
            run.plan().name_of(run.master()) + ": could not start: its account cannot log on (events 1041 and 1069)");
  TimelineEntry change;
  change.fault = FaultKind::configuration_settings_changed_on_one_node;
  change.hosts = {"SQL2"};
  change.setting = {"PortNumber", "8400", {}, {}};
  EXPECT_EQ(name_of(change), "configuration.settings_changed_on_one_node on SQL2 (key: PortNumber, value: 8400)");
  TimelineEntry removed;
  removed.fault = FaultKind::certificate_remove_from_store;
  removed.hosts = {"SQL2"};
  removed.certificate = "worker";
  removed.store = "Root";
  EXPECT_EQ(name_of(removed), "certificate.remove_from_store on worker (host: SQL2, store: Root)");
}

TEST(Describe, membership_and_quorum_are_told_as_the_system_log_tells_them) {
  EXPECT_EQ(text(RecordKind::node_quarantined, host_id(sql1), none, 7'200'000'000'000),
            "SQL1: quarantined until +2h00m00.000s (event 1672)");
  EXPECT_EQ(text(RecordKind::cluster_formed, host_id(sql1), none, 1), "SQL1: formed the cluster by force");
  EXPECT_EQ(text(RecordKind::node_starting, host_id(sql1), none, 2), "SQL1: cluster service starts with PreventQuorum");
  EXPECT_EQ(text(RecordKind::drain_changed, host_id(sql1), none, 3),
            "SQL1: drain failed: not every role found another node (event 1137)");
  EXPECT_EQ(text(RecordKind::witness_failed, world::cluster_id),
            "SSISCLU: the witness failed, its vote no longer counts (events 1069 and 1564)");
  EXPECT_EQ(text(RecordKind::hang_found, host_id(sql1), none, 3),
            "SQL1: cluster service stood still for ClusSvcHangTimeout: the node is brought down with a stop error");
  EXPECT_EQ(text(RecordKind::arbitration_lost, host_id(sql1)),
            "SQL1: lost the arbitration for the witness (status 5925)");
}

TEST(Describe, resources_are_told_with_what_failed_and_how_they_ended) {
  const HandMade run;
  const auto failed = [&](PartId subject, world::FailureReason reason) {
    return text(RecordKind::resource_failed, subject, none, static_cast<std::int64_t>(reason));
  };
  using world::FailureReason;
  EXPECT_THAT(failed(run.disk(), FailureReason::no_path), HasSubstr("reservation is lost (events 1038 and 1069)"));
  EXPECT_THAT(failed(run.disk(), FailureReason::start_failed), HasSubstr("no path to the disk (events 1034 and 1069)"));
  EXPECT_THAT(failed(run.address(), FailureReason::address_in_use), HasSubstr("(events 1049 and 1069)"));
  EXPECT_THAT(failed(run.name(), FailureReason::directory_refused), HasSubstr("(events 1069 and 1207)"));
  EXPECT_THAT(failed(run.sql(), FailureReason::resource_host_died), HasSubstr("with its resource host (event 1069)"));
  EXPECT_EQ(text(RecordKind::resource_host_ended, host_id(sql1), run.sql().index()),
            "SQL1: resource host ended: SQL Server did not return for DeadlockTimeout (events 1146 and 1230)");
  EXPECT_THAT(text(RecordKind::resource_host_ended, host_id(sql1)), HasSubstr("(event 1146)"));
  EXPECT_THAT(text(RecordKind::resource_terminated, run.sql(), none, world::ended_late), HasSubstr("stop in time"));
  EXPECT_THAT(text(RecordKind::resource_terminated, run.sql(), none, world::ended_pending), HasSubstr("still Online"));
  EXPECT_EQ(text(RecordKind::disk_slowed, run.disk(), none, 250), "Cluster Disk 1: disk slow, takes 2.5 times as long");
  EXPECT_EQ(text(RecordKind::component_error, world::instance_id, 2, 1),
            "SQLFCI: sp_server_diagnostics reports an error of query_processing");
}

TEST(Events, are_those_of_the_failover_clustering_log_and_ascend) {
  const HandMade run;
  const auto events = [&](RecordKind kind, PartId subject, std::uint32_t object = none, std::int64_t value = 0) {
    return event_ids({core::Time(1s), 0, kind, 0, subject, object, value}, run.plan());
  };
  using testing::ElementsAre;
  EXPECT_THAT(events(RecordKind::node_removed, host_id(sql1), sql2), ElementsAre(1135));
  EXPECT_THAT(events(RecordKind::quorum_lost, host_id(sql1)), ElementsAre(1177));
  EXPECT_THAT(events(RecordKind::form_refused, host_id(sql1)), ElementsAre(1561));
  EXPECT_THAT(events(RecordKind::stays_failed, run.sql()), ElementsAre(1205));
  EXPECT_THAT(events(RecordKind::partition_changed, host_id(sql1), none, 1), ElementsAre(1129));
  EXPECT_THAT(events(RecordKind::partition_changed, host_id(sql1), none, 0), IsEmpty());
  EXPECT_THAT(events(RecordKind::link_down, host_id(run.plan().node_count)), IsEmpty()) << "no node of the cluster";
  EXPECT_THAT(events(RecordKind::drain_changed, host_id(sql1), none, 2), IsEmpty());
  for (int number = 0; number < static_cast<int>(RecordKind::count_); ++number) {
    for (std::int64_t value = -1; value < 12; ++value) {
      for (const PartId subject : {run.disk(), run.address(), run.name(), run.sql(), run.master(), host_id(sql1)}) {
        const std::vector<int> ids = events(static_cast<RecordKind>(number), subject, 0, value);
        EXPECT_TRUE(std::ranges::is_sorted(ids));
      }
    }
  }
}

TEST(Describe, faults_and_operations_are_named_by_the_scenario) {
  EXPECT_EQ(text(RecordKind::fault_injected, world::cluster_id, 0), "FAULT node.power_loss on SQL1");
  EXPECT_EQ(text(RecordKind::fault_repaired, world::cluster_id, 0), "REPAIR node.power_loss on SQL1");
  EXPECT_EQ(text(RecordKind::operator_acts, world::cluster_id, 1),
            "OPERATOR move_role (role: SQL Server (MSSQLSERVER), to: SQL2)");
  EXPECT_EQ(text(RecordKind::operator_acts, world::cluster_id, 9, 1), "OPERATOR number 9 ends");
}

TEST(Describe, a_refused_handshake_shows_the_documented_message_and_what_mends_it) {
  for (int number = 1; number < static_cast<int>(model::HandshakeOutcome::count_); ++number) {
    const auto outcome = static_cast<model::HandshakeOutcome>(number);
    const Sentence said = sentence(RecordKind::handshake_refused, worker_id(wrk1), sql2, number);
    EXPECT_EQ(to_text(said), "WRK1: handshake with SQL2 refused: " + std::string(model::to_text(outcome)));
    EXPECT_THAT(said.more, HasSubstr(model::message_of(outcome, "SQLFCI", 8391)));
    EXPECT_THAT(said.more, HasSubstr(model::remedy_of(outcome, "SQLFCI", 8391)));
  }
}

TEST(Story, what_is_not_told_is_counted_under_a_name) {
  std::size_t told = 0;
  for (int number = 0; number < static_cast<int>(RecordKind::count_); ++number) {
    const auto kind = static_cast<RecordKind>(number);
    EXPECT_EQ(is_story(kind), detail_of(kind).empty());
    told += is_story(kind);
  }
  EXPECT_GT(told, 30U);
  EXPECT_TRUE(is_story(RecordKind::quorum_lost));
  EXPECT_TRUE(is_story(RecordKind::handshake_refused));
  EXPECT_TRUE(is_story(RecordKind::node_quarantined));
  EXPECT_TRUE(is_story(RecordKind::resource_host_ended));
  EXPECT_FALSE(is_story(RecordKind::choice_set));
  EXPECT_FALSE(is_story(RecordKind::task_pulled));
  EXPECT_FALSE(is_story(RecordKind::lease_frozen));
  EXPECT_FALSE(is_story(RecordKind::worker_setting));
}

}  // namespace
}  // namespace rehearse::sim

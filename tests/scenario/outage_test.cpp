#include "sim/scenario/outage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "hand_made_run.hpp"

namespace rehearse::sim {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;
using world::cluster_id;
using world::host_id;
using world::instance_id;
using world::none;
using world::RecordId;
using world::RecordKind;
using world::worker_id;

constexpr Service sql_server{Service::Kind::sql_server, none}, ssisdb{Service::Kind::ssisdb, none},
    master{Service::Kind::scale_out_master, none}, packages{Service::Kind::package_execution, none},
    worker1{Service::Kind::worker, wrk1}, worker2{Service::Kind::worker, wrk2};

/// The one outage of the service.
Outage only(const HandMade& run, Service service, Duration end) {
  const std::vector<Outage> found = of(run.outages(end), service);
  EXPECT_THAT(found, SizeIs(1)) << name_of(service, run.plan());
  return found.empty() ? Outage{} : found.front();
}

TEST(Outages, a_deployment_that_serves_has_none) {
  EXPECT_THAT(HandMade().outages(2h), IsEmpty());
}

TEST(Outages, services_are_named_as_scenarios_name_them) {
  const HandMade run;
  std::vector<std::string> names;
  for (const Service& service : services_of(run.plan())) names.push_back(name_of(service, run.plan()));
  EXPECT_THAT(names, testing::ElementsAre("sql_server", "ssisdb", "scale_out_master", "worker WRK1", "worker WRK2",
                                          "package_execution"));
}

TEST(Outages, every_phase_has_a_name_of_its_own) {
  std::set<std::string> names;
  for (int phase = 0; phase < static_cast<int>(Phase::count_); ++phase) {
    names.insert(std::string(to_text(static_cast<Phase>(phase))));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(Phase::count_));
  EXPECT_THROW(to_text(Phase::count_), std::logic_error);
}

/// What is taken away from the deployment, and which services that ends: S SQL Server, D SSISDB, M master, 1 and 2 the
/// workers, P package execution.
struct Loss {
  const char* what;
  RecordKind kind;
  world::PartId subject;
  std::uint32_t object;
  std::int64_t value;
  const char* out;
};

TEST(Services, each_thing_taken_away_ends_exactly_the_services_that_need_it) {
  const HandMade base;
  const world::HostIndex wrk1_machine = base.plan().workers[wrk1].host;
  const Loss losses[] = {
      {"the address", RecordKind::resource_failed, base.address(), none, 0, "SDMP"},
      {"the name", RecordKind::resource_failed, base.name(), none, 0, "SDP"},
      {"the disk resource alone", RecordKind::resource_failed, base.disk(), none, 0, ""},
      {"the SQL Server resource", RecordKind::resource_failed, base.sql(), none, 0, "SDP"},
      {"a SQL Server that is being stopped", RecordKind::resource_offline_pending, base.sql(), none, 0, "SDP"},
      {"the SQL Server process", RecordKind::sql_crashed, instance_id, sql1, 0, "SDP"},
      {"SQL Server's answers", RecordKind::sql_hung, instance_id, sql1, 0, "SDP"},
      {"SSISDB", RecordKind::ssisdb_closed, instance_id, none, 0, "DP"},
      {"the owner's power", RecordKind::host_power_lost, host_id(sql1), none, 0, "SDM12P"},
      {"the owner's network", RecordKind::link_down, host_id(sql1), none, 0, "SDM12P"},
      {"the owner, behind a partition", RecordKind::partition_changed, host_id(sql1), none, 1, "SDM12P"},
      {"the other node's power", RecordKind::host_power_lost, host_id(sql2), none, 0, ""},
      {"the master process", RecordKind::master_ended, host_id(sql1), none, 1, "M12P"},
      {"the master's answers", RecordKind::master_hung, host_id(sql1), none, 0, "M12P"},
      {"the master's way to SSISDB", RecordKind::master_disconnected, host_id(sql1), none, 0, "MP"},
      {"the master's port in its file, which it has read", RecordKind::master_setting, host_id(sql1),
       static_cast<std::uint32_t>(world::MasterField::port), 8392, ""},
      {"a worker's service", RecordKind::worker_service_ended, worker_id(wrk1), none, 1, "1"},
      {"a worker's connection", RecordKind::worker_cut_off, worker_id(wrk1), none, 0, "1"},
      {"a worker's machine", RecordKind::host_power_lost, host_id(wrk1_machine), none, 0, "1"},
      {"a worker's network", RecordKind::link_down, host_id(wrk1_machine), none, 0, "1"},
      {"a worker, behind a partition", RecordKind::partition_changed, host_id(wrk1_machine), none, 1, "1"},
      {"a heartbeat", RecordKind::worker_silent, worker_id(wrk1), none, 0, ""},
  };
  const std::pair<char, Service> services[] = {{'S', sql_server}, {'D', ssisdb},  {'M', master},
                                               {'1', worker1},    {'2', worker2}, {'P', packages}};
  for (const Loss& loss : losses) {
    HandMade run;
    run.tell(10min, loss.kind, loss.subject, 0, loss.object, loss.value);
    std::string out;
    for (const auto& [letter, service] : services) {
      EXPECT_TRUE(is_up(service, run.first(), run.plan()));
      if (!is_up(service, run.last(), run.plan())) out += letter;
    }
    EXPECT_EQ(out, loss.out) << loss.what;
    EXPECT_EQ(run.outages(1h).size(), out.size()) << loss.what;
  }
}

TEST(Services, a_worker_is_out_when_its_master_is_another_process_than_the_one_it_called) {
  HandMade run;
  run.tell(10min, RecordKind::master_ended, host_id(sql1), 0, none, 1);
  run.tell(11min, RecordKind::master_started, host_id(sql1), 0, none, 2);
  run.tell(11min, RecordKind::master_connected, host_id(sql1), 0);
  EXPECT_TRUE(is_up(master, run.last(), run.plan()));
  EXPECT_FALSE(is_up(worker1, run.last(), run.plan()));
}

TEST(Services, one_enabled_worker_with_a_serving_master_is_enough_for_packages) {
  HandMade run;
  run.tell(10min, RecordKind::worker_cut_off, worker_id(wrk1), 0);
  EXPECT_TRUE(is_up(packages, run.last(), run.plan()));
  run.tell(11min, RecordKind::worker_cut_off, worker_id(wrk2), 0);
  EXPECT_FALSE(is_up(packages, run.last(), run.plan()));
}

TEST(Services, clients_stand_where_most_workers_are_when_a_partition_parts_them_from_the_cluster) {
  HandMade run;
  for (const world::WorkerIndex worker : {wrk1, wrk2}) {
    run.tell(10min, RecordKind::partition_changed, host_id(run.plan().workers[worker].host), 0, none, 2);
  }
  EXPECT_FALSE(is_up(sql_server, run.last(), run.plan()));
  run.tell(11min, RecordKind::partition_changed, host_id(sql1), 0, none, 2);
  EXPECT_TRUE(is_up(sql_server, run.last(), run.plan()));
}

TEST(Outages, records_of_one_instant_count_only_by_what_they_leave) {
  HandMade run;
  run.tell(10min, RecordKind::ssisdb_closed, instance_id, 0);
  run.tell(10min, RecordKind::ssisdb_open, instance_id, 0);
  EXPECT_THAT(run.outages(1h), IsEmpty());
}

TEST(Outages, the_loss_of_the_owner_is_told_phase_by_phase) {
  HandMade run;
  run.tell_power_loss(40min);
  const std::string takeover = "detect 20s, regroup 1s, arbitrate 6s500ms, storage 7s, sql_start 6s";
  EXPECT_EQ(phases_of(only(run, sql_server, 2h)), takeover);
  EXPECT_EQ(phases_of(only(run, ssisdb, 2h)), takeover + ", recovery 10s");
  EXPECT_EQ(phases_of(only(run, master, 2h)), takeover + ", recovery 10s, master_start 23s");
  EXPECT_EQ(phases_of(only(run, worker1, 2h)), takeover + ", recovery 10s, master_start 23s, reconnect 1s500ms");
  EXPECT_EQ(phases_of(only(run, worker2, 2h)), takeover + ", recovery 10s, master_start 23s, reconnect 3s500ms");
  // The first worker that is back runs packages again.
  EXPECT_EQ(only(run, packages, 2h).to, core::Time(40min + 75s));
  EXPECT_EQ(only(run, sql_server, 2h).length(), 40500ms);
}

TEST(Outages, phases_begin_and_end_at_records) {
  HandMade run;
  run.tell_power_loss(40min);
  const Outage outage = only(run, sql_server, 2h);
  const auto kind = [&](RecordId id) { return run.journal().find(id)->kind; };
  EXPECT_EQ(kind(outage.phases.front().begins), RecordKind::host_power_lost);
  EXPECT_EQ(kind(outage.phases.front().ends), RecordKind::peer_silent);
  EXPECT_EQ(kind(outage.phases.back().ends), RecordKind::resource_online);
  for (std::size_t i = 1; i < outage.phases.size(); ++i) {
    EXPECT_EQ(run.journal().find(outage.phases[i].begins)->at, outage.phases[i].from);
  }
}

TEST(Outages, a_service_out_from_the_start_has_an_outage_from_there) {
  HandMade run;
  run.before(RecordKind::ssisdb_closed, instance_id);
  run.tell(5min, RecordKind::ssisdb_open, instance_id, 0);
  const Outage outage = only(run, ssisdb, 1h);
  EXPECT_EQ(outage.from, core::at_start);
  EXPECT_EQ(outage.to, core::Time(5min));
  EXPECT_FALSE(outage.censored);
}

TEST(Outages, an_outage_open_at_the_end_is_censored) {
  HandMade run;
  run.tell(10min, RecordKind::ssisdb_closed, instance_id, 0);
  const Outage outage = only(run, ssisdb, 1h);
  EXPECT_TRUE(outage.censored);
  EXPECT_EQ(outage.to, core::Time(1h));
  EXPECT_EQ(phases_of(outage), "operator 50m");
  EXPECT_EQ(outage.phases.back().ends, 0U);
}

TEST(Outages, records_after_the_end_do_not_count) {
  HandMade run;
  run.tell(10min, RecordKind::ssisdb_closed, instance_id, 0);
  run.tell(70min, RecordKind::ssisdb_open, instance_id, 0);
  EXPECT_TRUE(only(run, ssisdb, 1h).censored);
  EXPECT_EQ(only(run, ssisdb, 70min).censored, false);
  EXPECT_THAT(run.outages(10min), IsEmpty());
  HandMade refused;
  const RecordId cut = refused.tell(10min, RecordKind::worker_cut_off, worker_id(wrk1), 0);
  refused.tell(30min, RecordKind::handshake_refused, worker_id(wrk1), cut, sql1, 9);
  EXPECT_EQ(phases_of(only(refused, worker1, 20min)), "operator 10m");
}

TEST(Outages, a_hung_sql_server_is_being_detected_only_where_the_cluster_looks_for_hangs) {
  HandMade looks;
  looks.tell(10min, RecordKind::sql_hung, instance_id, 0, sql1);
  EXPECT_EQ(phases_of(only(looks, sql_server, 10min + 20s)), "detect 20s");
  model::Design design = small_design();
  design.fci.failure_condition_level = 1;
  HandMade looks_away(design);
  looks_away.tell(10min, RecordKind::sql_hung, instance_id, 0, sql1);
  EXPECT_EQ(phases_of(only(looks_away, sql_server, 10min + 20s)), "operator 20s");
}

TEST(Outages, what_stays_failed_until_an_operator_comes_waits_for_its_retry) {
  HandMade run;
  const RecordId crash = run.tell(10min, RecordKind::master_ended, host_id(sql1), 0, none, 1);
  const RecordId failed = run.tell(10min + 4s, RecordKind::resource_failed, run.master(), crash);
  run.tell(10min + 4s, RecordKind::stays_failed, run.master(), failed);
  const RecordId acts = run.tell(30min, RecordKind::operator_acts, cluster_id, 0, 0);
  const RecordId retried = run.tell(30min, RecordKind::resource_retried, run.master(), acts);
  const RecordId pending = run.tell(30min, RecordKind::resource_online_pending, run.master(), retried);
  const RecordId up = run.tell(30min + 3s, RecordKind::resource_online, run.master(), pending);
  run.tell(30min + 3s, RecordKind::master_started, host_id(sql1), up, none, 2);
  run.tell(30min + 3s, RecordKind::master_connected, host_id(sql1), up);
  EXPECT_EQ(phases_of(only(run, master, 1h)), "detect 4s, wait_retry 19m56s, master_start 3s");
}

TEST(Outages, a_retry_of_the_cluster_itself_waited_for_its_period) {
  HandMade run;
  const RecordId crash = run.tell(10min, RecordKind::master_ended, host_id(sql1), 0, none, 1);
  const RecordId failed = run.tell(10min + 4s, RecordKind::resource_failed, run.master(), crash);
  const RecordId stays = run.tell(10min + 4s, RecordKind::stays_failed, run.master(), failed);
  const RecordId retried = run.tell(70min + 4s, RecordKind::resource_retried, run.master(), stays);
  const RecordId pending = run.tell(70min + 4s, RecordKind::resource_online_pending, run.master(), retried);
  const RecordId up = run.tell(70min + 7s, RecordKind::resource_online, run.master(), pending);
  run.tell(70min + 7s, RecordKind::master_started, host_id(sql1), up, none, 2);
  run.tell(70min + 7s, RecordKind::master_connected, host_id(sql1), up);
  EXPECT_EQ(phases_of(only(run, master, 2h)), "detect 4s, wait_retry 1h, master_start 3s");
}

TEST(Outages, a_restart_in_place_is_detection_a_short_wait_and_a_start) {
  HandMade run;
  const RecordId crash = run.tell(10min, RecordKind::sql_crashed, instance_id, 0, sql1);
  const RecordId closed = run.tell(10min, RecordKind::ssisdb_closed, instance_id, crash);
  EXPECT_NE(closed, 0U);
  const RecordId failed = run.tell(10min + 3s, RecordKind::resource_failed, run.sql(), crash);
  const RecordId scheduled = run.tell(10min + 3s, RecordKind::restart_scheduled, run.sql(), failed, none, 500'000'000);
  const RecordId pending = run.tell(10min + 3500ms, RecordKind::resource_online_pending, run.sql(), scheduled);
  run.tell(10min + 9500ms, RecordKind::resource_online, run.sql(), pending);
  EXPECT_EQ(phases_of(only(run, sql_server, 1h)), "detect 3s, restart_attempts 500ms, sql_start 6s");
}

TEST(Outages, a_refused_worker_waits_in_handshake_refused_until_somebody_mends_it) {
  HandMade run;
  const RecordId cut = run.tell(10min, RecordKind::worker_cut_off, worker_id(wrk1), 0);
  const RecordId calls = run.tell(10min + 2s, RecordKind::worker_connecting, worker_id(wrk1), cut);
  run.tell(10min + 3s, RecordKind::handshake_refused, worker_id(wrk1), calls, sql1,
           static_cast<std::int64_t>(model::HandshakeOutcome::master_expired));
  const RecordId acts = run.tell(60min, RecordKind::operator_acts, cluster_id, 0, 0);
  const RecordId bound = run.tell(60min + 5s, RecordKind::binding_set, host_id(sql1), acts, 0, 8391);
  run.tell(60min + 9s, RecordKind::worker_connected, worker_id(wrk1), bound, sql1, 1);
  EXPECT_EQ(phases_of(only(run, worker1, 2h)), "reconnect 2s, handshake_refused 49m58s, operator 5s, reconnect 4s");
}

TEST(Outages, a_worker_refused_to_the_end_is_told_so) {
  HandMade run;
  const RecordId cut = run.tell(10min, RecordKind::worker_cut_off, worker_id(wrk1), 0);
  run.tell(10min + 3s, RecordKind::handshake_refused, worker_id(wrk1), cut, sql1, 9);
  EXPECT_EQ(phases_of(only(run, worker1, 1h)), "handshake_refused 50m");
}

TEST(Outages, another_workers_refusal_is_not_ones_own) {
  HandMade run;
  run.tell(10min, RecordKind::worker_service_ended, worker_id(wrk1), 0, none, 1);
  const RecordId cut = run.tell(10min, RecordKind::worker_cut_off, worker_id(wrk2), 0);
  run.tell(20min, RecordKind::handshake_refused, worker_id(wrk2), cut, sql1, 9);
  EXPECT_EQ(phases_of(only(run, worker1, 1h)), "operator 50m");
  EXPECT_EQ(phases_of(only(run, packages, 1h)), "handshake_refused 50m");
}

TEST(Outages, a_refusal_that_was_mended_no_longer_blocks) {
  HandMade run;
  run.tell(10min, RecordKind::worker_cut_off, worker_id(wrk1), 0);
  run.tell(10min, RecordKind::handshake_refused, worker_id(wrk1), 0, sql1, 9);
  run.tell(20min, RecordKind::worker_connected, worker_id(wrk1), 0, sql1, 1);
  run.tell(30min, RecordKind::worker_cut_off, worker_id(wrk1), 0);
  const std::vector<Outage> found = of(run.outages(1h), worker1);
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(phases_of(found[0]), "handshake_refused 10m");
  EXPECT_EQ(phases_of(found[1]), "operator 30m");
}

TEST(Outages, without_quorum_the_time_until_a_repair_is_no_quorum) {
  HandMade run;
  const RecordId fault = run.tell(10min, RecordKind::fault_injected, cluster_id, 0, 0);
  const RecordId lost = run.tell(10min, RecordKind::host_power_lost, host_id(sql1), fault);
  const RecordId silent = run.tell(10min + 20s, RecordKind::peer_silent, host_id(sql2), lost, sql1);
  const RecordId regrouped = run.tell(10min + 21s, RecordKind::regroup_done, host_id(sql2), silent, none, 2);
  const RecordId gone = run.tell(10min + 21s, RecordKind::quorum_lost, host_id(sql2), regrouped);
  const RecordId ended = run.tell(10min + 21s, RecordKind::node_service_ended, host_id(sql2), gone, none, 1);
  run.tell(10min + 21s, RecordKind::resource_lost, run.sql(), ended);
  const RecordId repair = run.tell(40min, RecordKind::fault_repaired, cluster_id, 0, 0);
  const RecordId boots = run.tell(40min, RecordKind::host_booting, host_id(sql1), repair);
  const RecordId booted = run.tell(42min, RecordKind::host_booted, host_id(sql1), boots);
  const RecordId starts = run.tell(42min, RecordKind::node_starting, host_id(sql1), booted);
  const RecordId formed = run.tell(42min + 10s, RecordKind::cluster_formed, host_id(sql1), starts);
  run.tell(42min + 10s, RecordKind::node_joined, host_id(sql1), formed);
  run.tell(42min + 10s, RecordKind::resource_online, run.address(), formed);
  const RecordId pending = run.tell(42min + 10s, RecordKind::resource_online_pending, run.sql(), formed);
  run.tell(42min + 16s, RecordKind::resource_online, run.sql(), pending);
  EXPECT_EQ(phases_of(only(run, sql_server, 1h)),
            "detect 20s, regroup 1s, no_quorum 29m39s, boot_and_join 2m, no_quorum 10s, sql_start 6s");
}

TEST(Outages, a_loss_of_quorum_that_is_over_blocks_nothing_later) {
  HandMade run;
  run.tell(10min, RecordKind::host_power_lost, host_id(sql2), 0);
  const RecordId gone = run.tell(10min, RecordKind::quorum_lost, host_id(sql1), 0);
  run.tell(11min, RecordKind::cluster_formed, host_id(sql1), gone);
  run.tell(30min, RecordKind::ssisdb_closed, instance_id, 0);
  EXPECT_EQ(phases_of(only(run, ssisdb, 1h)), "operator 30m");
}

TEST(Outages, with_every_node_dead_the_time_until_one_is_back_is_boot_and_join) {
  HandMade run;
  const RecordId first = run.tell(10min, RecordKind::host_power_lost, host_id(sql1), 0);
  EXPECT_NE(first, 0U);
  run.tell(10min + 5s, RecordKind::host_power_lost, host_id(sql2), 0);
  EXPECT_EQ(phases_of(only(run, sql_server, 1h)), "detect 5s, boot_and_join 49m55s");
}

TEST(Outages, an_end_in_the_middle_of_a_start_belongs_to_that_start) {
  HandMade run;
  const RecordId crash = run.tell(10min, RecordKind::sql_crashed, instance_id, 0, sql1);
  const RecordId failed = run.tell(10min + 3s, RecordKind::resource_failed, run.sql(), crash);
  run.tell(10min + 3s, RecordKind::resource_online_pending, run.sql(), failed);
  EXPECT_EQ(phases_of(only(run, sql_server, 10min + 5s)), "detect 3s, sql_start 2s");
  EXPECT_EQ(phases_of(only(run, sql_server, 10min + 2s)), "detect 2s");
}

TEST(Outages, a_cause_before_the_journal_gives_the_rest_to_its_link) {
  HandMade run;
  run.before(RecordKind::ssisdb_closed, instance_id);
  run.tell(5min, RecordKind::ssisdb_open, instance_id, run.journal().first - 1);
  EXPECT_EQ(phases_of(only(run, ssisdb, 1h)), "recovery 5m");
}

TEST(Outages, a_hung_master_waits_for_people) {
  HandMade run;
  const RecordId fault = run.tell(10min, RecordKind::fault_injected, cluster_id, 0, 0);
  run.tell(10min, RecordKind::master_hung, host_id(sql1), fault);
  EXPECT_EQ(phases_of(only(run, master, 1h)), "operator 50m");
}

TEST(Outages, a_master_that_waits_for_its_next_try_is_starting) {
  HandMade run;
  const RecordId fault = run.tell(10min, RecordKind::fault_injected, cluster_id, 0, 0);
  const RecordId closed = run.tell(10min, RecordKind::ssisdb_closed, instance_id, fault);
  const RecordId lost = run.tell(10min, RecordKind::master_disconnected, host_id(sql1), closed);
  EXPECT_NE(lost, 0U);
  run.tell(10min + 5s, RecordKind::ssisdb_open, instance_id, closed);
  EXPECT_EQ(phases_of(only(run, master, 10min + 20s)), "master_start 20s");
  HandMade closed_still;
  closed_still.tell(10min, RecordKind::ssisdb_closed, instance_id, 0);
  closed_still.tell(10min, RecordKind::master_disconnected, host_id(sql1), 0);
  EXPECT_EQ(phases_of(only(closed_still, master, 10min + 20s)), "operator 20s");
  // A master that the catalog refuses waits for people instead.
  HandMade refused;
  refused.tell(10min, RecordKind::master_disconnected, host_id(sql1), 0);
  refused.tell(10min, RecordKind::master_cannot_connect, host_id(sql1), 0, none,
               static_cast<std::int64_t>(world::ConnectFailure::login_refused));
  EXPECT_EQ(phases_of(only(refused, master, 10min + 20s)), "operator 20s");
}

TEST(Outages, a_move_by_an_operator_is_stop_and_start) {
  HandMade run;
  const RecordId acts = run.tell(10min, RecordKind::operator_acts, cluster_id, 0, 0);
  const RecordId moves = run.tell(10min, RecordKind::move_started, run.role(), acts, sql2, 0);
  const RecordId stops = run.tell(10min, RecordKind::resource_offline_pending, run.sql(), moves);
  const RecordId stopped = run.tell(10min + 4s, RecordKind::resource_offline, run.sql(), stops);
  run.tell(10min + 4s, RecordKind::resource_offline, run.address(), stops);
  const RecordId owned = run.tell(10min + 4s, RecordKind::owner_changed, run.role(), stopped, sql2, 0);
  const RecordId starts = run.tell(10min + 4s, RecordKind::resource_online_pending, run.sql(), owned);
  run.tell(10min + 5s, RecordKind::resource_online, run.address(), owned);
  run.tell(10min + 7s, RecordKind::resource_online, run.sql(), starts);
  EXPECT_EQ(phases_of(only(run, sql_server, 1h)), "stop 4s, sql_start 3s");
}

TEST(Outages, the_stop_of_the_cluster_is_over_when_a_node_forms_it_again) {
  HandMade run;
  run.tell(10min, RecordKind::host_power_lost, host_id(sql2), 0);
  run.tell(10min, RecordKind::host_power_lost, host_id(sql1), 0);
  run.tell(10min, RecordKind::resource_lost, run.sql(), 0);
  run.tell(14min, RecordKind::host_booted, host_id(sql1), 0);
  run.tell(15min, RecordKind::cluster_formed, host_id(sql1), 0);
  run.tell(15min, RecordKind::resource_online, run.address(), 0);
  run.tell(16min, RecordKind::resource_online_pending, run.sql(), 0);
  run.tell(20min, RecordKind::resource_online, run.sql(), 0);
  const Outage outage = only(run, sql_server, 1h);
  ASSERT_FALSE(outage.phases.empty());
  EXPECT_EQ(outage.phases.back().phase, Phase::sql_start);
  EXPECT_EQ(outage.phases.back().from, core::Time(16min));
}

// ---- any journal

/// Numbers for tests: SplitMix64, seed printed by the test.
struct Numbers {
  std::uint64_t state;
  std::uint64_t operator()(std::uint64_t below) {
    state += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
    z = (z ^ z >> 27) * 0x94D049BB133111EBU;
    return (z ^ z >> 31) % below;
  }
};

/// Records that say anything about anything, with causes before, after, outside of the journal, and none.
HandMade any_journal(std::uint64_t seed) {
  using enum RecordKind;
  static constexpr RecordKind of_host[] = {
      host_power_lost, host_bugchecked,  host_booting,     host_booted,           link_down,          link_up,
      node_starting,   node_joined,      cluster_formed,   peer_silent,           peer_heard,         regroup_done,
      arbitration_won, arbitration_lost, node_removed,     quorum_lost,           node_service_ended, master_started,
      master_ended,    master_hung,      master_connected, master_cannot_connect, master_disconnected};
  static constexpr RecordKind of_resource[] = {
      resource_online_pending, resource_online, resource_offline_pending, resource_offline, resource_terminated,
      resource_lost,           resource_failed, restart_scheduled,        stays_failed,     resource_retried};
  static constexpr RecordKind of_group[] = {owner_changed, move_started, move_refused, role_wanted};
  static constexpr RecordKind of_instance[] = {sql_crashed, sql_hung, sql_recovered_from_hang, ssisdb_open,
                                               ssisdb_closed};
  static constexpr RecordKind of_worker[] = {worker_service_started, worker_service_ended, worker_cut_off,
                                             worker_connecting,      worker_call_failed,   handshake_refused,
                                             worker_connected,       worker_reporting};
  static constexpr RecordKind of_cluster[] = {fault_injected, fault_repaired, operator_acts, votes_changed,
                                              witness_taken};
  HandMade run;
  Numbers numbers{seed};
  Duration now{};
  const std::uint64_t records = 1 + numbers(40);
  for (std::uint64_t number = 0; number < records; ++number) {
    now += std::chrono::seconds(numbers(4));
    const RecordId next = run.journal().first + number;
    const std::uint64_t choice = numbers(8);
    const RecordId cause = choice == 0   ? 0
                           : choice == 1 ? next + numbers(3)
                           : choice == 2 ? numbers(next)
                                         : next - 1 - numbers(std::min<std::uint64_t>(number + 1, 4));
    const auto pick = [&](const auto& kinds) { return kinds[numbers(std::size(kinds))]; };
    const auto node = static_cast<std::uint32_t>(numbers(2));
    const auto value = static_cast<std::int64_t>(numbers(4));
    switch (numbers(6)) {
      case 0:
        run.tell(now, pick(of_host), host_id(static_cast<std::uint32_t>(numbers(run.plan().hosts.size()))), cause, node,
                 value);
        break;
      case 1:
        run.tell(now, pick(of_resource),
                 world::resource_id(static_cast<std::uint32_t>(numbers(run.plan().resources.size()))), cause, none,
                 value);
        break;
      case 2: run.tell(now, pick(of_group), run.role(), cause, node, value); break;
      case 3: run.tell(now, pick(of_instance), instance_id, cause, node, value); break;
      case 4:
        run.tell(now, pick(of_worker), worker_id(static_cast<std::uint32_t>(numbers(2))), cause, node, value);
        break;
      default: run.tell(now, pick(of_cluster), cluster_id, cause, node, value);
    }
  }
  return run;
}

TEST(Outages, the_phases_tile_every_outage_of_any_journal) {
  std::size_t outages = 0, phases = 0;
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    const HandMade run = any_journal(seed);
    const core::Time end = run.journal().records.back().at + Duration(seed % 3) * 1'000'000'000;
    for (const Outage& outage : find_outages(run.plan(), run.first(), run.journal(), end)) {
      ++outages;
      ASSERT_LT(outage.from, outage.to) << "seed " << seed;
      ASSERT_FALSE(outage.phases.empty()) << "seed " << seed;
      ASSERT_EQ(outage.phases.front().from, outage.from) << "seed " << seed;
      ASSERT_EQ(outage.phases.back().to, outage.to) << "seed " << seed;
      Duration sum{};
      for (std::size_t i = 0; i < outage.phases.size(); ++i) {
        ++phases;
        const PhaseSpan& span = outage.phases[i];
        ASSERT_LT(span.from, span.to) << "seed " << seed;
        sum += span.to - span.from;
        if (i == 0) continue;
        ASSERT_EQ(outage.phases[i - 1].to, span.from) << "seed " << seed;
        ASSERT_NE(outage.phases[i - 1].phase, span.phase) << "seed " << seed;
      }
      ASSERT_EQ(sum, outage.length()) << "seed " << seed;
    }
  }
  // The journals must be worth the while: many outages, most of more than one phase.
  EXPECT_GT(outages, 5000U);
  EXPECT_GT(phases, outages * 3 / 2);
}

TEST(Outages, of_any_journal_outages_and_the_state_agree_at_every_instant) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const HandMade run = any_journal(seed);
    const core::Time end = run.journal().records.back().at;
    const std::vector<Outage> outages = find_outages(run.plan(), run.first(), run.journal(), end);
    for (core::Time now = core::at_start; now < end; now += 1s) {
      world::State state = run.first();
      for (const world::Record& record : run.journal().records) {
        if (record.at <= now) world::apply(state, record, run.plan());
      }
      for (const Service& service : services_of(run.plan())) {
        bool out = false;
        for (const Outage& outage : of(outages, service)) out = out || (outage.from <= now && now < outage.to);
        ASSERT_EQ(out, !is_up(service, state, run.plan())) << "seed " << seed << " " << name_of(service, run.plan());
      }
    }
  }
}

}  // namespace
}  // namespace rehearse::sim

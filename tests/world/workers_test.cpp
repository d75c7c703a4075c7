// Stories about workers: their way to the master, the certificates on it, and what happens to packages when it breaks.
#include "sim/world/workers.hpp"

#include <gtest/gtest.h>

#include <set>

#include "rehearsal.hpp"
#include "sim/world/installation.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/sql_server.hpp"

namespace rehearse::world {
namespace {

using model::HandshakeOutcome;

constexpr HostIndex sql1 = 0, sql2 = 1;
constexpr WorkerIndex wrk1 = 0;

model::Design quiet(const std::string& name = "reference") {
  model::Design design = shipped_design(name);
  design.batches.clear();
  return design;
}

void go_to(Rehearsal& rehearsal, Duration when) {
  rehearsal->run_until(at(when) - Duration(1));
  rehearsal->engine().advance_to(at(when));
}

// ------------------------------------------------------------------------------------------------ handshakes

/// Something on the way to the master that only a new connection meets.
struct Defect {
  std::string name;
  HandshakeOutcome outcome;
  void (*make)(World& world, Installation& setup);
};

CertificateIndex master_certificate(const World& world) {
  return world.plan().find_certificate("master");
}
CertificateIndex worker_certificate(const World& world) {
  return world.plan().find_certificate("worker");
}
HostIndex host_of(const World& world, WorkerIndex worker) {
  return world.plan().workers[worker].host;
}

/// A certificate with the names of another one, bound on SQL1 and trusted by the worker.
CertificateIndex show_instead(World& world, Installation& setup, CertificateIndex like, Time not_after) {
  const CertificateIndex made = setup.create_certificate(like, not_after, 0);
  setup.place_certificate(sql1, made, Store::root, true, 0);
  setup.place_certificate(host_of(world, wrk1), made, Store::root, false, 0);
  setup.bind_certificate(sql1, made, 8391, 0);
  return made;
}

// Each is the first defect met on an otherwise sound way (S 3, behaviour.md 5).
const std::vector<Defect>& defects() {
  static const std::vector<Defect> all = {
      {"the master's certificate expired an hour ago", HandshakeOutcome::master_expired,
       [](World& world, Installation& setup) {
         show_instead(world, setup, master_certificate(world), world.now() - 1h);
       }},
      {"the certificate shown does not name the host of the endpoint", HandshakeOutcome::host_not_in_names,
       [](World& world, Installation& setup) { show_instead(world, setup, worker_certificate(world), at(48h)); }},
      {"the worker's Root does not hold the master's certificate", HandshakeOutcome::master_not_trusted,
       [](World& world, Installation& setup) {
         setup.remove_certificate(host_of(world, wrk1), master_certificate(world), Store::root, 0);
       }},
      {"the master shows a renewed certificate and the worker still pins the old one",
       HandshakeOutcome::thumbprint_mismatch,
       [](World& world, Installation& setup) { show_instead(world, setup, master_certificate(world), at(48h)); }},
      {"the node's Root does not hold the worker's certificate", HandshakeOutcome::worker_not_trusted,
       [](World& world, Installation& setup) {
         setup.remove_certificate(sql1, worker_certificate(world), Store::root, 0);
       }},
      {"the worker's own certificate is gone from My", HandshakeOutcome::worker_key_missing,
       [](World& world, Installation& setup) {
         setup.remove_certificate(host_of(world, wrk1), worker_certificate(world), Store::my, 0);
       }},
      {"http.sys has its certificate on another port", HandshakeOutcome::binding_missing,
       [](World& world, Installation& setup) { setup.bind_certificate(sql1, master_certificate(world), 8392, 0); }},
      {"the binding names a certificate whose private key is not on the node", HandshakeOutcome::binding_key_unusable,
       [](World& world, Installation& setup) { setup.bind_certificate(sql1, worker_certificate(world), 8391, 0); }},
  };
  return all;
}

class Handshake : public testing::TestWithParam<std::size_t> {};

TEST_P(Handshake, is_refused_at_the_next_connection_and_not_before) {
  // A connection that stands is not judged again; the defect lurks until the worker opens the next one (behaviour.md
  // 5).
  const Defect& defect = defects()[GetParam()];
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 10min);
  Installation setup(*rehearsal);
  defect.make(*rehearsal, setup);
  rehearsal->run_until(at(30min));
  EXPECT_EQ(rehearsal.count(RecordKind::handshake_refused), 0U) << defect.name;
  EXPECT_TRUE(rehearsal->workers().connected(wrk1)) << defect.name;
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->workers().stop_service(wrk1, 0));
  ASSERT_TRUE(rehearsal->workers().start_service(wrk1, 0));
  rehearsal->run_until(at(50min));
  const Record* refused = rehearsal.find(RecordKind::handshake_refused, at(40min), worker_id(wrk1));
  ASSERT_NE(refused, nullptr) << defect.name;
  EXPECT_EQ(static_cast<HandshakeOutcome>(refused->value), defect.outcome) << defect.name;
  EXPECT_EQ(refused->object, sql1);
  EXPECT_FALSE(rehearsal->workers().connected(wrk1)) << defect.name;
}

INSTANTIATE_TEST_SUITE_P(Workers, Handshake, testing::Range<std::size_t>(0, 8));

TEST(Workers, meet_every_defect_of_the_list) {
  EXPECT_EQ(defects().size(), 8U);
}

TEST(Workers, connect_as_soon_as_the_binding_is_mended) {
  // The next call tries again, five seconds later at most (task_poll; a worker restart counts as never having been
  // enabled, so the agent's beat, 60 s, is the bound here).
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 10min);
  Installation setup(*rehearsal);
  setup.bind_certificate(sql1, master_certificate(*rehearsal), 8392, 0);
  ASSERT_TRUE(rehearsal->workers().stop_service(wrk1, 0));
  ASSERT_TRUE(rehearsal->workers().start_service(wrk1, 0));
  go_to(rehearsal, 20min);
  ASSERT_FALSE(rehearsal->workers().connected(wrk1));
  setup.bind_certificate(sql1, master_certificate(*rehearsal), 8391, 0);
  rehearsal->run_until(at(21min + 1s));
  EXPECT_TRUE(rehearsal->workers().connected(wrk1));
}

TEST(Workers, whose_certificate_lies_on_one_node_only_are_refused_after_the_failover) {
  // Scale Out Manager installs it on the master it talks to; the farm runs until the role moves (S 5 row 11).
  model::Design design = quiet();
  for (model::Certificate& certificate : design.certificates) {
    if (certificate.key != "worker") continue;
    std::erase_if(certificate.installed, [](const auto& entry) { return entry.host == "SQL2"; });
  }
  Rehearsal rehearsal(design);
  rehearsal->run_until(at(30min));
  EXPECT_EQ(rehearsal.count(RecordKind::handshake_refused), 0U);
  EXPECT_TRUE(rehearsal->workers().reaches_catalog(wrk1));
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->roles().move(0, sql2, 0));
  rehearsal->run_until(at(50min));
  EXPECT_TRUE(rehearsal->masters().serving(sql2)) << "the master itself is well";
  for (WorkerIndex worker = 0; worker < 3; ++worker) {
    EXPECT_FALSE(rehearsal->workers().connected(worker));
    EXPECT_EQ(rehearsal->state().workers[worker].refusal, HandshakeOutcome::worker_not_trusted);
  }
}

// ------------------------------------------------------------------------------------------------ reconnecting

TEST(Workers, idle_ones_reconnect_after_a_failover) {
  // Nothing pushes to a worker; its own poll, every 5 s, finds the new master, and the longest single attempt is 21 s.
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 40min);
  rehearsal->membership().lose_power(sql1, 0);
  rehearsal->run_until(at(50min));
  const Record* up = rehearsal.find(RecordKind::master_started, at(40min), host_id(sql2));
  ASSERT_NE(up, nullptr);
  for (WorkerIndex worker = 0; worker < 3; ++worker) {
    const Record* again = rehearsal.find(RecordKind::worker_connected, at(40min), worker_id(worker));
    ASSERT_NE(again, nullptr);
    EXPECT_EQ(again->object, sql2);
    EXPECT_LE(again->at, up->at + 21s + 5s + 1s);
    EXPECT_TRUE(rehearsal->workers().reaches_catalog(worker));
  }
}

TEST(Workers, open_a_connection_at_a_retransmitted_syn_when_the_master_starts_meanwhile) {
  // SYN at once, again after 3 s and 9 s (W 9, A8). Whoever calls between the death of the master and the cluster's
  // restart of it gets no answer, and its packets find the new process at one of those instants; over many phases each
  // is met.
  std::set<Duration> waits;
  Rehearsal base(quiet());
  for (std::uint64_t replication = 0; replication < 100; ++replication) {
    World world = *base;
    Journal journal;
    world.engine().write_to(&journal);
    world.begin({11, replication});
    world.run_until(at(40min) - Duration(1));
    world.engine().advance_to(at(40min));
    ASSERT_TRUE(world.masters().crash(sql1, 0));
    world.run_until(at(45min));
    std::vector<Time> begun(3);
    for (const Record& record : journal.records) {
      ASSERT_NE(record.kind, RecordKind::worker_call_failed) << "no answer is not a refusal";
      if (record.kind == RecordKind::worker_connecting) begun[record.subject.index()] = record.at;
      if (record.kind != RecordKind::worker_connected) continue;
      const Duration length = record.at - begun[record.subject.index()];
      if (length < 50ms) continue;  // its first SYN was answered: a TLS handshake (behaviour.md 14)
      EXPECT_TRUE(length == 3s || length == 9s) << length.count();
      waits.insert(length);
    }
    for (WorkerIndex worker = 0; worker < 3; ++worker) EXPECT_TRUE(world.workers().connected(worker));
  }
  EXPECT_EQ(waits.size(), 2U);
}

// ------------------------------------------------------------------------------------------------ packages

/// One execution of a fixed length at 30 minutes.
model::Design one_package(const std::string& name, Duration length, int retries) {
  model::Design design = shipped_design(name);
  design.batches.resize(1);
  model::Batch& batch = design.batches.front();
  batch.executions = 1;
  batch.duration = model::Distribution::constant(length);
  batch.retry_count = retries;
  batch.uses_instance = 0.0;
  batch.deadline.reset();
  return design;
}

/// The worker that took the execution first.
WorkerIndex first_worker(const Rehearsal& rehearsal) {
  return rehearsal.find(RecordKind::task_pulled)->object;
}

/// Records about a run name its slot among all workers' slots.
WorkerIndex worker_of_run(const Rehearsal& rehearsal, const Record& record) {
  return record.object / rehearsal.plan().slots_per_worker;
}

TEST(Workers, cut_off_with_a_retry_left_cause_an_overlapped_run_and_their_success_is_refused) {
  // The lease is gone after 60 s, the sweep hands the task to somebody else, and the worker behind the broken switch
  // goes on: the double-execution window (S 1.7). Its success comes too late: 27246 (S 1.5).
  Rehearsal rehearsal(one_package("reference", 15min, 1));
  go_to(rehearsal, 32min);
  const WorkerIndex first = first_worker(rehearsal);
  rehearsal->membership().set_side(host_of(*rehearsal, first), 1, 0);
  go_to(rehearsal, 45min + 30s);
  rehearsal->membership().set_side(host_of(*rehearsal, first), 0, 0);
  const TaskState& task = rehearsal->state().tasks[0];
  EXPECT_TRUE(task.overlapped);
  EXPECT_NE(static_cast<WorkerIndex>(task.row.worker), first);
  rehearsal->run_until(at(47min));
  const Record* refused = rehearsal.find(RecordKind::report_refused);
  ASSERT_NE(refused, nullptr);
  EXPECT_EQ(worker_of_run(rehearsal, *refused), first);
  EXPECT_EQ(static_cast<model::CatalogError>(refused->value), model::CatalogError::update_refused);
  EXPECT_TRUE(rehearsal->state().tasks[0].refused_success);
  EXPECT_FALSE(model::is_terminal(rehearsal->state().tasks[0].row.status)) << "the second run is what counts now";
  rehearsal->run_until(at(60min));
  EXPECT_EQ(rehearsal->state().tasks[0].row.status, model::TaskStatus::succeeded);
  EXPECT_EQ(rehearsal->state().tasks[0].row.executed_count, 2);
  EXPECT_EQ(rehearsal->state().tasks[0].alive, 0);
}

TEST(Workers, cut_off_without_a_retry_do_the_work_and_the_catalog_says_ended_unexpectedly) {
  // retry_count 0: the sweep stamps the row 6 although the package may finish (S 1.7).
  Rehearsal rehearsal(one_package("reference", 15min, 0));
  go_to(rehearsal, 32min);
  const WorkerIndex first = first_worker(rehearsal);
  rehearsal->membership().set_side(host_of(*rehearsal, first), 1, 0);
  go_to(rehearsal, 50min);
  rehearsal->membership().set_side(host_of(*rehearsal, first), 0, 0);
  rehearsal->run_until(at(60min));
  const TaskState& task = rehearsal->state().tasks[0];
  EXPECT_EQ(task.row.status, model::TaskStatus::failed);
  EXPECT_EQ(task.shown, model::OperationStatus::ended_unexpectedly);
  EXPECT_TRUE(task.refused_success);
  EXPECT_FALSE(task.overlapped);
}

TEST(Workers, that_come_back_before_the_sweep_renew_an_expired_lease) {
  // update_task_status does not look at ExpiredTime (S 1.5): with sweeps an hour apart the late heartbeat always wins.
  model::Design design = one_package("reference", 15min, 1);
  for (auto& [node, settings] : design.scale_out.master.settings_by_node) settings.sweep_interval = 5h;
  Rehearsal rehearsal(design);
  go_to(rehearsal, 32min);
  const WorkerIndex first = first_worker(rehearsal);
  rehearsal->membership().set_side(host_of(*rehearsal, first), 1, 0);
  go_to(rehearsal, 40min);
  rehearsal->membership().set_side(host_of(*rehearsal, first), 0, 0);
  rehearsal->run_until(at(60min));
  EXPECT_EQ(rehearsal.count(RecordKind::task_swept), 0U);
  EXPECT_EQ(rehearsal.count(RecordKind::lease_renewed), 1U);
  EXPECT_EQ(rehearsal->state().tasks[0].row.status, model::TaskStatus::succeeded);
  EXPECT_EQ(rehearsal->state().tasks[0].row.executed_count, 1);
}

TEST(Workers, that_come_back_after_the_sweep_are_told_27246_and_kill_the_package_when_the_tolerance_is_over) {
  Rehearsal rehearsal(one_package("reference", 2h, 1));
  go_to(rehearsal, 32min);
  const WorkerIndex first = first_worker(rehearsal);
  rehearsal->membership().set_side(host_of(*rehearsal, first), 1, 0);
  go_to(rehearsal, 40min);
  rehearsal->membership().set_side(host_of(*rehearsal, first), 0, 0);
  rehearsal->run_until(at(60min));
  const Record* refused = rehearsal.find(RecordKind::renewal_refused, at(40min));
  const Record* killed = rehearsal.find(RecordKind::package_killed, at(40min));
  ASSERT_TRUE(refused && killed);
  EXPECT_EQ(static_cast<model::CatalogError>(refused->value), model::CatalogError::update_refused);
  EXPECT_EQ(worker_of_run(rehearsal, *killed), first);
  EXPECT_EQ(static_cast<KillReason>(killed->value), KillReason::tolerance_exceeded);
  EXPECT_GE(killed->at, at(32min + 10min - 10s));
  EXPECT_LE(killed->at, at(32min + 10min + 10s));
  EXPECT_EQ(rehearsal->state().tasks[0].alive, 1) << "the other run lives";
}

TEST(Workers, kill_the_package_after_ten_minutes_of_error_answers) {
  // Master up, SSISDB away: every heartbeat is answered with an error, the documented condition of
  // HeartbeatErrorTollerance (S 1.2, 1.7). The next heartbeat after 10 min from the last good one kills.
  Rehearsal rehearsal(one_package("separate", 2h, 0));
  go_to(rehearsal, 35min);
  rehearsal->roles().want(0, false, 0);
  go_to(rehearsal, 50min);
  const Record* closed = rehearsal.find(RecordKind::ssisdb_closed, at(35min));
  const Record* frozen = rehearsal.find(RecordKind::lease_frozen, at(35min));
  const Record* killed = rehearsal.find(RecordKind::package_killed);
  ASSERT_TRUE(closed && frozen && killed);
  const Time good{Duration(frozen->value)};
  EXPECT_LE(good, closed->at);
  EXPECT_GT(good, closed->at - 10s);
  EXPECT_EQ(static_cast<KillReason>(killed->value), KillReason::tolerance_exceeded);
  EXPECT_GE(killed->at, good + 10min);
  EXPECT_LE(killed->at, good + 10min + 10s);
}

TEST(Workers, that_get_no_answer_at_all_let_the_package_run_unless_that_counts_as_an_error) {
  // S 9, 2: nobody has published whether "unreachable" is an error response.
  for (const bool counts : {false, true}) {
    model::Design design = one_package("reference", 1h, 1);
    design.parameters.set(model::Switch::unreachable_is_error, counts, model::Origin::given, "test");
    Rehearsal rehearsal(design);
    go_to(rehearsal, 35min);
    const WorkerIndex first = first_worker(rehearsal);
    rehearsal->membership().set_side(host_of(*rehearsal, first), 1, 0);
    rehearsal->run_until(at(80min));
    EXPECT_EQ(rehearsal.count(RecordKind::package_killed), counts ? 1U : 0U);
  }
}

TEST(Workers, whose_master_is_away_for_less_than_ten_minutes_lose_nothing) {
  // Heartbeats fail and nobody sweeps; then they renew (S 1.7).
  Rehearsal rehearsal(one_package("separate", 30min, 0));
  go_to(rehearsal, 35min);
  rehearsal->roles().want(1, false, 0);
  go_to(rehearsal, 40min);
  rehearsal->roles().want(1, true, 0);
  rehearsal->run_until(at(65min));
  EXPECT_EQ(rehearsal.count(RecordKind::package_killed), 0U);
  EXPECT_EQ(rehearsal.count(RecordKind::task_swept), 0U);
  EXPECT_EQ(rehearsal->state().tasks[0].row.status, model::TaskStatus::succeeded);
}

}  // namespace
}  // namespace rehearse::world

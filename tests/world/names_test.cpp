// What clients find behind a name that moved to another subnet (behaviour.md 5; W 6.1, A8, A9).
#include <gtest/gtest.h>

#include "cluster_designs.hpp"
#include "rehearsal.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/names.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::world {
namespace {

using Kind = model::Witness::Kind;

/// One node a site; the role moves from A to B at 10 minutes, planned.
Rehearsal moved_to_the_other_site(bool register_all, bool clients_at_b = false) {
  model::Design design = stretched({1, 1}, Kind::cloud);
  design.fci.register_all_ips = register_all;
  if (clients_at_b) design.scale_out.workers.front().site = "B";
  Rehearsal rehearsal(design);
  rehearsal->run_until(at(10min) - Duration(1));
  rehearsal->engine().advance_to(at(10min));
  EXPECT_TRUE(rehearsal->roles().move(0, 1, 0));
  rehearsal->run_until(at(4h));
  return rehearsal;
}

Duration back_after(const Rehearsal& rehearsal, WorkerIndex worker) {
  const Record* back = rehearsal.find(RecordKind::worker_connected, at(10min), worker_id(worker));
  return back == nullptr ? Duration::max() : back->at - at(10min);
}

TEST(Names, with_every_address_registered_cost_a_client_21_seconds_for_the_dead_one) {
  Rehearsal rehearsal = moved_to_the_other_site(true);
  EXPECT_EQ(rehearsal.count(RecordKind::name_replicated), 0U) << "the record did not change";
  for (WorkerIndex worker = 0; worker < rehearsal.plan().workers.size(); ++worker) {
    const Record* connecting = nullptr;
    const Record* back = rehearsal.find(RecordKind::worker_connected, at(10min), worker_id(worker));
    ASSERT_NE(back, nullptr);
    for (const Record& record : rehearsal.journal().records) {
      const bool mine = record.kind == RecordKind::worker_connecting && record.subject == worker_id(worker);
      if (mine && record.at <= back->at) connecting = &record;
    }
    ASSERT_NE(connecting, nullptr);
    EXPECT_GE(back->at - connecting->at, 21s) << "A's address comes first and is dead (A8)";
    EXPECT_LT(back->at - connecting->at, 22s);
  }
}

TEST(Names, with_only_the_online_address_registered_keep_clients_away_until_caches_have_run_out) {
  Rehearsal rehearsal = moved_to_the_other_site(false);
  const Record* replicated = rehearsal.find(RecordKind::name_replicated, at(10min));
  ASSERT_NE(replicated, nullptr);
  for (WorkerIndex worker = 0; worker < rehearsal.plan().workers.size(); ++worker) {
    // Its first try came before the change had reached its name servers: the stale answer stays for 1200 s of the
    // record and 120 s of .NET.
    EXPECT_GT(back_after(rehearsal, worker), 1320s);
    EXPECT_LT(back_after(rehearsal, worker), 1320s + 60s + 60s);
  }
}

TEST(Names, reach_the_site_of_the_new_owner_first) {
  Rehearsal rehearsal = moved_to_the_other_site(false);
  Time near = core::never, far = core::never;
  const SiteIndex b = rehearsal.plan().find_site("B");
  for (const Record& record : rehearsal.journal().records) {
    if (record.kind != RecordKind::name_replicated) continue;
    (record.object == b ? near : far) = record.at;
  }
  EXPECT_LT(near, far) << "at medians 105 s within a site and 450 s between sites";
}

TEST(Names, cannot_be_found_by_new_connections_while_DNS_is_down) {
  Rehearsal rehearsal(stretched({2}, Kind::file_share));
  rehearsal->run_until(at(10min) - Duration(1));
  rehearsal->engine().advance_to(at(10min));
  rehearsal->names().set_dns_stopped(true, 0);
  rehearsal->run_until(at(60min) - Duration(1));
  EXPECT_EQ(rehearsal.count(RecordKind::worker_cut_off), 0U) << "connections that stand do not ask";
  rehearsal->engine().advance_to(at(60min));
  EXPECT_TRUE(rehearsal->roles().move(0, 1, 0));
  rehearsal->run_until(at(70min));
  EXPECT_EQ(rehearsal.find(RecordKind::worker_connected, at(60min)), nullptr);
  rehearsal->names().set_dns_stopped(false, 0);
  rehearsal->run_until(at(80min));
  EXPECT_NE(rehearsal.find(RecordKind::worker_connected, at(70min)), nullptr);
}

TEST(Names, of_a_master_elsewhere_depend_on_how_its_provider_tries_two_addresses) {
  model::Design design = shipped_design("separate");
  model::Design sites = stretched({1, 1}, Kind::cloud);
  design.cluster = sites.cluster;
  design.fci = sites.fci;
  design.scale_out.master.settings_by_node.clear();
  for (model::Certificate& certificate : design.certificates) certificate.installed.clear();
  design.scale_out.role->addresses = {"10.0.0.60", "10.0.1.60"};
  for (const bool parallel : {true, false}) {
    design.parameters.set(model::Switch::master_connects_in_parallel, parallel, model::Origin::given, "test");
    Rehearsal rehearsal(design);
    rehearsal->run_until(at(10min) - Duration(1));
    rehearsal->engine().advance_to(at(10min));
    EXPECT_TRUE(rehearsal->roles().move(0, 1, 0));  // SQL Server to B, the master stays at A
    rehearsal->run_until(at(20min));
    const Record* connected = rehearsal.find(RecordKind::master_connected, at(10min));
    EXPECT_EQ(connected != nullptr, parallel) << "15 s of timeout lose to 21 s for the dead address (behaviour 5)";
  }
}

}  // namespace
}  // namespace rehearse::world

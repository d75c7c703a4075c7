// What the watch keeps while any journal goes on must be what the state says when it is asked anew.
#include "sim/scenario/service_watch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "hand_made_run.hpp"

namespace rehearse::sim {
namespace {

using world::host_id;
using world::none;
using world::Record;
using world::RecordKind;
using world::worker_id;

/// Two sites with a node, a network and workers each; two of the workers share an AgentId.
model::Design stretched_design() {
  model::Design design = small_design();
  design.cluster.nodes[0].site = "A";
  design.cluster.nodes[1].site = "B";
  design.cluster.networks[0].site = "A";
  model::Network network;
  network.name = "Cluster Network 2";
  network.subnet = "10.1.0.0/24";
  network.site = "B";
  design.cluster.networks.push_back(network);
  design.fci.addresses = {"10.0.0.50", "10.1.0.50"};
  model::WorkerPool far = design.scale_out.workers.front();
  far.name = "FAR";
  far.count = 3;
  far.site = "B";
  model::WorkerPool cloned = far;
  cloned.name = "CLONE";
  cloned.count = 2;
  cloned.site = "A";
  cloned.settings.agent_id = "0c4fa0d6-5b7b-4c1b-9a0e-000000000001";
  design.scale_out.workers.push_back(far);
  design.scale_out.workers.push_back(cloned);
  return design;
}

/// Numbers for tests: SplitMix64, seed printed by the test.
struct Numbers {
  std::uint64_t state;
  std::uint32_t operator()(std::uint64_t below) {
    state += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
    z = (z ^ z >> 27) * 0x94D049BB133111EBU;
    return static_cast<std::uint32_t>((z ^ z >> 31) % below);
  }
};

/// A record about something that the services may rest on.
Record any_record(Numbers& numbers, const world::Blueprint& plan) {
  using enum RecordKind;
  static constexpr RecordKind of_host[] = {
      host_power_lost, host_booted, host_frozen,         host_thawed,     host_hung,       host_answers, link_down,
      link_up,         loss_set,    partition_changed,   port_blocked,    peer_silent,     regroup_done, master_started,
      master_ended,    master_hung, master_disconnected, firewall_opened, master_connected};
  static constexpr RecordKind of_worker[] = {worker_service_started,  worker_service_ended, worker_cut_off,
                                             worker_connected,        worker_connected,     worker_hung,
                                             worker_answers,          worker_enabled,       worker_learned_enabled,
                                             worker_learned_disabled, worker_disabled,      worker_deleted,
                                             worker_registered};
  static constexpr RecordKind of_resource[] = {resource_online_pending, resource_online, resource_online,
                                               resource_offline, resource_failed};
  static constexpr RecordKind of_instance[] = {sql_crashed, sql_hung, sql_recovered_from_hang, ssisdb_open,
                                               ssisdb_closed};
  static constexpr RecordKind of_group[] = {owner_changed, name_registered, name_replicated, name_replicated};
  const auto pick = [&](const auto& kinds) { return kinds[numbers(std::size(kinds))]; };
  Record record;
  record.object = numbers(2);
  record.value = numbers(4);
  switch (numbers(8)) {
    case 0:
    case 1:
    case 2:
      record.kind = pick(of_host);
      record.subject = host_id(numbers(plan.hosts.size()));
      if (record.kind == loss_set) record.value *= 500'000;
      if (record.kind == link_down || record.kind == link_up) record.object = none;
      break;
    case 3:
    case 4:
      record.kind = pick(of_worker);
      record.subject = worker_id(numbers(plan.workers.size()));
      break;
    case 5:
      record.kind = pick(of_resource);
      record.subject = world::resource_id(numbers(plan.resources.size()));
      break;
    case 6:
      record.kind = pick(of_instance);
      record.subject = world::instance_id;
      break;
    default:
      if (numbers(3) == 0) {
        record.kind = numbers(2) == 0 ? site_link_down : site_link_up;
        record.subject = world::site_id(0);
        record.object = 1;
      } else {
        record.kind = pick(of_group);
        record.subject = world::group_id(plan.sql_group);
      }
  }
  return record;
}

TEST(ServiceWatch, knows_after_every_record_what_the_state_says) {
  std::size_t losses = 0, returns = 0;
  for (std::uint64_t seed = 1; seed <= 1500; ++seed) {
    const HandMade run(stretched_design());
    const world::Blueprint& plan = run.plan();
    world::State state = run.first();
    ServiceWatch watch(state, plan);
    ASSERT_EQ(watch.services(), services_of(plan));
    std::vector<bool> before;
    for (ServiceWatch::Index service = 0; service < watch.services().size(); ++service) {
      before.push_back(watch.up(service));
      ASSERT_EQ(watch.up(service), is_up(watch.services()[service], state, plan)) << "at the start";
    }
    Numbers numbers{seed};
    for (int number = 0; number < 40; ++number) {
      const Record record = any_record(numbers, plan);
      world::apply(state, record, plan);
      watch.applied(record);
      for (ServiceWatch::Index service = 0; service < watch.services().size(); ++service) {
        const bool up = is_up(watch.services()[service], state, plan);
        ASSERT_EQ(watch.up(service), up) << "seed " << seed << ", record " << number << " " << to_text(record.kind)
                                         << ": " << name_of(watch.services()[service], plan);
        const bool told = std::count(watch.turned().begin(), watch.turned().end(), service) == 1;
        ASSERT_EQ(told, up != before[service]) << "seed " << seed << ", record " << number;
        losses += told && !up;
        returns += told && up;
        before[service] = up;
      }
    }
  }
  // The journals must be worth the while.
  EXPECT_GT(losses, 3000U);
  EXPECT_GT(returns, 500U);
}

TEST(ServiceWatch, workers_have_their_places_among_the_services) {
  const HandMade run;
  const auto services = services_of(run.plan());
  EXPECT_EQ(services[ServiceWatch::of_worker(wrk2)], (Service{Service::Kind::worker, wrk2}));
}

}  // namespace
}  // namespace rehearse::sim

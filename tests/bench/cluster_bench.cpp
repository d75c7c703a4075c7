// How the work of one node loss grows with the cluster: 2 to 64 nodes and 200 roles of five resources, either spread
// over the nodes or all on the one that is lost. Measured is the time from the loss of power until every role is online
// again elsewhere; the figures to compare are those of one run. Wanted: well under 100 ms at 64 nodes.
#include <benchmark/benchmark.h>

#include <string>

#include "model/defaults.hpp"
#include "sim/world/installation.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/roles.hpp"

namespace rehearse::world {
namespace {

using namespace std::chrono_literals;

/// Disk and address, the name on the address, a service on name and disk, and one more on the service.
model::Role role(int number) {
  const std::string name = "Role " + std::to_string(number);
  const auto resource = [&](const char* what, model::ResourceType type, std::vector<std::vector<std::string>> needs) {
    model::RoleResource made;
    made.name = name + what;
    made.type = type;
    made.depends_on = std::move(needs);
    return made;
  };
  using Type = model::ResourceType;
  model::Role made;
  made.name = name;
  made.resources = {resource(" disk", Type::disk, {}), resource(" address", Type::address, {}),
                    resource(" name", Type::name, {{name + " address"}}),
                    resource(" service", Type::generic_service, {{name + " name"}, {name + " disk"}}),
                    resource(" agent", Type::generic_service, {{name + " service"}})};
  return made;
}

enum class Spread { over_all_nodes, on_the_lost_node };

model::Design cluster_of(int nodes, int roles, Spread spread) {
  model::Design design;
  design.name = "bench";
  design.parameters = model::defaults_for(design.windows, design.sql, design.edition);
  design.cluster.name = "CLUSTER";
  for (int number = 1; number <= nodes; ++number) {
    model::Node node;
    node.name = "NODE" + std::to_string(number);
    design.cluster.nodes.push_back(node);
  }
  model::Network network;
  network.name = "Cluster Network 1";
  network.subnet = "10.0.0.0/16";
  design.cluster.networks.push_back(network);
  design.cluster.witness.kind = model::Witness::Kind::file_share;
  design.cluster.witness.path = "\\\\FS1\\witness";
  design.fci.network_name = "SQLFCI";
  design.fci.addresses = {"10.0.0.50"};
  design.fci.disks = {"Cluster Disk 1"};
  design.scale_out.master.account = "CORP\\svc-ssis";
  for (int number = 0; number < roles; ++number) {
    design.cluster.roles.push_back(role(number));
    const int home = spread == Spread::over_all_nodes ? number % nodes + 1 : 1;
    design.cluster.roles.back().settings.preferred_owners = {"NODE" + std::to_string(home)};
  }
  return design;
}

void node_loss(benchmark::State& state, Spread spread) {
  const model::Design design = cluster_of(static_cast<int>(state.range(0)), 200, spread);
  const auto plan = std::make_shared<const Blueprint>(design, Date{}, 24h);
  World prepared(plan, Time(-1h));
  Installation(prepared).finish();
  prepared.run_until(Time(-1ns));
  prepared.begin({1, 0});
  std::uint64_t events = 0, moved = 0;
  for (auto _ : state) {
    state.PauseTiming();
    World world = prepared;
    const std::uint64_t before = world.engine().events();
    state.ResumeTiming();
    world.membership().lose_power(0, 0);
    world.run_until(world.now() + 3min);
    state.PauseTiming();
    events = world.engine().events() - before;
    moved = 0;
    for (GroupIndex group = 0; group < plan->groups.size(); ++group) {
      moved += prepared.state().groups[group].owner == 0 && world.roles().fully_online(group);
    }
    state.ResumeTiming();
  }
  state.counters["events"] = static_cast<double>(events);
  state.counters["roles_moved"] = static_cast<double>(moved);
}
BENCHMARK_CAPTURE(node_loss, spread, Spread::over_all_nodes)
    ->RangeMultiplier(2)
    ->Range(2, 64)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(node_loss, all_on_it, Spread::on_the_lost_node)
    ->RangeMultiplier(2)
    ->Range(2, 64)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rehearse::world

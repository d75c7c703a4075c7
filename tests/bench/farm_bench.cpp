// A night of a large farm with a failover in the middle: up to 1,000,000 executions on 10,000 workers. Wanted at the
// largest: under 10 s on one core and under 1 GiB; from size to size no more than n log n. Sizes are compared within
// one run. The counters are per execution.
#include <benchmark/benchmark.h>

#include "model/defaults.hpp"
#include "sim/world/catalog.hpp"
#include "sim/world/installation.hpp"
#include "sim/world/membership.hpp"

namespace rehearse::world {
namespace {

using namespace std::chrono_literals;

model::Design farm(int workers, int executions) {
  model::Design design;
  design.name = "bench";
  design.parameters = model::defaults_for(design.windows, design.sql, design.edition);
  // With the usual 100 ms a night is too short for a million calls of create_execution, one after the other (S 6).
  design.parameters.set(model::Timing::create_execution_lock, model::Distribution::constant(10ms), model::Origin::given,
                        "benchmark");
  design.cluster.name = "CLUSTER";
  for (const char* name : {"SQL1", "SQL2"}) {
    model::Node node;
    node.name = name;
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
  model::Certificate master, worker;
  master.key = "master";
  master.common_names = {"SQLFCI", "SQL1", "SQL2"};
  worker.key = "worker";
  worker.common_names = {"WRK"};
  design.certificates = {master, worker};
  design.scale_out.master.account = "CORP\\svc-ssis";
  design.scale_out.master.certificate = "master";
  design.scale_out.master.settings.sql_server_name = "SQLFCI";
  model::WorkerPool pool;
  pool.name = "WRK";
  pool.count = workers;
  pool.numbered = true;
  pool.account = "CORP\\svc-worker";
  pool.certificate = "worker";
  pool.settings.endpoint = "https://SQLFCI:8391";
  design.scale_out.workers.push_back(pool);
  model::Batch batch;
  batch.name = "night";
  batch.at = 30min;
  batch.executions = executions;
  batch.retry_count = 1;
  batch.submitter = model::Submitter::external;
  design.batches.push_back(batch);
  return design;
}

void night(benchmark::State& state) {
  const auto executions = static_cast<int>(state.range(0));
  const auto plan = std::make_shared<const Blueprint>(farm(std::max(1, executions / 100), executions), Date{}, 12h);
  World prepared(plan, Time(-1h));
  Installation(prepared).finish();
  prepared.run_until(Time(-1ns));
  std::uint64_t events = 0, succeeded = 0, records = 0;
  for (auto _ : state) {
    state.PauseTiming();
    World world = prepared;
    Journal journal;
    world.engine().write_to(&journal);
    const std::uint64_t before = world.engine().events();
    state.ResumeTiming();
    world.begin({1, 0});
    // In the middle of the submissions.
    const Time loss = Time(30min + 10ms * (executions / 2));
    world.run_until(loss);
    world.membership().lose_power(world.state().groups[world.plan().sql_group].owner, 0);
    world.run_until(Time(12h));
    state.PauseTiming();
    events += world.engine().events() - before;
    records += journal.records.size();
    for (const TaskState& task : world.state().tasks) succeeded += task.row.status == model::TaskStatus::succeeded;
    state.ResumeTiming();
  }
  const auto work = static_cast<double>(state.iterations()) * executions;
  state.counters["events"] = static_cast<double>(events) / work;
  state.counters["records"] = static_cast<double>(records) / work;
  state.counters["succeeded"] = static_cast<double>(succeeded) / work;
  state.counters["time"] = benchmark::Counter(work, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.SetComplexityN(executions);
}
BENCHMARK(night)
    ->RangeMultiplier(10)
    ->Range(1000, 1'000'000)
    ->Unit(benchmark::kMillisecond)
    ->Complexity(benchmark::oNLogN);

}  // namespace
}  // namespace rehearse::world

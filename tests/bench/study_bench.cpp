// How fast a study replicates. Wanted of node_loss/measured: 50,000 replications a second on one core. Wanted beside a
// SimPy program of the same events: 30 times its speed. times_simpy is a ratio of processor times within one run, and
// the program must find the same outages.
//
//   node_loss/measured              a replication of the loss of a node, with its four outages. Items are replications.
//   node_loss/world_alone           the same events without the timeline's player and without measuring
//   node_loss/beginning             what of it comes before the first event: the world is copied, phases are drawn
//   node_loss/simpy_every_beat      a replication of the SimPy program (node_loss_simpy.py) in which every beat is an
//                                   event. times_simpy: against the world at Tempo::every_beat, whose events are the
//                                   same; times_study: against a replication as a study makes it
//   node_loss/simpy_lean            the same without the ticks that find nothing, as far as a program written for this
//                                   one case can know them; times_study
//   node_loss/with_400_executions   the same with the nightly batch, until it is done
//   node_loss/with_a_step           the same without work; SQL1 comes back and an operator moves the role to it
//   threads                         chunks of the study on two threads against one: speed_up, wanted 1.9 where two
//                                   cores are idle; processor_time is that of both threads against that of one
//   cluster_year                    a year of the reference design without workload, with faults at the default rates,
//                                   with and without the outages measured; wanted under 1 ms

#include <benchmark/benchmark.h>

#include <time.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "sim/study/conduct.hpp"
#include "sim/study/episodes.hpp"
#include "sim/study/replication.hpp"
#include "sim/study/run_watch.hpp"
#include "sim/study/study_work.hpp"
#include "sim/world/membership.hpp"
#include "tests/bench/node_loss_inputs.hpp"
#include "tests/study/studied_worlds.hpp"
#include "tests/study/studies.hpp"
#include "tests/support/files.hpp"

namespace rehearse::sim {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t seed = 1;

double seconds_since(Clock::time_point begun) {
  return std::chrono::duration<double>(Clock::now() - begun).count();
}

/// That this thread, or this process, had a processor: what else the machine does is left out, as far as caches allow.
double processor_seconds(clockid_t of = CLOCK_THREAD_CPUTIME_ID) {
  timespec time{};
  clock_gettime(of, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// A study of one point, ready for its replications.
class Replicating {
 public:
  explicit Replicating(Study study, world::Tempo tempo = world::Tempo::when_it_matters)
      : study_(std::move(study)),
        prepared_(prepare(study_.points[0].scenario, tempo)),
        replicator_(study_, study_.points[0], prepared_, world_) {}

  const ReplicationResult& run(std::uint64_t number) { return replicator_.run({seed, number}, {}); }
  const Prepared& prepared() const { return prepared_; }
  const Scenario& scenario() const { return study_.points[0].scenario; }

 private:
  Study study_;
  Prepared prepared_;
  std::optional<world::World> world_;
  Replicator replicator_;
};

void replicate(benchmark::State& state, const Study& study) {
  Replicating replicating(study);
  std::uint64_t number = 0, events = 0;
  for (auto _ : state) events += replicating.run(number++).events;
  state.SetItemsProcessed(state.iterations());
  state.counters["events"] = benchmark::Counter(static_cast<double>(events), benchmark::Counter::kAvgIterations);
}

Study with_executions() {
  Study study = node_loss_study();
  const Scenario shipped = shipped_scenario("node_loss");
  study.points[0].scenario.design = shipped.design;
  study.points[0].scenario.duration = shipped.duration;
  return study;
}

Study with_a_step() {
  Study study = node_loss_study();
  study.points[0].scenario.timeline = shipped_scenario("node_loss").timeline;
  return study;
}

BENCHMARK_CAPTURE(replicate, measured, node_loss_study())->Name("node_loss/measured")->Unit(benchmark::kMicrosecond);

/// Without the timeline's player and without measuring.
void world_alone(benchmark::State& state, bool runs) {
  const Prepared prepared = prepare(node_loss_study().points[0].scenario, world::Tempo::when_it_matters);
  world::World world = prepared.world;
  std::uint64_t number = 0;
  for (auto _ : state) {
    world = prepared.world;
    world.engine().set_pace(world::Pace::drawn);
    world.begin({seed, number++});
    if (!runs) continue;
    world.run_until(core::Time(std::chrono::minutes(40)));
    world.membership().lose_power(0, 0);
    world.run_until(core::Time(std::chrono::hours(2)));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(world_alone, runs, true)->Name("node_loss/world_alone")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(world_alone, begins, false)->Name("node_loss/beginning")->Unit(benchmark::kMicrosecond);

// ------------------------------------------------------------------------------------------------ against SimPy

/// Where Debian puts its modules.
const std::string python = "/usr/bin/python3";

bool has_simpy() {
  return std::system((python + " -c 'import SimPy.Simulation' >/dev/null 2>&1").c_str()) == 0;
}

/// What the command prints; empty: it failed.
std::string output_of(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return "";
  std::string text;
  std::array<char, 4096> part;
  for (std::size_t size = 0; (size = std::fread(part.data(), 1, part.size(), pipe)) > 0;)
    text.append(part.data(), size);
  return pclose(pipe) == 0 ? text : "";
}

/// The outages that the SimPy program prints and those of the world, to the microsecond. Empty: they agree.
std::string difference(std::istream& printed, Replicating& replicating, std::uint64_t replications) {
  constexpr std::int64_t microsecond = 1000;
  for (std::uint64_t number = 0; number < replications; ++number) {
    const std::vector<MeasuredValue> values = replicating.run(number).values;
    for (const MeasuredValue& value : values) {
      std::int64_t outage = 0;
      printed >> outage;
      const std::int64_t expected = value.kind == MeasuredValue::Kind::known ? value.value : -1;
      if (!printed || std::abs(outage - expected) >= microsecond)
        return "replication " + std::to_string(number) + ": an outage of " + std::to_string(outage) +
               " ns with SimPy is one of " + std::to_string(expected) + " ns with the world";
    }
  }
  return "";
}

/// The best of several passes, in processor seconds a replication, and the events of one.
struct Replicated {
  double seconds = 1e9, events = 0;

  void pass(Replicating& replicating, std::uint64_t replications) {
    std::uint64_t all = 0;
    const double begun = processor_seconds();
    for (std::uint64_t number = 0; number < replications; ++number) all += replicating.run(number).events;
    seconds = std::min(seconds, (processor_seconds() - begun) / static_cast<double>(replications));
    events = static_cast<double>(all) / static_cast<double>(replications);
  }
};

void against_simpy(benchmark::State& state, bool every_beat, std::uint64_t replications) {
  if (!has_simpy()) {
    state.SkipWithError("SimPy is missing: apt-get install python3-simpy, as ./dev bench does");
    return;
  }
  const tests::TemporaryFolder folder;
  Replicating replicating(node_loss_study()), ticking(node_loss_study(), world::Tempo::every_beat);
  const std::string inputs = folder.path("inputs.json");
  std::ofstream(inputs) << node_loss_inputs(replicating.prepared(), replicating.scenario(), seed, replications);
  const std::string command = python + " '" REHEARSE_SOURCE_DIR "/tests/bench/node_loss_simpy.py' " +
                              (every_beat ? "every_beat" : "lean") + " '" + inputs + "'";
  double best_simpy = 1e9, simpy_events = 0;
  Replicated study, same_events;
  for (auto _ : state) {
    std::istringstream printed(output_of(command));
    if (const std::string differs = difference(printed, replicating, replications); !differs.empty()) {
      state.SkipWithError(differs.c_str());
      return;
    }
    double simpy = 0;
    printed >> simpy_events >> simpy;
    state.SetIterationTime(simpy);
    best_simpy = std::min(best_simpy, simpy);
    for (int pass = 0; pass < 20; ++pass) study.pass(replicating, replications);
    if (every_beat) same_events.pass(ticking, replications);
  }
  state.counters["times_study"] = best_simpy / study.seconds;
  state.counters["simpy_events"] = simpy_events;
  state.counters["study_events"] = study.events;
  if (!every_beat) return;
  constexpr double nearly = 0.001;
  if (std::abs(simpy_events - same_events.events) > nearly * same_events.events) {
    state.SkipWithError("the SimPy program and the world do not have the same events");
    return;
  }
  state.counters["times_simpy"] = best_simpy / same_events.seconds;
  state.counters["events"] = same_events.events;
}
BENCHMARK_CAPTURE(against_simpy, every_beat, true, 20)
    ->Name("node_loss/simpy_every_beat")
    ->Iterations(5)
    ->Repetitions(1)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(against_simpy, lean, false, 300)
    ->Name("node_loss/simpy_lean")
    ->Iterations(5)
    ->Repetitions(1)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);

BENCHMARK_CAPTURE(replicate, with_400_executions, with_executions())
    ->Name("node_loss/with_400_executions")
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(replicate, with_a_step, with_a_step())->Name("node_loss/with_a_step")->Unit(benchmark::kMicrosecond);

// ------------------------------------------------------------------------------------------------ two threads

struct Spent {
  double seconds = 1e9, processor = 1e9;
};

/// The best of it and what was spent before.
Spent best_on(unsigned threads, const StudyWork& work, Spent best) {
  Gathered gathered(work);
  ConductOptions options;
  options.threads = threads;
  const auto begun = Clock::now();
  const double processor = processor_seconds(CLOCK_PROCESS_CPUTIME_ID);
  conduct(work, gathered, options);
  best.seconds = std::min(best.seconds, seconds_since(begun));
  best.processor = std::min(best.processor, processor_seconds(CLOCK_PROCESS_CPUTIME_ID) - processor);
  return best;
}

/// The best of several goes of each, in turns: what else the machine does slows some of them down, never speeds one up.
void threads(benchmark::State& state) {
  constexpr std::uint64_t chunks = 24;
  Study study = node_loss_study();
  study.replications = chunks * replications_per_chunk;
  const PreparedStudy prepared = prepare_study(study, 1, {});
  const StudyWork work(study, prepared, [] { return false; });
  Spent one, two;
  for (auto _ : state) {
    one = best_on(1, work, one);
    two = best_on(2, work, two);
    state.SetIterationTime(two.seconds);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(study.replications));
  state.counters["speed_up"] = one.seconds / two.seconds;
  state.counters["processor_time"] = two.processor / one.processor;
}
BENCHMARK(threads)->Iterations(7)->Repetitions(1)->UseManualTime()->Unit(benchmark::kMillisecond);

// ------------------------------------------------------------------------------------------------ a year

void cluster_year(benchmark::State& state, bool measured) {
  const Prepared prepared = studied_world(without_workload(shipped_design("designs/reference")));
  const EpisodePlan plan(prepared.plan, RandomFaults::default_rates());
  Episodes episodes(plan);
  std::optional<world::World> world;
  world::Journal journal;
  std::uint64_t number = 0, events = 0, faults = 0;
  for (auto _ : state) {
    if (world) {
      *world = prepared.world;
    } else {
      world.emplace(prepared.world);
    }
    const std::uint64_t before = world->engine().events();
    const core::Key key{seed, number++};
    episodes.begin(key, world->now());
    if (measured) {
      RunWatch watch(*world, {core::at_start, core::at_start, 0, false});
      journal.records.clear();
      world->engine().write_to(&journal);
      const auto tell = [&] {
        watch.tell(journal.records);
        journal.records.clear();
      };
      world->begin(key);
      tell();
      play(episodes, *world, core::Time(year), [&](core::Time until) {
        tell();
        while (world->step(until)) tell();
      });
      tell();
      watch.close(core::Time(year));
      world->engine().write_to(nullptr);
      benchmark::DoNotOptimize(watch.out(0).total);
    } else {
      world->begin(key);
      play(episodes, *world, core::Time(year));
    }
    events += world->engine().events() - before;
    for (const std::uint32_t happened : episodes.happened()) faults += happened;
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["events"] = benchmark::Counter(static_cast<double>(events), benchmark::Counter::kAvgIterations);
  state.counters["faults"] = benchmark::Counter(static_cast<double>(faults), benchmark::Counter::kAvgIterations);
}
BENCHMARK_CAPTURE(cluster_year, alone, false)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(cluster_year, measured, true)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace rehearse::sim

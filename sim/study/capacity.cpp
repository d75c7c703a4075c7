#include "sim/study/capacity.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <exception>
#include <stdexcept>
#include <thread>
#include <utility>

#include "sim/study/drain.hpp"
#include "sim/study/replication.hpp"

namespace rehearse::sim {
namespace {

using core::Time;

constexpr std::uint64_t first_look = 32;
/// Moments of the failover that are tried, with few replications each; of the worst of them fewer, with more, again.
constexpr std::size_t moments_tried = 64;
constexpr std::uint64_t replications_tried = 4;
constexpr std::size_t fewer = 4;
constexpr std::size_t rounds = 3;
constexpr std::uint64_t replications_of_drain = 64;
/// The queue is looked at for so long after the deadline.
constexpr Duration drains_within = std::chrono::hours(12);

/// The batch's first day: when it is due, and its deadline.
struct Day {
  Time due{}, deadline{};
};

std::optional<Day> first_day(const std::string& batch, const world::Blueprint& plan) {
  for (const world::BatchPlan& source : plan.batches) {
    if (source.name != batch || source.kind != world::BatchPlan::Kind::batch || source.starts.empty()) continue;
    return Day{source.starts.front(), source.deadlines.front()};
  }
  return std::nullopt;
}

/// Long enough for every batch to come once.
constexpr Duration two_weeks = std::chrono::hours(24 * 14);

std::optional<Day> first_day(const std::string& batch, const Scenario& scenario) {
  return first_day(batch, world::Blueprint(scenario.design, scenario.start, two_weeks));
}

TimelineEntry fault(FaultKind kind, const std::string& host, Duration at) {
  TimelineEntry entry;
  entry.fault = kind;
  entry.hosts = {host};
  entry.at = at;
  return entry;
}

/// Of `replications`: how many were in time, and how long the batch took in them all together.
struct Outcome {
  std::uint64_t in_time = 0;
  Wide makespans = 0;
};

class Candidate {
 public:
  Candidate(const CapacityQuestion& question, const Scenario& scenario, std::uint32_t workers, int max_task_count)
      : question_(question), scenario_(with_workers(scenario, workers, max_task_count)) {
    day_ = first_day(question.batch, scenario_).value();
    scenario_.duration = day_.deadline - core::at_start;
    const std::vector<std::string> names = scenario_.design.scale_out.workers.front().worker_names();
    for (std::uint32_t down = 0; down < question.workers_down; ++down) {
      const std::string& name = names.at(names.size() - 1 - down);
      scenario_.timeline.push_back(fault(FaultKind::worker_crash_host, name, Duration::zero()));
    }
    prepared_ = std::make_unique<Prepared>(prepare(scenario_, world::Tempo::when_it_matters));
    if (!prepared_->deployed) throw std::logic_error("the farm cannot be deployed");
    const world::State& state = prepared_->world.state();
    owner_ = prepared_->plan->hosts.at(state.groups.at(prepared_->plan->sql_group).owner).name;
  }

  /// Replications `from` to `to`, with the failover at this moment.
  Outcome run(std::optional<Duration> failover, std::uint64_t seed, std::uint64_t from, std::uint64_t to) const {
    Study study;
    study.batches = 0;
    study.measures = {{Measure::Kind::batch_late, "late", question_.batch},
                      {Measure::Kind::batch_makespan, "makespan", question_.batch}};
    StudyPoint point;
    point.scenario = scenario_;
    if (failover) point.scenario.timeline.push_back(fault(FaultKind::node_power_loss, owner_, *failover));
    const std::uint64_t threads = std::clamp<std::uint64_t>(question_.threads, 1, to - from);
    std::vector<Outcome> outcomes(threads);
    std::vector<std::exception_ptr> failures(threads);
    const auto part = [&](std::uint64_t thread) {
      try {
        std::optional<world::World> world;
        Replicator replicator(study, point, *prepared_, world);
        for (std::uint64_t i = from + thread; i < to; i += threads) {
          if (question_.interrupted && question_.interrupted()) throw Interrupted();
          const ReplicationResult& result = replicator.run({seed, i}, {});
          const MeasuredValue& late = result.values[0];
          if (late.kind == MeasuredValue::Kind::known && late.value == 0) ++outcomes[thread].in_time;
          outcomes[thread].makespans += result.values[1].value;
        }
      } catch (...) {
        failures[thread] = std::current_exception();
      }
    };
    {
      std::vector<std::jthread> others;
      for (std::uint64_t thread = 1; thread < threads; ++thread) others.emplace_back(part, thread);
      part(0);
    }
    Outcome all;
    for (std::uint64_t thread = 0; thread < threads; ++thread) {
      if (failures[thread]) std::rethrow_exception(failures[thread]);
      all.in_time += outcomes[thread].in_time;
      all.makespans += outcomes[thread].makespans;
    }
    return all;
  }

  Distribution drain(Duration failover) const {
    Scenario scenario = scenario_;
    scenario.duration = *scenario_.duration + drains_within;
    scenario.timeline.push_back(fault(FaultKind::node_power_loss, owner_, failover));
    return drain_times(scenario, question_.seed, 0, replications_of_drain);
  }

  /// Where the fewest are in time, and of such moments where the batch takes longest.
  std::optional<Duration> worst_moment() const {
    if (!question_.failover) return std::nullopt;
    if (question_.failover_at) return question_.failover_at;
    // Other replications than those of the verdict, which this moment would flatter.
    const std::uint64_t seed = core::draw({question_.seed, 0}, core::stream("capacity", "worst moment"), 0);
    const Outcome calm = run(std::nullopt, seed, 0, replications_tried);
    const Duration makespan(static_cast<std::int64_t>(calm.makespans / Wide{replications_tried}));
    struct Tried {
      Duration moment{};
      Outcome seen;
    };
    std::vector<Tried> tried;
    for (std::size_t i = 0; i < moments_tried; ++i) {
      tried.push_back({(day_.due - core::at_start) + makespan * (2 * i + 1) / (2 * moments_tried), {}});
    }
    std::uint64_t replications = replications_tried, before = 0;
    for (std::size_t round = 0; round < rounds; ++round) {
      for (Tried& each : tried) {
        const Outcome more = run(each.moment, seed, before, replications);
        each.seen.in_time += more.in_time;
        each.seen.makespans += more.makespans;
      }
      std::stable_sort(tried.begin(), tried.end(), [](const Tried& a, const Tried& b) {
        if (a.seen.in_time != b.seen.in_time) return a.seen.in_time < b.seen.in_time;
        return a.seen.makespans > b.seen.makespans;
      });
      tried.resize(tried.size() / fewer);
      before = std::exchange(replications, replications * fewer);
    }
    return tried.front().moment;
  }

 private:
  const CapacityQuestion& question_;
  Scenario scenario_;
  Day day_;
  std::unique_ptr<Prepared> prepared_;
  std::string owner_;
};

/// How many candidates a search can come to: bisection from both ends, and again between undecided ones.
std::uint64_t most_candidates(const CapacityQuestion& question) {
  const std::uint64_t rows = std::max<std::uint64_t>(1, question.max_task_counts.size());
  return rows * (2 * static_cast<std::uint64_t>(std::bit_width(question.most - question.fewest + 1)) + 2);
}

/// Replications at which the interval would leave the target out, as far as is known.
std::optional<double> needed(double share, double target, double confidence) {
  if (share == target) return std::nullopt;
  constexpr std::uint64_t many = 1'000'000;
  const double reach = statistics::critical_value(many, confidence);
  const double spread = std::max(share * (1 - share), target * (1 - target));
  return std::ceil(reach * reach * spread / ((share - target) * (share - target)));
}

CapacityVerdict judge_candidate(const CapacityQuestion& question, const Scenario& scenario, std::uint32_t workers,
                                int max_task_count) {
  CapacityVerdict verdict{workers, max_task_count, Sufficient::unknown, 0, 0, {0, 1}, {}, {}};
  if (workers <= question.workers_down) {  // nobody is left, and no draw can change that
    verdict.sufficient = Sufficient::no;
    verdict.interval = {0, 0};
    return verdict;
  }
  const Candidate candidate(question, scenario, workers, max_task_count);
  verdict.failover_at = candidate.worst_moment();
  const double each = statistics::confidence_of_each(question.confidence, most_candidates(question));
  double at_look = each;
  for (unsigned look = 1; verdict.replications < question.most_replications; ++look) {
    const std::uint64_t until = std::min(question.most_replications, first_look << (look - 1));
    verdict.in_time += candidate.run(verdict.failover_at, question.seed, verdict.replications, until).in_time;
    verdict.replications = until;
    at_look = statistics::confidence_of_look(each, look);
    verdict.interval = statistics::proportion_interval(verdict.in_time, until, at_look).interval;
    const statistics::Side side = statistics::side_of(verdict.interval, question.target);
    if (side == statistics::Side::undecided) continue;
    verdict.sufficient = side == statistics::Side::above ? Sufficient::yes : Sufficient::no;
    return verdict;
  }
  const double share = static_cast<double>(verdict.in_time) / static_cast<double>(verdict.replications);
  verdict.would_need = needed(share, question.target, at_look);
  return verdict;
}

class Search {
 public:
  Search(const CapacityQuestion& question, const Scenario& scenario, CapacityAnswer& answer)
      : question_(question), scenario_(scenario), answer_(answer) {}

  void row(int max_task_count) {
    answer_.rows.push_back({max_task_count, {}, {}, {}});
    find();
    const std::optional<std::uint32_t> enough = present().enough;
    if (!enough || !question_.failover) return;
    const auto verdict = std::find_if(answer_.tried.begin(), answer_.tried.end(), [&](const CapacityVerdict& each) {
      return each.workers == *enough && each.max_task_count == max_task_count;
    });
    present().drain = Candidate(question_, scenario_, *enough, max_task_count).drain(verdict->failover_at.value());
  }

 private:
  void find() {
    if (try_out(question_.most) != Sufficient::yes) return;  // nothing below can be shown to be enough
    if (question_.fewest == question_.most || try_out(question_.fewest) == Sufficient::yes) return;
    bisect(question_.fewest, question_.most);
  }

  CapacityAnswer::Row& present() { return answer_.rows.back(); }

  Sufficient try_out(std::uint32_t workers) {
    answer_.tried.push_back(judge_candidate(question_, scenario_, workers, present().max_task_count));
    const Sufficient sufficient = answer_.tried.back().sufficient;
    if (sufficient == Sufficient::yes) present().enough = std::min(present().enough.value_or(workers), workers);
    if (sufficient == Sufficient::no) present().not_enough = std::max(present().not_enough.value_or(0), workers);
    return sufficient;
  }

  /// `low` is not known to be enough, `high` is. An undecided one is gone around: once towards more, once towards
  /// fewer.
  void bisect(std::uint32_t low, std::uint32_t high) {
    while (high - low > 1) {
      const std::uint32_t middle = low + (high - low) / 2;
      const Sufficient sufficient = try_out(middle);
      if (sufficient == Sufficient::unknown) {
        // Fewer workers than an undecided number cannot be shown to be enough, and more not to be too few.
        narrow_up(middle, high);
        narrow_down(low, middle);
        return;
      }
      (sufficient == Sufficient::yes ? high : low) = middle;
    }
  }
  void narrow_up(std::uint32_t undecided, std::uint32_t enough) {
    while (enough - undecided > 1) {
      const std::uint32_t middle = undecided + (enough - undecided) / 2;
      (try_out(middle) == Sufficient::yes ? enough : undecided) = middle;
    }
  }
  void narrow_down(std::uint32_t not_enough, std::uint32_t undecided) {
    while (undecided - not_enough > 1) {
      const std::uint32_t middle = not_enough + (undecided - not_enough) / 2;
      (try_out(middle) == Sufficient::no ? not_enough : undecided) = middle;
    }
  }

  const CapacityQuestion& question_;
  const Scenario& scenario_;
  CapacityAnswer& answer_;
};

}  // namespace

std::string_view to_text(Sufficient sufficient) {
  switch (sufficient) {
    case Sufficient::no: return "no";
    case Sufficient::unknown: return "unknown";
    case Sufficient::yes: return "yes";
  }
  throw std::logic_error("neither enough nor not");
}

bool CapacityAnswer::Row::settled(const CapacityQuestion& question) const {
  if (!enough) return not_enough == question.most;
  return *enough == question.fewest || (not_enough && *not_enough + 1 == *enough);
}

Scenario with_workers(Scenario scenario, std::uint32_t workers, std::optional<int> max_task_count) {
  model::WorkerPool& pool = scenario.design.scale_out.workers.at(0);
  const std::vector<std::string> before = pool.worker_names();
  pool.count = static_cast<int>(workers);
  pool.numbered = true;
  if (max_task_count) pool.settings.max_task_count = *max_task_count;
  const std::vector<std::string> after = pool.worker_names();
  for (model::Certificate& certificate : scenario.design.certificates) {
    const auto holds = [&](const std::string& name) {
      return std::find(certificate.common_names.begin(), certificate.common_names.end(), name) !=
             certificate.common_names.end();
    };
    const bool names_workers = std::any_of(before.begin(), before.end(), holds);
    const auto placed = std::find_if(certificate.installed.begin(), certificate.installed.end(), [&](const auto& copy) {
      return std::find(before.begin(), before.end(), copy.host) != before.end();
    });
    const std::vector<std::string> stores =
        placed == certificate.installed.end() ? std::vector<std::string>() : placed->stores;
    for (const std::string& name : after) {
      if (names_workers && !holds(name)) certificate.common_names.push_back(name);
      const bool known = std::find(before.begin(), before.end(), name) != before.end();
      if (!stores.empty() && !known) certificate.installed.push_back({name, stores});
    }
  }
  return scenario;
}

CapacityAnswer find_capacity(const CapacityQuestion& question, const Scenario& scenario) {
  if (!problems_of(question, scenario).empty()) throw std::logic_error("this question cannot be asked");
  CapacityAnswer answer;
  Search search(question, scenario, answer);
  const int stated = scenario.design.scale_out.workers.front().settings.max_task_count;
  if (question.max_task_counts.empty()) search.row(stated);
  for (const int count : question.max_task_counts) search.row(count);
  return answer;
}

}  // namespace rehearse::sim

// The farm as a queue: with Poisson arrivals, exponential packages and workers that ask for work all the time, the real
// catalog, master and workers are an M/M/c queue, whose waiting time, queue length and utilisation are known (Erlang
// C). Compared are means over batches of time with their standard errors.
#include <gtest/gtest.h>

#include <cmath>
#include <ostream>

#include "farm.hpp"

namespace rehearse::world {
namespace {

struct Case {
  int servers = 1;
  double load = 0;
};
void PrintTo(const Case& queue, std::ostream* out) {
  *out << "c = " << queue.servers << ", load " << queue.load;
}

constexpr double mean_service = 60;  // seconds

/// The probability that an arrival has to wait.
double erlang_c(int servers, double load) {
  const double offered = load * servers;
  double term = 1, sum = 1;  // offered^k / k!
  for (int k = 1; k < servers; ++k) {
    term *= offered / k;
    sum += term;
  }
  const double last = term * offered / servers / (1 - load);
  return last / (sum + last);
}

/// Arrivals until the queue has forgotten how it was.
double relaxation(double load) {
  return 1 / ((1 - std::sqrt(load)) * (1 - std::sqrt(load)));
}

class MeanOfBatches {
 public:
  void add(double value) {
    ++count_;
    const double delta = value - mean_;
    mean_ += delta / count_;
    squares_ += delta * (value - mean_);
  }
  double mean() const { return mean_; }
  double standard_error() const { return std::sqrt(squares_ / (count_ - 1) / count_); }

 private:
  double count_ = 0, mean_ = 0, squares_ = 0;
};

model::Design queue(const Case& wanted) {
  model::Design design = farm(wanted.servers, 1);
  design.scale_out.master.settings.cleanup_interval = 24h * 3650;
  for (auto& [node, settings] : design.scale_out.master.settings_by_node) settings.cleanup_interval = 24h * 3650;
  model::Rate arrivals;
  arrivals.name = "arrivals";
  arrivals.per_hour = wanted.load * wanted.servers / mean_service * 3600;
  arrivals.duration = model::Distribution::exponential(std::chrono::seconds(60));
  arrivals.uses_instance = 0.0;
  design.rates = {arrivals};
  const auto none = model::Distribution::constant(0s);
  for (const model::Timing timing : {model::Timing::create_execution_lock, model::Timing::request}) {
    design.parameters.set(timing, none, model::Origin::given, "test");
  }
  design.parameters.set(model::Setting::task_poll, 0, model::Origin::given, "test");
  return design;
}

double seconds(Duration length) {
  return std::chrono::duration<double>(length).count();
}

/// How much of [from, to] lies in the window, in seconds.
double overlap(Time from, Time to, Time begin, Time end) {
  return from < end && to > begin ? seconds(std::min(to, end) - std::max(from, begin)) : 0;
}

class MMc : public testing::TestWithParam<std::tuple<Case, std::uint64_t>> {};

TEST_P(MMc, agrees_with_erlang_c) {
  const auto& [wanted, seed] = GetParam();
  constexpr int batches = 40;
  const double arrivals_a_second = wanted.load * wanted.servers / mean_service;
  const double window = std::max(10 * relaxation(wanted.load), 500.0) / arrivals_a_second;
  const auto length = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(window));

  Rehearsal::Options options;
  options.key = {seed, 0};
  options.horizon = length * (batches + 2);
  Rehearsal rehearsal(queue(wanted), options);
  rehearsal->engine().write_to(nullptr);
  rehearsal->run_until(Time(options.horizon));

  MeanOfBatches waiting, queued, busy;
  const std::vector<TaskState>& tasks = rehearsal->state().tasks;
  std::size_t first = 0;
  for (int batch = 1; batch <= batches; ++batch) {  // what comes before is the way into the steady state
    const Time begin(length * batch), end(length * (batch + 1));
    double wait = 0, in_queue = 0, in_service = 0;
    std::size_t arrived = 0;
    while (first < tasks.size() && tasks[first].finished_at < begin) ++first;
    for (std::size_t index = first; index < tasks.size() && tasks[index].created_at < end; ++index) {
      const TaskState& task = tasks[index];
      in_queue += overlap(task.created_at, task.picked_up_at, begin, end);
      in_service += overlap(task.picked_up_at, task.finished_at, begin, end);
      if (task.created_at < begin) continue;
      wait += seconds(task.picked_up_at - task.created_at);
      ++arrived;
    }
    waiting.add(wait / static_cast<double>(arrived));
    queued.add(in_queue / window);
    busy.add(in_service / window / wanted.servers);
  }
  // Where hardly anybody waits, batches without a single one do not show how much the mean varies: what independent
  // waits would show is the least (Erlang C gives their variance).
  const double waits = erlang_c(wanted.servers, wanted.load);
  const double mean_wait = waits * mean_service / (wanted.servers * (1 - wanted.load));
  const double least = std::sqrt(waits * (2 - waits)) * mean_service / (wanted.servers * (1 - wanted.load)) /
                       std::sqrt(window * batches * arrivals_a_second);
  EXPECT_NEAR(waiting.mean(), mean_wait, 3 * std::max(waiting.standard_error(), least)) << "seed " << seed;
  EXPECT_NEAR(queued.mean(), mean_wait * arrivals_a_second,
              3 * std::max(queued.standard_error(), least * arrivals_a_second))
      << "seed " << seed;
  EXPECT_NEAR(busy.mean(), wanted.load, 3 * busy.standard_error()) << "seed " << seed;
}

#ifdef NDEBUG
INSTANTIATE_TEST_SUITE_P(Loads, MMc,
                         testing::Combine(testing::Values(Case{1, 0.5}, Case{1, 0.8}, Case{1, 0.95}, Case{5, 0.5},
                                                          Case{5, 0.8}, Case{5, 0.95}, Case{50, 0.5}, Case{50, 0.8},
                                                          Case{50, 0.95}),
                                          testing::Values(1, 2, 3)));
#else
// The long runs near saturation are for the optimized build.
INSTANTIATE_TEST_SUITE_P(Loads, MMc,
                         testing::Combine(testing::Values(Case{1, 0.5}, Case{5, 0.8}, Case{50, 0.5}),
                                          testing::Values(1, 2, 3)));
#endif

TEST(ErlangC, is_what_the_tables_say) {
  EXPECT_NEAR(erlang_c(1, 0.5), 0.5, 1e-12) << "one server: the load itself";
  EXPECT_NEAR(erlang_c(2, 0.5), 1.0 / 3, 1e-12);
  EXPECT_NEAR(erlang_c(5, 0.8), 0.5541, 5e-5);
}

}  // namespace
}  // namespace rehearse::world

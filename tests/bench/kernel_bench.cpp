// How fast the kernel is, through the API that the world uses, against what one would write without it: a
// std::priority_queue of 24-byte events. Absolute figures belong to a machine, ratios of one run travel; so every
// kernel row has its yardstick row, the repetitions of all rows are interleaved, and the ratios of the medians come
// last.
//
//   hold   N events pending; each, when it fires, schedules itself at now + Exp(1 s). Items are events.
//   move   the same, and each event also moves one other pending event to now + Exp(1 s). Items are such pairs.
//   mm1    a queue with one server, arrivals at rate 0.9, service at rate 1. Items are customers.
//   copy   assigning a calendar to one that was used before, as each replication of a study does. Items are calendars.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <string>
#include <vector>

#include "sim/core/calendar.hpp"
#include "tests/bench/fast_random.hpp"

namespace rehearse::bench {
namespace {

using core::Address;
using core::Calendar;
using core::EventHandle;
using core::Fired;
using core::never;
using core::RecordId;
using core::Slot;
using core::Time;

constexpr int batch = 8192;
constexpr std::uint64_t seed = 20270301;

class Delays {
 public:
  Duration next(double mean_seconds = 1.0) {
    return Duration{static_cast<std::int64_t>(exponential_(bits_) * (mean_seconds * 1e9))};
  }
  std::uint32_t below(std::uint32_t count) { return static_cast<std::uint32_t>((bits_() >> 32) * count >> 32); }

 private:
  Xoshiro256pp bits_{seed};
  FastExponential exponential_;
};

enum Kind : std::uint8_t { node_crash, resource_poll, task_done, arrival, departure };

/// Of one kind, spread over components and ordinals, all different.
Address address(std::uint32_t i) {
  return {resource_poll, i & 0x3'FFFF, i >> 18};
}

/// What a handler in the world does with every event: tell kinds apart, touch the component, journal a record.
struct Component {
  std::uint64_t crashes = 0, polls = 0, completions = 0;

  void count(std::uint8_t kind) {
    switch (kind) {
      case node_crash: ++crashes; break;
      case resource_poll: ++polls; break;
      case task_done: ++completions; break;
      default: break;
    }
  }
};

// --- The yardstick ---------------------------------------------------------------------------------------------------

struct QueuedEvent {
  Time at;
  std::uint64_t sequence = 0;
  std::uint8_t kind = 0;
  std::uint32_t target = 0;

  friend bool operator>(const QueuedEvent& a, const QueuedEvent& b) {
    return a.at != b.at ? a.at > b.at : a.sequence > b.sequence;
  }
};
static_assert(sizeof(QueuedEvent) == 24);

using Queue = std::priority_queue<QueuedEvent, std::vector<QueuedEvent>, std::greater<>>;

class QueueHold {
 public:
  explicit QueueHold(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
      queue_.push({Time{delays_.next()}, ++sequence_, resource_poll, i});
    }
  }

  void step() {
    const QueuedEvent event = queue_.top();
    queue_.pop();
    component_.count(event.kind);
    queue_.push({event.at + delays_.next(), ++sequence_, event.kind, event.target});
  }

 private:
  Delays delays_;
  Queue queue_;
  Component component_;
  std::uint64_t sequence_ = 0;
};

/// A priority queue cannot move an event; the usual way out is to push it again and to skip the stale one when it comes
/// up.
class QueueMove {
 public:
  explicit QueueMove(std::uint32_t count) : valid_(count) {
    for (std::uint32_t i = 0; i < count; ++i) schedule(Time{}, resource_poll, i);
  }

  void step() {
    while (true) {
      const QueuedEvent event = queue_.top();
      queue_.pop();
      if (valid_[event.target] != event.sequence) continue;
      component_.count(event.kind);
      schedule(event.at, event.kind, event.target);
      const std::uint32_t other = delays_.below(static_cast<std::uint32_t>(valid_.size()));
      schedule(event.at, resource_poll, other);
      return;
    }
  }

 private:
  void schedule(Time now, std::uint8_t kind, std::uint32_t target) {
    valid_[target] = ++sequence_;
    queue_.push({now + delays_.next(), sequence_, kind, target});
  }

  Delays delays_;
  Queue queue_;
  Component component_;
  std::vector<std::uint64_t> valid_;
  std::uint64_t sequence_ = 0;
};

/// First in, first out; remembers when each waiting customer came.
class WaitingLine {
 public:
  bool empty() const { return head_ == tail_; }
  void enter(Time at) { came_[tail_++ % room] = at; }
  Time leave() { return came_[head_++ % room]; }

 private:
  static constexpr std::size_t room = 1 << 16;

  std::vector<Time> came_ = std::vector<Time>(room);
  std::uint64_t head_ = 0, tail_ = 0;
};

constexpr double mean_gap = 1.0 / 0.9;

class QueueMm1 {
 public:
  QueueMm1() { queue_.push({Time{delays_.next(mean_gap)}, ++sequence_, arrival, 0}); }

  /// One customer served.
  void step() {
    while (true) {
      const QueuedEvent event = queue_.top();
      queue_.pop();
      switch (event.kind) {
        case arrival:
          queue_.push({event.at + delays_.next(mean_gap), ++sequence_, arrival, 0});
          if (line_.empty()) queue_.push({event.at + delays_.next(), ++sequence_, departure, 0});
          line_.enter(event.at);
          break;
        case departure:
          spent_ += event.at - line_.leave();
          if (!line_.empty()) queue_.push({event.at + delays_.next(), ++sequence_, departure, 0});
          return;
        default: break;
      }
    }
  }

 private:
  Delays delays_;
  Queue queue_;
  WaitingLine line_;
  Duration spent_{};
  std::uint64_t sequence_ = 0;
};

// --- The kernel ------------------------------------------------------------------------------------------------------

class SlottedHold {
 public:
  explicit SlottedHold(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) calendar_.arm(calendar_.add_slot(address(i)), Time{delays_.next()}, 0);
  }

  void step() { calendar_.fire_next(never, *this); }

  void operator()(const Fired& event) {
    component_.count(event.address.rank);
    calendar_.arm(event.slot, event.at + delays_.next(), ++record_);
  }

 private:
  Delays delays_;
  Calendar calendar_;
  Component component_;
  RecordId record_ = 0;
};

class OwnerlessHold {
 public:
  explicit OwnerlessHold(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) calendar_.post(Time{delays_.next()}, address(i), 0, i);
  }

  void step() { calendar_.fire_next(never, *this); }

  void operator()(const Fired& event) {
    component_.count(event.address.rank);
    calendar_.post(event.at + delays_.next(), event.address, ++record_, event.payload);
  }

 private:
  Delays delays_;
  Calendar calendar_;
  Component component_;
  RecordId record_ = 0;
};

class SlottedMove {
 public:
  explicit SlottedMove(std::uint32_t count) : count_(count) {
    for (std::uint32_t i = 0; i < count; ++i) calendar_.arm(calendar_.add_slot(address(i)), Time{delays_.next()}, 0);
  }

  void step() { calendar_.fire_next(never, *this); }

  void operator()(const Fired& event) {
    component_.count(event.address.rank);
    calendar_.arm(event.slot, event.at + delays_.next(), ++record_);
    calendar_.arm(Slot{delays_.below(count_)}, event.at + delays_.next(), record_);
  }

 private:
  std::uint32_t count_;
  Delays delays_;
  Calendar calendar_;
  Component component_;
  RecordId record_ = 0;
};

class OwnerlessMove {
 public:
  explicit OwnerlessMove(std::uint32_t count) : handles_(count) {
    for (std::uint32_t i = 0; i < count; ++i) schedule(Time{}, i);
  }

  void step() { calendar_.fire_next(never, *this); }

  void operator()(const Fired& event) {
    component_.count(event.address.rank);
    schedule(event.at, static_cast<std::uint32_t>(event.payload));
    const std::uint32_t other = delays_.below(static_cast<std::uint32_t>(handles_.size()));
    calendar_.cancel(handles_[other]);
    schedule(event.at, other);
  }

 private:
  void schedule(Time now, std::uint32_t target) {
    handles_[target] = calendar_.post(now + delays_.next(), address(target), ++record_, target);
  }

  Delays delays_;
  Calendar calendar_;
  Component component_;
  std::vector<EventHandle> handles_;
  RecordId record_ = 0;
};

class SlottedMm1 {
 public:
  SlottedMm1() { calendar_.arm(arrival_, Time{delays_.next(mean_gap)}, 0); }

  void step() {
    served_ = false;
    while (!served_) calendar_.fire_next(never, *this);
  }

  void operator()(const Fired& event) {
    switch (event.address.rank) {
      case arrival:
        calendar_.arm(arrival_, event.at + delays_.next(mean_gap), ++record_);
        if (line_.empty()) calendar_.arm(departure_, event.at + delays_.next(), record_);
        line_.enter(event.at);
        break;
      case departure:
        spent_ += event.at - line_.leave();
        if (!line_.empty()) calendar_.arm(departure_, event.at + delays_.next(), ++record_);
        served_ = true;
        break;
      default: break;
    }
  }

 private:
  Delays delays_;
  Calendar calendar_;
  Slot arrival_ = calendar_.add_slot({arrival, 0, 0});
  Slot departure_ = calendar_.add_slot({departure, 0, 0});
  WaitingLine line_;
  Duration spent_{};
  RecordId record_ = 0;
  bool served_ = false;
};

class OwnerlessMm1 {
 public:
  OwnerlessMm1() { calendar_.post(Time{delays_.next(mean_gap)}, {arrival, 0, 0}, 0, 0); }

  void step() {
    served_ = false;
    while (!served_) calendar_.fire_next(never, *this);
  }

  void operator()(const Fired& event) {
    switch (event.address.rank) {
      case arrival:
        calendar_.post(event.at + delays_.next(mean_gap), event.address, ++record_, 0);
        if (line_.empty()) calendar_.post(event.at + delays_.next(), {departure, 0, 0}, record_, 0);
        line_.enter(event.at);
        break;
      case departure:
        spent_ += event.at - line_.leave();
        if (!line_.empty()) calendar_.post(event.at + delays_.next(), event.address, ++record_, 0);
        served_ = true;
        break;
      default: break;
    }
  }

 private:
  Delays delays_;
  Calendar calendar_;
  WaitingLine line_;
  Duration spent_{};
  RecordId record_ = 0;
  bool served_ = false;
};

class Copy {
 public:
  explicit Copy(std::uint32_t count) {
    Delays delays;
    for (std::uint32_t i = 0; i < count; ++i) prepared_.arm(prepared_.add_slot(address(i)), Time{delays.next()}, 0);
    prepared_.seal();
  }

  void step() {
    used_ = prepared_;
    benchmark::DoNotOptimize(used_);
  }

 private:
  Calendar prepared_, used_;
};

// --- Rows and ratios -------------------------------------------------------------------------------------------------

/// Made at the first repetition, kept for the others: every model here is stationary.
template <class Model, class... Size>
void add_row(const std::string& name, Size... size) {
  auto model = std::make_shared<std::unique_ptr<Model>>();
  benchmark::RegisterBenchmark(name.c_str(), [model, size...](benchmark::State& state) {
    if (*model == nullptr) {
      *model = std::make_unique<Model>(size...);
      for (int i = 0; i < 200'000; ++i) (*model)->step();
    }
    for (auto iteration : state) {
      (void)iteration;
      for (int i = 0; i < batch; ++i) (*model)->step();
    }
    state.SetItemsProcessed(state.iterations() * batch);
  });
}

class RatioReporter : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      const bool median = run.run_type == Run::RT_Aggregate && run.aggregate_name == "median";
      const bool single = run.run_type == Run::RT_Iteration && run.repetitions == 1;
      const auto rate = run.counters.find("items_per_second");  // the cluster's benchmarks count whole losses, no items
      if ((median || single) && rate != run.counters.end()) rates_[run.run_name.function_name] = rate->second;
    }
  }

  void print_ratio(const std::string& row, const std::string& yardstick, double wanted) const {
    const auto fast = rates_.find(row);
    const auto slow = rates_.find(yardstick);
    if (fast == rates_.end() || slow == rates_.end()) return;
    const double ratio = fast->second / slow->second;
    std::printf("%-24s %8.2f M/s   %-28s %8.2f M/s   ratio %5.2f", row.c_str(), fast->second / 1e6, yardstick.c_str(),
                slow->second / 1e6, ratio);
    if (wanted > 0.0) std::printf("   wanted %.1f: %s", wanted, ratio >= wanted ? "reached" : "MISSED");
    std::printf("\n");
  }

 private:
  std::map<std::string, double> rates_;
};

}  // namespace
}  // namespace rehearse::bench

int main(int argc, char** argv) {
  using namespace rehearse::bench;
  for (const std::uint32_t count : {100U, 10'000U, 1'000'000U}) {
    const std::string size = "/" + std::to_string(count);
    add_row<QueueHold>("hold/priority_queue" + size, count);
    add_row<SlottedHold>("hold/slotted" + size, count);
    add_row<OwnerlessHold>("hold/ownerless" + size, count);
    add_row<QueueMove>("move/priority_queue" + size, count);
    add_row<SlottedMove>("move/slotted" + size, count);
    add_row<OwnerlessMove>("move/ownerless" + size, count);
  }
  add_row<QueueMm1>("mm1/priority_queue");
  add_row<SlottedMm1>("mm1/slotted");
  add_row<OwnerlessMm1>("mm1/ownerless");
  add_row<Copy>("copy/slotted/20", 20U);

  // What the command line says comes later and so wins.
  std::vector<std::string> defaults = {"--benchmark_repetitions=5", "--benchmark_min_time=0.2",
                                       "--benchmark_enable_random_interleaving=true",
                                       "--benchmark_report_aggregates_only=true"};
  std::vector<char*> arguments = {argv[0]};
  for (std::string& option : defaults) arguments.push_back(option.data());
  for (int i = 1; i < argc; ++i) arguments.push_back(argv[i]);
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 64;

  RatioReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  benchmark::Shutdown();

  std::printf("\nRatios of medians\n");
  for (const char* const size : {"/100", "/10000", "/1000000"}) {
    const std::string yardstick = std::string("hold/priority_queue") + size;
    reporter.print_ratio(std::string("hold/slotted") + size, yardstick, std::string(size) == "/1000000" ? 2.0 : 2.5);
    reporter.print_ratio(std::string("hold/ownerless") + size, yardstick, 1.2);
  }
  for (const char* const size : {"/100", "/10000", "/1000000"}) {
    const std::string yardstick = std::string("move/priority_queue") + size;
    reporter.print_ratio(std::string("move/slotted") + size, yardstick, 0.0);
    reporter.print_ratio(std::string("move/ownerless") + size, yardstick, 0.0);
  }
  reporter.print_ratio("mm1/slotted", "mm1/priority_queue", 1.2);
  reporter.print_ratio("mm1/ownerless", "mm1/priority_queue", 0.0);
  return 0;
}

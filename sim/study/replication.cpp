#include "sim/study/replication.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "sim/scenario/invariants.hpp"
#include "sim/scenario/scenario_reader.hpp"
#include "sim/scenario/task_counts.hpp"
#include "sim/scenario/timeline_player.hpp"
#include "sim/scenario/work_figures.hpp"

namespace rehearse::sim {
namespace {

using core::Time;
using Kind = Measure::Kind;
using Value = MeasuredValue;

Value known(std::uint64_t value) {
  return {Value::Kind::known, static_cast<std::int64_t>(value)};
}
Value known(Duration value) {
  return {Value::Kind::known, value.count()};
}

/// Of several days the longest; a day that has not ended makes it a bound.
Value batch_value(const Measure& measure, const std::vector<BatchDay>& days, Time end) {
  Value worst;
  for (const BatchDay& day : days) {
    if (day.name != measure.of) continue;
    const bool done = day.done != core::never;
    const Time until = done ? day.done : end;
    Duration length = until - day.due;
    if (measure.kind == Kind::batch_late) {
      if (day.deadline == core::never) continue;
      length = std::max(Duration::zero(), until - day.deadline);
    }
    // Before its deadline a batch that goes on may still end in time: nothing is known but that it is no less than 0.
    if (worst.kind == Value::Kind::none) worst = known(Duration::zero());
    worst.value = std::max(worst.value, length.count());
    if (!done) worst.kind = Value::Kind::at_least;
  }
  return worst;
}

std::uint64_t count_of(const std::string& name, const TaskCounts& tasks, std::uint64_t late) {
  if (name == "lost") return tasks.lost();
  if (name == "doubled") return tasks.doubled();
  if (name == "succeeded") return tasks.succeeded;
  if (name == "ended_without_success") return tasks.ended_without_success;
  if (name == "never_submitted") return tasks.never_submitted;
  if (name == "repeated") return tasks.repeated;
  if (name == "stamped") return tasks.stamped;
  if (name == "refused_success") return tasks.refused_success;
  if (name == "unfinished") return tasks.unfinished + tasks.coming;
  if (name == "late") return late;
  throw std::logic_error("a study counts executions that are '" + name + "'");
}

bool is_of_services(Kind kind) {
  return kind == Kind::outage || kind == Kind::longest_outage || kind == Kind::outages || kind == Kind::availability;
}

bool is_of_slots(Kind kind) {
  return kind == Kind::queue_mean || kind == Kind::queue_longest || kind == Kind::utilisation;
}

std::vector<std::uint32_t> calls_under_way(world::World& world) {
  std::vector<std::uint32_t> calls;
  for (const auto& source : world.submissions().sources) calls.push_back(source.under_way);
  return calls;
}

Time end_of(const Scenario& scenario) {
  return Time(scenario.duration.value_or(longest_until_quiescent));
}

}  // namespace

Replicator::Replicator(const Study& study, const StudyPoint& point, const Prepared& prepared,
                       std::optional<world::World>& world)
    : study_(study), point_(point), prepared_(prepared), world_(world), scenario_(point.scenario) {
  const std::vector<Service> services = services_of(*prepared.plan);
  for (const Measure& measure : study.measures) {
    std::size_t place = 0;
    while (place < services.size() && name_of(services[place], *prepared.plan) != measure.of) ++place;
    if (is_of_services(measure.kind) && place == services.size())
      throw std::logic_error("a study measures a service that a point does not have: " + measure.of);
    service_of_.push_back(place);
    work_ = work_ || is_of_slots(measure.kind);
  }
  for (const Variation& variation : study.variations) design_varies_ = design_varies_ || !variation.of_timeline();
}

const ReplicationResult& Replicator::run(core::Key key, Depth depth) {
  result_.uniforms.clear();
  for (const Variation& variation : study_.variations) {
    const double uniform = variation.uniform(key);
    result_.uniforms.push_back(uniform);
    const double value = variation.quantity.at(uniform);
    if (variation.of_timeline()) {
      variation.apply(value, scenario_.timeline);
    } else {
      variation.apply(value, scenario_.design);
    }
  }
  std::optional<Prepared> own;
  if (design_varies_) own = prepare(scenario_, world::Tempo::when_it_matters);
  const Prepared& prepared = own ? *own : prepared_;
  if (!prepared.deployed) throw std::logic_error("a variation keeps the design from being deployed");
  if (world_) {
    *world_ = prepared.world;
  } else {
    world_.emplace(prepared.world);
  }
  world::World& world = *world_;
  world::Engine& engine = world.engine();
  engine.set_pace(world::Pace::drawn);
  engine.forget_consulted();
  const std::uint64_t events_before = engine.events();

  const Time horizon = end_of(scenario_);
  // Without a warm-up nobody asked for a steady state, and there are no batches.
  const Time warm_up(study_.warm_up);
  const bool steady = scenario_.duration && study_.warm_up > Duration::zero();
  if (own || !fresh_)
    fresh_.emplace(world, RunWatch::Options{warm_up, steady ? horizon : warm_up, study_.batches, work_});
  watch_ = fresh_;
  std::optional<RunResult> whole;  // costly to make, and most replications are not told
  if (depth.phases) whole.emplace().first = world.state();
  journal_.records.clear();
  journal_.first = 0;
  engine.write_to(&journal_);
  const auto tell = [&] {
    if (journal_.records.empty()) return;
    watch_->tell(journal_.records);
    if (whole) {
      auto& all = whole->journal.records;
      if (all.empty()) whole->journal.first = journal_.first;
      all.insert(all.end(), journal_.records.begin(), journal_.records.end());
    }
    journal_.records.clear();
  };
  world.begin(key);
  tell();
  Time end{};
  {
    TimelinePlayer player(scenario_.design, scenario_.timeline, world);
    player.watch(tell);
    if (!study_.faults.empty()) play_faults(key, own ? own->plan : nullptr, player, tell);
    end = player.play(horizon, !scenario_.duration);
    if (depth.account) {
      whole->operations = player.notes();
      whole->acts = player.acts();
    }
  }
  tell();
  engine.write_to(nullptr);
  watch_->close(end);

  result_.events = engine.events() - events_before;
  result_.consulted = world.state().consulted;
  measure(*watch_, end);
  result_.outages.clear();
  if (!whole) return result_;
  result_.outages = find_outages(*prepared.plan, whole->first, whole->journal, end);
  if (!depth.invariants && !depth.account) return result_;
  whole->scenario = scenario_;
  whole->scenario.seed = key.seed;
  whole->plan = prepared.plan;
  whole->last = world.state();
  whole->end = end;
  whole->events = result_.events;
  whole->outages = result_.outages;
  if (depth.invariants) check_invariants(*whole);
  if (!depth.account) return result_;
  whole->deployment = prepared.deployment;
  whole->tasks = count_tasks(*prepared.plan, whole->last, end, calls_under_way(world));
  whole->work = work_figures(*prepared.plan, whole->first, whole->journal, whole->last, end);
  whole->batches = batch_days(*prepared.plan, whole->last, end);
  account_ = std::move(*whole);
  return result_;
}

/// Random faults with the timeline going on between them. The watch is told of each before anything else happens.
template <class Tell>
void Replicator::play_faults(core::Key key, const std::shared_ptr<const world::Blueprint>& own, TimelinePlayer& player,
                             Tell&& tell) {
  if (own || !episodes_) {
    episode_plan_ = std::make_unique<EpisodePlan>(own ? own : prepared_.plan, study_.faults);
    episodes_ = std::make_unique<Episodes>(*episode_plan_);
  }
  world::World& world = *world_;
  const Time horizon = end_of(scenario_);
  episodes_->begin(key, world.now());
  while (episodes_->next() <= horizon) {
    const Time due = episodes_->next();
    player.play(due - Duration(1), false);
    if (world.now() < due) world.engine().advance_to(due);
    episodes_->act(world);
    tell();
  }
}

void Replicator::measure(const RunWatch& watch, Time end) {
  const world::State& state = world_->state();
  const world::Blueprint& plan = world_->plan();
  std::optional<TaskCounts> tasks;
  std::optional<std::vector<BatchDay>> days;
  std::optional<WorkFigures::Wait> waits;
  result_.values.assign(study_.measures.size(), {});
  result_.out.assign(study_.measures.size(), Duration::zero());
  result_.series.resize(study_.measures.size());
  result_.length = std::max(Duration::zero(), end - Time(study_.warm_up));
  for (std::size_t place = 0; place < study_.measures.size(); ++place) {
    const Measure& measure = study_.measures[place];
    Value& value = result_.values[place];
    const auto outage = [&](Duration length) {
      value = known(length);
      if (watch.out(service_of_[place]).at_end) value.kind = Value::Kind::at_least;
    };
    const auto wait = [&]() -> const WorkFigures::Wait& {
      if (!waits) waits = waiting_times(state, Time(study_.warm_up), end);
      return *waits;
    };
    switch (measure.kind) {
      case Kind::outage: outage(watch.out(service_of_[place]).total); break;
      case Kind::longest_outage: outage(watch.out(service_of_[place]).longest); break;
      case Kind::outages: value = known(std::uint64_t{watch.out(service_of_[place]).times}); break;
      case Kind::availability: result_.out[place] = watch.out(service_of_[place]).after_warm_up; break;
      case Kind::executions: {
        if (!tasks) {
          tasks = count_tasks(plan, state, end, calls_under_way(*world_));
        }
        value = known(count_of(measure.of, *tasks, measure.of == "late" ? late_executions(state, plan, end) : 0));
        break;
      }
      case Kind::batch_late:
      case Kind::batch_makespan:
        if (!days) days = batch_days(plan, state, end);
        value = batch_value(measure, *days, end);
        break;
      case Kind::wait_mean:
        if (wait().of != 0) value = known(wait().mean);
        break;
      case Kind::wait_p95:
        if (wait().of != 0) value = known(wait().p95);
        break;
      case Kind::wait_longest:
        if (wait().of != 0) value = known(wait().longest);
        break;
      case Kind::queue_longest: value = known(std::uint64_t{watch.longest_queue()}); break;
      case Kind::queue_mean:
      case Kind::utilisation: {
        const bool queue = measure.kind == Kind::queue_mean;
        const auto share = [&](const RunWatch::Work& work) {
          return queue ? std::optional(work.queue_millionths()) : work.utilisation_millionths();
        };
        if (const auto mean = share(watch.work())) value = {Value::Kind::known, *mean};
        std::vector<std::int64_t>& series = result_.series[place];
        series.clear();
        for (const RunWatch::Work& batch : watch.batches()) series.push_back(share(batch).value_or(-1));
        break;
      }
    }
  }
}

}  // namespace rehearse::sim

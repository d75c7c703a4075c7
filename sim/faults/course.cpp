#include "sim/faults/course.hpp"

#include <algorithm>
#include <utility>

#include "model/parameters.hpp"
#include "sim/scenario/task_counts.hpp"

namespace rehearse::sim {
namespace {

using core::Time;
using Action = TimelineEntry::Action;

constexpr Duration instant = Duration(1);

void flip(world::Engine& engine, std::uint32_t flipped) {
  for (unsigned number = 0; number < model::switch_count; ++number) {
    const auto which = static_cast<model::Switch>(number);
    if ((flipped >> number & 1U) != 0) engine.set_switch(which, !engine.switch_value(which));
  }
}

TimelineEntry operation(Time at, std::string step, std::map<std::string, std::string> arguments = {}) {
  TimelineEntry entry;
  entry.action = Action::step;
  entry.at = at.time_since_epoch();
  entry.step = std::move(step);
  entry.arguments = std::move(arguments);
  return entry;
}

}  // namespace

std::vector<TimelineEntry> timeline_of(const std::vector<PlannedEvent>& events) {
  Time last{};
  for (const PlannedEvent& event : events) last = std::max(last, event.at);
  std::vector<TimelineEntry> timeline;
  const auto add = [&](TimelineEntry entry, Time at) {
    entry.at = at.time_since_epoch();
    timeline.push_back(std::move(entry));
  };
  for (const PlannedEvent& event : events) add(event.entry, event.at);
  for (const PlannedEvent& event : events) {
    if (event.repair) add(*event.repair, event.repaired_at.value_or(last + repair_after));
  }
  std::stable_sort(timeline.begin(), timeline.end(),
                   [](const TimelineEntry& a, const TimelineEntry& b) { return *a.at < *b.at; });
  // Sets of hosts that are cut off have a number each.
  int partition = 0;
  for (TimelineEntry& entry : timeline) {
    if (entry.action == Action::step || entry.fault != FaultKind::network_partition) continue;
    const auto same = std::find_if(timeline.data(), &entry, [&](const TimelineEntry& before) {
      return before.action != Action::step && before.fault == entry.fault && before.hosts == entry.hosts;
    });
    entry.partition = same == &entry ? partition++ : same->partition;
  }
  return timeline;
}

std::vector<TimelineEntry> mending(const Stage& stage, const std::vector<TimelineEntry>& timeline, Time at) {
  std::vector<TimelineEntry> steps;
  for (const model::Node& node : stage.scenario.design.cluster.nodes) {
    steps.push_back(operation(at, "start_node", {{"node", node.name}}));
  }
  for (const world::GroupPlan& role : stage.plan->groups) {
    steps.push_back(operation(at, "online_role", {{"role", role.name}}));
  }
  for (const TimelineEntry& entry : timeline) {
    if (entry.action == Action::step) steps.push_back(operation(at, entry.step, entry.arguments));
  }
  const std::string master = stage.plan->resources.at(stage.plan->master_resource).name;
  steps.push_back(operation(at, "offline_resource", {{"resource", master}}));
  steps.push_back(operation(at, "online_resource", {{"resource", master}}));
  steps.push_back(operation(at, "restart_workers"));
  return steps;
}

Course::Course(const Stage& stage, std::vector<TimelineEntry> timeline, std::uint32_t flipped)
    : stage_(stage),
      own_world_(stage.deployed),
      world_(&*own_world_),
      timeline_(std::make_shared<const std::vector<TimelineEntry>>(std::move(timeline))) {
  world::Engine& engine = world_->engine();
  engine.set_pace(stage.pace);
  flip(engine, flipped);
  engine.forget_consulted();
  watch_ = std::make_unique<FarmWatch>(world_->state(), *stage.plan);
  events_before_ = engine.events();
  watch();
  world_->begin({stage.scenario.seed, 0});
  tell();
  player_ = std::make_unique<TimelinePlayer>(stage.scenario.design, *timeline_, *world_);
  player_->watch([this] { tell(); });
}

Course::Course(const Stage& stage, const Pause& pause, std::vector<TimelineEntry> later, std::uint32_t flipped,
               std::optional<world::World>& world)
    : stage_(stage), told_(pause.world.now()) {
  if (world) {
    *world = pause.world;
  } else {
    world.emplace(pause.world);
  }
  world_ = &*world;
  const auto acted = static_cast<std::ptrdiff_t>(pause.acted());
  std::vector<TimelineEntry> timeline(pause.timeline->begin(), pause.timeline->begin() + acted);
  std::move(later.begin(), later.end(), std::back_inserter(timeline));
  timeline_ = std::make_shared<const std::vector<TimelineEntry>>(std::move(timeline));
  flip(world_->engine(), flipped);
  events_before_ = world_->engine().events();
  watch_ = std::make_unique<FarmWatch>(world_->state(), *stage.plan, pause.seen);
  watch();
  player_ = std::make_unique<TimelinePlayer>(stage.scenario.design, *timeline_, *world_, pause.bookmark);
  player_->watch([this] { tell(); });
}

Course::~Course() {
  player_.reset();  // what it ends may still write
  world_->engine().write_to(nullptr);
}

void Course::watch() {
  journal_ = std::make_unique<world::Journal>();
  world_->engine().write_to(journal_.get());
}

void Course::tell() {
  if (journal_->records.empty()) return;
  watch_->records(journal_->records);
  journal_->records.clear();
}

/// Up to and with this instant. Before somebody repairs something the watch must know what is out.
void Course::play(Time until) {
  for (const TimelineEntry& entry : *timeline_) {
    const Time at(*entry.at);
    if (entry.action != Action::repair || at < told_ || at > until) continue;
    player_->play(at - instant, false);
    watch_->somebody_acts(at, FarmWatch::Act::repair);
    told_ = at + instant;
    player_->play(at, false);
  }
  player_->play(until, false);
  told_ = std::max(told_, until + instant);
}

void Course::play_before(Time before) {
  play(before - instant);
}

Course::Pause Course::pause() const {
  Pause pause{*world_, timeline_, player_->bookmark(), watch_->memory()};
  pause.world.engine().write_to(nullptr);
  return pause;
}

CourseEnd Course::finish(Time last_fault) {
  const Time end(course_length), check = last_fault + repair_after + mend_after;
  if (check < end) {
    play_before(check);
    if (watch_->any_out()) {
      const Pause here = pause();
      std::optional<world::World> world;
      Course mended(stage_, here, mending(stage_, *timeline_, check), 0, world);
      mended.watch_->somebody_acts(check, FarmWatch::Act::operation);
      CourseEnd result = mended.finish(end);
      result.mended = true;
      result.events += world_->engine().events() - events_before_;
      return result;
    }
  }
  play(end);
  CourseEnd result;
  result.figures = watch_->figures(end);
  std::vector<std::uint32_t> calls;
  for (const auto& source : world_->submissions().sources) calls.push_back(source.under_way);
  const TaskCounts tasks = count_tasks(*stage_.plan, world_->state(), end, calls);
  result.figures.lost = tasks.lost();
  result.figures.doubled = tasks.doubled();
  result.figures.unfinished = tasks.unfinished + tasks.coming;
  result.consulted = world_->state().consulted;
  result.events = world_->engine().events() - events_before_;
  return result;
}

}  // namespace rehearse::sim

#include "sim/scenario/timeline_player.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "model/steps/operations.hpp"
#include "sim/async/driver.hpp"
#include "sim/async/procedure.hpp"

namespace rehearse::sim {

using core::Time;
using Action = TimelineEntry::Action;

TimelinePlayer::TimelinePlayer(const model::Design& design, const std::vector<TimelineEntry>& timeline,
                               world::World& world)
    : design_(design), timeline_(timeline), world_(world), faults_(world), entries_(timeline.size()) {
  lay_out(0);
}

/// The entries from this one on, of which nothing has happened.
void TimelinePlayer::lay_out(std::size_t from) {
  for (std::size_t index = from; index < entries_.size(); ++index) {
    const TimelineEntry& entry = timeline_[index];
    if (entry.at) entries_[index].due = Time(*entry.at);
    if (!entry.after.empty()) {
      entries_[index].trigger = parse_trigger(entry.after).value();
      waits_for_triggers_ = true;
    }
    if (entry.action != Action::step) continue;
    if (!driver_) driver_ = std::make_unique<Driver>(world_);
    entries_[index].procedure =
        std::make_unique<StepProcedure>(steps::operation_steps(design_, entry.step, entry.arguments));
  }
}

TimelinePlayer::Bookmark TimelinePlayer::bookmark() const {
  Bookmark bookmark{timeline_.data(), {}, faults_.memory(), nullptr, queue_, started_};
  for (const Entry& entry : entries_) {
    if (!entry.acted) continue;
    if (bookmark.courses.size() != static_cast<std::size_t>(&entry - entries_.data()))
      throw std::logic_error("a fork of a timeline that was not played from top to bottom");
    bookmark.courses.push_back(entry);
  }
  if (driver_ && !started_.empty()) bookmark.operations = std::make_shared<const sim::Bookmark>(driver_->bookmark());
  return bookmark;
}

namespace {

/// What stands belongs to the same entries of another timeline.
Faults::Memory moved(Faults::Memory memory, const TimelineEntry* from, const TimelineEntry* to) {
  for (Faults::Standing& standing : memory.standing) standing.fault = to + (standing.fault - from);
  for (ImposedValues::Layer& layer : memory.imposed) layer.fault = to + (layer.fault - from);
  return memory;
}

}  // namespace

TimelinePlayer::TimelinePlayer(const model::Design& design, const std::vector<TimelineEntry>& timeline,
                               world::World& copy, const Bookmark& bookmark)
    : design_(design),
      timeline_(timeline),
      world_(copy),
      faults_(copy, moved(bookmark.faults, bookmark.first, timeline.data())),
      entries_(timeline.size()),
      queue_(bookmark.queue) {
  if (bookmark.operations) driver_ = std::make_unique<Driver>(copy, *bookmark.operations);
  const std::size_t begun = bookmark.courses.size();
  for (std::size_t index = 0; index < begun; ++index) {
    static_cast<Course&>(entries_[index]) = bookmark.courses[index];
    if (timeline[index].action != Action::step) continue;
    entries_[index].procedure = std::make_unique<StepProcedure>(
        steps::operation_steps(design, timeline[index].step, timeline[index].arguments));
  }
  lay_out(begun);
  for (const std::size_t index : bookmark.started) {
    started_.push_back(index);
    entries_[index].procedure->start(*driver_);
  }
}

std::optional<bool> TimelinePlayer::acted(std::size_t entry) const {
  if (!entries_.at(entry).acted) return std::nullopt;
  return !entries_[entry].idle;
}

TimelinePlayer::~TimelinePlayer() = default;

Time TimelinePlayer::play(Time end, bool until_quiescent) {
  look_for_triggers();
  for (;;) {
    const Time due = next_due();
    // An event may make an entry due that comes before this one, by a trigger or the end of an operation.
    const bool stays = !driver_ && !waits_for_triggers_;
    if (due <= end) {
      // What is done to the world comes before what it does by itself at the same instant.
      bool fired = false;
      do {
        fired = step(due - Duration(1));
      } while (fired && stays);
      if (fired) {
        look_for_triggers();
        continue;
      }
      if (world_.now() < due) world_.engine().advance_to(due);
      change_what_lasts(due);
      for (std::size_t index = 0; index < entries_.size(); ++index) {
        if (!entries_[index].acted && entries_[index].due && *entries_[index].due <= due) act(index);
      }
      changed();
    } else {
      const bool quiescent = until_quiescent && due == core::never && world_.engine().next_time() == core::never;
      bool fired = !quiescent;
      do {
        fired = fired && step(end);
      } while (fired && stays && !until_quiescent);
      if (!fired) return world_.now();
    }
    look_for_triggers();
  }
}

bool TimelinePlayer::step(Time until) {
  if (until < world_.now()) return false;
  const bool operating = driver_ && !driver_->idle();
  const bool fired = operating ? driver_->step(until) : world_.step(until);
  if (operating) start_next_operation();
  changed();
  return fired;
}

Time TimelinePlayer::next_due() const {
  Time due = core::never;
  for (const Entry& entry : entries_) {
    if (!entry.acted && entry.due) due = std::min(due, *entry.due);
    due = std::min({due, entry.over, entry.flap});
  }
  return due;
}

/// Faults whose time is over end before others begin at the same instant.
void TimelinePlayer::change_what_lasts(Time due) {
  for (std::size_t index = 0; index < entries_.size(); ++index) {
    Entry& entry = entries_[index];
    if (entry.over > due && entry.flap > due) continue;
    const TimelineEntry& fault = timeline_[index];
    if (!faults_.stands(fault)) {  // it was repaired before
      entry.over = entry.flap = core::never;
    } else if (entry.over <= due) {
      entry.over = entry.flap = core::never;
      faults_.end(fault, world_.engine().emit(world::RecordKind::fault_repaired, world::cluster_id, 0,
                                              static_cast<std::uint32_t>(index)));
    } else {
      entry.flap = due + faults_.flap(fault);
    }
  }
}

/// Of the operator, from what has happened to them before this entry of the timeline.
Duration TimelinePlayer::lateness(std::size_t index) const {
  Duration late{};
  for (std::size_t before = 0; before < index; ++before) {
    const TimelineEntry& entry = timeline_[before];
    const bool fault = entry.action == Action::fault && entry.fault == FaultKind::operator_late;
    if (fault && entries_[before].acted) late += entry.length;
  }
  return late;
}

void TimelinePlayer::act(std::size_t index) {
  Entry& entry = entries_[index];
  const TimelineEntry& what = timeline_[index];
  if (what.action == Action::step) {
    if (const Duration late = lateness(index); late > entry.late) {
      entry.due = *entry.due + (late - std::exchange(entry.late, late));
      return;
    }
  }
  entry.acted = true;
  if (what.action == Action::step) {
    queue_.push_back(index);
    return start_next_operation();
  }
  const bool fault = what.action == Action::fault;
  const auto number = static_cast<std::uint32_t>(index);
  const world::RecordId why = world_.engine().emit(
      fault ? world::RecordKind::fault_injected : world::RecordKind::fault_repaired, world::cluster_id, 0, number);
  entry.idle = !(fault ? faults_.inject(what, why) : faults_.repair(what, why));
  if (!fault || !faults_.stands(what)) return;
  if (what.lasts) entry.over = world_.now() + *what.lasts;
  if (what.fault == FaultKind::network_flap) entry.flap = world_.now() + what.down;
}

/// One operator: an operation begins when the one before it has ended.
void TimelinePlayer::start_next_operation() {
  while (!queue_.empty() && driver_->idle()) {
    const std::size_t index = queue_.front();
    queue_.erase(queue_.begin());
    started_.push_back(index);
    entries_[index].procedure->start(*driver_);
  }
}

/// An entry that waits looks only after the entry before it has been acted on: a timeline is read from top to bottom.
void TimelinePlayer::look_for_triggers() {
  if (!waits_for_triggers_) return;
  for (std::size_t index = 0; index < entries_.size(); ++index) {
    Entry& entry = entries_[index];
    const TimelineEntry& what = timeline_[index];
    if (entry.due || !entry.trigger) continue;
    if (index > 0 && !entries_[index - 1].acted) continue;
    if (holds(*entry.trigger, world_)) entry.due = world_.now() + what.wait;
  }
}

std::vector<OperationNote> TimelinePlayer::notes() const {
  std::vector<OperationNote> notes;
  for (std::size_t index = 0; index < entries_.size(); ++index) {
    const bool operation = timeline_[index].action == Action::step;
    if (operation || entries_[index].idle || !entries_[index].acted) notes.push_back(note_of(index));
  }
  return notes;
}

std::vector<std::string> TimelinePlayer::acts() const {
  std::vector<std::string> names;
  if (!driver_) return names;
  for (const Act& act : driver_->acts()) names.push_back(act.name);
  return names;
}

OperationNote TimelinePlayer::note_of(std::size_t index) const {
  const Entry& entry = entries_[index];
  const TimelineEntry& what = timeline_[index];
  OperationNote note;
  note.name = what.action == Action::step ? what.step : std::string(to_text(what.fault));
  note.section = "operation";
  note.to_fail = what.fails;
  note.from = note.to = world_.now();
  if (!entry.acted) {
    note.outcome = "unknown";
    note.failure =
        entry.due ? "its time did not come in this rehearsal" : "what it waits for (" + what.after + ") did not happen";
    return note;
  }
  if (what.action != Action::step) {
    note.outcome = "unknown";
    note.failure = "there was nothing that it could act on";
    return note;
  }
  const auto& steps = entry.procedure->notes();
  if (!steps.empty()) {
    note.from = steps.front().from;
    note.to = steps.back().to;
  }
  if (!entry.procedure->ended()) {
    note.outcome = "unknown";
    note.to = world_.now();
    note.failure =
        steps.empty() ? "the operation before it had not ended" : "still under way at the end: " + steps.back().title;
    for (const OpenWait& wait : driver_->open_waits()) note.failure += ", waiting in " + wait.request;
  } else if (const steps::Failure* failure = entry.procedure->failure()) {
    note.outcome = "failed";
    note.failure = failure->what();
  } else {
    note.outcome = "done";
  }
  return note;
}

}  // namespace rehearse::sim

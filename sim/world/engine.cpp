#include "sim/world/engine.hpp"

#include <algorithm>
#include <stdexcept>

namespace rehearse::world {
namespace {

using model::Switch;

bool is_periodic(Event event) {
  switch (event) {
    case Event::heartbeat:
    case Event::silence:
    case Event::witness_poll:
    case Event::looks_alive:
    case Event::is_alive:
    case Event::diagnostics:
    case Event::lease_renewal:
    case Event::failover_monitor:
    case Event::master_heartbeat:
    case Event::agent_beat:
    case Event::task_beat:
    case Event::sweep:
    case Event::cleanup:
    case Event::poll: return true;
    default: return false;
  }
}

/// Of the draw of its phase: a name, so that a new kind of event shifts no other's.
std::string_view phase_purpose(Event event) {
  switch (event) {
    case Event::heartbeat: return "phase of heartbeat ";
    case Event::silence: return "phase of silence check ";
    case Event::witness_poll: return "phase of witness poll ";
    case Event::looks_alive: return "phase of LooksAlive ";
    case Event::is_alive: return "phase of IsAlive ";
    case Event::diagnostics: return "phase of diagnostics ";
    case Event::lease_renewal: return "phase of lease renewal ";
    case Event::failover_monitor: return "phase of failover monitor ";
    case Event::master_heartbeat: return "phase of master heartbeat ";
    case Event::agent_beat: return "phase of agent heartbeat ";
    case Event::task_beat: return "phase of task heartbeat ";
    case Event::sweep: return "phase of sweep ";
    case Event::poll: return "phase of poll ";
    case Event::cleanup: return "phase of cleanup ";
    default: throw std::logic_error("engine: no rhythm of this kind");
  }
}

/// Whose rhythm it is: its name goes into the draw of the phase.
Part part_of(Event event) {
  switch (event) {
    case Event::looks_alive:
    case Event::is_alive: return Part::resource;
    case Event::diagnostics:
    case Event::lease_renewal: return Part::instance;
    case Event::agent_beat:
    case Event::poll:
    case Event::task_beat: return Part::worker;
    case Event::witness_poll: return Part::cluster;
    default: return Part::host;
  }
}

}  // namespace

Engine::Engine(std::shared_ptr<const Blueprint> blueprint, Time start, Pace pace, Tempo tempo)
    : plan_(std::move(blueprint)), state_(first_state(*plan_)), now_(start), pace_(pace), tempo_(tempo) {
  layout_ = std::make_shared<const Layout>(lay_out());
  calendar_.seal();
  for (std::size_t number = 0; number < model::switch_count; ++number) {
    set_switch(static_cast<Switch>(number), plan_->parameters()[static_cast<Switch>(number)]);
  }
}

Engine::Layout Engine::lay_out() {
  Layout layout;
  const auto add = [&](Event event, std::size_t components, std::size_t ordinals, bool periodic) {
    add_slots(layout, event, components, ordinals, periodic);
  };
  const std::size_t hosts = plan_->hosts.size(), nodes = plan_->node_count, resources = plan_->resources.size();
  const std::size_t workers = plan_->workers.size(), slots = plan_->slots_per_worker;
  for (std::size_t number = 0; number < event_count; ++number) {
    const auto event = static_cast<Event>(number);
    switch (event) {
      case Event::power_off:
      case Event::boot:
      case Event::link_noticed: add(event, hosts, 1, false); break;
      case Event::replica_start:
      case Event::session:
      case Event::replica_sync: add(event, plan_->replicas != 0 ? nodes : 0, 1, false); break;
      case Event::failover_monitor: add(event, plan_->replicas != 0 ? nodes : 0, 1, true); break;
      case Event::lease: add(event, 1, 1, false); break;
      case Event::lease_renewal: add(event, 1, 1, true); break;
      case Event::hang_found:
      case Event::service_start:
      case Event::service_stop:
      case Event::leave_limit:
      case Event::join:
      case Event::regroup:
      case Event::arbitration:
      case Event::master_retry: add(event, nodes, 1, false); break;
      case Event::heartbeat:
      case Event::silence: add(event, nodes, nodes, true); break;
      case Event::master_heartbeat:
      case Event::cleanup:
      case Event::sweep: add(event, nodes, 1, true); break;
      case Event::witness_poll: add(event, 1, 1, true); break;
      case Event::witness_retry: add(event, 1, 1, false); break;
      case Event::group_wait:
      case Event::failback: add(event, plan_->groups.size(), 1, false); break;
      case Event::replication: add(event, plan_->groups.size(), plan_->sites.size() + 1, false); break;
      case Event::pending:
      case Event::deadlock:
      case Event::restart:
      case Event::retry: add(event, resources, 1, false); break;
      case Event::looks_alive:
      case Event::is_alive: add(event, resources, 1, true); break;
      case Event::recovery: add(event, 1, 1, false); break;
      case Event::diagnostics: add(event, 1, 1, true); break;
      case Event::line:
      case Event::pull_again: add(event, workers, 1, false); break;
      case Event::agent_beat:
      case Event::poll: add(event, workers, 1, true); break;
      case Event::package_end: add(event, workers, slots, false); break;
      case Event::task_beat: add(event, workers, slots, true); break;
      case Event::batch:
      case Event::arrival: add(event, plan_->batches.size(), 1, false); break;
      case Event::submit:
      case Event::submit_timeout:
      case Event::submit_again: add(event, 1, 1, false); break;
      case Event::wait_deadline:
      case Event::count_: break;
    }
  }
  return layout;
}

void Engine::add_slots(Layout& layout, Event event, std::size_t components, std::size_t ordinals, bool periodic) {
  if (periodic != is_periodic(event)) throw std::logic_error("engine: a rhythm is registered as a timer");
  const auto number = static_cast<std::uint8_t>(event);
  layout.blocks[number] = {static_cast<std::uint32_t>(calendar_.slots()), static_cast<std::uint32_t>(components),
                           static_cast<std::uint32_t>(ordinals)};
  for (std::uint32_t component = 0; component < components; ++component) {
    for (std::uint32_t ordinal = 0; ordinal < ordinals; ++ordinal) {
      const core::Address address{number, component, ordinal};
      const auto slot = static_cast<std::uint32_t>(calendar_.add_slot(address));
      if (!periodic) continue;
      const std::string purpose = std::string(phase_purpose(event)) + std::to_string(ordinal);
      layout.periodic.push_back({slot, address, plan_->stream({part_of(event), component}, purpose)});
    }
  }
  rhythms_.resize(calendar_.slots());
}

std::uint32_t Engine::index(Event event, std::uint32_t component, std::uint32_t ordinal) const {
  const Block& block = layout_->blocks[static_cast<std::size_t>(event)];
  if (component >= block.components || ordinal >= block.ordinals) throw std::logic_error("engine: no such timer");
  return block.first + component * block.ordinals + ordinal;
}

RecordId Engine::emit(RecordKind kind, PartId subject, RecordId cause, std::uint32_t object, std::int64_t value) {
  const Record record{now_, cause, kind, 0, subject, object, value};
  apply(state_, record, *plan_);
  ways_moved_ += may_move_ways(kind) ? 1 : 0;
  if (journal_ != nullptr) {
    if (journal_->records.empty()) journal_->first = state_.records;
    journal_->records.push_back(record);
  }
  return state_.records;
}

void Engine::arm(Event event, std::uint32_t component, std::uint32_t ordinal, Time at, RecordId cause) {
  calendar_.arm(core::Slot{index(event, component, ordinal)}, std::max(at, now_), cause);
}

void Engine::disarm(Event event, std::uint32_t component, std::uint32_t ordinal) {
  calendar_.disarm(core::Slot{index(event, component, ordinal)});
}

bool Engine::armed(Event event, std::uint32_t component, std::uint32_t ordinal) const {
  return calendar_.armed(core::Slot{index(event, component, ordinal)});
}

Time Engine::due(Event event, std::uint32_t component, std::uint32_t ordinal) const {
  return calendar_.due(core::Slot{index(event, component, ordinal)});
}

void Engine::hasten(Event event, std::uint32_t component, std::uint32_t ordinal, Time at) {
  const core::Slot slot{index(event, component, ordinal)};
  calendar_.arm(slot, std::max(at, now_), calendar_.cause(slot));
}

bool Engine::is_over(Time instant, Event event, std::uint32_t component, std::uint32_t ordinal) const {
  const core::Address address{static_cast<std::uint8_t>(event), component, ordinal};
  return instant < now_ || (instant == now_ && !(current_ < address));
}

const Rhythm& Engine::rhythm(Event event, std::uint32_t component, std::uint32_t ordinal) const {
  return rhythms_[index(event, component, ordinal)];
}

Time Engine::first_beat(const Rhythm& rhythm, core::Address address, Time not_before) const {
  const Time from = std::max(now_, not_before);
  const std::int64_t periods = (from - rhythm.anchor) / rhythm.period;  // rounds towards zero; from >= anchor
  Time beat = rhythm.anchor + std::max<std::int64_t>(periods, 1) * rhythm.period;
  if (beat < from) beat += rhythm.period;
  // A beat of this very instant whose turn has come already happened before the present event.
  if (beat == now_ && !(current_ < address)) beat += rhythm.period;
  return beat;
}

void Engine::start_rhythm(Event event, std::uint32_t component, std::uint32_t ordinal, Time anchor, Duration period) {
  if (period <= Duration::zero()) throw std::logic_error("engine: a rhythm needs a period");
  const std::uint32_t slot = index(event, component, ordinal);
  rhythms_[slot] = {anchor, period, core::never};
  calendar_.disarm(core::Slot{slot});
  if (tempo_ == Tempo::every_beat) {
    const core::Address address{static_cast<std::uint8_t>(event), component, ordinal};
    calendar_.arm(core::Slot{slot}, first_beat(rhythms_[slot], address, Time::min()), 0);
  }
}

void Engine::stop_rhythm(Event event, std::uint32_t component, std::uint32_t ordinal) {
  const std::uint32_t slot = index(event, component, ordinal);
  rhythms_[slot] = {};
  calendar_.disarm(core::Slot{slot});
}

/// No beat lies between `from` and one that comes less than a period after it.
bool Engine::sleeps_at(std::uint32_t slot, Time from) const {
  const Rhythm& rhythm = rhythms_[slot];
  if (!rhythm.beats() || tempo_ == Tempo::every_beat) return false;
  const Time due = calendar_.due(core::Slot{slot});
  return due == core::never || (due > from && due - from >= rhythm.period);
}

bool Engine::sleeps(Event event, std::uint32_t component, std::uint32_t ordinal) const {
  return sleeps_at(index(event, component, ordinal), now_);
}

void Engine::let_sleep(Event event, std::uint32_t component, std::uint32_t ordinal) {
  if (tempo_ == Tempo::when_it_matters) disarm(event, component, ordinal);
}

void Engine::heed(Event event, std::uint32_t component, std::uint32_t ordinal, Time not_before) {
  const std::uint32_t slot = index(event, component, ordinal);
  if (!sleeps_at(slot, std::max(now_, not_before))) return;
  const core::Address address{static_cast<std::uint8_t>(event), component, ordinal};
  const Time beat = first_beat(rhythms_[slot], address, not_before);
  if (beat < calendar_.due(core::Slot{slot})) calendar_.arm(core::Slot{slot}, beat, 0);
}

Time Engine::next_beat(Event event, std::uint32_t component, std::uint32_t ordinal) const {
  const core::Address address{static_cast<std::uint8_t>(event), component, ordinal};
  return first_beat(rhythms_[index(event, component, ordinal)], address, Time::min());
}

Time Engine::last_beat(Event event, std::uint32_t component, std::uint32_t ordinal) const {
  const Rhythm& rhythm = rhythms_[index(event, component, ordinal)];
  if (!rhythm.beats()) return core::never;
  if (tempo_ == Tempo::every_beat) return rhythm.last;
  const std::int64_t periods = (now_ - rhythm.anchor) / rhythm.period;
  Time beat = rhythm.anchor + periods * rhythm.period;
  const core::Address address{static_cast<std::uint8_t>(event), component, ordinal};
  if (beat == now_ && current_ < address) beat -= rhythm.period;
  return beat > rhythm.anchor && periods >= 1 ? beat : core::never;
}

void Engine::count_beat(Event event, std::uint32_t component, std::uint32_t ordinal) {
  if (tempo_ != Tempo::every_beat) return;
  const std::uint32_t slot = index(event, component, ordinal);
  rhythms_[slot].last = now_;
  calendar_.arm(core::Slot{slot}, now_ + rhythms_[slot].period, 0);
}

void Engine::draw_phases() {
  for (const Periodic& periodic : layout_->periodic) {
    Rhythm& rhythm = rhythms_[periodic.slot];
    if (!rhythm.beats()) continue;
    const double u = unit(periodic.phase, 0);
    const Duration phase(static_cast<std::int64_t>(u * static_cast<double>(rhythm.period.count())));
    rhythm = {now_ - phase, rhythm.period, core::never};
    // Where a beat was an event, the first of the new ones is.
    const core::Slot slot{periodic.slot};
    if (tempo_ == Tempo::every_beat || calendar_.armed(slot)) {
      calendar_.arm(slot, first_beat(rhythm, periodic.address, Time::min()), 0);
    }
  }
}

double Engine::unit(PartId part, std::string_view purpose, std::uint64_t ordinal) const {
  return core::unit(bits(part, purpose, ordinal));
}

std::uint64_t Engine::bits(PartId part, std::string_view purpose, std::uint64_t ordinal) const {
  return core::draw(key_, plan_->stream(part, purpose), ordinal);
}

Duration Engine::take(model::Timing timing, PartId part, std::uint64_t ordinal) const {
  const core::Sampler& sampler = plan_->sampler(timing);
  switch (pace_) {
    case Pace::median: return sampler.median();
    case Pace::p95: return sampler.p95();
    case Pace::drawn: return sampler.at(core::unit(core::draw(key_, plan_->stream(part, timing), ordinal)));
  }
  throw std::logic_error("engine: no such pace");
}

Duration Engine::draw(const core::Sampler& sampler, PartId part, std::string_view purpose,
                      std::uint64_t ordinal) const {
  return sampler.at(unit(part, purpose, ordinal));
}

bool Engine::ask(Switch which, RecordId cause) {
  const auto number = static_cast<unsigned>(which);
  if ((state_.consulted >> number & 1U) == 0) emit(RecordKind::switch_consulted, cluster_id, cause, none, number);
  return switch_value(which);
}

void Engine::set_switch(Switch which, bool value) {
  const std::uint32_t mask = 1U << static_cast<unsigned>(which);
  switches_ = value ? switches_ | mask : switches_ & ~mask;
}

WaitId Engine::wait(Condition condition, Time deadline) {
  const WaitId id{next_wait_++};
  const bool not_ahead = condition.kind == Condition::Kind::time && condition.time <= now_;
  if (not_ahead) condition.time = Time::min();  // who waits for no time at all goes on at once
  const Time due = condition.kind == Condition::Kind::time ? std::min(condition.time, deadline) : deadline;
  const core::Address address{static_cast<std::uint8_t>(Event::wait_deadline), 0, static_cast<std::uint32_t>(id)};
  waits_.push_back({id, condition, deadline, calendar_.post(std::max(due, now_), address, 0, 0)});
  return id;
}

void Engine::drop_wait(WaitId id) {
  std::erase_if(fired_, [&](const FiredWait& fired) { return fired.id == id; });
  std::erase_if(waits_, [&](const Wait& wait) {
    if (wait.id != id) return false;
    calendar_.cancel(wait.alarm);
    return true;
  });
}

void Engine::fire_waits(const std::function<bool(const Condition&)>& holds) {
  // An instant that is waited for has come when everything else of it has happened; how many beats of it were events
  // must not matter.
  const bool instant_over = reached_.rank >= static_cast<std::uint8_t>(Event::wait_deadline);
  const auto come = [&](Time time) { return now_ > time || (now_ == time && instant_over); };
  std::erase_if(waits_, [&](const Wait& wait) {
    const bool met = wait.condition.kind == Condition::Kind::time ? come(wait.condition.time) : holds(wait.condition);
    if (!met && !come(wait.deadline)) return false;
    fired_.push_back({wait.id, met});
    calendar_.cancel(wait.alarm);
    return true;
  });
}

void Engine::advance_to(Time time) {
  if (time < now_) throw std::logic_error("engine: time does not go back");
  if (calendar_.next_time() < time) throw std::logic_error("engine: an event is due before that");
  now_ = time;
  current_ = reached_ = core::Address{0, 0, 0};
}

bool operator==(const Engine& a, const Engine& b) {
  return a.plan_ == b.plan_ && a.state_ == b.state_ && a.calendar_ == b.calendar_ && a.rhythms_ == b.rhythms_ &&
         a.waits_ == b.waits_ && a.fired_ == b.fired_ && a.now_ == b.now_ && a.key_ == b.key_ && a.pace_ == b.pace_ &&
         a.switches_ == b.switches_;
}

}  // namespace rehearse::world

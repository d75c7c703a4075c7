// What every part of the world stands on: the state, the calendar, the periodic work, the waits of steps, the draws,
// and the one door through which the state changes. An Engine is a value: a copy runs on exactly like the original.
//
// Periodic work (heartbeats, polls, sweeps, renewals) is a Rhythm: an anchor and a period. Nothing ticks while nothing
// changes: whoever changes something that a beat may notice calls World::wake, which asks whether one would, or `heed`,
// and the next beat becomes an event. With Tempo::every_beat each beat is an event; it is slow and exists to check the
// other tempo, because both must give the same journal.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "sim/world/blueprint.hpp"
#include "sim/world/record.hpp"
#include "sim/world/state.hpp"

namespace rehearse::world {

/// What can be due, in the order in which simultaneous events happen. The order is part of the model: causes before the
/// polls that notice them, and the deadlines of waiting steps last.
enum class Event : std::uint8_t {
  power_off,
  boot,
  replica_start,
  link_noticed,
  hang_found,
  service_start,
  service_stop,
  join,
  leave_limit,
  heartbeat,
  silence,
  regroup,
  arbitration,
  witness_poll,
  witness_retry,
  group_wait,
  failback,
  replication,
  pending,
  deadlock,
  restart,
  retry,
  session,
  replica_sync,
  lease,
  recovery,
  lease_renewal,
  failover_monitor,
  master_retry,
  looks_alive,
  is_alive,
  diagnostics,
  master_heartbeat,
  package_end,
  line,
  agent_beat,
  task_beat,
  sweep,
  poll,
  pull_again,
  cleanup,
  batch,
  arrival,
  submit,
  submit_timeout,
  submit_again,
  wait_deadline,
  count_
};
inline constexpr std::size_t event_count = static_cast<std::size_t>(Event::count_);

enum class Tempo : std::uint8_t { when_it_matters, every_beat };

struct Rhythm {
  Time anchor = core::never;  // beats at anchor + k * period, k >= 1; never: it does not beat
  Duration period{};
  Time last = core::never;  // every_beat only: the last beat that happened
  bool beats() const { return anchor != core::never; }
  friend bool operator==(const Rhythm&, const Rhythm&) = default;
};

enum class WaitId : std::uint32_t {};

/// What a step waits for, as a value.
struct Condition {
  enum class Kind : std::uint8_t {
    time,
    role_settled,
    role_on,
    resource_settled,
    node_up,
    node_down,
    host_booted,  // object: at least so many times
    host_off,
    drained,
    worker_registered,
    ssisdb_open
  };
  Kind kind = Kind::time;
  std::uint32_t subject = none;
  std::uint32_t object = none;
  Time time{};
  friend bool operator==(const Condition&, const Condition&) = default;
};

struct Wait {
  WaitId id{};
  Condition condition;
  Time deadline{};
  core::EventHandle alarm{};  // of its deadline in the calendar
  friend bool operator==(const Wait&, const Wait&) = default;
};

struct FiredWait {
  WaitId id{};
  bool met = false;  // false: the deadline came first
  friend bool operator==(const FiredWait&, const FiredWait&) = default;
};

class Engine {
 public:
  Engine(std::shared_ptr<const Blueprint> blueprint, Time start, Pace pace, Tempo tempo);

  const Blueprint& plan() const { return *plan_; }
  const State& state() const { return state_; }
  Time now() const { return now_; }
  Tempo tempo() const { return tempo_; }

  /// Where records go from now on; nullptr: nowhere. The journal is the caller's and is not copied with the world.
  void write_to(Journal* journal) { journal_ = journal; }

  /// Changes the state and writes the journal. The number of the record is what later records name as their cause.
  RecordId emit(RecordKind kind, PartId subject, RecordId cause, std::uint32_t object = none, std::int64_t value = 0);

  /// How often anything has changed by which it is decided which machines reach each other and whose address leads
  /// where: as long as it stays the same, those answers do (may_move_ways, record.hpp).
  std::uint64_t ways_moved() const { return ways_moved_; }

  // ---- timers
  void arm(Event event, std::uint32_t component, std::uint32_t ordinal, Time at, RecordId cause);
  void disarm(Event event, std::uint32_t component, std::uint32_t ordinal = 0);
  bool armed(Event event, std::uint32_t component, std::uint32_t ordinal = 0) const;
  Time due(Event event, std::uint32_t component, std::uint32_t ordinal = 0) const;  // never: it is not armed
  /// Armed already, it is due at this instant instead. Its cause stays.
  void hasten(Event event, std::uint32_t component, std::uint32_t ordinal, Time at);
  /// At this instant, such an event would have had its turn.
  bool is_over(Time instant, Event event, std::uint32_t component, std::uint32_t ordinal = 0) const;

  // ---- periodic work
  const Rhythm& rhythm(Event event, std::uint32_t component, std::uint32_t ordinal = 0) const;
  /// From now on it beats at anchor + period, anchor + 2 period, ... ; the anchor may lie up to a period in the past.
  void start_rhythm(Event event, std::uint32_t component, std::uint32_t ordinal, Time anchor, Duration period);
  void stop_rhythm(Event event, std::uint32_t component, std::uint32_t ordinal = 0);
  /// Something changed that a beat at `not_before` or later may notice: the next such beat becomes an event.
  void heed(Event event, std::uint32_t component, std::uint32_t ordinal = 0, Time not_before = Time::min());
  /// It beats and its next beat is no event: heed() would do something.
  bool sleeps(Event event, std::uint32_t component, std::uint32_t ordinal = 0) const;
  /// Until something changes no beat matters. No effect on every_beat.
  void let_sleep(Event event, std::uint32_t component, std::uint32_t ordinal = 0);
  /// The next beat from this instant on whose turn has not come yet. The rhythm beats.
  Time next_beat(Event event, std::uint32_t component, std::uint32_t ordinal = 0) const;
  /// The last beat before or at this instant, events of this instant counted in the calendar's order; never: none since
  /// the rhythm started.
  Time last_beat(Event event, std::uint32_t component, std::uint32_t ordinal = 0) const;
  /// Draws a new phase for every rhythm that beats and is not tied to an instant already past (begin of a replication).
  void draw_phases();

  // ---- chance
  void set_key(core::Key key) { key_ = key; }
  core::Key key() const { return key_; }
  Pace pace() const { return pace_; }
  void set_pace(Pace pace) { pace_ = pace; }
  double unit(core::Stream stream, std::uint64_t ordinal) const {
    return core::unit(core::draw(key_, stream, ordinal));
  }
  double unit(PartId part, std::string_view purpose, std::uint64_t ordinal) const;
  std::uint64_t bits(PartId part, std::string_view purpose, std::uint64_t ordinal) const;
  /// A duration at the engine's pace.
  Duration take(model::Timing timing, PartId part, std::uint64_t ordinal) const;
  /// A duration that is drawn at every pace.
  Duration draw(const core::Sampler& sampler, PartId part, std::string_view purpose, std::uint64_t ordinal) const;

  // ---- parameters
  Duration length(model::Setting setting) const { return plan().parameters().length(setting); }
  std::int64_t count(model::Setting setting) const { return plan().parameters()[setting]; }
  /// The value of an unknown switch; the state remembers that a decision rested on it.
  bool ask(model::Switch which, RecordId cause);
  void set_switch(model::Switch which, bool value);
  /// What the deployment's decisions rested on is not what the rehearsal's do.
  void forget_consulted() { state_.consulted = 0; }
  bool switch_value(model::Switch which) const { return (switches_ >> static_cast<unsigned>(which) & 1U) != 0; }

  // ---- waits of steps
  WaitId wait(Condition condition, Time deadline);
  /// Nobody waits any more: it will not fire. No effect on a wait that has fired.
  void drop_wait(WaitId id);
  const std::vector<Wait>& waits() const { return waits_; }
  const std::vector<FiredWait>& fired() const { return fired_; }
  void clear_fired() { fired_.clear(); }
  void fire_waits(const std::function<bool(const Condition&)>& holds);

  // ---- running (World only)
  Time next_time() const { return calendar_.next_time(); }
  std::uint64_t events() const { return events_; }
  void advance_to(Time time);
  /// Fires one event due at `until` or before through handler(Event, component, ordinal, cause). False: none.
  template <class Handler>
  bool fire_next(Time until, Handler&& handler) {
    return calendar_.fire_next(until, [&](const core::Fired& fired) {
      // What an event arms for its own instant may stand before it in the order; the beats between have happened.
      if (fired.at != now_ || reached_ < fired.address) {
        // Both from registers: what has just been stored in parts is slow to load as a whole.
        reached_ = fired.address;
        current_ = fired.address;
      } else {
        current_ = reached_;
      }
      now_ = fired.at;
      ++events_;
      handler(static_cast<Event>(fired.address.rank), fired.address.component, fired.address.ordinal, fired.cause);
      current_ = core::Address{63, 0, 0};
    });
  }
  /// A beat of a rhythm has fired: counts it and, in every_beat, arms the next.
  void count_beat(Event event, std::uint32_t component, std::uint32_t ordinal);

  friend bool operator==(const Engine& a, const Engine& b);

 private:
  struct Block {  // the slots of one kind of event
    std::uint32_t first = 0, components = 0, ordinals = 0;
  };
  struct Periodic {  // a slot of a rhythm
    std::uint32_t slot = 0;
    core::Address address;
    core::Stream phase{};
  };
  /// The numbering of the slots. Copies of a world share it.
  struct Layout {
    std::array<Block, event_count> blocks{};
    std::vector<Periodic> periodic;
  };
  Layout lay_out();
  void add_slots(Layout& layout, Event event, std::size_t components, std::size_t ordinals, bool periodic);
  std::uint32_t index(Event event, std::uint32_t component, std::uint32_t ordinal) const;
  bool sleeps_at(std::uint32_t slot, Time from) const;
  Time first_beat(const Rhythm& rhythm, core::Address address, Time not_before) const;

  std::shared_ptr<const Blueprint> plan_;
  State state_;
  core::Calendar calendar_;
  std::shared_ptr<const Layout> layout_;
  std::vector<Rhythm> rhythms_;  // by slot; unused ones for events that are not periodic
  std::vector<Wait> waits_;
  std::vector<FiredWait> fired_;
  std::uint32_t next_wait_ = 1;
  std::uint64_t events_ = 0;
  std::uint64_t ways_moved_ = 0;
  Time now_;
  core::Address reached_{0, 0, 0};   // the last in the order of those handled at this instant
  core::Address current_{63, 0, 0};  // how far this instant has come: reached_; after all others between events
  core::Key key_;
  Pace pace_;
  Tempo tempo_;
  std::uint32_t switches_ = 0;
  Journal* journal_ = nullptr;
};

}  // namespace rehearse::world

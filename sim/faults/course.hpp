// A course of events in a deployed world: faults, their repairs and what follows, without the journal of the whole. It
// can be paused between any two events and gone on with in many ways, so that what courses have in common is run once.
//
// What follows the last fault is always the same: everything that can be repaired is, `repair_after` it; where a
// service or a worker still is out `mend_after` that, somebody does what people who know the farm then do: starts the
// cluster service of every node, brings every role online, performs the course's own operations again, restarts the
// master and the workers.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/farm_outcome.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/scenario/timeline_player.hpp"
#include "sim/world/world.hpp"

namespace rehearse::sim {

/// The moments of a course. Whatever heals by itself within `repair_after`, RetryPeriodOnFailure's hour (W 3.3)
/// included, needs no person.
inline constexpr Duration first_fault = std::chrono::minutes(3);
inline constexpr Duration repair_after = std::chrono::minutes(90);
inline constexpr Duration mend_after = std::chrono::minutes(60);
inline constexpr Duration course_length = std::chrono::hours(8);

/// What all courses of a design have in common. `scenario` has no timeline; it is put there installed.
struct Stage {
  Scenario scenario;
  model::Design design;  // as it was read: with all of its work
  std::shared_ptr<const world::Blueprint> plan;
  std::optional<world::World> deployed;  // at the start, in which nothing has happened yet
  world::Pace pace = world::Pace::median;
};

/// A fault or an operation of a course.
struct PlannedEvent {
  TimelineEntry entry;                  // without its moment
  std::optional<TimelineEntry> repair;  // likewise; absent: nothing is repaired
  core::Time at{};
  std::optional<core::Time> repaired_at;  // absent: `repair_after` the last event
};
/// The events and their repairs as a timeline, in the order of their moments.
std::vector<TimelineEntry> timeline_of(const std::vector<PlannedEvent>& events);

/// What somebody does at that moment where something is still out, as entries that follow the timeline.
std::vector<TimelineEntry> mending(const Stage& stage, const std::vector<TimelineEntry>& timeline, core::Time at);

struct CourseEnd {
  FarmFigures figures;
  bool mended = false;          // somebody had to do more than repair
  bool idle = false;            // the last fault found nothing to act on; then the figures are not told
  std::uint32_t consulted = 0;  // unknown switches that decisions rested on, as a mask
  std::uint64_t events = 0;     // fired since the pause
};

class Course {
 public:
  /// From the start. `flipped`: unknown switches that have the other value, as a mask.
  Course(const Stage& stage, std::vector<TimelineEntry> timeline, std::uint32_t flipped);

  /// A point of a course from which many go on.
  struct Pause {
    world::World world;
    std::shared_ptr<const std::vector<TimelineEntry>> timeline;
    TimelinePlayer::Bookmark bookmark;
    FarmWatch::Memory seen;

    std::uint32_t consulted() const { return world.state().consulted; }
    std::size_t acted() const { return bookmark.courses.size(); }
  };

  /// Goes on in `world`, which becomes a copy of the paused one, with other entries after those that have acted.
  /// `flipped`: none of these switches has been looked at yet.
  Course(const Stage& stage, const Pause& pause, std::vector<TimelineEntry> later, std::uint32_t flipped,
         std::optional<world::World>& world);
  ~Course();
  Course(const Course&) = delete;
  Course& operator=(const Course&) = delete;

  /// Lets time pass up to, and without, this instant.
  void play_before(core::Time instant);
  Pause pause() const;

  /// Whether the entry of that number found something to act on; nullopt: its time has not come.
  std::optional<bool> acted(std::size_t entry) const { return player_->acted(entry); }

  /// To the end, with the mending where it is needed. `last_fault`: its moment.
  CourseEnd finish(core::Time last_fault);

 private:
  void watch();
  void tell();
  void play(core::Time until);

  const Stage& stage_;
  std::optional<world::World> own_world_;
  world::World* world_ = nullptr;
  std::shared_ptr<const std::vector<TimelineEntry>> timeline_;
  std::unique_ptr<world::Journal> journal_;
  std::unique_ptr<FarmWatch> watch_;
  std::unique_ptr<TimelinePlayer> player_;
  core::Time told_{};  // repairs before this instant were told to the watch
  std::uint64_t events_before_ = 0;
};

}  // namespace rehearse::sim

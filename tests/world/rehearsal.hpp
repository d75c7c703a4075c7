// A deployed world for tests: the shipped designs, put there at once, quiet for two hours before the start.
#pragma once

#include <memory>
#include <string>

#include "model/design.hpp"
#include "sim/world/world.hpp"

namespace rehearse::world {

using namespace std::chrono_literals;

/// A shipped design by its file name without ".json".
model::Design shipped_design(const std::string& name);

/// From the start of the rehearsal in one of its minutes.
constexpr Time at(Duration since_start) {
  return Time(since_start);
}

class Rehearsal {
 public:
  struct Options {
    core::Key key{1, 0};
    Pace pace = Pace::median;
    Tempo tempo = Tempo::when_it_matters;
    Duration horizon = 4h;
    std::string start = "2027-02-28T23:30:00Z";  // the nightly batch begins half an hour later
  };

  explicit Rehearsal(model::Design design);
  Rehearsal(model::Design design, Options options);

  World& operator*() { return world_; }
  World* operator->() { return &world_; }
  const World* operator->() const { return &world_; }
  const Journal& journal() const { return journal_; }
  const State& first() const { return first_; }  // at the start
  const Blueprint& plan() const { return world_.plan(); }

  /// The first record of this kind about this part at or after an instant; nullptr: none.
  const Record* find(RecordKind kind, Time from = core::at_start,
                     PartId subject = PartId(Part::task, 0x0fff'ffff)) const;
  std::size_t count(RecordKind kind) const;

 private:
  World world_;
  Journal journal_;
  State first_;
};

/// The journal as text, for messages of failing tests: a line a record.
std::string to_text(const Journal& journal, const Blueprint& plan);

/// The first place where two journals differ, as text; empty: they are the same.
std::string difference(const Journal& a, const Journal& b, const Blueprint& plan);

}  // namespace rehearse::world

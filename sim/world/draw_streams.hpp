// The random streams of a deployment's parts. A stream is known by names (sim/core/random.hpp); names are hashed once a
// Blueprint, so that a draw in the middle of a run costs no string.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "model/parameters.hpp"
#include "sim/core/random.hpp"
#include "sim/world/ids.hpp"

namespace rehearse::world {

class Blueprint;

class DrawStreams {
 public:
  DrawStreams() = default;
  /// The parts of the blueprint are numbered and named already.
  explicit DrawStreams(const Blueprint& plan);

  /// nullptr: a part of which there are too many to keep (executions), or that a run can make (certificates).
  const core::ComponentStreams* find(PartId part) const {
    const auto& kind = parts_[static_cast<std::size_t>(part.part())];
    return part.index() < kind.size() ? &kind[part.index()].by_purpose : nullptr;
  }

  /// Of its durations of this kind. The part is one that `find` knows.
  core::Stream of(PartId part, model::Timing timing) const {
    return parts_[static_cast<std::size_t>(part.part())][part.index()].by_timing[static_cast<std::size_t>(timing)];
  }

 private:
  struct Streams {
    core::ComponentStreams by_purpose;
    std::array<core::Stream, model::timing_count> by_timing;
  };
  std::array<std::vector<Streams>, 16> parts_;  // by Part
};

}  // namespace rehearse::world

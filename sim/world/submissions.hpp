// Calls of catalog.create_execution on their way. They share one exclusive application lock, so they are served one
// after the other, in the order in which they asked (S 1.4, S 6).
#pragma once

#include <deque>
#include <vector>

#include "sim/world/ids.hpp"

namespace rehearse::world {

struct Submissions {
  struct Call {
    Time due{};  // when it is served, gives up, or is made again
    BatchIndex source = 0;
    std::uint32_t number = none;  // of the arrival; of a batch: none
    RecordId why = 0;
    friend bool operator==(const Call&, const Call&) = default;
  };
  struct Source {
    std::uint32_t arrived = 0;  // of a rate or a history
    std::uint32_t under_way = 0;
    Time last{};  // arrival of a rate
    friend bool operator==(const Source&, const Source&) = default;
  };
  std::deque<Call> served, timing_out, made_again;  // each in the order of `due`
  Time lock_free = core::at_start;
  std::vector<Source> sources;  // by BatchIndex
  friend bool operator==(const Submissions&, const Submissions&) = default;
};

}  // namespace rehearse::world

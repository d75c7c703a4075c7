// What a run looks like from the side: a lane for each part of the system, in it a bar for each stretch of time in
// which the part's state did not change, and what came from outside as marks. Read off the journal; instants between
// whose records no time passes are never seen apart.
#pragma once

#include <string>
#include <vector>

#include "sim/report/part_status.hpp"
#include "sim/scenario/run_result.hpp"

namespace rehearse::sim::html {

struct Bar {
  core::Time from{}, to{};
  Tone tone = Tone::idle;
  std::string state;             // "online on SQL2"
  std::string label;             // short, to be written on it: "SQL2"; empty: none
  world::RecordId begun_by = 0;  // the record that brought the state about; 0: it was so at the start
};

struct Lane {
  std::string section;  // "Nodes"
  std::string name;     // "SQL1"
  std::vector<Bar> bars;
};

/// Something from outside: a fault, its repair, an operator's act.
struct Mark {
  enum class Kind : std::uint8_t { fault, repair, step };
  core::Time at{};
  Kind kind = Kind::fault;
  std::string text;
};
std::string_view to_text(Mark::Kind kind);

struct Lanes {
  std::vector<Lane> lanes;  // those of one section stand together
  std::vector<Mark> marks;  // in the order of time
};
Lanes lanes_of(const RunResult& result);

}  // namespace rehearse::sim::html

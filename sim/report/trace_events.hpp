// Events of the Trace Event Format, gathered in any order and written in the one that its readers want: ascending by
// time, at one instant what encloses before what it encloses.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/core/time.hpp"

namespace rehearse::sim {

/// Where an event stands: a process and a thread of the trace.
struct TracePlace {
  int process = 0, thread = 0;
  friend auto operator<=>(const TracePlace&, const TracePlace&) = default;
};

/// Named values that a reader shows beside an event; texts and whole numbers.
class TraceArguments {
 public:
  TraceArguments& text(std::string_view name, std::string_view value);
  TraceArguments& number(std::string_view name, std::uint64_t value);
  const std::string& json() const { return json_; }  // "" or the members of an object

 private:
  std::string json_;
};

class TraceEvents {
 public:
  void name_process(int process, std::string_view name);
  void name_thread(TracePlace place, std::string_view name);
  /// A stretch of time; one without length becomes the shortest that a trace can show.
  void slice(TracePlace place, core::Time from, core::Time to, std::string_view category, std::string_view name,
             std::string_view colour, const TraceArguments& arguments);
  void instant(TracePlace place, core::Time at, bool through_all, std::string_view category, std::string_view name,
               const TraceArguments& arguments);
  /// An arrow from the slice that covers one instant to the one that covers the other.
  void flow(TracePlace from, core::Time left, TracePlace to, core::Time reached);
  void counter(int process, core::Time at, std::string_view name, std::uint64_t value);

  /// The whole document; `about` are further facts about it.
  void write(std::ostream& out, const TraceArguments& about) const;

 private:
  struct Event {
    std::int64_t at = 0;      // ns
    std::int64_t length = 0;  // of a slice, ns
    int rank = 0;             // at one instant the lower one comes first
    std::string text;
  };
  void add(core::Time at, std::int64_t length, int rank, std::string text);

  std::vector<std::string> names_;
  std::vector<Event> events_;
  std::uint64_t flows_ = 0;
};

}  // namespace rehearse::sim

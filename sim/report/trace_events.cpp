#include "sim/report/trace_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>
#include <tuple>

namespace rehearse::sim {
namespace {

using fmt::format;

constexpr std::int64_t shortest = 1000;  // ns: one microsecond, the unit of the format

// At one instant: slices, so that what follows finds them open; then what is drawn on them.
constexpr int slice_rank = 0, counter_rank = 1, instant_rank = 2, flow_begin_rank = 3, flow_end_rank = 4;

/// As a JSON string in ASCII, whatever bytes a name has.
std::string quoted(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

/// Nanoseconds as microseconds, exactly: a double has no room for the nanoseconds of a year.
std::string microseconds(std::int64_t nanoseconds) {
  const std::int64_t whole = nanoseconds / 1000, rest = nanoseconds % 1000;
  return rest == 0 ? format("{}", whole) : format("{}.{:03}", whole, rest);
}

std::string at_place(TracePlace place) {
  return format("\"pid\":{},\"tid\":{}", place.process, place.thread);
}

std::string with(const TraceArguments& arguments) {
  return arguments.json().empty() ? "" : ",\"args\":{" + arguments.json() + "}";
}

}  // namespace

TraceArguments& TraceArguments::text(std::string_view name, std::string_view value) {
  json_ += format("{}{}:{}", json_.empty() ? "" : ",", quoted(name), quoted(value));
  return *this;
}

TraceArguments& TraceArguments::number(std::string_view name, std::uint64_t value) {
  json_ += format("{}{}:{}", json_.empty() ? "" : ",", quoted(name), value);
  return *this;
}

void TraceEvents::name_process(int process, std::string_view name) {
  const std::string head = format("{{\"ph\":\"M\",\"pid\":{},\"tid\":0,\"name\":", process);
  names_.push_back(format("{}\"process_name\",\"args\":{{\"name\":{}}}}}", head, quoted(name)));
  names_.push_back(format("{}\"process_sort_index\",\"args\":{{\"sort_index\":{}}}}}", head, process));
}

void TraceEvents::name_thread(TracePlace place, std::string_view name) {
  const std::string head = format("{{\"ph\":\"M\",{},\"name\":", at_place(place));
  names_.push_back(format("{}\"thread_name\",\"args\":{{\"name\":{}}}}}", head, quoted(name)));
  names_.push_back(format("{}\"thread_sort_index\",\"args\":{{\"sort_index\":{}}}}}", head, place.thread));
}

void TraceEvents::add(core::Time at, std::int64_t length, int rank, std::string text) {
  events_.push_back({at.time_since_epoch().count(), length, rank, std::move(text)});
}

void TraceEvents::slice(TracePlace place, core::Time from, core::Time to, std::string_view category,
                        std::string_view name, std::string_view colour, const TraceArguments& arguments) {
  const std::int64_t length = std::max<std::int64_t>((to - from).count(), shortest);
  std::string text =
      format("{{\"ph\":\"X\",{},\"ts\":{},\"dur\":{},\"cat\":{},\"name\":{}", at_place(place),
             microseconds(from.time_since_epoch().count()), microseconds(length), quoted(category), quoted(name));
  if (!colour.empty()) text += format(",\"cname\":{}", quoted(colour));
  add(from, length, slice_rank, text + with(arguments) + "}");
}

void TraceEvents::instant(TracePlace place, core::Time at, bool through_all, std::string_view category,
                          std::string_view name, const TraceArguments& arguments) {
  add(at, 0, instant_rank,
      format("{{\"ph\":\"i\",{},\"ts\":{},\"s\":\"{}\",\"cat\":{},\"name\":{}{}}}", at_place(place),
             microseconds(at.time_since_epoch().count()), through_all ? 'g' : 't', quoted(category), quoted(name),
             with(arguments)));
}

void TraceEvents::flow(TracePlace from, core::Time left, TracePlace to, core::Time reached) {
  const std::uint64_t id = ++flows_;
  const auto end = [&](char kind, TracePlace place, core::Time at, std::string_view binding) {
    return format("{{\"ph\":\"{}\",{},\"ts\":{},\"id\":{},\"cat\":\"cause\",\"name\":\"cause\"{}}}", kind,
                  at_place(place), microseconds(at.time_since_epoch().count()), id, binding);
  };
  add(left, 0, flow_begin_rank, end('s', from, left, ""));
  // Bound to the slice that is open then, not to the next one.
  add(reached, 0, flow_end_rank, end('f', to, reached, ",\"bp\":\"e\""));
}

void TraceEvents::counter(int process, core::Time at, std::string_view name, std::uint64_t value) {
  add(at, 0, counter_rank,
      format("{{\"ph\":\"C\",\"pid\":{},\"tid\":0,\"ts\":{},\"name\":{},\"args\":{{\"executions\":{}}}}}", process,
             microseconds(at.time_since_epoch().count()), quoted(name), value));
}

void TraceEvents::write(std::ostream& out, const TraceArguments& about) const {
  std::vector<const Event*> order;
  order.reserve(events_.size());
  for (const Event& event : events_) order.push_back(&event);
  // Of slices that begin together the longer one encloses the others.
  const auto key = [](const Event* event) { return std::tuple(event->at, event->rank, -event->length); };
  std::stable_sort(order.begin(), order.end(), [&](const Event* a, const Event* b) { return key(a) < key(b); });
  out << "{\"displayTimeUnit\":\"ms\",\"otherData\":{" << about.json() << "},\"traceEvents\":[";
  const char* separator = "\n";
  const auto line = [&](const std::string& text) {
    out << separator << text;
    separator = ",\n";
  };
  for (const std::string& name : names_) line(name);
  for (const Event* event : order) line(event->text);
  out << "\n]}\n";
}

}  // namespace rehearse::sim

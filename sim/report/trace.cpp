#include "sim/report/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <ostream>
#include <string>

#include "sim/report/describe.hpp"
#include "sim/report/time_text.hpp"
#include "sim/report/trace_events.hpp"
#include "sim/report/tracks.hpp"
#include "sim/scenario/service.hpp"

namespace rehearse::sim {
namespace {

using core::Time;
using world::Record;
using world::RecordId;
using world::RecordKind;

// Processes of a run, in the order in which readers show them.
constexpr int acts_process = 1, services_process = 2, first_track_process = 3, batches_process = 12, work_process = 13;
constexpr int processes_of_a_run = 20;
constexpr int most_causes_passed_over = 16;

std::string_view process_of(Track::Kind kind) {
  switch (kind) {
    case Track::Kind::cluster: return "Cluster";
    case Track::Kind::node: return "Nodes";
    case Track::Kind::replica: return "Replicas";
    case Track::Kind::role: return "Roles";
    case Track::Kind::resource: return "Resources";
    case Track::Kind::instance: return "SQL Server";
    case Track::Kind::master: return "Scale Out Masters";
    case Track::Kind::worker: return "Scale Out Workers";
    case Track::Kind::machine: return "Other machines";
  }
  return "";
}

/// Names of colours that the format reserves; Perfetto has colours of its own.
std::string_view colour_of(Tone tone) {
  switch (tone) {
    case Tone::good: return "good";
    case Tone::changing: return "thread_state_runnable";
    case Tone::limited: return "bad";
    case Tone::bad: return "terrible";
    case Tone::idle:
    case Tone::count_: break;
  }
  return "grey";
}

/// Threads of one process for stretches that may overlap, which slices of one thread must not.
class SideBySide {
 public:
  SideBySide(TraceEvents& events, int process, std::string name, int first_thread)
      : events_(events), process_(process), name_(std::move(name)), first_thread_(first_thread) {}

  TracePlace take(Time from, Time to) {
    auto free = std::find_if(busy_until_.begin(), busy_until_.end(), [&](Time until) { return until <= from; });
    if (free == busy_until_.end()) {
      free = busy_until_.insert(free, Time{});
      const TracePlace place{process_, first_thread_ + static_cast<int>(busy_until_.size()) - 1};
      events_.name_thread(place, busy_until_.size() == 1 ? name_ : fmt::format("{} ({})", name_, busy_until_.size()));
    }
    *free = std::max(to, from + Duration(1000));
    return {process_, first_thread_ + static_cast<int>(free - busy_until_.begin())};
  }
  int threads() const { return static_cast<int>(busy_until_.size()); }

 private:
  TraceEvents& events_;
  int process_;
  std::string name_;
  int first_thread_;
  std::vector<Time> busy_until_;
};

bool is_act(const Record& record) {
  return record.kind == RecordKind::fault_injected || record.kind == RecordKind::fault_repaired ||
         record.kind == RecordKind::operator_acts;
}

class RunTrace {
 public:
  RunTrace(TraceEvents& events, const RunResult& run, int base, std::string prefix)
      : events_(events), run_(run), plan_(*run.plan), base_(base), prefix_(std::move(prefix)), tracks_(run) {}

  void write() {
    acts();
    services();
    states();
    told();
    flows();
    batches();
    work();
  }

 private:
  std::string text_of(const Record& record) const { return to_text(describe(record, plan_, run_.scenario, run_.acts)); }
  void name_process(int process, std::string_view name) {
    events_.name_process(base_ + process, prefix_ + std::string(name));
  }
  TracePlace place(int process, int thread) const { return {base_ + process, thread}; }

  TraceArguments about(RecordId id, const Record& record) const {
    TraceArguments arguments;
    arguments.number("record", id).text("at", offset_text(record.at)).text("kind", world::to_text(record.kind));
    if (const Record* cause = run_.journal.find(record.cause); record.cause != 0 && cause != nullptr) {
      arguments.number("cause", record.cause).text("because", text_of(*cause));
    }
    return arguments;
  }

  /// What a fault or repair is aimed at.
  bool is_same_target(const Record& injected, const Record& repaired) const {
    if (injected.object == repaired.object) return true;
    const auto& timeline = run_.scenario.timeline;
    if (injected.object >= timeline.size() || repaired.object >= timeline.size()) return false;
    const TimelineEntry &a = timeline[injected.object], &b = timeline[repaired.object];
    return a.fault == b.fault && a.hosts == b.hosts && a.network == b.network && a.sites == b.sites &&
           a.resource == b.resource && a.certificate == b.certificate && a.account == b.account && a.role == b.role;
  }

  /// Until when a fault lasts or a step takes; where no record says so, the moment itself.
  Time end_of(std::size_t index) const {
    const auto& records = run_.journal.records;
    const Record& begin = records[index];
    const auto ends = [&](const Record& later) {
      if (begin.kind == RecordKind::fault_injected)
        return later.kind == RecordKind::fault_repaired && is_same_target(begin, later);
      return begin.kind == RecordKind::operator_acts && later.kind == begin.kind && later.object == begin.object &&
             later.value == 1;
    };
    const auto end = std::find_if(records.begin() + static_cast<std::ptrdiff_t>(index) + 1, records.end(), ends);
    return end == records.end() ? begin.at : end->at;
  }

  void acts() {
    name_process(acts_process, "Faults and steps");
    const TracePlace marks = place(acts_process, 1);
    events_.name_thread(marks, "marks");
    SideBySide lasting(events_, base_ + acts_process, "lasting", 2);
    const auto& records = run_.journal.records;
    for (std::size_t index = 0; index < records.size(); ++index) {
      const Record& record = records[index];
      if (!is_act(record)) continue;
      const RecordId id = run_.journal.first + index;
      const std::string text = text_of(record);
      events_.instant(marks, record.at, true, "act", text, about(id, record));
      const Time to = end_of(index);
      const TracePlace where = lasting.take(record.at, to);
      events_.slice(where, record.at, to, "act", text, "", about(id, record));
      acts_.emplace(id, where);
    }
  }

  void services() {
    name_process(services_process, "Services");
    int thread = 0;
    for (const Service& service : services_of(plan_)) {
      if (service.kind == Service::Kind::worker) continue;  // its track tells it
      const TracePlace where = place(services_process, ++thread);
      events_.name_thread(where, name_of(service, plan_));
      for (const Outage& outage : run_.outages) {
        if (!(outage.service == service)) continue;
        TraceArguments arguments;
        arguments.text("length", length_text(outage.length()));
        if (outage.censored) arguments.text("note", "still out at the end of the rehearsal");
        events_.slice(where, outage.from, outage.to, "outage", "out", "terrible", arguments);
        for (const PhaseSpan& span : outage.phases) phase(where, span);
      }
    }
  }

  void phase(TracePlace where, const PhaseSpan& span) {
    TraceArguments arguments;
    if (const Record* begins = run_.journal.find(span.begins)) arguments.text("begins with", text_of(*begins));
    if (const Record* ends = run_.journal.find(span.ends)) arguments.text("ends with", text_of(*ends));
    events_.slice(where, span.from, span.to, "phase", to_text(span.phase), "", arguments);
  }

  void states() {
    std::map<Track::Kind, int> threads;
    for (const Track& track : tracks_.all()) {
      const int process = first_track_process + static_cast<int>(track.kind);
      int& thread = threads[track.kind];
      if (thread == 0) name_process(process, process_of(track.kind));
      places_.push_back(place(process, ++thread));
      events_.name_thread(places_.back(), track.name);
      for (const Stretch& stretch : track.stretches) {
        TraceArguments arguments;
        const Record* begun = run_.journal.find(stretch.begun_by);
        if (stretch.begun_by != 0 && begun != nullptr) {
          arguments = about(stretch.begun_by, *begun);
          arguments.text("began with", text_of(*begun));
        }
        arguments.text("meaning", to_text(stretch.status.tone));
        events_.slice(places_.back(), stretch.from, stretch.to, "state", stretch.status.state,
                      colour_of(stretch.status.tone), arguments);
        if (stretch.begun_by != 0) effects_.push_back(stretch.begun_by);
      }
    }
  }

  /// What an account tells, on the component that it is about.
  void told() {
    RecordId id = run_.journal.first;
    for (const Record& record : run_.journal.records) {
      const RecordId number = id++;
      if (!is_told(record) || is_act(record)) continue;
      effects_.push_back(number);
      const auto track = tracks_.of(record);
      if (track) events_.instant(places_[*track], record.at, false, "record", text_of(record), about(number, record));
    }
  }

  /// The thread on which a slice covers the record; nullopt: none does.
  std::optional<TracePlace> covered(RecordId id) const {
    if (const auto act = acts_.find(id); act != acts_.end()) return act->second;
    const Record& record = *run_.journal.find(id);
    const auto track = tracks_.of(record);
    if (!track) return std::nullopt;
    const std::vector<Stretch>& stretches = tracks_.all()[*track].stretches;
    const auto later = std::upper_bound(stretches.begin(), stretches.end(), record.at,
                                        [](Time at, const Stretch& stretch) { return at < stretch.from; });
    if (later == stretches.begin() || std::prev(later)->to <= record.at) return std::nullopt;
    return places_[*track];
  }

  /// From the nearest cause that stands on another component, over those that stand nowhere.
  void flows() {
    std::sort(effects_.begin(), effects_.end());
    effects_.erase(std::unique(effects_.begin(), effects_.end()), effects_.end());
    for (const RecordId id : effects_) {
      const auto to = covered(id);
      if (!to) continue;
      const Record& record = *run_.journal.find(id);
      RecordId cause = record.cause;
      for (int passed = 0; passed < most_causes_passed_over && cause != 0; ++passed) {
        const Record* found = run_.journal.find(cause);
        if (found == nullptr || found->at > record.at) break;
        if (const auto from = covered(cause)) {
          if (*from != *to) events_.flow(*from, found->at, *to, record.at);
          break;
        }
        cause = found->cause;
      }
    }
  }

  void batches() {
    if (run_.batches.empty()) return;
    name_process(batches_process, "Batches");
    std::map<std::string, std::vector<const BatchDay*>> days;
    for (const BatchDay& day : run_.batches) days[day.name].push_back(&day);
    int thread = 1;
    for (const auto& [name, of_batch] : days) {
      SideBySide side_by_side(events_, base_ + batches_process, name, thread);
      for (const BatchDay* day : of_batch) {
        const Time to = std::min(day->done, run_.end);
        if (to < day->due) continue;
        TraceArguments arguments;
        arguments.number("executions", day->executions).number("succeeded", day->succeeded);
        if (day->deadline != core::never) arguments.text("deadline", offset_text(day->deadline));
        const bool late = day->deadline < to;
        const std::string state = day->done == core::never ? "not done by the end" : late ? "late" : "done";
        events_.slice(side_by_side.take(day->due, to), day->due, to, "batch", state,
                      colour_of(late ? Tone::bad : Tone::good), arguments);
      }
      thread += side_by_side.threads();
    }
  }

  /// How the queue grew and shrank; one value an instant, and only where it is another.
  void work() {
    world::State state = run_.first;
    Time now = core::at_start;
    std::optional<std::uint64_t> ready, held;
    const auto tell = [&] {
      std::uint64_t holds = 0;
      for (const world::WorkerState& worker : state.workers)
        holds += static_cast<std::uint64_t>(std::max(worker.held, 0));
      if (ready != state.ready_count)
        events_.counter(base_ + work_process, now, "ready for dispatch", state.ready_count);
      if (held != holds) events_.counter(base_ + work_process, now, "held by workers", holds);
      ready = state.ready_count;
      held = holds;
    };
    if (plan_.batches.empty()) return;
    name_process(work_process, "Work");
    bool changed = true;
    for (const Record& record : run_.journal.records) {
      if (record.at > now) {
        if (changed) tell();
        changed = false;
        now = record.at;
      }
      world::apply(state, record, plan_);
      changed = changed || record.subject.part() == world::Part::task;
    }
    tell();
  }

  TraceEvents& events_;
  const RunResult& run_;
  const world::Blueprint& plan_;
  int base_;
  std::string prefix_;
  Tracks tracks_;
  std::vector<TracePlace> places_;       // by track
  std::map<RecordId, TracePlace> acts_;  // slices of faults and steps, by their records
  std::vector<RecordId> effects_;        // records that flows lead to
};

}  // namespace

void write_trace(std::ostream& out, const std::vector<RunResult>& results, std::string_view version) {
  TraceEvents events;
  TraceArguments about;
  about.text("program", "rehearse").text("version", version);
  int base = 0;
  for (const RunResult& run : results) {
    const std::string prefix = results.size() > 1 ? run.scenario.name + ": " : "";
    RunTrace(events, run, base, prefix).write();
    const std::string which = results.size() > 1 ? fmt::format(" {}", base / processes_of_a_run + 1) : "";
    about.text("scenario" + which, run.scenario.name)
        .text("file" + which, run.scenario.file)
        .text("seed" + which, fmt::format("{}", run.scenario.seed))
        .text("start" + which, model::to_text(run.plan->start()));
    base += processes_of_a_run;
  }
  events.write(out, about);
}

}  // namespace rehearse::sim

// The section "workload" of a design: batches, rates and histories, the sources of its executions.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "model/artefacts/execution_history.hpp"
#include "model/design_reading.hpp"
#include "model/design_shapes.hpp"

namespace rehearse::model {
namespace {

constexpr std::int64_t most_executions = 1'000'000;
constexpr std::int64_t most_callers = 1000;
constexpr std::size_t most_sources = 1000;  // of each kind
constexpr double most_per_hour = 1'000'000;
constexpr double largest_factor = 1000;
constexpr Duration longest_deadline = std::chrono::hours(24 * 365);
constexpr std::size_t largest_history = 512 * 1024 * 1024;

/// What names may stand in a source: those of other sources are taken, and named workers must be there.
struct Names {
  NameSet sources;
  NameSet workers;
  std::vector<std::string> worker_list;
};

std::vector<std::string> read_named_workers(const Value& value, const Names& names, const DesignReading& reading) {
  std::vector<std::string> named;
  const auto entries = value.elements(1);
  if (!entries) return named;
  NameSet taken;
  for (const Value& entry : *entries) {
    const std::optional<std::string> name = entry.text();
    if (!name || !claim_name(entry, *name, "a named worker", taken) || !reading.workers_known) continue;
    if (const auto known = names.workers.find(*name); known != names.workers.end()) {
      named.push_back(*known);
    } else {
      unknown_reference(entry, *name, "worker", names.worker_list);
    }
  }
  return named;
}

/// The keys that every source has.
void read_source(const Object& object, WorkloadSource& source, Names& names, const DesignReading& reading) {
  static const Choices<Submitter> submitters = {{"sql_agent", Submitter::sql_agent}, {"external", Submitter::external}};
  source.place = object.place();
  if (const auto name = object.find("name")) {
    if (auto text = name->text()) {
      claim_name(*name, *text, "a source of executions", names.sources);
      source.name = std::move(*text);
    }
  }
  object.read("retry_count", source.retry_count, &Value::whole, std::int64_t{0}, std::int64_t{1000});
  if (const auto workers = object.find("workers")) source.workers = read_named_workers(*workers, names, reading);
  object.read("submitter", source.submitter, submitters);
  object.read("uses_instance", source.uses_instance, &Value::number, 0.0, 1.0);
}

void read_deadline_after(const Object& object, std::optional<Duration>& deadline) {
  object.read("deadline_after", deadline, &Value::duration_within, Duration(std::chrono::seconds(1)), longest_deadline);
}

std::vector<std::chrono::weekday> read_days(const Value& value) {
  static const Choices<std::chrono::weekday> words = {
      {"monday", std::chrono::Monday},     {"tuesday", std::chrono::Tuesday}, {"wednesday", std::chrono::Wednesday},
      {"thursday", std::chrono::Thursday}, {"friday", std::chrono::Friday},   {"saturday", std::chrono::Saturday},
      {"sunday", std::chrono::Sunday}};
  std::vector<std::chrono::weekday> days;
  const auto entries = value.elements(1);
  if (!entries) return days;
  for (const Value& entry : *entries) {
    const auto day = entry.one_of(words);
    if (!day) continue;
    if (std::find(days.begin(), days.end(), *day) != days.end()) {
      entry.error("this day is there twice", "name every day once");
    }
    days.push_back(*day);
  }
  return days;
}

void read_batch(const Value& value, Names& names, DesignReading& reading) {
  const auto object = value.object(design_shape("/workload/batches/*"));
  if (!object) return;
  Batch batch;
  read_source(*object, batch, names, reading);
  object->read("at", batch.at, &Value::time_of_day);
  if (const auto days = object->find("days")) batch.days = read_days(*days);
  object->read("executions", batch.executions, &Value::whole, std::int64_t{1}, most_executions);
  object->read("callers", batch.callers, &Value::whole, std::int64_t{1}, most_callers);
  object->read("duration", batch.duration, &Value::distribution);
  if (const auto deadline = object->find("deadline")) {
    batch.deadline = deadline->time_of_day();
    if (batch.deadline && *batch.deadline == batch.at) {
      deadline->error("the deadline is the very time of submission",
                      "state a later time; an earlier one is the next day's");
    }
  }
  object->read("priority", batch.priority, &Value::whole, std::int64_t{0}, std::int64_t{1'000'000});
  reading.design.batches.push_back(std::move(batch));
}

std::vector<ProfileStep> read_profile(const Value& value) {
  std::vector<ProfileStep> profile;
  const auto members = value.members();
  if (!members) return profile;
  bool good = true;
  for (const Member& member : *members) {
    const auto from = parse_time_of_day(member.name);
    if (!from) {
      member.value.tell(Severity::error, member.key_place, fmt::format("\"{}\" is no time of day", member.name),
                        "write hours and minutes of a local day, for example \"08:00\"");
    } else if (std::any_of(profile.begin(), profile.end(), [&](const auto& step) { return step.from == *from; })) {
      member.value.tell(Severity::error, member.key_place, fmt::format("{} is there twice", member.name),
                        "keep one of the two");
    }
    const auto factor = member.value.number(0, largest_factor);
    if (from && factor) profile.push_back({*from, *factor});
    good = good && from && factor;
  }
  std::sort(profile.begin(), profile.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
  if (good && std::all_of(profile.begin(), profile.end(), [](const auto& step) { return step.factor == 0; })) {
    value.error("with this profile nothing ever arrives",
                "state a factor above 0, for example { \"08:00\": 3, \"18:00\": 0.5 }");
  }
  return profile;
}

void read_rate(const Value& value, Names& names, DesignReading& reading) {
  const auto object = value.object(design_shape("/workload/rates/*"));
  if (!object) return;
  Rate rate;
  read_source(*object, rate, names, reading);
  if (const auto per_hour = object->find("per_hour")) {
    const auto number = per_hour->number(0, most_per_hour);
    if (number == 0.0) per_hour->error("at this rate nothing ever arrives", "state more than 0, or remove the rate");
    rate.per_hour = number.value_or(0);
  }
  if (const auto profile = object->find("profile")) rate.profile = read_profile(*profile);
  object->read("duration", rate.duration, &Value::distribution);
  read_deadline_after(*object, rate.deadline_after);
  reading.design.rates.push_back(std::move(rate));
}

void read_history_file(const Value& path, History& history, DesignReading& reading) {
  std::string shown;
  const auto bytes = reading.open_artefact(path, shown, largest_history);
  if (!bytes) return;
  HistoryFile file = read_execution_history(*bytes, shown);
  if (has_errors(file.diagnostics)) {
    path.error("the history '" + shown + "' cannot be used", "mend what is told about that file");
  }
  std::move(file.diagnostics.begin(), file.diagnostics.end(), std::back_inserter(reading.of_artefacts));
  history.file = std::move(shown);
  history.rows = std::move(file.rows);
}

void read_history(const Value& value, Names& names, DesignReading& reading) {
  const auto object = value.object(design_shape("/workload/histories/*"));
  if (!object) return;
  History history;
  read_source(*object, history, names, reading);
  if (const auto path = object->find("file")) read_history_file(*path, history, reading);
  if (object->has("retry_count")) {
    for (HistoryRow& row : history.rows) row.retry_count = history.retry_count;
  }
  if (const auto starts = object->find("starts")) {
    history.starts = starts->date();
    if (history.starts && !history.rows.empty() && history.rows.back().created < *history.starts) {
      starts->error("the history ends before this date, with the execution of " + to_text(history.rows.back().created),
                    "state an earlier date, or none to begin with its first day");
    }
  }
  read_deadline_after(*object, history.deadline_after);
  reading.design.histories.push_back(std::move(history));
}

}  // namespace

void read_workload(const Value& value, DesignReading& reading) {
  const auto object = value.object(design_shape("/workload"));
  if (!object) return;
  Names names;
  names.worker_list = reading.design.worker_names();
  names.workers.insert(names.worker_list.begin(), names.worker_list.end());
  const auto read_each = [&](std::string_view key, void (*read)(const Value&, Names&, DesignReading&)) {
    const auto list = object->find(key);
    const auto entries = list ? list->elements(0, most_sources) : std::nullopt;
    if (!entries) return;
    for (const Value& entry : *entries) read(entry, names, reading);
  };
  read_each("batches", &read_batch);
  read_each("rates", &read_rate);
  read_each("histories", &read_history);
}

}  // namespace rehearse::model

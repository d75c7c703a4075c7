#include "rehearsal.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>

#include "model/design_reader.hpp"
#include "sim/world/installation.hpp"

namespace rehearse::world {

model::Design shipped_design(const std::string& name) {
  const auto result =
      model::read_design_file(std::string(REHEARSE_SOURCE_DIR) + "/scenarios/designs/" + name + ".json");
  if (!result.design) throw std::runtime_error("the shipped design " + name + " is not readable");
  return *result.design;
}

Rehearsal::Rehearsal(model::Design design) : Rehearsal(std::move(design), Options{}) {}

Rehearsal::Rehearsal(model::Design design, Options options)
    : world_(std::make_shared<const Blueprint>(design, model::parse_date(options.start).value(), options.horizon),
             at(-2h), options.pace, options.tempo) {
  Installation(world_).finish();
  world_.run_until(core::at_start);
  first_ = world_.state();
  world_.engine().write_to(&journal_);
  world_.begin(options.key);
}

const Record* Rehearsal::find(RecordKind kind, Time from, PartId subject) const {
  for (const Record& record : journal_.records) {
    const bool fits = subject == PartId(Part::task, 0x0fff'ffff) || record.subject == subject;
    if (record.kind == kind && record.at >= from && fits) return &record;
  }
  return nullptr;
}

std::size_t Rehearsal::count(RecordKind kind) const {
  return static_cast<std::size_t>(std::count_if(journal_.records.begin(), journal_.records.end(),
                                                [&](const Record& record) { return record.kind == kind; }));
}

namespace {

std::string line(const Record& record, RecordId id, const Blueprint& plan) {
  return fmt::format("{} {:.9f} {} {} object {} value {} <- {}\n", id,
                     std::chrono::duration<double>(record.at.time_since_epoch()).count(), to_text(record.kind),
                     plan.name_of(record.subject), static_cast<int>(record.object), record.value, record.cause);
}

}  // namespace

std::string to_text(const Journal& journal, const Blueprint& plan) {
  std::string text;
  RecordId id = journal.first;
  for (const Record& record : journal.records) text += line(record, id++, plan);
  return text;
}

std::string difference(const Journal& a, const Journal& b, const Blueprint& plan) {
  const std::size_t common = std::min(a.records.size(), b.records.size());
  for (std::size_t index = 0; index < common; ++index) {
    const auto id = static_cast<RecordId>(a.first + index);
    if (a.records[index] == b.records[index]) continue;
    return "first: " + line(a.records[index], id, plan) + "second: " + line(b.records[index], id, plan);
  }
  if (a.records.size() == b.records.size()) return "";
  const auto& longer = a.records.size() > b.records.size() ? a : b;
  return "only in one: " + line(longer.records[common], static_cast<RecordId>(longer.first + common), plan);
}

}  // namespace rehearse::world

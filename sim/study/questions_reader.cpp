// The sections "rare", "capacity" and "advice" of a study file.
#include <fmt/format.h>

#include <algorithm>

#include "sim/study/figures.hpp"
#include "sim/study/study_reading.hpp"
#include "sim/study/study_shapes.hpp"

namespace rehearse::sim {
namespace {

using model::JsonNode;
using model::Object;
using model::Value;

void read_rare(const Value& value, StudyReading& reading) {
  constexpr std::int64_t most_batches = 1'000'000;
  const auto object = value.object(study_shape("/rare"));
  if (!object) return;
  RareQuestion question;
  const std::vector<std::string> names = rare_event_names();
  model::Choices<RareEvent> words;
  for (const std::string& name : names) words.emplace_back(name, rare_event_from(name).value());
  if (const auto faults = object->find("faults"))
    question.faults = read_random_faults(*faults).value_or(question.faults);
  if (const auto events = object->find("events")) {
    for (const Value& element : events->elements(1).value_or(std::vector<Value>())) {
      const auto event = element.one_of(words);
      if (!event) continue;
      const std::string problem =
          reading.base ? RareSetup::problem_of(reading.base->design, *event, question.faults) : "";
      if (!problem.empty()) element.error("this cannot be studied: " + problem, "change the design or leave it out");
      question.events.push_back(*event);
    }
  }
  if (const auto batches = object->find("batches")) {
    if (const auto number = batches->whole(2, most_batches)) question.batches = static_cast<std::uint64_t>(*number);
  }
  constexpr auto shortest = std::chrono::hours(1), longest = std::chrono::hours(24 * 3660);
  if (const auto horizon = object->find("horizon")) {
    if (const auto length = horizon->duration_within(shortest, longest)) question.horizon = *length;
  }
  reading.study.questions.rare = std::move(question);
}

/// "worst", "none", or a moment since the scenario's start.
void read_failover(const Value& value, CapacityQuestion& question) {
  const JsonNode& node = value.node();
  const bool word = node.kind == JsonNode::Kind::text && (node.text == "worst" || node.text == "none");
  if (word) {
    question.failover = node.text == "worst";
  } else {
    question.failover_at = value.duration();
  }
}

void read_capacity(const Value& value, StudyReading& reading) {
  constexpr std::int64_t most_workers = 10'000, most_tasks = 1'000, most_replications = 100'000'000;
  constexpr double least_share = 0.001;
  const auto object = value.object(study_shape("/capacity"));
  if (!object) return;
  CapacityQuestion question;
  object->read("batch", question.batch, &Value::text);
  if (const auto target = object->find("target")) {
    question.target = target->number(least_share, 1 - least_share).value_or(question.target);
  }
  const auto whole = [](const Value& number, std::int64_t low, std::int64_t high, auto& into) {
    if (const auto result = number.whole(low, high)) into = static_cast<std::decay_t<decltype(into)>>(*result);
  };
  if (const auto range = object->find("workers")) {
    if (const auto ends = range->elements(2, 2)) {
      whole(ends->front(), 1, most_workers, question.fewest);
      whole(ends->back(), 1, most_workers, question.most);
    }
  }
  if (const auto counts = object->find("max_task_counts")) {
    for (const Value& element : counts->elements(1).value_or(std::vector<Value>())) {
      if (const auto count = element.whole(1, most_tasks)) question.max_task_counts.push_back(static_cast<int>(*count));
    }
  }
  if (const auto failover = object->find("failover")) read_failover(*failover, question);
  if (const auto down = object->find("workers_down")) whole(*down, 0, most_workers, question.workers_down);
  if (const auto most = object->find("replications")) whole(*most, 1, most_replications, question.most_replications);
  if (!reading.base) return;
  for (const std::string& problem : problems_of(question, *reading.base)) {
    value.error("this capacity cannot be found: " + problem, "change the question or the design");
  }
  reading.study.questions.capacity = std::move(question);
}

void read_advice(const Value& value, StudyReading& reading) {
  constexpr std::int64_t most_years = 1'000'000;
  const auto object = value.object(study_shape("/advice"));
  if (!object) return;
  AdviceQuestion question;
  if (const auto outage = object->find("outage")) {
    const auto name = outage->text();
    const auto& measures = reading.study.measures;
    const auto found =
        std::find_if(measures.begin(), measures.end(), [&](const Measure& one) { return name && one.name == *name; });
    if (name && (found == measures.end() || found->unit() != Measure::Unit::duration)) {
      outage->error("the study measures no length that is called '" + *name + "'",
                    "name it in 'measure', too: \"outage.ssisdb\"");
    } else if (name) {
      question.measure = static_cast<std::size_t>(found - measures.begin());
    }
  }
  if (const auto quantile = object->find("quantile")) {
    const auto p = quantile->number(0, 1);
    if (p && std::find(told_quantiles.begin(), told_quantiles.end(), *p) == told_quantiles.end()) {
      quantile->error(fmt::format("the quantile {} is not told", *p), "write 0.5, 0.9, 0.95, 0.99 or 0.999");
    } else if (p) {
      question.quantile = *p;
    }
  }
  if (const auto years = object->find("years")) {
    if (const auto number = years->whole(1, most_years)) question.years = static_cast<std::uint64_t>(*number);
  }
  reading.study.questions.advice = question;
}

}  // namespace

std::optional<RandomFaults> read_random_faults(const Value& value) {
  if (value.node().kind == JsonNode::Kind::text) {
    static const model::Choices<RandomFaults> words = {{"default rates", RandomFaults::default_rates()}};
    return value.one_of(words);
  }
  const auto elements = value.elements(1);
  if (!elements) return std::nullopt;
  const std::vector<std::string> names = random_fault_names();
  model::Choices<RandomFault> words;
  for (const std::string& name : names) words.emplace_back(name, random_fault_from(name).value());
  RandomFaults faults;
  for (const Value& element : *elements) {
    if (const auto fault = element.one_of(words)) faults = faults.with(*fault);
  }
  return faults;
}

void read_questions(const Object& root, StudyReading& reading) {
  if (const auto rare = root.find("rare")) read_rare(*rare, reading);
  if (const auto capacity = root.find("capacity")) read_capacity(*capacity, reading);
  if (const auto advice = root.find("advice")) read_advice(*advice, reading);
}

}  // namespace rehearse::sim

#include "sim/study/measure.hpp"

#include <stdexcept>

namespace rehearse::sim {
namespace {

using Kind = Measure::Kind;

constexpr const char* counts[] = {"lost",
                                  "doubled",
                                  "succeeded",
                                  "ended_without_success",
                                  "never_submitted",
                                  "repeated",
                                  "stamped",
                                  "refused_success",
                                  "unfinished",
                                  "late"};

}  // namespace

Measure::Unit Measure::unit() const {
  switch (kind) {
    case Kind::outage:
    case Kind::longest_outage:
    case Kind::batch_late:
    case Kind::batch_makespan:
    case Kind::wait_mean:
    case Kind::wait_p95:
    case Kind::wait_longest: return Unit::duration;
    case Kind::outages:
    case Kind::executions:
    case Kind::queue_longest: return Unit::count;
    case Kind::availability:
    case Kind::queue_mean:
    case Kind::utilisation: return Unit::millionth;
  }
  throw std::logic_error("a measure of no kind");
}

const char* to_text(Measure::Unit unit) {
  switch (unit) {
    case Measure::Unit::duration: return "duration";
    case Measure::Unit::count: return "count";
    case Measure::Unit::millionth: return "share";
  }
  throw std::logic_error("a unit of no kind");
}

std::vector<Measure> measures_of(const world::Blueprint& plan) {
  std::vector<Measure> all;
  const auto add = [&all](Kind kind, std::string name, std::string of = "") {
    all.push_back({kind, std::move(name), std::move(of)});
  };
  for (const auto& [kind, word] :
       {std::pair(Kind::outage, "outage."), std::pair(Kind::longest_outage, "longest_outage."),
        std::pair(Kind::outages, "outages."), std::pair(Kind::availability, "availability.")}) {
    for (const Service& service : services_of(plan)) {
      const std::string name = name_of(service, plan);
      add(kind, word + name, name);
    }
  }
  for (const char* count : counts) add(Kind::executions, std::string("executions.") + count, count);
  for (const world::BatchPlan& source : plan.batches) {
    if (source.kind != world::BatchPlan::Kind::batch) continue;
    add(Kind::batch_late, "batch." + source.name + ".late", source.name);
    add(Kind::batch_makespan, "batch." + source.name + ".makespan", source.name);
  }
  add(Kind::wait_mean, "wait.mean");
  add(Kind::wait_p95, "wait.p95");
  add(Kind::wait_longest, "wait.longest");
  add(Kind::queue_mean, "queue.mean");
  add(Kind::queue_longest, "queue.longest");
  add(Kind::utilisation, "utilisation");
  return all;
}

std::vector<Measure> usual_measures(const world::Blueprint& plan) {
  std::vector<Measure> usual;
  for (Measure& measure : measures_of(plan)) {
    const bool service = measure.kind == Kind::outage && !measure.of.starts_with("worker ");
    const bool executions = measure.name == "executions.lost" || measure.name == "executions.doubled";
    const bool work = !plan.batches.empty() && (executions || measure.kind == Kind::batch_late);
    if (service || work) usual.push_back(std::move(measure));
  }
  return usual;
}

}  // namespace rehearse::sim

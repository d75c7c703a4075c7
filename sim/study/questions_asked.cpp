// What can be asked of a design, and what cannot. Apart from those who answer: a study's reader needs no more.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/study/capacity.hpp"
#include "sim/study/rare_events.hpp"

namespace rehearse::sim {
namespace {

constexpr std::array<std::string_view, rare_event_count> names = {"quorum_lost", "all_nodes_down", "work_lost"};

}  // namespace

std::string_view to_text(RareEvent event) {
  return names.at(static_cast<std::size_t>(event));
}

std::optional<RareEvent> rare_event_from(std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<RareEvent>(found - names.begin());
}

std::vector<std::string> rare_event_names() {
  return {names.begin(), names.end()};
}

std::string RareSetup::problem_of(const model::Design& design, RareEvent event, RandomFaults faults) {
  for (std::size_t number = 0; number < random_fault_count; ++number) {
    const auto fault = static_cast<RandomFault>(number);
    const auto timing = between(fault);
    if (!faults.holds(fault) || !timing) continue;
    if (design.parameters[*timing].kind == model::Distribution::Kind::exponential) continue;
    return std::string(model::name_of(*timing)) +
           " must be exponential: copies of a rehearsal meet other faults than the original, and only a fault without "
           "memory can be drawn anew";
  }
  const bool works = !design.batches.empty() || !design.rates.empty() || !design.histories.empty();
  if (event == RareEvent::work_lost && !works) return "work cannot be lost where the design has none";
  return {};
}

std::vector<std::string> problems_of(const CapacityQuestion& question, const Scenario& scenario) {
  std::vector<std::string> problems;
  const model::Design& design = scenario.design;
  if (design.scale_out.workers.empty()) problems.push_back("the design has no pool of workers to make larger");
  const auto batch = std::find_if(design.batches.begin(), design.batches.end(),
                                  [&](const model::Batch& each) { return each.name == question.batch; });
  if (batch == design.batches.end()) {
    problems.push_back(fmt::format("the design has no batch '{}'", question.batch));
  } else if (!batch->deadline) {
    problems.push_back(fmt::format("batch '{}' has no deadline to be done by: give it one", question.batch));
  }
  if (question.fewest < 1 || question.fewest > question.most) {
    problems.push_back("'workers' is a range from at least 1 to no fewer");
  }
  if (!(question.target > 0 && question.target < 1)) problems.push_back("'target' lies between 0 and 1");
  for (const model::Batch& each : design.batches) {
    if (each.workers.empty()) continue;
    problems.push_back(fmt::format("batch '{}' names its workers, so that others would not help it", each.name));
  }
  return problems;
}

}  // namespace rehearse::sim

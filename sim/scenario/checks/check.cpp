#include "sim/scenario/checks/check.hpp"

#include <fmt/format.h>

namespace rehearse::sim {

void Check::before(const world::Record&, world::RecordId, const world::State&) {}
void Check::instant_over(core::Time, const world::State&) {}
void Check::run_over(const world::State&) {}

void check_journal(const world::Blueprint& plan, const world::State& first, const world::Journal& journal,
                   const world::State& last) {
  std::vector<std::unique_ptr<Check>> checks;
  for (const auto make : {check_order, check_partitions, check_quarantine, check_owners, check_wishes, check_providers,
                          check_replicas, check_restarts, check_reservations, check_machines, check_tasks}) {
    checks.push_back(make(plan));
  }
  world::State state = first;
  world::RecordId id = journal.first;
  try {
    for (const world::Record& record : journal.records) {
      const bool later = id > journal.first && record.at != journal.records[id - journal.first - 1].at;
      for (const auto& check : checks) {
        if (later) check->instant_over(journal.records[id - journal.first - 1].at, state);
        check->before(record, id, state);
      }
      world::apply(state, record, plan);
      ++id;
    }
    for (const auto& check : checks) {
      if (!journal.records.empty()) check->instant_over(journal.records.back().at, state);
      check->run_over(state);
    }
  } catch (const InvariantBroken& broken) {
    throw InvariantBroken(fmt::format("at record {}: {}", id, broken.what()));
  }
  if (state != last) throw InvariantBroken("the journal leads to another state than the run ended in");
}

}  // namespace rehearse::sim

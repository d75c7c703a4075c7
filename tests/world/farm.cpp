#include "farm.hpp"

namespace rehearse::world {

model::Design farm(int workers, int slots) {
  model::Design design = shipped_design("reference");
  design.batches.clear();
  model::WorkerPool pool = design.scale_out.workers.front();
  pool.name = "WRK";
  pool.count = workers;
  pool.numbered = true;
  pool.settings.max_task_count = slots;
  pool.settings.agent_id.clear();
  design.scale_out.workers = {pool};
  return design;
}

model::Batch batch_of(int executions, Duration length) {
  model::Batch batch;
  batch.name = "batch";
  batch.at = 1h;
  batch.executions = executions;
  batch.duration = model::Distribution::constant(length);
  batch.uses_instance = 0.0;
  return batch;
}

}  // namespace rehearse::world

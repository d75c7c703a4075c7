// One batch instead of all the work of a design: as many executions at once, and no others. It stands for the work that
// is under way when something happens, where many runs are compared and a whole night would tell nothing more.
#pragma once

#include <string>

#include "model/design.hpp"

namespace rehearse::sim {

struct OneBatch {
  std::string like;  // the source of the design that its packages, retries, workers and submitter are taken from
  int executions = 0;
  Duration at{};  // since the start, whole seconds
  friend bool operator==(const OneBatch&, const OneBatch&) = default;
};

/// The source that the most executions come from: of batches by their size, of histories by their rows, else the first
/// rate; empty: the design has no work.
std::string main_source(const model::Design& design);

/// Puts it in place of the design's sources, under the name of the source that it is like. That one exists.
void put_one_batch(model::Design& design, Date start, const OneBatch& batch);

}  // namespace rehearse::sim

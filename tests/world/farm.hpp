// Farms of any size for tests: the shipped reference design with other workers and other work.
#pragma once

#include "rehearsal.hpp"

namespace rehearse::world {

/// The reference design with `workers` workers of `slots` slots each, and no work of its own.
model::Design farm(int workers, int slots);

/// A batch of `executions` at 01:00 in Paris, half an hour after the usual start, at constant length and without
/// packages that use the instance.
model::Batch batch_of(int executions, Duration length);

}  // namespace rehearse::world

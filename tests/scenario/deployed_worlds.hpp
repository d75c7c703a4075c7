// Worlds for tests of steps: the shipped designs, empty or deployed, at a date before their certificates end.
#pragma once

#include <memory>
#include <string>

#include "model/design.hpp"
#include "sim/async/deploy.hpp"
#include "sim/world/world.hpp"

namespace rehearse::sim {

/// A shipped design by its file name without ".json".
model::Design shipped_design(const std::string& name);

/// The reference farm stretched over two sites with a subnet each and two nodes in each: SQL1 and SQL2 in A, SQL3 and
/// SQL4 in B, and the witness, if it has a place, in a third one. `separate`: the master has its own role, with an
/// address in each subnet, too.
model::Design stretched_design(model::Witness::Kind witness, model::Placement placement);

/// A world with nothing installed, a day before its start. Its batches lie outside its horizon.
world::World empty_world(const model::Design& design, world::Pace pace = world::Pace::median);

/// By deploy_installed.
world::World deployed_world(const model::Design& design, world::Pace pace = world::Pace::median);

/// One line a step, for messages of failing tests.
std::string to_text(const std::vector<StepNote>& notes);

/// How many notes ended in this way.
std::size_t count(const std::vector<StepNote>& notes, steps::StepOutcome::Kind kind);

/// What a deployment is, apart from how and when it came about: what is installed where, settings, certificates, roles
/// and workers, as lines of text.
std::string deployment_of(const world::World& world);

}  // namespace rehearse::sim

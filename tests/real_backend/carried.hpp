// What of a design an export can carry, as text: two designs with the same text are one deployment. Left out is what no
// export tells (workload, durations, where a witness or a storage pool stands); what a design may leave unsaid is
// resolved to what holds then.
#pragma once

#include <string>

#include "model/design.hpp"

namespace rehearse::real::testing {

std::string carried(const model::Design& design);

/// The lines that differ; empty: none.
std::string difference(const model::Design& before, const model::Design& after);

}  // namespace rehearse::real::testing

// The whole article as steps, in its order, for both placements. Performing them on a platform where nothing is there
// yet brings it to what the design states; performing them again changes nothing.
#pragma once

#include <vector>

#include "model/design.hpp"
#include "model/steps/step.hpp"
#include "model/steps/verify_steps.hpp"

namespace rehearse::steps {

/// Sections 1 to 8 and the enabling of workers. The test that follows, verification_steps (verify_steps.hpp), moves
/// roles and therefore is not part of it: whoever performs a deployment a second time does not expect an outage.
std::vector<StepPtr> deployment_steps(const model::Design& design);

}  // namespace rehearse::steps

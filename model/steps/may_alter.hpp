// Which changes are about what: the questions whose answers a change may alter or delay. For whoever knows answers and
// lets a change happen.
#pragma once

#include "model/steps/requests.hpp"

namespace rehearse::steps {

/// Whether the change may alter the answer to the question. Says yes too often rather than too rarely.
bool may_alter(const AnyRequest& change, const AnyRequest& question);

/// Whether the change may leave nobody, for a while, who answers the question: of a machine that it restarts, or of a
/// cluster or an instance whose role it moves. The answer is the same as before when somebody gives it again.
bool may_silence(const AnyRequest& change, const AnyRequest& question);

}  // namespace rehearse::steps

// Which changes are about what: the questions whose answers a change may alter. For whoever knows answers and lets a
// change happen.
#pragma once

#include "model/steps/requests.hpp"

namespace rehearse::steps {

/// Whether the change may alter the answer to the question. Says yes too often rather than too rarely.
bool may_alter(const AnyRequest& change, const AnyRequest& question);

}  // namespace rehearse::steps

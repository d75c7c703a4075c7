// Does the deployment keep what it promises? Every node in turn owns the role, and every worker must be heard again
// each time: the only way to find a certificate, a settings file or an account that is right on one node only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/design.hpp"
#include "model/steps/step.hpp"

namespace rehearse::steps {

/// Moves the role to the node and waits until every worker has sent a heartbeat from after the move. Never satisfied
/// beforehand: it is a test, done when asked for. A worker that stays silent is named, with the node.
StepPtr verify_failover(std::string role, std::string node, std::vector<std::string> workers, Duration within);

/// How long workers may take to be heard after a move: longer where the name's address changes with the subnet and only
/// the online one is registered, because they ask for it anew when its time to live is over (W 6.1).
Duration time_to_be_heard(const model::Design& design, const std::vector<std::string>& addresses, bool registers_all,
                          std::optional<Duration> record_ttl);

/// One verify_failover a role and node, ending on the first node, so that a verified deployment is where it was built.
std::vector<StepPtr> verification_steps(const model::Design& design);

}  // namespace rehearse::steps

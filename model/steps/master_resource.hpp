// The Scale Out Master as the cluster sees it: service, resource and role, and what steps have to know before they
// touch the service on one node.
#pragma once

#include <string>

#include "model/design.hpp"
#include "model/steps/awaitable.hpp"
#include "model/steps/platform.hpp"

namespace rehearse::steps {

struct MasterResource {
  std::string service;   // "SSISScaleOutMaster150"
  std::string resource;  // the Generic Service resource
  std::string role;      // that holds it, by placement
};
MasterResource master_resource_of(const model::Design& design);

/// Does the role exist, and hold the resource?
Awaitable<bool> is_clustered(Platform platform, MasterResource master);

/// Is a running service on `node` the cluster's own doing (the resource exists, is not offline, and the node owns the
/// role)?
Awaitable<bool> runs_under_cluster(Platform platform, MasterResource master, std::string node);

/// Stops the service on `node` in the way that fits: through the cluster where it runs there, else directly.
Awaitable<void> stop_master_on(Platform platform, MasterResource master, std::string node);

/// The name under which the operator keeps an account's password.
std::string password_of(const std::string& account);

/// How long a resource may take to come online or go offline: PendingTimeout with room for a restart (W 3.3).
inline constexpr Duration time_to_change_state = std::chrono::minutes(10);

}  // namespace rehearse::steps

// What became of the roles: who has them at the end, in which state, and how often they changed hands.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/run_result.hpp"

namespace rehearse::sim {

struct RoleNote {
  std::string name;
  std::string owner;      // at the end; where that node is down, the one that had it last
  std::string state;      // "online", "partially online", "offline", "failed", "pending" (W 4.1)
  std::size_t moves = 0;  // changes of its owner during the rehearsal, whoever brought them about

  bool online() const { return state == "online"; }
};

/// As Get-ClusterGroup would show the role (W 4.1): the `state` of a note. An address whose network the owner has no
/// card on does not count (W 6.2).
std::string state_of_role(world::GroupIndex group, const world::State& state, const world::Blueprint& plan);

/// The roles that exist at the end, in the order of the design.
std::vector<RoleNote> roles_at_end(const RunResult& result);

/// Those of them that hold neither the instance nor the Scale Out Master, whose outages an account tells.
std::vector<RoleNote> further_roles(const RunResult& result);

}  // namespace rehearse::sim

// Failback: whether, and when, a role goes back to a node that it prefers over the one it is on (W 4.2, 4.4). Windows
// asks when a node comes up. With a failback window it waits for the window; if the owner is lost before, the role
// moves as it would without, so whoever keeps an appointment asks again when it is due and after every change of nodes.
#pragma once

#include <cstdint>
#include <string_view>

#include "model/placement.hpp"

namespace rehearse::model {

/// The role's properties (W 4.2). The window is [start, end) in hours of the cluster's local time and may span
/// midnight; equal hours are a whole day (assumed); -1 for both: at once.
struct FailbackSettings {
  bool allowed = false;  // AutoFailbackType 1
  int window_start = -1;
  int window_end = -1;
};

struct FailbackDecision {
  enum class Kind : std::uint8_t { stay, now, at_hour };
  Kind kind = Kind::stay;
  int node = no_node;  // where to, unless it stays
  int hour = -1;       // at_hour: the next time that local clocks begin this hour
  std::string_view rule;
  std::string_view source;
};

/// `placement` as for choose_target, whatever its reason: failback goes to the most preferred owner that is available
/// and stands above the current one. Anti-affinity counts as enforced: staying is always possible (assumed).
/// `local_hour` is 0 to 23. Throws std::logic_error for hours that are none and for half a window.
FailbackDecision decide_failback(const FailbackSettings& settings, const PlacementRequest& placement, int local_hour);

}  // namespace rehearse::model

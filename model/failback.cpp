#include "model/failback.hpp"

#include <stdexcept>

namespace rehearse::model {
namespace {

void check_hours(const FailbackSettings& settings, int local_hour) {
  const auto is_hour = [](int hour) { return hour >= 0 && hour < 24; };
  const bool at_once = settings.window_start == -1 && settings.window_end == -1;
  if (!is_hour(local_hour) || !(at_once || (is_hour(settings.window_start) && is_hour(settings.window_end)))) {
    throw std::logic_error("a failback window has two hours from 0 to 23, or none");
  }
}

bool window_open(const FailbackSettings& settings, int hour) {
  const int start = settings.window_start;
  const int end = settings.window_end;
  if (start < end) return start <= hour && hour < end;
  return start <= hour || hour < end;  // over midnight
}

}  // namespace

FailbackDecision decide_failback(const FailbackSettings& settings, const PlacementRequest& placement, int local_hour) {
  using Kind = FailbackDecision::Kind;
  check_hours(settings, local_hour);
  if (!settings.allowed) return {Kind::stay, no_node, -1, "AutoFailbackType 0: no failback", "W 4.2"};
  if (placement.preferred_owners.empty()) {
    return {Kind::stay, no_node, -1, "no preferred owners: nowhere to go back to", "W 4.2"};
  }
  if (placement.current_owner == no_node) return {Kind::stay, no_node, -1, "no node has the role", "W 4.4"};

  PlacementRequest request = placement;
  request.reason = MoveReason::failback;
  const int target = choose_target(request, 0).node;  // preferred owners decide, so no draw is looked at
  if (target == no_node) {
    return {Kind::stay, no_node, -1, "no available node is preferred over the owner", "W 4.4"};
  }
  if (settings.window_start == -1) return {Kind::now, target, -1, "no failback window: at once", "W 4.2, 4.4"};
  if (window_open(settings, local_hour)) return {Kind::now, target, -1, "within the failback window", "W 4.2, 4.4"};
  return {Kind::at_hour, target, settings.window_start, "waits for the failback window", "W 4.2, 4.4"};
}

}  // namespace rehearse::model

// What the cluster does with a failed resource: try again on the same node, move the whole role, or give up until an
// operator or RetryPeriodOnFailure comes (W 3.2, 3.3, 4.2, 4.5). Both limits count in sliding windows, the safer
// reading of texts that also allow a counter with a reset (W 3.3). The history is the caller's: it belongs to the
// resource (or role), survives a move, and is not touched by node losses and operators' moves (assumed).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "model/units.hpp"

namespace rehearse::model {

/// The times of the last `capacity` events, so that a world can hold it by value. Times are lengths since any one epoch
/// and never go back. What it forgets does not matter to limits up to `capacity`, the largest that it can judge.
class SlidingWindow {
 public:
  static constexpr int capacity = 16;

  void add(Duration now);
  /// Events in (now - period, now], at most `capacity`: one that is exactly `period` old no longer counts.
  int count_within(Duration now, Duration period) const;

  friend bool operator==(const SlidingWindow&, const SlidingWindow&) = default;

 private:
  std::array<Duration, capacity> times_{};  // a ring; slots not in use stay zero, so that equality is equality
  std::uint8_t size_ = 0;
  std::uint8_t next_ = 0;
};
static_assert(std::is_trivially_copyable_v<SlidingWindow>);

/// RestartAction (W 3.2). The numbers are Windows'.
enum class RestartAction : std::uint8_t { do_not_restart = 0, restart = 1, restart_then_fail_over = 2 };

struct RestartSettings {
  int threshold = 1;  // RestartThreshold, at most SlidingWindow::capacity
  Duration period = std::chrono::minutes(15);
  Duration delay = std::chrono::milliseconds(500);
  RestartAction action = RestartAction::restart_then_fail_over;
};

struct RestartDecision {
  enum class Kind : std::uint8_t { restart_in_place, fail_over_group, stay_failed };
  Kind kind = Kind::stay_failed;
  Duration delay{};            // before the restart in place
  bool retried_later = false;  // stay_failed: RetryPeriodOnFailure will bring another attempt
  std::string_view rule;
  std::string_view source;
};

/// A resource failed at `now`. `restarts` holds its earlier restarts in place; who follows restart_in_place adds this
/// one at `now`. Throws std::logic_error for a threshold beyond SlidingWindow::capacity.
RestartDecision after_resource_failure(const SlidingWindow& restarts, Duration now, const RestartSettings& settings);

struct GroupDecision {
  enum class Kind : std::uint8_t { fail_over, stay_failed };
  Kind kind = Kind::stay_failed;
  int limit = 0;  // the computed failover threshold
  std::string_view rule;
  std::string_view source;
};

/// A resource asks for its role to fail over. `failovers` holds the role's earlier automatic failovers; who follows
/// fail_over adds this one. `failover_threshold` 0 means nodes - 1, as Windows computes it (W 4.2), but no more than
/// SlidingWindow::capacity, which takes a cluster of 18 nodes or more (assumed, and said in `rule` where it decides).
/// stay_failed: the failed resource and its dependents stay down, the rest of the role stays Online (behaviour 3).
/// Throws std::logic_error for a stated threshold beyond the capacity.
GroupDecision after_restart_exhausted(const SlidingWindow& failovers, Duration now, int nodes, int failover_threshold,
                                      Duration failover_period);

}  // namespace rehearse::model

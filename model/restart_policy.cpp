#include "model/restart_policy.hpp"

#include <algorithm>
#include <stdexcept>

namespace rehearse::model {
namespace {

/// Whether fewer than `limit` events lie in the period.
bool below(int limit, const SlidingWindow& history, Duration now, Duration period) {
  if (limit > SlidingWindow::capacity) throw std::logic_error("a limit beyond what a history of failures can hold");
  return history.count_within(now, period) < limit;
}

}  // namespace

void SlidingWindow::add(Duration now) {
  const auto newest = static_cast<std::uint8_t>((next_ + capacity - 1) % capacity);
  if (size_ > 0 && now < times_[newest]) throw std::logic_error("a history of failures went back in time");
  times_[next_] = now;
  next_ = static_cast<std::uint8_t>((next_ + 1) % capacity);
  if (size_ < capacity) ++size_;
}

int SlidingWindow::count_within(Duration now, Duration period) const {
  int counted = 0;
  for (int i = 0; i < size_; ++i) {
    // As a difference from now, because now - period may lie before anything that a Duration can say.
    if (now - times_[static_cast<std::size_t>(i)] < period) ++counted;
  }
  return counted;
}

RestartDecision after_resource_failure(const SlidingWindow& restarts, Duration now, const RestartSettings& settings) {
  using Kind = RestartDecision::Kind;
  if (settings.action == RestartAction::do_not_restart) {
    return {Kind::stay_failed, {}, false, "RestartAction 0: never restarted", "W 3.2"};
  }
  if (below(settings.threshold, restarts, now, settings.period)) {
    return {Kind::restart_in_place, settings.delay, false, "fewer restarts than RestartThreshold within RestartPeriod",
            "W 3.2, 3.3"};
  }
  if (settings.action == RestartAction::restart) {
    return {Kind::stay_failed,
            {},
            true,
            "RestartThreshold reached, and RestartAction 1 leaves the role where it is",
            "W 3.2"};
  }
  return {Kind::fail_over_group, {}, false, "RestartThreshold reached, and RestartAction 2 moves the role", "W 3.2"};
}

GroupDecision after_restart_exhausted(const SlidingWindow& failovers, Duration now, int nodes, int failover_threshold,
                                      Duration failover_period) {
  using Kind = GroupDecision::Kind;
  const int computed = std::min(nodes - 1, SlidingWindow::capacity);
  const int limit = failover_threshold == 0 ? computed : failover_threshold;
  if (limit <= 0) return {Kind::stay_failed, limit, "a cluster of one node has nowhere to go", "W 4.2"};
  if (below(limit, failovers, now, failover_period)) {
    return {Kind::fail_over, limit, "fewer failovers than FailoverThreshold within FailoverPeriod", "W 4.2"};
  }
  if (failover_threshold == 0 && computed < nodes - 1) {
    return {Kind::stay_failed, limit, "as many failovers within FailoverPeriod as the simulator remembers",
            "W 4.5, assumed"};
  }
  return {Kind::stay_failed, limit, "FailoverThreshold reached within FailoverPeriod", "W 4.5"};
}

}  // namespace rehearse::model

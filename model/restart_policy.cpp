#include "model/restart_policy.hpp"

#include <stdexcept>

namespace rehearse::model {
namespace {

/// Whether fewer than `limit` events lie in the period.
bool below(int limit, const SlidingWindow& history, Duration now, Duration period) {
  const int counted = history.count_within(now, period);
  // A full window may have forgotten events that would matter to a limit beyond it.
  if (limit > SlidingWindow::capacity && counted == SlidingWindow::capacity) {
    throw std::logic_error("more failures in one period than the history can hold");
  }
  return counted < limit;
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
    return {Kind::stay_failed, {}, false, "RestartAction 0: never restarted"};
  }
  if (below(settings.threshold, restarts, now, settings.period)) {
    return {Kind::restart_in_place, settings.delay, false, "fewer restarts than RestartThreshold within RestartPeriod"};
  }
  if (settings.action == RestartAction::restart) {
    return {Kind::stay_failed, {}, true, "RestartThreshold reached, and RestartAction 1 leaves the role where it is"};
  }
  return {Kind::fail_over_group, {}, false, "RestartThreshold reached, and RestartAction 2 moves the role"};
}

GroupDecision after_restart_exhausted(const SlidingWindow& failovers, Duration now, int nodes, int failover_threshold,
                                      Duration failover_period) {
  using Kind = GroupDecision::Kind;
  const int limit = failover_threshold == 0 ? nodes - 1 : failover_threshold;
  if (limit <= 0) return {Kind::stay_failed, limit, "a cluster of one node has nowhere to go"};
  if (below(limit, failovers, now, failover_period)) {
    return {Kind::fail_over, limit, "fewer failovers than FailoverThreshold within FailoverPeriod"};
  }
  return {Kind::stay_failed, limit, "FailoverThreshold reached within FailoverPeriod"};
}

}  // namespace rehearse::model

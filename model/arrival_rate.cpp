#include "model/arrival_rate.hpp"

#include <algorithm>
#include <cmath>

#include "model/local_time.hpp"

namespace rehearse::model {
namespace {

using std::chrono::days;
using std::chrono::seconds;

/// What the profile says of a local time of day; before its first step it is still the evening's last.
double factor_at(const std::vector<ProfileStep>& profile, Duration time_of_day) {
  if (profile.empty()) return 1;
  const auto later = std::find_if(profile.begin(), profile.end(), [&](const auto& s) { return s.from > time_of_day; });
  return later == profile.begin() ? profile.back().factor : std::prev(later)->factor;
}

class StepList {
 public:
  explicit StepList(double per_hour) : per_hour_(per_hour) {}

  void add(Date from, double factor) {
    const double per_second = per_hour_ * factor / 3600;
    if (steps_.empty() || steps_.back().per_second != per_second) steps_.push_back({from, per_second});
  }
  std::vector<RateStep> take() { return std::move(steps_); }

 private:
  double per_hour_;
  std::vector<RateStep> steps_;
};

/// The steps over [from, until), throughout which clocks are `offset` ahead of UTC.
void add_steps(const std::vector<ProfileStep>& profile, seconds offset, Date from, Date until, StepList& steps) {
  const Date midnight = std::chrono::floor<days>(from + offset) - offset;
  steps.add(from, factor_at(profile, from - midnight));
  for (Date day = midnight; day < until; day += days(1)) {
    for (const ProfileStep& step : profile) {
      const Date begins = day + step.from;
      if (begins > from && begins < until) steps.add(begins, step.factor);
    }
  }
}

}  // namespace

std::vector<RateStep> rate_steps(const std::string& zone, double per_hour, const std::vector<ProfileStep>& profile,
                                 Date from, Date until) {
  StepList steps(per_hour);
  Date at = from;
  do {
    const OffsetSpan span = offset_span(zone, at);
    const Date end = std::min(until, span.until);
    add_steps(profile, span.offset, at, end, steps);
    at = end;
  } while (at < until);
  return steps.take();
}

std::optional<Date> arrival_after(const std::vector<RateStep>& steps, Date t, double amount, Date until) {
  constexpr double second = 1e9;
  const auto after = [](Date instant, const RateStep& step) { return instant < step.from; };
  auto next = std::upper_bound(steps.begin(), steps.end(), t, after);
  while (t <= until) {
    const double per_second = std::prev(next)->per_second;
    const Date end = next == steps.end() ? until : std::min(until, next->from);
    const double length = static_cast<double>((end - t).count());
    const double in_step = per_second * length / second;
    // Where rounding up would lead beyond the step, the arrival is at its end.
    if (amount <= in_step) return std::min(end, t + Duration(std::llround(std::ceil(amount / per_second * second))));
    if (next == steps.end() || end == until) return std::nullopt;
    amount -= in_step;
    t = end;
    ++next;
  }
  return std::nullopt;
}

}  // namespace rehearse::model

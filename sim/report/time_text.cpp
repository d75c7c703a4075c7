#include "sim/report/time_text.hpp"

#include <fmt/format.h>

namespace rehearse::sim {

std::string length_text(Duration length) {
  using namespace std::chrono;
  if (length < Duration::zero()) return "-" + length_text(-length);
  const milliseconds rounded = round<milliseconds>(length);
  const auto days = rounded / hours(24);
  const hh_mm_ss<milliseconds> rest(rounded % hours(24));
  const auto hour = rest.hours().count();
  const auto minute = rest.minutes().count();
  const auto second = rest.seconds().count();
  const auto thousandth = rest.subseconds().count();
  if (days > 0) return fmt::format("{}d{:02}h{:02}m{:02}.{:03}s", days, hour, minute, second, thousandth);
  if (hour > 0) return fmt::format("{}h{:02}m{:02}.{:03}s", hour, minute, second, thousandth);
  if (minute > 0) return fmt::format("{}m{:02}.{:03}s", minute, second, thousandth);
  return fmt::format("{}.{:03}s", second, thousandth);
}

std::string offset_text(core::Time time) {
  const Duration since = time.time_since_epoch();
  return since < Duration::zero() ? length_text(since) : "+" + length_text(since);
}

}  // namespace rehearse::sim

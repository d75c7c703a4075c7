#include "sim/study/variation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace rehearse::sim {
namespace {

constexpr std::size_t usual_bins = 16, most_values_with_a_bin_each = 32;

Duration length_of(double nanoseconds) {
  return Duration(static_cast<std::int64_t>(nanoseconds));
}

}  // namespace

double Quantity::at(double u) const {
  switch (kind) {
    case Kind::length: return static_cast<double>(sampler.value().at(u).count());
    case Kind::whole: return std::min(high, low + std::floor(u * (high - low + 1)));
    case Kind::real: return low + u * (high - low);
    case Kind::among: {
      const auto place = static_cast<std::size_t>(u * static_cast<double>(among.size()));
      return among[std::min(place, among.size() - 1)];
    }
  }
  throw std::logic_error("a quantity of no kind");
}

double Variation::uniform(core::Key key) const {
  return core::unit(core::draw(key, core::stream(address, "variation"), 0));
}

std::string Variation::text_of(double value) const {
  return quantity.lengths ? model::to_text(length_of(value)) : fmt::format("{:g}", value);
}

void Variation::apply(double value, std::vector<TimelineEntry>& timeline) const {
  TimelineEntry& changed = timeline.at(entry);
  switch (target) {
    case Target::entry_at: changed.at = length_of(value); return;
    case Target::entry_wait: changed.wait = length_of(value); return;
    case Target::entry_for: changed.lasts = length_of(value); return;
    case Target::entry_length: changed.length = length_of(value); return;
    case Target::entry_every: changed.every = length_of(value); return;
    case Target::entry_down: changed.down = length_of(value); return;
    case Target::entry_amount: changed.amount = value; return;
    default: throw std::logic_error("a variation of the design was applied to a timeline");
  }
}

void Variation::apply(double value, model::Design& design) const {
  constexpr auto given = model::Origin::given;
  const auto whole = static_cast<std::int64_t>(value);
  switch (target) {
    case Target::setting: design.parameters.set(setting, whole * unit, given, "study"); return;
    case Target::timing:
      design.parameters.set(timing, model::Distribution::constant(length_of(value)), given, "study");
      return;
    case Target::unknown_switch: design.parameters.set(which, value != 0, given, "study"); return;
    case Target::health_check_timeout: design.fci.health_check_timeout = length_of(value); return;
    case Target::failure_condition_level: design.fci.failure_condition_level = static_cast<int>(whole); return;
    default: throw std::logic_error("a variation of the timeline was applied to a design");
  }
}

std::size_t bins_of(const Variation& variation) {
  const std::size_t values = variation.quantity.among.size();
  return values != 0 && values <= most_values_with_a_bin_each ? values : usual_bins;
}

}  // namespace rehearse::sim

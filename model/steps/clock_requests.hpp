// What can be asked of the clock.
#pragma once

#include <string_view>
#include <tuple>

#include "model/steps/request.hpp"
#include "model/units.hpp"

namespace rehearse::steps::clock {

/// Answers a date.
struct Now : Query<NoDetails> {
  using Query::Query;
  static constexpr std::string_view name = "Now";
};

struct Length {
  Duration length;
  explicit Length(Duration the_length) : length(the_length) {}
  auto fields() const { return std::tie(length); }
  friend bool operator==(const Length&, const Length&) = default;
};

/// Done after that time; ends early when the caller is cancelled.
struct Sleep : Query<Length> {
  using Query::Query;
  static constexpr std::string_view name = "Sleep";
};

}  // namespace rehearse::steps::clock

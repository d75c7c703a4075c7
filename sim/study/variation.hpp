// What each replication has of its own: a moment or a length of the timeline, or a parameter, drawn anew. A draw is by
// the address, so that points of a study meet the same ones, and a further variation changes no other.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/design.hpp"
#include "model/distribution.hpp"
#include "model/parameters.hpp"
#include "sim/core/random.hpp"
#include "sim/core/sampler.hpp"
#include "sim/scenario/scenario.hpp"

namespace rehearse::sim {

/// From a uniform number to a value: a length of time, a number between two, or one of several.
struct Quantity {
  enum class Kind : std::uint8_t { length, whole, real, among };
  Kind kind = Kind::length;
  bool lengths = true;                   // its values are nanoseconds
  std::optional<core::Sampler> sampler;  // of length
  double low = 0, high = 0;              // of whole (both may come) and real
  std::vector<double> among;             // lengths in nanoseconds, numbers, 0 or 1; each as likely

  /// A larger uniform number never gives a smaller value, but for `among`, whose order is the file's.
  double at(double u) const;
};

struct Variation {
  enum class Target : std::uint8_t {
    entry_at,  // of the timeline
    entry_wait,
    entry_for,
    entry_length,  // "add" or "by"
    entry_every,
    entry_down,
    entry_amount,  // "share" or "factor"
    setting,       // of the design: the world is deployed anew for each replication
    timing,
    unknown_switch,
    health_check_timeout,
    failure_condition_level
  };
  Target target = Target::entry_at;
  std::size_t entry = 0;  // of the timeline
  model::Setting setting{};
  std::int64_t unit = 1;  // of the setting: a property of the cluster counts milliseconds, the ledger nanoseconds
  model::Timing timing{};
  model::Switch which{};
  std::string address;
  Quantity quantity;
  std::string text;  // the distribution as it was written

  /// A value for people: "31.25s", "12".
  std::string text_of(double value) const;
  bool of_timeline() const { return target <= Target::entry_amount; }
  /// The uniform number of a replication, in (0, 1).
  double uniform(core::Key key) const;
  void apply(double value, std::vector<TimelineEntry>& timeline) const;  // of_timeline()
  void apply(double value, model::Design& design) const;                 // otherwise
};

/// The range of the draw is cut into so many equally likely bins, over which the share that a variation has in the
/// variance of a figure is estimated.
std::size_t bins_of(const Variation& variation);

}  // namespace rehearse::sim

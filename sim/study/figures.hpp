// What a study found, read off its merged tally: the only place where whole numbers become real ones. Lengths are in
// seconds, counts as they are, shares between 0 and 1. Intervals hold the true value with 95 %.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/outage.hpp"
#include "sim/study/sensitivity.hpp"
#include "sim/study/statistics.hpp"
#include "sim/study/study.hpp"
#include "sim/study/study_work.hpp"

namespace rehearse::sim {

inline constexpr double study_confidence = 0.95;
inline constexpr std::array<double, 5> told_quantiles = {0.5, 0.9, 0.95, 0.99, 0.999};

/// A value that is known, or known to be no less: something had not ended when replications did.
struct Bounded {
  double value = 0;
  bool at_least = false;
  friend bool operator==(const Bounded&, const Bounded&) = default;
};

struct QuantileFigure {
  double p = 0;
  Bounded value;
  std::optional<Bounded> low, high;  // order statistics; absent: too few replications to tell that bound
};

/// Which method an interval is from.
enum class Method : std::uint8_t { student, batch_means, ratio, order_statistics };
std::string_view to_text(Method method);

struct MeanFigure {
  double value = 0;
  bool at_least = false;  // censored values counted with what they had reached
  std::optional<statistics::Interval> interval;
  Method method = Method::student;
};

/// How far batch means may be trusted.
struct SteadyFigure {
  std::uint64_t batches = 0;  // that had something to measure, of all replications
  double correlation = 0;     // of neighbouring ones; beyond `bound` the batches are too short
  double bound = 0;
};

struct PhaseFigure {
  Phase phase{};
  double share = 0;  // of all the time out
  double mean = 0;   // a replication
};

struct MeasureFigures {
  std::uint64_t count = 0, censored = 0, none = 0;
  std::uint64_t zero = 0;  // of `count`: nothing happened
  /// The probability of a value above 0, with Clopper and Pearson's interval; absent without any value.
  std::optional<statistics::Estimate> above_zero;
  std::optional<MeanFigure> mean;
  std::vector<QuantileFigure> quantiles;
  double least = 0, greatest = 0;
  std::uint64_t greatest_in = 0;  // the replication
  /// From the first point, replication by replication; absent at the first.
  std::optional<statistics::Estimate> difference;
  std::optional<SteadyFigure> steady;
  std::vector<PhaseFigure> phases;  // of outages, those that came, the longest first
};

struct PointFigures {
  std::vector<MeasureFigures> measures;
  /// Unknown switches that decisions rested on, with the share of replications in which they did.
  std::vector<std::pair<model::Switch, double>> switches;
  std::vector<VariationShare> variations;  // by measure within a variation
};

struct StudyFigures {
  std::uint64_t replications = 0, phase_samples = 0, events = 0;
  std::vector<PointFigures> points;
  std::vector<SettingSwing> swings;  // one-at-a-time, the widest first within a measure
  std::vector<AxisShare> axes;       // only where the points are a complete grid
};

StudyFigures figures_of(const Study& study, const StudyLayout& layout, const Tally& tally);

/// What a value of the measure's unit is divided by to be told.
double unit_of(const Measure& measure);

/// The relative half width that a target's figure has at a point; nullopt: not to be told yet. A figure that is 0 and
/// cannot be otherwise by its interval has 0.
std::optional<double> reached(const Study& study, const StudyLayout& layout, const Tally& tally,
                              const PrecisionTarget& target, std::size_t point);
bool precise_enough(const Study& study, const StudyLayout& layout, const Tally& tally);

}  // namespace rehearse::sim

// Which setting matters: how far each moves a figure by itself (a tornado), and what share of the figure's variance
// goes back to it alone (first-order indices).
//
// Of variations the share is estimated from the replications as they are: they are sorted into equally likely bins of
// the draw, and the variance between the bins' means, less what chance alone would bring, is compared with the whole.
// Of the axes of a complete grid it is the variance between the means of the values of an axis.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "sim/study/statistics.hpp"
#include "sim/study/study.hpp"

namespace rehearse::sim {

struct Tally;
class StudyLayout;

/// A variation and a measure at a point.
struct VariationShare {
  std::size_t variation = 0, measure = 0;
  double share = 0;                // of the variance, 0 to 1
  double noise = 0;                // what chance alone would have brought: shares below it say nothing
  double lowest = 0, highest = 0;  // the mean in the bin of the smallest draws, and of the greatest
};

/// A point that differs from the first in one setting only.
struct SettingSwing {
  std::size_t measure = 0, point = 0;
  statistics::Estimate difference;
};

struct AxisShare {
  std::size_t measure = 0, axis = 0;  // of Study::axes
  double share = 0;
};

std::vector<VariationShare> variation_shares(const Study& study, const StudyLayout& layout, const Tally& tally,
                                             std::size_t point);
std::vector<SettingSwing> setting_swings(const Study& study, const StudyLayout& layout, const Tally& tally);
std::vector<AxisShare> axis_shares(const Study& study, const StudyLayout& layout, const Tally& tally);

/// The mean difference from the first point, with Student's t; nullopt: fewer than two replications have both.
std::optional<statistics::Estimate> difference_of(const Study& study, const StudyLayout& layout, const Tally& tally,
                                                  std::size_t point, std::size_t measure);

}  // namespace rehearse::sim

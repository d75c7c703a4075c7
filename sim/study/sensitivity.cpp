#include "sim/study/sensitivity.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "sim/study/figures.hpp"

namespace rehearse::sim {
namespace {

/// The value that a point has on an axis; empty: the one of the files.
std::string value_on(const StudyPoint& point, const std::string& axis) {
  for (const PointSetting& setting : point.settings) {
    if (setting.address == axis) return setting.value;
  }
  return "";
}

/// In how many axes two points differ.
std::size_t distance(const StudyPoint& a, const StudyPoint& b, const std::vector<std::string>& axes) {
  return static_cast<std::size_t>(std::count_if(
      axes.begin(), axes.end(), [&](const std::string& axis) { return value_on(a, axis) != value_on(b, axis); }));
}

std::optional<double> mean_of(const Study& study, const StudyLayout& layout, const Tally& tally, std::size_t point,
                              std::size_t measure) {
  if (study.measures[measure].is_share()) {
    const Pairs& pairs = tally.pairs[layout.share(point, measure)];
    if (pairs.second.sum == 0) return std::nullopt;
    return 1 - static_cast<double>(pairs.first.sum) / static_cast<double>(pairs.second.sum);
  }
  const Moments& moments = tally.distributions[layout.values(point, measure)].moments;
  if (moments.count == 0) return std::nullopt;
  return moments.mean() / unit_of(study.measures[measure]);
}

bool is_complete_grid(const Study& study) {
  std::size_t product = 1;
  for (const std::string& axis : study.axes) {
    std::map<std::string, int> values;
    for (const StudyPoint& point : study.points) ++values[value_on(point, axis)];
    product *= values.size();
  }
  return study.axes.size() > 1 && product == study.points.size();
}

}  // namespace

std::vector<VariationShare> variation_shares(const Study& study, const StudyLayout& layout, const Tally& tally,
                                             std::size_t point) {
  std::vector<VariationShare> shares;
  for (std::size_t variation = 0; variation < study.variations.size(); ++variation) {
    for (std::size_t measure = 0; measure < study.measures.size(); ++measure) {
      const std::size_t bins = bins_of(study.variations[variation]);
      Moments all;
      double filled = 0;
      for (std::size_t bin = 0; bin < bins; ++bin) {
        const Moments& moments = tally.moments[layout.bin(point, variation, bin, measure)];
        all.merge(moments);
        filled += moments.count > 0;
      }
      const auto count = static_cast<double>(all.count);
      if (filled < 2 || count <= filled) continue;
      const double mean = all.mean(), total = all.variance() * (count - 1);
      double between = 0;
      std::optional<double> lowest, highest;
      for (std::size_t bin = 0; bin < bins; ++bin) {
        const Moments& moments = tally.moments[layout.bin(point, variation, bin, measure)];
        if (moments.count == 0) continue;
        const double off = moments.mean() - mean;
        between += static_cast<double>(moments.count) * off * off;
        if (!lowest) lowest = moments.mean();
        highest = moments.mean();
      }
      VariationShare share{variation, measure, 0, 0, 0, 0};
      if (total > 0) {
        const double within = std::max(0.0, total - between) / (count - filled);
        share.share = std::clamp((between - (filled - 1) * within) / total, 0.0, 1.0);
        // Twice the standard deviation that the estimate has where the variation does nothing.
        share.noise = 2 * std::sqrt(2 * (filled - 1)) / count;
      }
      const Measure& told = study.measures[measure];
      const auto scaled = [&](double value) {
        if (!told.is_share()) return value / unit_of(told);
        const Moments& length = tally.pairs[layout.share(point, measure)].second;
        return length.sum == 0 ? 1 : 1 - value / length.mean();
      };
      share.lowest = scaled(*lowest);
      share.highest = scaled(*highest);
      shares.push_back(share);
    }
  }
  return shares;
}

std::optional<statistics::Estimate> difference_of(const Study& study, const StudyLayout& layout, const Tally& tally,
                                                  std::size_t point, std::size_t measure) {
  if (point == 0) return std::nullopt;
  const Moments& moments = tally.moments[layout.difference(point, measure)];
  if (moments.count < 2) return std::nullopt;
  double unit = unit_of(study.measures[measure]);
  if (study.measures[measure].is_share()) {
    const Moments& length = tally.pairs[layout.share(0, measure)].second;
    if (length.sum == 0) return std::nullopt;
    unit = -length.mean();  // more time out is less availability
  }
  const double n = static_cast<double>(moments.count);
  const statistics::Moments scaled{moments.count, moments.mean() / unit, moments.variance() * (n - 1) / (unit * unit)};
  return statistics::mean_interval(scaled, study_confidence);
}

std::vector<SettingSwing> setting_swings(const Study& study, const StudyLayout& layout, const Tally& tally) {
  std::vector<SettingSwing> swings;
  for (std::size_t measure = 0; measure < study.measures.size(); ++measure) {
    const auto first = static_cast<std::ptrdiff_t>(swings.size());
    for (std::size_t point = 1; point < study.points.size(); ++point) {
      if (distance(study.points[0], study.points[point], study.axes) != 1) continue;
      const auto difference = difference_of(study, layout, tally, point, measure);
      if (difference) swings.push_back({measure, point, *difference});
    }
    std::stable_sort(swings.begin() + first, swings.end(), [](const SettingSwing& a, const SettingSwing& b) {
      return std::abs(a.difference.value) > std::abs(b.difference.value);
    });
  }
  return swings;
}

std::vector<AxisShare> axis_shares(const Study& study, const StudyLayout& layout, const Tally& tally) {
  std::vector<AxisShare> shares;
  if (!is_complete_grid(study)) return shares;
  for (std::size_t measure = 0; measure < study.measures.size(); ++measure) {
    std::vector<double> means;
    for (std::size_t point = 0; point < study.points.size(); ++point) {
      const auto mean = mean_of(study, layout, tally, point, measure);
      if (mean) means.push_back(*mean);
    }
    if (means.size() != study.points.size()) continue;
    const statistics::Moments all = statistics::moments_of(means);
    for (std::size_t axis = 0; axis < study.axes.size(); ++axis) {
      std::map<std::string, std::vector<double>> by_value;
      for (std::size_t point = 0; point < means.size(); ++point) {
        by_value[value_on(study.points[point], study.axes[axis])].push_back(means[point]);
      }
      double between = 0;
      for (const auto& [value, group] : by_value) {
        const statistics::Moments some = statistics::moments_of(group);
        between += static_cast<double>(group.size()) * (some.mean - all.mean) * (some.mean - all.mean);
      }
      shares.push_back({measure, axis, all.deviations > 0 ? std::min(1.0, between / all.deviations) : 0});
    }
  }
  return shares;
}

}  // namespace rehearse::sim

#include "sim/study/figures.hpp"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <stdexcept>

namespace rehearse::sim {
namespace {

constexpr std::uint64_t replications_that_do_without_batches = 10;

using Big = boost::multiprecision::cpp_int;

statistics::Moments moments_of(const Moments& moments, double unit) {
  const double deviations = moments.count < 2 ? 0 : moments.variance() * static_cast<double>(moments.count - 1);
  return {moments.count, moments.mean() / unit, deviations / (unit * unit)};
}

Big big(UnsignedWide value) {
  return (Big(static_cast<std::uint64_t>(value >> 64)) << 64) + static_cast<std::uint64_t>(value);
}
Big big(const SquareSum& sum) {
  return (Big(sum.high) << 128) + big(sum.low);
}

/// The sum of products of deviations, exactly until the last division. Values are not negative.
double deviations(const SquareSum& products, Wide a, Wide b, std::uint64_t count) {
  const Big scaled = big(products) * count - big(static_cast<UnsignedWide>(a)) * big(static_cast<UnsignedWide>(b));
  return scaled.convert_to<double>() / static_cast<double>(count);
}

statistics::PairMoments moments_of(const Pairs& pairs, double unit) {
  const std::uint64_t count = pairs.first.count;
  statistics::PairMoments moments;
  moments.count = count;
  if (count == 0) return moments;
  const double square = unit * unit;
  moments.mean_x = pairs.first.mean() / unit;
  moments.mean_y = pairs.second.mean() / unit;
  moments.deviations_xx = deviations(pairs.first.squares, pairs.first.sum, pairs.first.sum, count) / square;
  moments.deviations_yy = deviations(pairs.second.squares, pairs.second.sum, pairs.second.sum, count) / square;
  moments.deviations_xy = deviations(pairs.products, pairs.first.sum, pairs.second.sum, count) / square;
  return moments;
}

std::optional<MeanFigure> availability(const Pairs& pairs) {
  if (pairs.second.sum == 0) return std::nullopt;
  const auto estimate = statistics::availability_interval(moments_of(pairs, 1e9), study_confidence);
  MeanFigure figure;
  figure.value = 1 - static_cast<double>(pairs.first.sum) / static_cast<double>(pairs.second.sum);
  if (estimate) figure.interval = estimate->interval;
  figure.method = Method::ratio;
  return figure;
}

std::optional<MeanFigure> mean_of(const Distribution& values, double unit) {
  if (values.count() == 0) return std::nullopt;
  MeanFigure figure{values.moments.mean() / unit, values.at_least.count() > 0, {}, Method::student};
  if (const auto estimate = statistics::mean_interval(moments_of(values.moments, unit), study_confidence))
    figure.interval = estimate->interval;
  return figure;
}

std::optional<MeanFigure> steady_mean(const Moments& means, double unit) {
  if (means.count == 0) return std::nullopt;
  MeanFigure figure{means.mean() / unit, false, {}, Method::batch_means};
  if (const auto estimate = statistics::mean_interval(moments_of(means, unit), study_confidence))
    figure.interval = estimate->interval;
  return figure;
}

SteadyFigure steady_of(const Moments& means, const Pairs& neighbours) {
  SteadyFigure figure;
  figure.batches = means.count;
  const statistics::PairMoments pairs = moments_of(neighbours, 1);
  const double size = std::sqrt(pairs.deviations_xx * pairs.deviations_yy);
  figure.correlation = size > 0 ? pairs.deviations_xy / size : 0;
  // Two standard deviations of the correlation of so many independent pairs.
  figure.bound = pairs.count == 0 ? 1 : std::min(1.0, 2 / std::sqrt(static_cast<double>(pairs.count)));
  return figure;
}

Bounded bounded(const Distribution& values, std::uint64_t rank, double unit) {
  const Distribution::Ranked ranked = values.of_rank(rank);
  return {static_cast<double>(ranked.value) / unit, ranked.at_least};
}

QuantileFigure quantile_of(const Distribution& values, double p, double unit) {
  const statistics::QuantileRanks ranks = statistics::quantile_ranks(values.count(), p, study_confidence);
  QuantileFigure figure;
  figure.p = p;
  figure.value = bounded(values, statistics::quantile_rank(values.count(), p), unit);
  if (ranks.low) figure.low = bounded(values, *ranks.low, unit);
  if (ranks.high) figure.high = bounded(values, *ranks.high, unit);
  return figure;
}

std::vector<PhaseFigure> phases_of(const StudyLayout& layout, const Tally& tally, std::size_t point,
                                   const std::string& service) {
  const auto& services = layout.services();
  const auto place = static_cast<std::size_t>(std::find(services.begin(), services.end(), service) - services.begin());
  std::vector<PhaseFigure> phases;
  double total = 0;
  for (std::size_t phase = 0; phase < static_cast<std::size_t>(Phase::count_); ++phase) {
    const Moments& moments = tally.moments[layout.phase(point, place, phase)];
    if (moments.sum == 0) continue;
    const double mean = moments.mean() / 1e9;
    phases.push_back({static_cast<Phase>(phase), 0, mean});
    total += mean;
  }
  for (PhaseFigure& phase : phases) phase.share = phase.mean / total;
  std::stable_sort(phases.begin(), phases.end(),
                   [](const PhaseFigure& a, const PhaseFigure& b) { return a.mean > b.mean; });
  return phases;
}

MeasureFigures measure_figures(const Study& study, const StudyLayout& layout, const Tally& tally, std::size_t point,
                               std::size_t place) {
  const Measure& measure = study.measures[place];
  const double unit = unit_of(measure);
  MeasureFigures figures;
  figures.difference = difference_of(study, layout, tally, point, place);
  if (measure.is_share()) {
    const Pairs& pairs = tally.pairs[layout.share(point, place)];
    figures.count = pairs.first.count;
    figures.mean = availability(pairs);
    return figures;
  }
  const Distribution& values = tally.distributions[layout.values(point, place)];
  figures.count = values.count();
  figures.censored = values.at_least.count();
  figures.none = values.none;
  figures.zero = values.values.in(0);
  figures.mean = mean_of(values, unit);
  // Replications are independent of each other, and batches of one are hardly: it has phases of its own from its first
  // to its last batch. Batches are for runs too long to be repeated often.
  const Moments& means = tally.moments[layout.batch_means(point, place)];
  if (measure.steady() && figures.count < replications_that_do_without_batches && means.count > 0) {
    figures.mean = steady_mean(means, unit);
    figures.steady = steady_of(means, tally.pairs[layout.neighbours(point, place)]);
  }
  if (figures.count == 0) return figures;
  figures.above_zero = statistics::proportion_interval(figures.count - figures.zero, figures.count, study_confidence);
  for (const double p : told_quantiles) figures.quantiles.push_back(quantile_of(values, p, unit));
  figures.least = static_cast<double>(values.moments.least) / unit;
  figures.greatest = static_cast<double>(values.moments.greatest) / unit;
  figures.greatest_in = values.moments.greatest_in;
  if (measure.kind == Measure::Kind::outage) figures.phases = phases_of(layout, tally, point, measure.of);
  return figures;
}

}  // namespace

std::string_view to_text(Method method) {
  switch (method) {
    case Method::student: return "Student's t";
    case Method::batch_means: return "batch means";
    case Method::ratio: return "ratio of sums";
    case Method::order_statistics: return "order statistics";
  }
  throw std::logic_error("a method of no kind");
}

double unit_of(const Measure& measure) {
  switch (measure.unit()) {
    case Measure::Unit::duration: return 1e9;
    case Measure::Unit::count: return 1;
    case Measure::Unit::millionth: return 1e6;
  }
  throw std::logic_error("a unit of no kind");
}

StudyFigures figures_of(const Study& study, const StudyLayout& layout, const Tally& tally) {
  StudyFigures figures;
  if (tally.counts.empty()) return figures;  // interrupted before anything was complete
  figures.replications = tally.counts[layout.replications()];
  figures.phase_samples = tally.counts[layout.phase_samples()];
  figures.events = tally.counts[layout.events()];
  for (std::size_t point = 0; point < study.points.size(); ++point) {
    PointFigures& told = figures.points.emplace_back();
    for (std::size_t measure = 0; measure < study.measures.size(); ++measure) {
      told.measures.push_back(measure_figures(study, layout, tally, point, measure));
    }
    for (std::size_t which = 0; which < model::switch_count; ++which) {
      const std::uint64_t count = tally.counts[layout.consulted(point, which)];
      if (count == 0) continue;
      told.switches.emplace_back(static_cast<model::Switch>(which),
                                 static_cast<double>(count) / static_cast<double>(figures.replications));
    }
    told.variations = variation_shares(study, layout, tally, point);
  }
  figures.swings = setting_swings(study, layout, tally);
  figures.axes = axis_shares(study, layout, tally);
  return figures;
}

std::optional<double> reached(const Study& study, const StudyLayout& layout, const Tally& tally,
                              const PrecisionTarget& target, std::size_t point) {
  const MeasureFigures figures = measure_figures(study, layout, tally, point, target.measure);
  double value = 0, half = 0;
  if (target.quantile) {
    const Distribution& values = tally.distributions[layout.values(point, target.measure)];
    if (values.count() == 0) return std::nullopt;
    const QuantileFigure figure = quantile_of(values, *target.quantile, unit_of(study.measures[target.measure]));
    if (!figure.low || !figure.high || figure.high->at_least) return std::nullopt;
    value = figure.value.value;
    half = (figure.high->value - figure.low->value) / 2;
  } else {
    if (!figures.mean || !figures.mean->interval || figures.mean->at_least) return std::nullopt;
    value = figures.mean->value;
    half = figures.mean->interval->half_width();
  }
  if (half == 0) return 0;
  return value == 0 ? std::nullopt : std::optional(half / std::abs(value));
}

bool precise_enough(const Study& study, const StudyLayout& layout, const Tally& tally) {
  for (const PrecisionTarget& target : study.precision) {
    for (std::size_t point = 0; point < study.points.size(); ++point) {
      const std::optional<double> share = reached(study, layout, tally, target, point);
      if (!share || *share > target.share) return false;
    }
  }
  return true;
}

}  // namespace rehearse::sim

#include "sim/study/splitting.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rehearse::sim {
namespace {

constexpr std::uint64_t most_units = std::uint64_t{1} << 32;

}  // namespace

SplittingFactors::SplittingFactors(std::vector<std::uint32_t> factors) : factors_(std::move(factors)) {
  weights_.assign(factors_.size() + 1, 1);
  for (std::size_t level = factors_.size(); level > 0; --level) {
    if (factors_[level - 1] == 0) throw std::logic_error("a splitting factor is at least 1");
    weights_[level - 1] = weights_[level] * factors_[level - 1];
    if (weights_[level - 1] > most_units) throw std::logic_error("the product of splitting factors is at most 2^32");
  }
}

void SplittingCount::add(const SplittingCount& other) {
  roots += other.roots;
  hit_roots += other.hit_roots;
  hits += other.hits;
  units += other.units;
  paths += other.paths;
  steps += other.steps;
}

statistics::Moments shares_of(std::span<const SplittingCount> batches, std::uint64_t whole) {
  std::vector<double> shares;
  for (const SplittingCount& batch : batches) {
    if (batch.roots == 0 || batch.roots != batches.front().roots) {
      throw std::logic_error("batches of splitting have equally many roots");
    }
    shares.push_back(static_cast<double>(batch.units) / static_cast<double>(whole) / static_cast<double>(batch.roots));
  }
  return statistics::moments_of(shares);
}

RareFigure splitting_figure(const statistics::Moments& shares, double confidence) {
  const auto mean = statistics::mean_interval(shares, confidence);
  if (!mean) throw std::logic_error("an interval over batches needs two of them");
  RareFigure figure{mean->value, std::nullopt};
  if (mean->value == 0) return figure;
  figure.interval = {std::max(0.0, mean->interval.low), std::min(1.0, mean->interval.high)};
  return figure;
}

RareFigure plain_figure(std::uint64_t hits, std::uint64_t replications, double confidence) {
  const statistics::Estimate share = statistics::proportion_interval(hits, replications, confidence);
  return {share.value, share.interval};
}

Agreement agreement_of(const statistics::Moments& shares, std::uint64_t plain_hits, std::uint64_t plain_replications,
                       double confidence) {
  if (plain_hits == 0 || shares.mean == 0) return Agreement::undecided;
  const double plain = static_cast<double>(plain_hits) / static_cast<double>(plain_replications);
  const double split_variance = shares.variance() / static_cast<double>(shares.count);
  const double plain_variance = plain * (1 - plain) / static_cast<double>(plain_replications);
  const double reach = statistics::critical_value(shares.count - 1, confidence);
  const double difference = std::abs(shares.mean - plain);
  return difference <= reach * std::sqrt(split_variance + plain_variance) ? Agreement::agree : Agreement::differ;
}

}  // namespace rehearse::sim

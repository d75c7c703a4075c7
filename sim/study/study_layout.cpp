#include <algorithm>

#include "sim/study/study_work.hpp"

namespace rehearse::sim {
namespace {

constexpr std::size_t first_switch = 3;
constexpr auto phase_count = static_cast<std::size_t>(Phase::count_);

}  // namespace

StudyLayout::StudyLayout(const Study& study) : points_(study.points.size()), measures_(study.measures.size()) {
  for (const Measure& measure : study.measures) {
    const bool outage = measure.kind == Measure::Kind::outage || measure.kind == Measure::Kind::longest_outage;
    if (outage && std::find(services_.begin(), services_.end(), measure.of) == services_.end())
      services_.push_back(measure.of);
  }
  bins_before_.push_back(0);
  for (const Variation& variation : study.variations) bins_before_.push_back(bins_before_.back() + bins_of(variation));
  first_batch_means_ = (points_ - 1) * measures_;
  first_phase_ = first_batch_means_ + points_ * measures_;
  first_bin_ = first_phase_ + points_ * services_.size() * phase_count;
  moments_ = first_bin_ + points_ * bins_before_.back() * measures_;
}

Tally StudyLayout::empty() const {
  Tally tally;
  tally.counts.resize(first_switch + points_ * model::switch_count);
  tally.distributions.resize(points_ * measures_);
  tally.pairs.resize(2 * points_ * measures_);
  tally.moments.resize(moments_);
  return tally;
}

bool StudyLayout::fits(const Tally& tally) const {
  const Tally own = empty();
  const auto alike = [&](const Tally& a) {
    return tally.counts.size() == a.counts.size() && tally.distributions.size() == a.distributions.size() &&
           tally.pairs.size() == a.pairs.size() && tally.moments.size() == a.moments.size();
  };
  return alike(own) || alike(Tally{});
}

std::size_t StudyLayout::consulted(std::size_t point, std::size_t which) const {
  return first_switch + point * model::switch_count + which;
}

std::size_t StudyLayout::neighbours(std::size_t point, std::size_t measure) const {
  return (points_ + point) * measures_ + measure;
}

std::size_t StudyLayout::batch_means(std::size_t point, std::size_t measure) const {
  return first_batch_means_ + point * measures_ + measure;
}

std::size_t StudyLayout::phase(std::size_t point, std::size_t service, std::size_t phase) const {
  return first_phase_ + (point * services_.size() + service) * phase_count + phase;
}

std::size_t StudyLayout::bin(std::size_t point, std::size_t variation, std::size_t bin, std::size_t measure) const {
  return first_bin_ + (point * bins_before_.back() + bins_before_[variation] + bin) * measures_ + measure;
}

}  // namespace rehearse::sim

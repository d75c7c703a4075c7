#include "sim/scenario/checks/observation.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rehearse::sim {
namespace {

std::string in_words(Duration length) {
  return model::to_text(std::chrono::round<std::chrono::milliseconds>(length));
}

}  // namespace

void Stretch::add(core::Time from, core::Time to) {
  if (to <= from) return;
  if (first_ == core::never) first_ = from;
  current_ = from == last_end_ ? current_ + (to - from) : to - from;
  longest_ = std::max(longest_, current_);
  last_end_ = to;
  total_ += to - from;
}

std::string Stretch::text() const {
  return fmt::format("from {} on, for {} in all", in_words(first_.time_since_epoch()), in_words(total_));
}

std::vector<std::string> observe(const RunResult& run) {
  std::vector<std::string> observations;
  for (const auto look : {observe_split_brain, observe_two_masters, observe_stray_service, observe_stale_owner,
                          observe_overlapped_runs, observe_lost_messages}) {
    if (auto seen = look(run)) observations.push_back(std::move(*seen));
  }
  return observations;
}

}  // namespace rehearse::sim

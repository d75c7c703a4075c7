#include "sim/scenario/checks/observation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

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

std::span<const NamedObservation> named_observations() {
  static constexpr NamedObservation all[] = {
      {"split brain", observe_split_brain},         {"two masters", observe_two_masters},
      {"stray service", observe_stray_service},     {"stale owner", observe_stale_owner},
      {"overlapped runs", observe_overlapped_runs}, {"lost messages", observe_lost_messages},
  };
  return all;
}

std::vector<Finding> observe(const RunResult& run) {
  std::vector<Finding> findings;
  for (const NamedObservation& observation : named_observations()) {
    if (auto seen = observation.look(run)) findings.push_back({observation.name, std::move(*seen)});
  }
  return findings;
}

std::optional<std::string> observe(const RunResult& run, std::string_view name) {
  for (const NamedObservation& observation : named_observations()) {
    if (observation.name == name) return observation.look(run);
  }
  throw std::logic_error("no safety observation " + std::string(name));
}

}  // namespace rehearse::sim

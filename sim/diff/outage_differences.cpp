#include "sim/diff/outage_differences.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace rehearse::sim {
namespace {

constexpr std::size_t phase_count = static_cast<std::size_t>(Phase::count_);

struct Sum {
  Duration total{};
  std::array<Duration, phase_count> phases{};
};

Sum sum_of(const RunResult& run, const Service& service) {
  Sum sum;
  for (const Outage& outage : run.outages) {
    if (outage.service != service) continue;
    sum.total += outage.length();
    for (const PhaseSpan& span : outage.phases)
      sum.phases.at(static_cast<std::size_t>(span.phase)) += span.to - span.from;
  }
  return sum;
}

Duration size_of(const OutageDifference::OfPhase& phase) {
  return std::chrono::abs(phase.b - phase.a);
}

}  // namespace

std::vector<OutageDifference> outage_differences(const RunResult& a, const RunResult& b, Duration least) {
  std::map<std::string, Sum> in_b;
  for (const Service& service : services_of(*b.plan)) in_b[name_of(service, *b.plan)] = sum_of(b, service);
  std::vector<OutageDifference> differences;
  for (const Service& service : services_of(*a.plan)) {
    const auto other = in_b.find(name_of(service, *a.plan));
    if (other == in_b.end()) continue;
    const Sum sum = sum_of(a, service);
    OutageDifference difference{other->first, sum.total, other->second.total, {}};
    if (std::chrono::abs(difference.b - difference.a) < least) continue;
    for (std::size_t phase = 0; phase < phase_count; ++phase) {
      if (sum.phases[phase] == other->second.phases[phase]) continue;
      difference.phases.push_back({static_cast<Phase>(phase), sum.phases[phase], other->second.phases[phase]});
    }
    std::stable_sort(difference.phases.begin(), difference.phases.end(),
                     [](const auto& one, const auto& another) { return size_of(one) > size_of(another); });
    differences.push_back(std::move(difference));
  }
  return differences;
}

}  // namespace rehearse::sim

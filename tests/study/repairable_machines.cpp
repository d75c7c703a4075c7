#include "repairable_machines.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace rehearse::sim {
namespace {

using core::Time;

Duration hours_of(double hours) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::ratio<3600>>(hours));
}

double failing(const Machines& system, unsigned down) {
  return (system.machines - down) / system.per_failure;
}
double repairing(const Machines& system, unsigned down) {
  return std::min(down, system.crews) / system.per_repair;
}

}  // namespace

double probability_of_loss(const Machines& system, double hours) {
  // P(t) = sum over k of Poisson(k; rate t) * p * (I + Q / rate)^k, with lost_at absorbing.
  double rate = 0;
  for (unsigned down = 0; down < system.lost_at; ++down) {
    rate = std::max(rate, failing(system, down) + repairing(system, down));
  }
  std::vector<double> state(system.lost_at + 1, 0.0);
  state[0] = 1;
  const double mean = rate * hours;
  const auto last = static_cast<std::uint64_t>(mean + 12 * std::sqrt(mean) + 50);
  double lost = 0, left = 1;
  for (std::uint64_t k = 0; k <= last; ++k) {
    const double weight =
        std::exp(-mean + static_cast<double>(k) * std::log(mean) - std::lgamma(static_cast<double>(k) + 1));
    lost += weight * state[system.lost_at];
    left -= weight;
    std::vector<double> after(state.size(), 0.0);
    after[system.lost_at] = state[system.lost_at];
    for (unsigned down = 0; down < system.lost_at; ++down) {
      const double up = failing(system, down) / rate, back = repairing(system, down) / rate;
      after[down + 1] += state[down] * up;
      if (down > 0) after[down - 1] += state[down] * back;
      after[down] += state[down] * (1 - up - (down > 0 ? back : 0));
    }
    state = after;
  }
  return lost + std::max(0.0, left) * state[system.lost_at];
}

double availability(const Machines& system) {
  double all = 0, enough = 0, share = 1;
  for (unsigned down = 0; down <= system.machines; ++down) {
    all += share;
    if (down < system.lost_at) enough += share;
    if (down < system.machines) share *= failing(system, down) / repairing(system, down + 1);
  }
  return enough / all;
}

MachinesProcess::MachinesProcess(const Machines& system, core::Key key, Time horizon)
    : system_(system),
      failure_(model::Distribution::exponential(hours_of(system.per_failure))),
      repair_(model::Distribution::exponential(hours_of(system.per_repair))),
      key_(key),
      horizon_(horizon),
      each_(system.machines) {
  for (unsigned machine = 0; machine < system.machines; ++machine) each_[machine].next = draw(machine, failure_, true);
}

Time MachinesProcess::draw(unsigned machine, const core::Sampler& sampler, bool failure) const {
  const core::Stream stream = core::stream("machine " + std::to_string(machine), failure ? "failure" : "repair");
  const std::uint64_t ordinal = std::uint64_t{generation_} << 32 | each_[machine].number;
  return now_ + sampler.at(core::unit(core::draw(key_, stream, ordinal))) + Duration(1);
}

bool MachinesProcess::advance() {
  const auto next =
      std::min_element(each_.begin(), each_.end(), [](const Machine& a, const Machine& b) { return a.next < b.next; });
  if (next->next > horizon_) {
    now_ = horizon_;
    return false;
  }
  now_ = next->next;
  const auto machine = static_cast<unsigned>(next - each_.begin());
  ++next->number;
  if (next->up) {
    next->up = false;
    ++down_;
    const bool crew = busy_ < system_.crews;
    busy_ += crew ? 1 : 0;
    next->next = crew ? draw(machine, repair_, false) : core::never;
    return true;
  }
  next->up = true;
  --down_;
  --busy_;
  next->next = draw(machine, failure_, true);
  for (unsigned other = 0; other < each_.size(); ++other) {
    if (each_[other].up || each_[other].next != core::never) continue;
    ++busy_;
    each_[other].next = draw(other, repair_, false);
    break;
  }
  return true;
}

/// What is being repaired goes on being repaired: only failures have no memory here, as in the world.
void MachinesProcess::redraw(std::uint32_t generation) {
  generation_ = generation;
  for (unsigned machine = 0; machine < each_.size(); ++machine) {
    if (each_[machine].up) each_[machine].next = draw(machine, failure_, true);
  }
}

}  // namespace rehearse::sim

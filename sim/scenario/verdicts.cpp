#include "sim/scenario/verdicts.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <map>
#include <set>

namespace rehearse::sim {
namespace {

using model::Switch;
using world::Pace;

constexpr std::size_t most_combinations = 64;

constexpr std::uint64_t other_nights = 8;

/// What the runs that count showed: by combination of switches, at medians and at 95th percentiles; and other nights at
/// medians, which differ in their phases and in their packages.
struct Looks {
  struct Pair {
    Look median, p95;
  };
  std::map<std::uint32_t, Pair> by_flips;
  std::vector<Look> nights;
};

/// Every combination of the switches that decisions rest on. Flipping one may lead to decisions that ask another.
Looks look_everywhere(std::uint64_t seed, std::uint32_t settled, const RunLooker& observe) {
  Looks looks;
  std::set<std::uint32_t> open{0};
  while (!open.empty() && looks.by_flips.size() < most_combinations) {
    const std::uint32_t flips = *open.begin();
    open.erase(open.begin());
    Looks::Pair pair{observe({{seed, 0}, Pace::median, flips}), observe({{seed, 0}, Pace::p95, flips})};
    const std::uint32_t matter = (pair.median.consulted | pair.p95.consulted) & ~settled;
    looks.by_flips.emplace(flips, std::move(pair));
    for (unsigned number = 0; number < model::switch_count; ++number) {
      const std::uint32_t other = flips ^ (1U << number);
      if ((matter >> number & 1U) != 0 && !looks.by_flips.contains(other)) open.insert(other);
    }
  }
  for (std::uint64_t night = 1; night <= other_nights; ++night) {
    looks.nights.push_back(observe({{seed, night}, Pace::median, 0}));
  }
  return looks;
}

/// Switches that change the outcome by themselves, somewhere.
std::vector<Switch> deciding(const Looks& looks, std::size_t index) {
  std::vector<Switch> found;
  for (unsigned number = 0; number < model::switch_count; ++number) {
    const bool decides = std::any_of(looks.by_flips.begin(), looks.by_flips.end(), [&](const auto& entry) {
      const auto other = looks.by_flips.find(entry.first ^ (1U << number));
      if (other == looks.by_flips.end()) return false;
      return entry.second.median.sights[index].outcome != other->second.median.sights[index].outcome ||
             entry.second.p95.sights[index].outcome != other->second.p95.sights[index].outcome;
    });
    if (decides) found.push_back(static_cast<Switch>(number));
  }
  return found;
}

std::string percent(double share) {
  return fmt::format("{:.0f} %", share * 100);
}

/// Replications with drawn durations, looked at once and kept: several expectations ask for them.
class Replications {
 public:
  Replications(std::uint64_t seed, std::uint64_t count, const RunLooker& observe)
      : seed_(seed), count_(count), observe_(observe) {}

  std::uint64_t count() const { return count_; }
  std::uint64_t passed(std::uint32_t flips, std::size_t index) { return count(flips, index, Outcome::passed); }
  std::uint64_t unknown(std::uint32_t flips, std::size_t index) { return count(flips, index, Outcome::unknown); }

 private:
  std::uint64_t count(std::uint32_t flips, std::size_t index, Outcome outcome) {
    auto& looks = looks_[flips];
    for (std::uint64_t replication = looks.size() + 1; looks.size() < count_; ++replication) {
      looks.push_back(observe_({{seed_, replication}, Pace::drawn, flips}).sights);
    }
    return static_cast<std::uint64_t>(std::count_if(
        looks.begin(), looks.end(), [&](const auto& sights) { return sights[index].outcome == outcome; }));
  }

  std::uint64_t seed_, count_;
  const RunLooker& observe_;
  std::map<std::uint32_t, std::vector<std::vector<Sight>>> looks_;
};

/// Whether the probability is at least `wanted`, with 95 % confidence either way. Replications that could not tell may
/// be either.
Outcome compare(std::uint64_t passed, std::uint64_t unknown, std::uint64_t count, double wanted) {
  using Binomial = boost::math::binomial_distribution<>;
  const auto trials = static_cast<double>(count);
  if (Binomial::find_lower_bound_on_p(trials, static_cast<double>(passed), 0.05) >= wanted) return Outcome::passed;
  if (Binomial::find_upper_bound_on_p(trials, static_cast<double>(passed + unknown), 0.05) < wanted)
    return Outcome::failed;
  return Outcome::unknown;
}

Verdict judge_probability(const Expectation& expectation, std::size_t index, const Looks& looks,
                          Replications& replications) {
  Verdict verdict;
  std::set<Outcome> outcomes;
  for (const auto& [flips, pair] : looks.by_flips) {
    const std::uint64_t passed = replications.passed(flips, index);
    outcomes.insert(compare(passed, replications.unknown(flips, index), replications.count(), *expectation.with));
    if (flips != 0) continue;
    verdict.reason = fmt::format("met in {} of {} replications ({} wanted)", passed, replications.count(),
                                 percent(*expectation.with));
  }
  verdict.outcome = outcomes.size() == 1 ? *outcomes.begin() : Outcome::unknown;
  if (verdict.outcome != Outcome::unknown) return verdict;
  if (outcomes.size() == 1) {
    verdict.settle.push_back("more replications (--replications): these cannot tell with 95 % confidence");
  } else {
    verdict.reason += "; otherwise under another value of an unknown switch";
    for (const Switch which : deciding(looks, index)) verdict.settle.emplace_back(model::lab_test_of(which));
  }
  return verdict;
}

std::string values_of(std::uint32_t flips, const std::vector<Switch>& switches) {
  std::string text;
  for (const Switch which : switches) {
    const bool flipped = (flips >> static_cast<unsigned>(which) & 1U) != 0;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", model::name_of(which),
                        flipped ? "the other way" : "as assumed");
  }
  return text;
}

Verdict judge_everywhere(std::size_t index, const Looks& looks, Replications& replications) {
  const Sight& base = looks.by_flips.at(0).median.sights[index];
  std::set<Outcome> outcomes;
  for (const auto& [flips, pair] : looks.by_flips) {
    outcomes.insert(pair.median.sights[index].outcome);
    outcomes.insert(pair.p95.sights[index].outcome);
  }
  std::size_t alike = 1;
  for (const Look& night : looks.nights) {
    outcomes.insert(night.sights[index].outcome);
    alike += night.sights[index].outcome == base.outcome;
  }
  Verdict verdict{base.outcome, "", base.reason, {}, {}};
  if (outcomes.size() == 1) return verdict;
  verdict.outcome = Outcome::unknown;
  const Sight& slow = looks.by_flips.at(0).p95.sights[index];
  if (slow.outcome != base.outcome) {
    const std::uint64_t passed = replications.passed(0, index);
    const double share = static_cast<double>(passed) / static_cast<double>(replications.count());
    verdict.reason = fmt::format(
        "at median durations {} ({}), at 95th percentiles {} ({}); met in {} of {} replications", to_text(base.outcome),
        base.reason, to_text(slow.outcome), slow.reason, percent(share), replications.count());
    verdict.settle.push_back(
        "a probability in the expectation (\"with\"), or durations of your own under \"parameters\"");
  }
  if (alike <= looks.nights.size()) {
    verdict.reason += fmt::format("; {} so in {} of {} nights that differ in phases and packages only",
                                  to_text(base.outcome), alike, looks.nights.size() + 1);
    verdict.settle.push_back("a probability in the expectation (\"with\"): chance decides here");
  }
  const std::vector<Switch> switches = deciding(looks, index);
  for (const auto& [flips, pair] : looks.by_flips) {
    const Sight& other =
        pair.median.sights[index].outcome != base.outcome ? pair.median.sights[index] : pair.p95.sights[index];
    if (flips == 0 || other.outcome == base.outcome || switches.empty()) continue;
    verdict.reason +=
        fmt::format("; with {}: {} ({})", values_of(flips, switches), to_text(other.outcome), other.reason);
    break;
  }
  for (const Switch which : switches) {
    verdict.settle.push_back(fmt::format("{}: {}", model::name_of(which), model::lab_test_of(which)));
  }
  return verdict;
}

}  // namespace

std::vector<Verdict> judge(const Scenario& scenario, std::uint32_t settled, const RunOptions& options,
                           const RunLooker& observe) {
  if (scenario.expectations.empty()) return {};
  const Looks looks = look_everywhere(scenario.seed, settled, observe);
  Replications replications(scenario.seed, options.replications, observe);
  std::vector<Verdict> verdicts;
  for (std::size_t index = 0; index < scenario.expectations.size(); ++index) {
    const Expectation& expectation = scenario.expectations[index];
    Verdict verdict = expectation.with ? judge_probability(expectation, index, looks, replications)
                                       : judge_everywhere(index, looks, replications);
    verdict.expectation = expectation.text;
    verdict.place = expectation.place;
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

std::uint32_t settled_switches(const model::Parameters& parameters) {
  std::uint32_t settled = 0;
  for (unsigned number = 0; number < model::switch_count; ++number) {
    const model::Origin origin = parameters.origin(static_cast<Switch>(number));
    if (origin == model::Origin::given || origin == model::Origin::calibrated) settled |= 1U << number;
  }
  return settled;
}

}  // namespace rehearse::sim

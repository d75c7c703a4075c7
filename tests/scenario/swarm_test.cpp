// Thousands of random designs under random faults, repairs and operations. Whatever happens, no invariant breaks, the
// journal replays to the same state, a copy taken on the way runs on alike, and a world in which every beat is an event
// tells the same story. Each night has a number; `REHEARSE_SWARM_FIRST=4711 REHEARSE_SWARM_NIGHTS=1` runs one again,
// and a night that fails is shortened to the acts that make it fail before it is printed.
#include "sim/scenario/checks/check.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "swarm_acts.hpp"

namespace rehearse::sim {
namespace {

#if defined(__SANITIZE_ADDRESS__) || !defined(__OPTIMIZE__)
constexpr std::uint64_t share = 10;  // of the optimized build's nights one in so many
#else
constexpr std::uint64_t share = 1;
#endif

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// What is wrong with a night; empty: nothing.
using Judge = std::string (*)(const Night&);

std::string breaks_an_invariant(const Night& night) {
  const Telling told = tell(night, world::Tempo::when_it_matters);
  try {
    check_journal(*told.plan, told.first, *told.journal, told.world->state());
  } catch (const InvariantBroken& broken) {
    return broken.what();
  }
  return "";
}

std::string differs_when_every_beat_is_an_event(const Night& night) {
  const Telling lazy = tell(night, world::Tempo::when_it_matters);
  const Telling ticking = tell(night, world::Tempo::every_beat);
  return difference(*lazy.journal, *ticking.journal, *lazy.plan);
}

std::string differs_in_a_copy(const Night& night) {
  const Duration middle = night.end * 6 / 10;
  Telling original = begin(night, world::Tempo::when_it_matters);
  original.go_on(night, Duration::zero(), middle);
  Telling copy{original.plan, original.first, std::make_unique<world::Journal>(*original.journal),
               std::make_unique<world::World>(*original.world)};
  copy.world->engine().write_to(copy.journal.get());
  original.go_on(night, middle, night.end);
  copy.go_on(night, middle, night.end);
  if (!(*original.world == *copy.world)) return "the copy ended otherwise";
  return difference(*original.journal, *copy.journal, *original.plan);
}

/// A world may also refuse what it was asked with an exception: a bug like any other.
std::string judged(Judge judge, const Night& night) {
  try {
    return judge(night);
  } catch (const std::exception& error) {
    return std::string("it threw: ") + error.what();
  }
}

/// The night without the acts and roles that its failing does not need.
Night shortened(Night night, Judge judge) {
  const auto shorten = [&](auto member) {
    for (std::size_t index = 0; index < member(night).size();) {
      Night shorter = night;
      member(shorter).erase(member(shorter).begin() + static_cast<std::ptrdiff_t>(index));
      if (judged(judge, shorter).empty())
        ++index;
      else
        night = shorter;
    }
  };
  shorten([](Night& of) -> std::vector<SwarmAct>& { return of.acts; });
  shorten([](Night& of) -> std::vector<model::Role>& { return of.design.cluster.roles; });
  shorten([](Night& of) -> std::vector<model::Batch>& { return of.design.batches; });
  return night;
}

void expect_all_well(std::uint64_t usual_nights, std::uint32_t most_nodes, Judge judge) {
  const std::uint64_t first = number_from("REHEARSE_SWARM_FIRST", 1);
  const std::uint64_t nights = number_from("REHEARSE_SWARM_NIGHTS", std::max<std::uint64_t>(usual_nights / share, 1));
  std::cout << fmt::format("nights {} to {}, up to {} nodes\n", first, first + nights - 1, most_nodes);
  for (std::uint64_t seed = first; seed < first + nights; ++seed) {
    const Night night = random_night(seed, most_nodes);
    const std::string problem = judged(judge, night);
    if (problem.empty()) continue;
    const Night least = shortened(night, judge);
    FAIL() << fmt::format(
        "night {}: {}\nat its shortest: {}\n{}run it again: REHEARSE_SWARM_FIRST={} "
        "REHEARSE_SWARM_NIGHTS=1 scenario_tests --gtest_filter={}.{}\n",
        seed, problem, judged(judge, least), to_text(least), seed, "Swarm",
        testing::UnitTest::GetInstance()->current_test_info()->name());
  }
}

TEST(Swarm, no_night_breaks_an_invariant) {
  expect_all_well(8000, 8, breaks_an_invariant);
}

TEST(Swarm, no_night_in_a_large_cluster_breaks_an_invariant) {
  expect_all_well(100, 64, breaks_an_invariant);
}

TEST(Swarm, every_night_is_the_same_when_every_beat_is_an_event) {
  expect_all_well(1500, 5, differs_when_every_beat_is_an_event);
}

TEST(Swarm, every_night_goes_on_alike_from_a_copy) {
  expect_all_well(1500, 6, differs_in_a_copy);
}

}  // namespace
}  // namespace rehearse::sim

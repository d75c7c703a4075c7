#include "sim/async/observing.hpp"

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace rehearse::sim {
namespace {

using steps::Observation;

struct Looking {
  steps::Platform platform;
  const model::Design& design;
  steps::AskForPatches patches;
  Observation& result;
};

steps::Awaitable<void> look(Looking& looking) {
  model::Design design = looking.design;
  looking.result = co_await steps::observe(looking.platform, std::move(design), looking.patches);
}

}  // namespace

steps::AskForPatches asks_for_patches(const Observation& observation) {
  const bool asks = std::any_of(observation.facts.begin(), observation.facts.end(),
                                [](const steps::Fact& fact) { return name_of(fact.question) == "Host.QueryPatches"; });
  return asks ? steps::AskForPatches::yes : steps::AskForPatches::no;
}

Observation observe_at_once(Driver& driver, steps::Platform platform, const model::Design& design,
                            steps::AskForPatches patches) {
  Observation observation;
  Looking looking{platform, design, patches, observation};
  driver.start([&] { return look(looking); });
  if (!driver.idle()) throw std::logic_error("a question to the world takes time");
  return observation;
}

std::vector<steps::Fact> answered_otherwise(world::World& world, const Observation& observation,
                                            const Aliases& aliases) {
  Driver driver(world);
  const Observation of_world =
      observe_at_once(driver, driver.platform(), world.plan().design(), asks_for_patches(observation));
  std::vector<steps::Fact> otherwise;
  for (const steps::Fact& real : observation.facts) {
    // A worker whose service runs registers by itself some minutes later, as it has in a world that has settled.
    if (name_of(real.question) == "Catalog.WorkerLastOnline") continue;
    steps::Fact fact = aliases.to_world(real);
    const steps::Fact* simulated = of_world.fact(fact.question);
    if (simulated == nullptr || !steps::same_outcome(fact, *simulated)) otherwise.push_back(std::move(fact));
  }
  return otherwise;
}

}  // namespace rehearse::sim

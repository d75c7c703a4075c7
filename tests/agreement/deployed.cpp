#include "tests/agreement/deployed.hpp"

#include <map>
#include <stdexcept>

#include "model/steps/deployment.hpp"

namespace rehearse::agreement {

const Deployed& deployed(const std::string& name) {
  static std::map<std::string, Deployed> ready;
  const auto found = ready.find(name);
  if (found != ready.end()) return found->second;
  Designs designs;
  const Deployable deployable = designs.by_name(name);
  BothFarms farms(deployable);
  const std::string trouble = farms.perform([&] { return steps::deployment_steps(deployable.design); });
  if (!trouble.empty()) throw std::logic_error(trouble);
  farms.simulated.rest();
  farms.far.rest();
  return ready.emplace(name, Deployed{deployable, farms.simulated.world(), farms.far.world, farms.asked_of_both()})
      .first->second;
}

}  // namespace rehearse::agreement

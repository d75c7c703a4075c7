// SRV: how services start.
#include <fmt/format.h>

#include <set>

#include "model/rules/families.hpp"
#include "model/rules/questions.hpp"
#include "model/rules/stated.hpp"

namespace rehearse::model::rules {
namespace {

Findings master_starts_by_itself(const Facts& facts) {
  if (facts.stated.master_start != StartType::automatic) return {};
  return {{facts.design.scale_out.master.place.pointer + "/start_type",
           "every node starts a master of its own after a reboot, beside the one that the cluster runs",
           "write \"start_type\": \"manual\": the cluster starts it where it belongs"}};
}

Findings worker_does_not_start(const Facts& facts) {
  Findings findings;
  for (const auto& [pool, start] : facts.stated.start_of_pools) {
    if (start != StartType::manual) continue;
    findings.push_back({pool + "/start_type", "after a reboot these workers stay away until somebody starts them",
                        "write \"start_type\": \"automatic\""});
  }
  return findings;
}

constexpr Rule rules[] = {
    {"SRV-001", Level::error, "the master's service starts by itself",
     "A copy that the service control manager starts on the passive node runs outside the cluster. SSISDB knows no "
     "owner: "
     "two masters sweep, and the last writer wins in master_properties.",
     "Start type Manual on every node. Setup leaves it as it was asked to, Automatic unless told otherwise.",
     "W 5; S 1.7", &master_starts_by_itself},
    {"SRV-002", Level::warning, "a worker's service does not start by itself",
     "Workers are no cluster resources: nobody starts them but Windows.", "Start type Automatic.", "S 2 (assumed)",
     &worker_does_not_start},
};

}  // namespace

std::span<const Rule> service_rules() {
  return rules;
}

}  // namespace rehearse::model::rules

// What a probe's observations mean: the simulator's outcomes that they are compatible with, as few as can be told apart
// from here. Where nothing can be told, that is the answer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/artefacts/x509.hpp"
#include "real_backend/probe/conclusion.hpp"
#include "real_backend/probe/handshake_evidence.hpp"
#include "real_backend/probe/observation.hpp"

namespace rehearse::real {

struct EndpointVerdict {
  Conclusion conclusion = Conclusion::unknown;
  /// Outcomes that explain what was seen, in the order in which they decide. One: it is that. Several: they cannot be
  /// told apart from here. None: no rule of the simulator explains it, and `beyond_the_rules` says what was met.
  OutcomeSet possible;
  OutcomeSet defects;            // everything that is certainly wrong, whether it decides or not
  std::string beyond_the_rules;  // why it went no further, where none of the outcomes is the reason
  std::vector<std::string>
      doubts;  // why the conclusion is weaker than the outcomes alone would make it, or may be else
  std::vector<std::string> warnings;       // what does not decide today: ends of validity, other thumbprints, clocks
  std::optional<model::X509Facts> master;  // the certificate shown
};

EndpointVerdict judge_endpoint(const ProbeTarget& target, const ProbeKit& kit, const EndpointObservation& seen);

/// What no probe from outside can see, for reports: where it ran, the worker's own stores and rights.
const std::vector<std::string>& out_of_sight();

}  // namespace rehearse::real

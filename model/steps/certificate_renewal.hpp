// Renewing the Scale Out Master's certificate (S 3). Workers pin one thumbprint and no overlap is documented, so a
// renewal is an outage; its length is what the order decides.
#pragma once

#include <string>
#include <vector>

#include "model/design.hpp"
#include "model/steps/observation.hpp"
#include "model/steps/step.hpp"

namespace rehearse::steps {

enum class RenewalOrder : unsigned char {
  documented,    // new certificate, binding, settings, master; then worker by worker: trust, pin, restart
  least_outage,  // every worker trusts the new certificate before the master shows it; only pin and restart come after
};

/// The new certificate has the names of the old one and ends at `not_after`, which must not be the old one's end: that
/// is how steps tell the two apart when they go on after an interruption. The old one stays where it lies.
std::vector<StepPtr> renew_master_certificate(const model::Design& design, Date not_after, RenewalOrder order);

/// What the design's file has to state from the renewal on; until then a plan of the deployment leads back to the old
/// certificate.
std::string statement_after_renewal(const model::Design& design, Date not_after);

/// A sentence for each node that shows a certificate which ends later than the one that the design leads to. Nothing
/// of a design that states no certificate of the master: it takes the one that is there.
std::vector<std::string> newer_than_design(const model::Design& design, const Observation& observed);

}  // namespace rehearse::steps

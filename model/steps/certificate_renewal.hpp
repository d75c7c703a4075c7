// Renewing the Scale Out Master's certificate (S 3). Workers pin one thumbprint and no overlap is documented, so a
// renewal is an outage; its length is what the order decides.
#pragma once

#include <vector>

#include "model/design.hpp"
#include "model/steps/step.hpp"

namespace rehearse::steps {

enum class RenewalOrder : unsigned char {
  documented,    // new certificate, binding, settings, master; then worker by worker: trust, pin, restart
  least_outage,  // every worker trusts the new certificate before the master shows it; only pin and restart come after
};

/// The new certificate has the names of the old one and ends at `not_after`, which must not be the old one's end: that
/// is how steps tell the two apart when they go on after an interruption. The old one stays where it lies.
std::vector<StepPtr> renew_master_certificate(const model::Design& design, Date not_after, RenewalOrder order);

}  // namespace rehearse::steps

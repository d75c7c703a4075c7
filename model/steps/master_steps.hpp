// Sections 3 to 5 of the article, and the first half of 6: the Scale Out Master on every node, with one certificate,
// one settings file, and no running copy outside the cluster.
#pragma once

#include <string>

#include "model/design.hpp"
#include "model/steps/step.hpp"

namespace rehearse::steps {

/// The master certificate on the first node, in Root with its key, for Setup to pick up: imported from its file, or
/// created with the dates that the design states. Not for certificates that Setup makes itself.
StepPtr create_master_certificate(const model::Design& design);

/// Sections 3 and 4. With the certificate where the node has it, else with the names and Setup makes one.
StepPtr install_scale_out_master(const model::Design& design, const std::string& node);

/// Section 4: from the first node, with the private key, into LocalMachine\Root of a further one.
StepPtr copy_master_certificate(const model::Design& design, const std::string& node);

/// Section 5: SqlServerName is the network name, never a node's. A running master reads its file only when it starts,
/// so it is stopped first and brought online by a later step.
StepPtr update_master_settings(const model::Design& design, const std::string& node);

/// Section 6: Setup leaves the service running and starting with Windows on every node; left so, two masters run.
StepPtr park_master_service(const model::Design& design);

}  // namespace rehearse::steps

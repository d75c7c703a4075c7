// Section 2 of the article: SQL Server as a failover cluster instance (W 7.5). Its network name is what all later
// sections build on.
#pragma once

#include <string>
#include <vector>

#include "model/design.hpp"
#include "model/steps/step.hpp"

namespace rehearse::steps {

/// The nodes that may own a role of these settings, the most preferred of them first: where Setup begins (W 4.3, 7.5).
std::vector<std::string> owners_of(const model::Design& design, const model::RoleSettings& settings);

/// The first node: Database Engine Services with network name, addresses and disks.
StepPtr install_fci(std::string node, model::FailoverClusterInstance fci);

StepPtr add_fci_node(std::string node, model::FailoverClusterInstance fci);

/// HealthCheckTimeout and FailureConditionLevel, as far as the design states them (W 7.1).
StepPtr set_health_detection(model::FailoverClusterInstance fci);

/// The name under which the operator keeps the logon of the SQL Server services.
std::string sql_service_logon();

}  // namespace rehearse::steps

// Section 6 of the article: the Scale Out Master becomes a Generic Service resource, inside the SQL Server role (joint)
// or in a role of its own (separate).
#pragma once

#include "model/design.hpp"
#include "model/steps/step.hpp"

namespace rehearse::steps {

/// Joint: the resource is added to the SQL Server role.
StepPtr add_master_to_sql_role(const model::Design& design);

/// Separate: a role with its own client access point (S 4.2).
StepPtr create_master_role(const model::Design& design);

/// What the resource needs: as designed, or, where the design says nothing and the placement is joint, SQL Server and
/// its network name (W 11, 3). In a role of its own the wizard has tied it to its name already.
StepPtr set_master_dependencies(const model::Design& design);
bool has_master_dependencies(const model::Design& design);

/// Joint: RestartAction 2 takes SQL Server along when the master keeps failing, 1 does not (W 11, 3).
StepPtr set_master_restart_action(const model::Design& design);

/// Separate: MASTER_ADDRESS follows nobody by itself (S 1.7).
StepPtr update_master_address(const model::Design& design);

StepPtr bring_master_online(const model::Design& design);

}  // namespace rehearse::steps

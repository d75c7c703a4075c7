// The catalog, between sections 4 and 5 of the article: it needs the Scale Out Master installed on whichever node owns
// the instance, because catalog.enable_scaleout looks there (27261, S 4.3).
#pragma once

#include <string>

#include "model/steps/step.hpp"

namespace rehearse::steps {

StepPtr create_catalog();
StepPtr enable_scale_out();

/// Workers log with a SQL login, so the instance must take such logins (S 5, 8).
StepPtr enable_log_login();

/// catalog.startup runs when SQL Server starts, so that operations left over by a failover are repaired (S 1.7).
StepPtr set_startup_procedure();

/// Setup gives a domain account nothing: login, user, and membership in ssis_admin are made here (S 4.3).
StepPtr grant_ssis_admin(std::string account);

/// The name under which the operator keeps the password of SSISDB's database master key.
std::string catalog_password();

}  // namespace rehearse::steps

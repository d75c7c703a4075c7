// SQL Server's instances as clients see them: which one answers under a name, where it runs, who may do what in SSISDB.
#pragma once

#include <string>

#include "tests/far_side/world.hpp"

namespace far_side {

/// The machine on which the instance runs or would run: the owner of its role, or its only machine.
std::string owner_of(const FarWorld& world, const SqlInstance& instance);
bool is_online(const FarWorld& world, const SqlInstance& instance);

/// The instance under "SQLFCI", "SQLFCI\INST1" or "tcp:SQLFCI,1433", whether or not it runs.
SqlInstance* find_instance(FarWorld& world, const std::string& server);
const SqlInstance* find_instance(const FarWorld& world, const std::string& server);
/// Of those, one that runs.
SqlInstance* online_instance(FarWorld& world, const std::string& server);
const SqlInstance* online_instance(const FarWorld& world, const std::string& server);

bool is_scale_out_enabled(const SsisCatalog& catalog);
/// Whether the login has a user in ssis_admin, or is a system administrator.
bool is_catalog_admin(const SqlInstance& instance, const std::string& login);

/// datetimeoffset as SQL Server writes it: "2026-11-22 10:00:00.0000000 +00:00".
std::string sql_date(Instant at);

}  // namespace far_side

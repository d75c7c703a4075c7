// The vocabulary of scripts that speak T-SQL: System.Data.SqlClient of the .NET Framework, under the account that the
// script runs as. Values go as parameters; where T-SQL takes none, in CREATE LOGIN and its kind, SQL Server itself puts
// the name into brackets (QUOTENAME) and the script sets the statement together from its answer.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/design.hpp"
#include "model/units.hpp"
#include "real_backend/powershell/script.hpp"

namespace rehearse::real {

/// What a connection string says for Data Source: the name that clients connect to (W 7.6).
std::string data_source(const model::FailoverClusterInstance& fci);
/// The stand-alone instance of that name on the machine itself: "." or ".\INST1".
std::string local_data_source(const std::string& instance);

/// try { open; body } finally { close }, on the database master. $connection is the open connection. A server that
/// nobody answers for is `unreachable`, since nothing was begun; one that does not let this account in is `refused`.
ps::Block with_connection(const std::string& source, const ps::Block& body);

/// The same in the middle of a script that has begun something: when the server does not answer, or the body meets an
/// error, `otherwise` is done.
ps::Block if_connected(const std::string& source, const ps::Block& body, const ps::Block& otherwise);

using SqlParameters = std::vector<std::pair<std::string, ps::Expression>>;  // "@name" and its value

/// Executes the statement; its result sets are thrown away.
ps::Block execute(const ps::Expression& statement, const SqlParameters& parameters = {},
                  Duration within = std::chrono::minutes(2));
/// $variable is the first column of the first row, $null where there is no row or it is NULL.
ps::Block select(std::string_view variable, const std::string& statement, const SqlParameters& parameters = {});
/// $variable is the name in brackets, as SQL Server quotes it; `refused` for a name that it cannot quote.
ps::Block quote(std::string_view variable, const ps::Expression& name);

/// $database: the state of the database in sys.databases, $null where there is none.
ps::Block look_at_database(const std::string& name);
/// Moves the connection into SSISDB. Without one `not_found`; `unreachable` while it is recovered.
ps::Block use_catalog();

}  // namespace rehearse::real

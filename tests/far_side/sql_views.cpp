// The views and tables that scripts read.
#include "tests/far_side/sql_state.hpp"
#include "tests/far_side/sql_text.hpp"

namespace far_side {
namespace {

SsisCatalog& catalog_of(const SqlContext& context) {
  if (!context.instance.ssisdb) {
    throw sql_error(911, "Database 'SSISDB' does not exist. Make sure that the name is entered correctly.");
  }
  return *context.instance.ssisdb;
}

std::vector<SqlRow> databases(const SqlContext& context) {
  std::vector<SqlRow> rows;
  int id = 0;
  Names names = {"master", "tempdb", "model", "msdb"};
  if (context.instance.ssisdb) names.push_back("SSISDB");
  for (const std::string& name : names) {
    rows.push_back({{"name", name}, {"database_id", ++id}, {"state", 0}, {"state_desc", "ONLINE"}});
  }
  return rows;
}

std::vector<SqlRow> logins(const SqlContext& context) {
  std::vector<SqlRow> rows;
  int id = 256;
  for (const auto& [name, login] : context.instance.logins) {
    rows.push_back({{"name", name},
                    {"principal_id", ++id},
                    {"sid", sid_of_account(context, name)},
                    {"type_desc", login.type},
                    {"is_disabled", 0}});
  }
  return rows;
}

/// Users and roles of SSISDB; users have the sid of their login.
std::vector<SqlRow> principals(const SqlContext& context) {
  std::vector<SqlRow> rows;
  const SsisCatalog& catalog = catalog_of(context);
  for (const auto& [user, login] : catalog.users) {
    rows.push_back({{"name", user},
                    {"principal_id", "user " + user},
                    {"sid", sid_of_account(context, login)},
                    {"type_desc", "WINDOWS_USER"}});
  }
  for (const auto& [role, members] : catalog.roles) {
    rows.push_back(
        {{"name", role}, {"principal_id", "role " + role}, {"sid", db_null()}, {"type_desc", "DATABASE_ROLE"}});
  }
  return rows;
}

std::vector<SqlRow> memberships(const SqlContext& context) {
  std::vector<SqlRow> rows;
  for (const auto& [role, members] : catalog_of(context).roles) {
    for (const std::string& member : members) {
      rows.push_back({{"role_principal_id", "role " + role}, {"member_principal_id", "user " + member}});
    }
  }
  return rows;
}

std::vector<SqlRow> agents(const SqlContext& context) {
  std::vector<SqlRow> rows;
  for (const auto& [id, agent] : catalog_of(context).workers) {
    rows.push_back({{"WorkerAgentId", id},
                    {"MachineName", agent.machine},
                    {"UserAccount", agent.account},
                    {"IsEnabled", agent.enabled},
                    {"LastOnlineTime", sql_date(agent.last_online)}});
  }
  return rows;
}

std::vector<SqlRow> properties(const SqlContext& context, bool of_master) {
  std::vector<SqlRow> rows;
  for (const auto& [name, value] : catalog_of(context).properties) {
    const bool scale_out_mode = same_text(name, "IS_SCALEOUT_ENABLED");
    if (scale_out_mode != of_master) rows.push_back({{"property_name", name}, {"property_value", value}});
  }
  return rows;
}

}  // namespace

Value sid_of_account(const SqlContext& context, const std::string& account) {
  // A login of SQL Server's own has a sid of its own; a Windows account has the domain's or the machine's.
  const auto login = context.instance.logins.find(account);
  if (login != context.instance.logins.end() && login->second.type == "SQL_LOGIN") return "sid of login " + account;
  try {
    const Value sid = context.at.new_object("System.Security.Principal.NTAccount", {account})
                          .object()
                          ->call("Translate", {Value("System.Security.Principal.SecurityIdentifier")});
    return sid.text();
  } catch (const Error&) {
    return db_null();
  }
}

std::vector<SqlRow> rows_of(const SqlContext& context, const std::string& full_name) {
  std::string name = full_name, database = context.database;
  if (same_text(name.substr(0, 7), "SSISDB.")) {
    name.erase(0, 7);
    database = "SSISDB";
  }
  if (same_text(name.substr(0, 7), "master.")) {
    name.erase(0, 7);
    database = "master";
  }
  const bool in_catalog = same_text(database, "SSISDB");
  const auto is = [&](const char* view) { return same_text(name, view); };
  if (is("sys.databases")) return databases(context);
  if (is("sys.server_principals") || is("sys.sql_logins")) return logins(context);
  if (is("sys.availability_groups") || is("sys.dm_hadr_database_replica_states")) return {};
  if (in_catalog) {
    if (is("sys.symmetric_keys")) {
      catalog_of(context);
      return {{{"name", "##MS_DatabaseMasterKey##"}, {"symmetric_key_id", 101}}};
    }
    if (is("sys.database_principals")) return principals(context);
    if (is("sys.database_role_members")) return memberships(context);
    if (is("catalog.worker_agents") || is("internal.worker_agents")) return agents(context);
    if (is("catalog.master_properties")) return properties(context, true);
    if (is("catalog.catalog_properties")) return properties(context, false);
  }
  if (same_text(name.substr(0, 8), "catalog.") || same_text(name.substr(0, 9), "internal.")) {
    throw sql_error(208, "Invalid object name '" + full_name + "'.");
  }
  gap("the view " + full_name + " in the database " + database);
}

}  // namespace far_side

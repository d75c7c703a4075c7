// Statements that change something: procedures of the server and of the catalog (S 4), logins, users and roles.
#include <algorithm>

#include "tests/far_side/setup_program.hpp"
#include "tests/far_side/sql_state.hpp"
#include "tests/far_side/sql_text.hpp"

namespace far_side {
namespace {

/// @name = value, or values in their order.
Named<Value> arguments_of(SqlCursor& cursor, const SqlParameters& parameters) {
  Named<Value> arguments;
  int position = 0;
  while (!cursor.at_end() && !cursor.next_is(";")) {
    if (cursor.peek().kind == SqlToken::Kind::parameter) {
      SqlCursor ahead = cursor;
      const std::string name = ahead.take_any().text;
      if (ahead.take("=")) {
        cursor = ahead;
        arguments[name] = constant(cursor, parameters);
        if (!cursor.take(",")) break;
        continue;
      }
    }
    arguments[std::to_string(++position)] = constant(cursor, parameters);
    if (!cursor.take(",")) break;
  }
  return arguments;
}

bool is_system_administrator(const SqlContext& context) {
  const auto found = context.instance.logins.find(context.login);
  return found != context.instance.logins.end() && found->second.system_administrator;
}

SsisCatalog& catalog_of(const SqlContext& context, const std::string& procedure) {
  if (!context.instance.ssisdb || !same_text(context.database, "SSISDB")) {
    throw sql_error(2812, "Could not find stored procedure '" + procedure + "'.");
  }
  return *context.instance.ssisdb;
}

/// S 4.3: sysadmin only; the master has to be installed on the host of SQL Server; drops and makes the log login.
void enable_scale_out(const SqlContext& context) {
  SsisCatalog& catalog = catalog_of(context, "catalog.enable_scaleout");
  if (!is_system_administrator(context)) {
    throw sql_error(27260, "Only members of the sysadmin server role can perform this action.");
  }
  const std::string version = std::to_string(context.instance.version * 10);
  const std::string owner = owner_of(context.at.world, context.instance);
  const std::string key = std::string(sql_registry) + "\\" + version + "\\DTS\\Setup\\SQL_IS_Master";
  if (machine_of(context.at.world, owner).registry.count(key) == 0) {
    throw sql_error(27261, "There is no Scale Out Master installed.");
  }
  catalog.properties["IS_SCALEOUT_ENABLED"] = "True";
  const std::string account = "NT SERVICE\\SSISScaleOutMaster" + version;
  context.instance.logins[account] = {"WINDOWS_LOGIN", "", false};
  catalog.users[account] = account;
  Names& admins = catalog.roles["ssis_admin"];
  if (std::count(admins.begin(), admins.end(), account) == 0) admins.push_back(account);
  context.instance.logins["##MS_SSISLogDBWorkerAgentLogin##"] = {"SQL_LOGIN", new_guid(context.at.world), false};
}

void enable_worker(const SqlContext& context, const Named<Value>& arguments) {
  SsisCatalog& catalog = catalog_of(context, "catalog.enable_worker_agent");
  const auto found = catalog.workers.find(arguments.count("@WorkerAgentId") != 0 ? arguments.at("@WorkerAgentId").text()
                                                                                 : arguments.at("1").text());
  if (found == catalog.workers.end()) throw sql_error(27243, "The worker agent does not exist.");
  found->second.enabled = true;
}

void set_startup(const SqlContext& context, const Named<Value>& arguments) {
  const auto argument = [&](const char* name) { return arguments.at(name).text(); };
  if (!is_system_administrator(context)) {
    throw sql_error(15247, "User does not have permission to perform this action.");
  }
  if (!same_text(argument("@ProcName"), "sp_ssis_startup") || !context.instance.ssisdb) {
    throw sql_error(15398, "Only objects in the master database owned by dbo can have the startup setting changed.");
  }
  const std::string value = argument("@OptionValue");
  context.instance.startup_procedure = same_text(value, "on") || same_text(value, "true") || same_text(value, "1");
}

void write_registry(const SqlContext& context, const Named<Value>& arguments) {
  const std::string key = arguments.at("2").text(), name = arguments.at("3").text();
  if (!same_text(key, "Software\\Microsoft\\MSSQLServer\\MSSQLServer") || !same_text(name, "LoginMode")) {
    gap("xp_instance_regwrite of " + key + "\\" + name);
  }
  context.instance.mixed_mode_wanted = arguments.at("5").whole() == 2;
  // The instance's own key, which the cluster keeps the same on every node (W 5, checkpoints).
  const std::string id = "MSSQL" + std::to_string(context.instance.version) + "." + context.instance.instance;
  for (const std::string& node : context.instance.nodes) {
    machine_of(context.at.world, node).registry[std::string(sql_registry) + "\\" + id + "\\MSSQLServer"]["LoginMode"] =
        registry_number(arguments.at("5").whole());
  }
}

void execute_procedure(const SqlContext& context, SqlCursor& cursor, const SqlParameters& parameters) {
  const std::string name = cursor.take_name();
  const Named<Value> arguments = arguments_of(cursor, parameters);
  const auto is = [&](const char* known) {
    const std::string plain = known;
    return same_text(name, plain) || same_text(name, "SSISDB." + plain) || same_text(name, "master.dbo." + plain);
  };
  if (is("catalog.enable_scaleout")) return enable_scale_out(context);
  if (is("catalog.enable_worker_agent")) return enable_worker(context, arguments);
  if (is("catalog.update_master_address")) {
    catalog_of(context, name).properties["MASTER_ADDRESS"] = arguments.at("@MasterAddress").text();
    return;
  }
  if (is("sp_procoption")) return set_startup(context, arguments);
  if (is("xp_instance_regwrite")) return write_registry(context, arguments);
  if (is("sp_configure")) {
    const std::string option =
        arguments.count("@configname") != 0 ? arguments.at("@configname").text() : arguments.at("1").text();
    if (!same_text(option, "clr enabled")) gap("the configuration option " + option);
    context.instance.clr_enabled =
        (arguments.count("@configvalue") != 0 ? arguments.at("@configvalue") : arguments.at("2")).whole() == 1;
    return;
  }
  gap("the procedure " + name);
}

void create_login(const SqlContext& context, SqlCursor& cursor) {
  const std::string name = cursor.take_any().text;
  cursor.expect("FROM");
  cursor.expect("WINDOWS");
  if (is_db_null(sid_of_account(context, name))) {
    throw sql_error(15401, "Windows NT user or group '" + name + "' not found. Check the name again.");
  }
  if (context.instance.logins.count(name) != 0) {
    throw sql_error(15025, "The server principal '" + name + "' already exists.");
  }
  context.instance.logins[name] = {"WINDOWS_LOGIN", "", false};
}

void create_user(const SqlContext& context, SqlCursor& cursor) {
  const std::string user = cursor.take_any().text;
  cursor.expect("FOR");
  cursor.expect("LOGIN");
  const std::string login = cursor.take_any().text;
  SsisCatalog& catalog = catalog_of(context, "CREATE USER");
  if (context.instance.logins.count(login) == 0) {
    throw sql_error(15007, "'" + login + "' is not a valid login or you do not have permission.");
  }
  if (catalog.users.count(user) != 0) {
    throw sql_error(15023, "User, group, or role '" + user + "' already exists in the current database.");
  }
  catalog.users[user] = login;
}

void alter_role(const SqlContext& context, SqlCursor& cursor) {
  const std::string role = cursor.take_any().text;
  const bool adds = cursor.take("ADD");
  if (!adds) cursor.expect("DROP");
  cursor.expect("MEMBER");
  const std::string member = cursor.take_any().text;
  SsisCatalog& catalog = catalog_of(context, "ALTER ROLE");
  if (catalog.roles.count(role) == 0) {
    throw sql_error(15151,
                    "Cannot alter the role '" + role + "', because it does not exist or you do not have permission.");
  }
  if (catalog.users.count(member) == 0) {
    throw sql_error(15151, "Cannot add the principal '" + member +
                               "', because it does not exist or you do not have "
                               "permission.");
  }
  Names& members = catalog.roles[role];
  std::erase_if(members, [&](const std::string& one) { return same_text(one, member); });
  if (adds) members.push_back(member);
}

}  // namespace

void execute_statement(const SqlContext& context, SqlCursor& cursor, const SqlParameters& parameters) {
  if (cursor.take("EXEC") || cursor.take("EXECUTE")) {
    execute_procedure(context, cursor, parameters);
  } else if (cursor.take("RECONFIGURE")) {
    // takes up what sp_configure has set
  } else if (cursor.take("CREATE")) {
    if (cursor.take("LOGIN")) {
      create_login(context, cursor);
    } else if (cursor.take("USER")) {
      create_user(context, cursor);
    } else {
      cursor.unknown();
    }
  } else if (cursor.take("ALTER")) {
    cursor.expect("ROLE");
    alter_role(context, cursor);
  } else {
    cursor.unknown();
  }
  cursor.take(";");
  if (!cursor.at_end()) cursor.unknown();
}

}  // namespace far_side

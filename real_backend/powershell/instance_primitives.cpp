#include <fmt/format.h>

#include "model/steps/failure.hpp"
#include "real_backend/powershell/catalog_primitives.hpp"
#include "real_backend/powershell/cluster_script.hpp"
#include "real_backend/powershell/phrases.hpp"
#include "real_backend/powershell/sql_script.hpp"

namespace rehearse::real {

using namespace ps;
using steps::FailureCode;
namespace catalog = steps::catalog;

namespace {

constexpr Duration time_to_stop = std::chrono::minutes(10);  // of SQL Server and what needs it: PendingTimeout and room
constexpr Duration time_to_start = std::chrono::minutes(15);  // with the recovery of SSISDB (W 7.4)

/// $windows_only: 1 while the running instance takes Windows logins only.
Block ask_mode() {
  return select("windows_only", "SELECT CONVERT(int, SERVERPROPERTY('IsIntegratedSecurityOnly'))");
}

/// $mode: LoginMode as the registry of this node has it, 2 for mixed mode (documentation: "Change server authentication
/// mode").
Block read_mode(const std::string& instance) {
  const std::string sql_server = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Microsoft SQL Server\\";
  Block block;
  block.let("id", registry_value(literal(sql_server + "Instance Names\\SQL"), instance));
  const Expression key = sentence({literal(sql_server), variable("id"), literal("\\MSSQLServer")});
  return block.let("mode", registry_value(key, "LoginMode"));
}

Expression state_of(const char* resource) {
  return text_of(variable(resource).member("State"));
}

/// Starts, without waiting, what $before names.
Block start_what_ran() {
  return Block().for_each(
      "name", variable("before"),
      Block().run(Command("Start-ClusterResource").with("Name", variable("name")).with("Wait", number(0))));
}

/// Waits until everything in $before is online.
Block wait_for_what_ran(const std::string& role) {
  const Expression part = variable("part");
  const Expression down = both(binary(variable("before"), Operator::contains, part.member("Name")),
                               negate(is(part.member("State"), "Online")));
  const Expression report = sentence({text_of(part.member("Name")), literal(" is "), part.member("State")});
  Block of_part;
  of_part.when(down, Block().let("missing", binary(variable("missing"), Operator::plus, report)));
  of_part.when(both(down, binary(text_of(part.member("State")), Operator::in, list_of({"Failed", "Offline"}))),
               Block().let("rests", flag(true)));
  const Expression late = sentence(
      {literal("After the restart of SQL Server: "), binary(variable("missing"), Operator::joined, literal(", "))});
  Block look;
  look.let("missing", list({})).let("rests", flag(false));
  look.for_each("part", resources_of(role), of_part);
  look.let("reached", same(variable("missing").member("Count"), number(0)));
  look.append(refuse_at_rest(variable("rests"), number(time_at_rest.count()), late));
  return wait_until_reached(time_to_start, look, late);
}

}  // namespace

// ------------------------------------------------------------------------------------------------ mixed mode

// SQL Server that is offline with mixed mode in its registry was stopped for it, and whoever stopped it was interrupted
// before it started again: no, it does not take SQL logins now, and enabling it again starts it.
Primitive primitive(const catalog::LogLoginEnabled&, const Surroundings& around) {
  const model::FailoverClusterInstance& fci = around.design.fci;
  Primitive primitive;
  primitive.where = Where::on_sql_owner;
  primitive.script = owns_instance(around.design);
  if (!fci.availability_group) {
    Block look = read_mode(fci.instance);
    look.when(same(variable("mode"), number(2)), Block().answer(flag(false)));
    primitive.script.append(look_at_resource("sql", fci.sql_resource()));
    primitive.script.when(same(state_of("sql"), literal("Offline")), look);
  }
  const Block ask = ask_mode().answer(same(variable("windows_only"), number(0)));
  primitive.script.append(with_connection(data_source(fci), ask));
  return primitive;
}

// The mode is written while SQL Server runs: the cluster keeps the instance's registry key, copies what changes while
// the resource is online, and overwrites what was changed while it was not (W 5, of checkpoints).
//
// What was online with SQL Server goes offline with it, and is brought online again: the agent, and in the joint
// placement the Scale Out Master. Whatever ends the script between the two, short of the death of the machine, starts
// them all the same.
Primitive primitive(const catalog::EnableLogLogin&, const Surroundings& around) {
  const model::FailoverClusterInstance& fci = around.design.fci;
  if (fci.availability_group) {
    refuse(
        "Every replica of an availability group has its own login mode, and takes it up when its service "
        "restarts: set mixed mode on each of them by hand, secondaries first");
  }
  const std::string role = fci.role_name();
  const Block write =
      execute(literal("EXEC master.dbo.xp_instance_regwrite N'HKEY_LOCAL_MACHINE', "
                      "N'Software\\Microsoft\\MSSQLServer\\MSSQLServer', N'LoginMode', REG_DWORD, 2"));

  const Expression part = variable("part");
  Block remember;
  remember.let("before", list({}));
  remember.for_each(
      "part", resources_of(role),
      Block().when(is(part.member("State"), "Online"),
                   Block().let("before", binary(variable("before"), Operator::plus, text_of(part.member("Name"))))));
  Block stopped = look_at_resource("sql", fci.sql_resource());
  stopped.let("reached", same(state_of("sql"), literal("Offline")));
  Block stop;
  stop.run(Command("Stop-ClusterResource").with("InputObject", variable("sql")).with("Wait", number(0)));
  stop.append(wait_until_reached(time_to_stop, stopped,
                                 sentence({literal("SQL Server has not stopped: it is "), state_of("sql")})));
  Block restart = remember;
  restart.append(with_connection(data_source(fci), write));
  restart.and_finally(stop, start_what_ran());
  // Left offline by a run that was interrupted, after it had written the mode.
  Block resume;
  resume.let("before", list_of({fci.sql_resource(), fci.agent_resource()})).append(start_what_ran());

  Block check = ask_mode();
  check.when(same(variable("windows_only"), number(1)),
             Block().fail(FailureCode::conflict,
                          literal("SQL Server has restarted, and takes Windows logins only as before")));
  check.append(look_at_database("SSISDB"));
  check.let("reached", either(is_null(variable("database")), same(variable("database"), literal("ONLINE"))));

  Primitive primitive;
  primitive.where = Where::on_sql_owner;
  primitive.limit = limit_with(time_to_stop + time_to_start + time_to_start);
  primitive.script = owns_instance(around.design);
  primitive.script.append(find_resource("sql", fci.sql_resource()));
  primitive.script.when(same(state_of("sql"), literal("Offline")), resume, restart);
  primitive.script.append(wait_for_what_ran(role));
  const Block once_open = if_connected(data_source(fci), check, Block().let("reached", flag(false)));
  primitive.script.append(wait_until_reached(time_to_start, once_open, literal("SSISDB is still being recovered")));
  return primitive;
}

// ------------------------------------------------------------------------------------------------ startup procedure

Primitive primitive(const catalog::StartupProcedureSet&, const Surroundings& around) {
  Block body = select("set", "SELECT OBJECTPROPERTY(OBJECT_ID(@name), 'ExecIsStartup')",
                      {{"@name", literal("master.dbo.sp_ssis_startup")}});
  return on_instance(around, body.answer(same(variable("set"), number(1))));
}

Primitive primitive(const catalog::SetStartupProcedure&, const Surroundings& around) {
  return on_instance(around, execute(literal("EXEC sp_procoption @ProcName = N'sp_ssis_startup', "
                                             "@OptionName = N'startup', @OptionValue = N'on'")));
}

// ------------------------------------------------------------------------------------------------ administrators

// Compared by SID, which SQL Server asks Windows for: the names of a login and of its user may be spelled otherwise.
Primitive primitive(const catalog::IsAdmin& request, const Surroundings& around) {
  Block body = select("admins",
                      "SELECT COUNT(*) FROM sys.database_role_members AS members "
                      "JOIN sys.database_principals AS roles ON roles.principal_id = members.role_principal_id "
                      "JOIN sys.database_principals AS users ON users.principal_id = members.member_principal_id "
                      "JOIN sys.server_principals AS logins ON logins.sid = users.sid "
                      "WHERE roles.name = N'ssis_admin' AND logins.sid = SUSER_SID(@account)",
                      {{"@account", literal(request.account)}});
  return in_catalog(around, body.answer(binary(variable("admins"), Operator::greater, number(0))));
}

// Each of the three is made where it is missing, so an interrupted run is picked up.
Primitive primitive(const catalog::AddAdmin& request, const Surroundings& around) {
  const Expression account = literal(request.account);
  const SqlParameters by_account = {{"@account", account}};
  Block body = select("login", "SELECT name FROM sys.server_principals WHERE sid = SUSER_SID(@account)", by_account);
  Block make_login = quote("quoted", account);
  make_login.append(execute(sentence({literal("CREATE LOGIN "), variable("quoted"), literal(" FROM WINDOWS")})));
  body.when(is_null(variable("login")), make_login.let("login", account));

  const char* const find_user = "SELECT name FROM sys.database_principals WHERE sid = SUSER_SID(@account)";
  body.append(select("user", find_user, by_account));
  body.append(quote("quoted", variable("login")));
  Block make_user;
  make_user.append(
      execute(sentence({literal("CREATE USER "), variable("quoted"), literal(" FOR LOGIN "), variable("quoted")})));
  body.when(is_null(variable("user")), make_user.let("user", variable("login")));

  body.append(quote("quoted", variable("user")));
  body.append(execute(sentence({literal("ALTER ROLE ssis_admin ADD MEMBER "), variable("quoted")})));
  return in_catalog(around, body);
}

}  // namespace rehearse::real

#include "real_backend/powershell/sql_script.hpp"

#include <fmt/format.h>

#include <chrono>

#include "model/endpoint.hpp"
#include "model/steps/failure.hpp"
#include "real_backend/powershell/cluster_script.hpp"

namespace rehearse::real {

using namespace ps;
using steps::FailureCode;

namespace {

constexpr int connect_timeout_s = 15;  // the default of clients (W 7.6)

/// A value of a connection string. Quotes inside are doubled.
std::string quoted_value(const std::string& text) {
  std::string value = "\"";
  for (const char c : text) value += c == '"' ? std::string("\"\"") : std::string(1, c);
  return value + "\"";
}

/// In a rescue: nobody answered, unless the number says that the account is not let in. Numbers of sys.messages: 916
/// and 4060 no right to the database, 184xx logins that failed.
Block say_why_not() {
  const std::vector<std::int64_t> not_let_in = {916, 4060, 18452, 18456, 18470, 18486, 18487, 18488};
  std::vector<Expression> numbers;
  for (const std::int64_t one : not_let_in) numbers.push_back(number(one));
  const Expression error = item().member("Exception").member("InnerException");
  Block block;
  block.let("fault", error);
  block.when(is_null(variable("fault")), Block().let("fault", item().member("Exception")));
  const Expression text = variable("fault").member("Message");
  block.when(binary(variable("fault").member("Number"), Operator::in, list(numbers)),
             Block().fail(FailureCode::refused, text));
  return block.fail(FailureCode::unreachable, text);
}

Block prepare(const Expression& statement, const SqlParameters& parameters, Duration within) {
  Block block;
  block.let("command", variable("connection").method("CreateCommand"));
  block.set_member(variable("command"), "CommandText", statement);
  block.set_member(variable("command"), "CommandTimeout",
                   number(std::chrono::duration_cast<std::chrono::seconds>(within).count()));
  for (const auto& [name, value] : parameters) {
    block.run(variable("command").member("Parameters").method("AddWithValue", {literal(name), value}));
  }
  return block;
}

// Without a pool: a connection kept from before a restart of SQL Server would be given out again.
Block connected(const std::string& source, const Block& body) {
  const std::string connection = fmt::format(
      "Data Source={};Initial Catalog=master;Integrated Security=True;Connect Timeout={};Pooling=False;"
      "Application Name=rehearse",
      quoted_value(source), connect_timeout_s);
  Block block;
  block.let("connection", new_object("System.Data.SqlClient.SqlConnection", {literal(connection)}));
  return block.and_finally(body, Block().run(variable("connection").method("Dispose")));
}

Expression open_connection() {
  return variable("connection").method("Open");
}

}  // namespace

std::string local_data_source(const std::string& instance) {
  return model::same_name(instance, "MSSQLSERVER") ? "." : ".\\" + instance;
}

std::string data_source(const model::FailoverClusterInstance& fci) {
  // The owner of the group's role is the primary replica (W 10), and the script runs there.
  return fci.availability_group ? local_data_source(fci.instance) : fci.server_name();
}

Block with_connection(const std::string& source, const Block& body) {
  Block opened;
  opened.attempt(Block().run(open_connection()), say_why_not());
  return connected(source, opened.append(body));
}

Block if_connected(const std::string& source, const Block& body, const Block& otherwise) {
  Block opened;
  opened.run(open_connection());
  return Block().attempt(connected(source, opened.append(body)), otherwise);
}

Block execute(const Expression& statement, const SqlParameters& parameters, Duration within) {
  return prepare(statement, parameters, within).run(variable("command").method("ExecuteNonQuery"));
}

Block select(std::string_view variable_name, const std::string& statement, const SqlParameters& parameters) {
  Block block = prepare(literal(statement), parameters, std::chrono::seconds(30));
  block.let(variable_name, variable("command").method("ExecuteScalar"));
  return block.when(type_method("System.Convert", "IsDBNull", {variable(variable_name)}),
                    Block().let(variable_name, null()));
}

Block quote(std::string_view variable_name, const Expression& name) {
  Block block = select(variable_name, "SELECT QUOTENAME(@name)", {{"@name", name}});
  return block.when(
      is_null(variable(variable_name)),
      Block().fail(FailureCode::refused, sentence({literal("SQL Server takes no name like this: "), name})));
}

Block look_at_database(const std::string& name) {
  return select("database", "SELECT state_desc FROM sys.databases WHERE name = @name", {{"@name", literal(name)}});
}

Block use_catalog() {
  const Expression state = variable("database");
  const Expression recovering = binary(state, Operator::in, list_of({"RECOVERING", "RESTORING"}));
  Block block = look_at_database("SSISDB");
  block.when(is_null(state),
             Block().fail(FailureCode::not_found, literal("Cannot open database 'SSISDB': it does not exist")));
  block.when(recovering, Block().fail(FailureCode::unreachable, literal("Database 'SSISDB' is being recovered")));
  block.when(negate(same(state, literal("ONLINE"))),
             Block().fail(FailureCode::refused,
                          sentence({literal("Database 'SSISDB' cannot be used; its state is "), state})));
  return block.attempt(Block().run(variable("connection").method("ChangeDatabase", {literal("SSISDB")})),
                       say_why_not());
}

}  // namespace rehearse::real

// System.Data.SqlClient, and the managed objects that make the catalog.
#include <algorithm>
#include <sstream>

#include "tests/far_side/sql_state.hpp"
#include "tests/far_side/sql_text.hpp"

namespace far_side {
namespace {

struct Connection {
  std::string server, database = "master";
  bool open = false;
};

Named<std::string> parts_of(const std::string& text) {
  Named<std::string> parts;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t equals = text.find('=', at);
    if (equals == std::string::npos) break;
    std::string value;
    std::size_t next = equals + 1;
    if (next < text.size() && text[next] == '"') {
      for (++next; next < text.size(); ++next) {
        if (text[next] == '"' && (next + 1 >= text.size() || text[next + 1] != '"')) break;
        if (text[next] == '"') ++next;
        value += text[next];
      }
      ++next;
    } else {
      next = std::min(text.find(';', next), text.size());
      value = text.substr(equals + 1, next - equals - 1);
    }
    std::string key = text.substr(at, equals - at);
    key.erase(0, key.find_first_not_of("; "));
    parts[key] = value;
    at = next + 1;
  }
  return parts;
}

Error unreachable(const std::string&) {
  return sql_error(53,
                   "A network-related or instance-specific error occurred while establishing a connection to SQL "
                   "Server. The server was not found or was not accessible. Verify that the instance name is "
                   "correct and that SQL Server is configured to allow remote connections. (provider: Named Pipes "
                   "Provider, error: 40 - Could not open a connection to SQL Server)");
}

/// The instance that answers under a name for this machine; "." is the machine's own, which a clustered instance is
/// not reached by.
SqlInstance& answering(FarMachine& at, const std::string& server) {
  std::string name = server;
  const std::string host = name.substr(0, name.find('\\'));
  const bool own = host == "." || same_text(host, "(local)") || same_text(host, "localhost");
  if (own) name = at.name + name.substr(host.size());
  SqlInstance* instance = online_instance(at.world, name);
  if (instance == nullptr) {
    at.wait(15s);  // Connect Timeout
    throw unreachable(server);
  }
  return *instance;
}

/// Who the connection is for SQL Server: a network logon cannot show itself to another machine.
std::string login_of(FarMachine& at, const SqlInstance& instance) {
  const bool here = same_text(owner_of(at.world, instance), at.name);
  if (!here && at.logon == Logon::network) {
    throw sql_error(18456, "Login failed for user 'NT AUTHORITY\\ANONYMOUS LOGON'.");
  }
  if (instance.logins.count(at.user) != 0) return at.user;
  for (const auto& [group, members] : at.world.domain.groups) {
    const bool member =
        std::any_of(members.begin(), members.end(), [&](const std::string& one) { return same_text(one, at.user); });
    if (member && instance.logins.count(group) != 0) return group;
  }
  throw sql_error(18456, "Login failed for user '" + at.user + "'.");
}

SqlContext context_of(FarMachine& at, const Connection& connection) {
  if (!connection.open) {
    throw net_error(
        "System.InvalidOperationException",
        "ExecuteScalar requires an open and available Connection. The connection's current state is closed.");
  }
  SqlInstance& instance = answering(at, connection.server);
  return {at, instance, connection.database, login_of(at, instance)};
}

void use_database(FarMachine& at, Connection& connection, const std::string& name) {
  SqlInstance& instance = answering(at, connection.server);
  const bool known =
      same_text(name, "master") || same_text(name, "msdb") || (same_text(name, "SSISDB") && instance.ssisdb);
  if (!known) {
    throw sql_error(911, "Database '" + name + "' does not exist. Make sure that the name is entered correctly.");
  }
  const std::string login = login_of(at, instance);
  if (same_text(name, "SSISDB") && !instance.logins.at(login).system_administrator &&
      !is_catalog_admin(instance, login)) {
    throw sql_error(916, "The server principal \"" + login +
                             "\" is not able to access the database \"SSISDB\" under the current security context.");
  }
  connection.database = name;
}

Value parameters_object(const std::shared_ptr<SqlParameters>& parameters) {
  auto object = make_object("System.Data.SqlClient.SqlParameterCollection", {});
  object->call = [parameters](const std::string& method, const Array& arguments) -> Value {
    if (same_text(method, "Clear")) {
      parameters->clear();
      return Value::nothing();
    }
    if (!same_text(method, "AddWithValue")) gap("the method " + method + " of SqlParameterCollection");
    std::string name = arguments.at(0).text();
    if (name.rfind("@", 0) != 0) name = "@" + name;
    // A parameter without a value is not sent, and the server misses it: NULL has to be said (documentation).
    if (arguments.at(1).is_null()) gap("a parameter that is $null: SQL Server says it was not supplied");
    (*parameters)[name] = arguments[1];
    return Value::nothing();
  };
  return object;
}

Value command_object(FarMachine& at, const std::shared_ptr<Connection>& connection, const std::string& text) {
  auto parameters = std::make_shared<SqlParameters>();
  auto object =
      make_object("System.Data.SqlClient.SqlCommand",
                  {{"CommandText", text}, {"CommandTimeout", 30}, {"Parameters", parameters_object(parameters)}});
  const std::weak_ptr<Object> self = object;
  object->call = [&at, connection, parameters, self](const std::string& method, const Array&) -> Value {
    if (same_text(method, "Dispose")) return Value::nothing();
    const auto held = self.lock();
    SqlCursor cursor(sql_tokens(held->members["CommandText"].text()));
    at.wait(Span(20));
    const SqlContext context = context_of(at, *connection);
    if (same_text(method, "ExecuteScalar")) return select_scalar(context, cursor, *parameters);
    if (!same_text(method, "ExecuteNonQuery")) gap("the method " + method + " of SqlCommand");
    execute_statement(context, cursor, *parameters);
    return -1;
  };
  return object;
}

/// A connection comes out of its object by a method that scripts cannot call by accident.
const std::string reveal = "far_side:connection";

Value connection_object(FarMachine& at, const std::string& text) {
  const Named<std::string> parts = parts_of(text);
  const auto part = [&](const char* name, const std::string& otherwise) {
    const auto found = parts.find(name);
    return found == parts.end() ? otherwise : found->second;
  };
  auto connection = std::make_shared<Connection>();
  connection->server = part("Data Source", part("Server", ""));
  const std::string initial = part("Initial Catalog", part("Database", "master"));
  const std::string integrated = part("Integrated Security", "False");
  if (!same_text(integrated, "True") && !same_text(integrated, "SSPI")) gap("a connection without Integrated Security");
  auto object = make_object("System.Data.SqlClient.SqlConnection", {{"ConnectionString", text}});
  object->live = [connection](const std::string& member) -> std::optional<Value> {
    if (same_text(member, "State")) {
      return enumeration("System.Data.ConnectionState", connection->open ? "Open" : "Closed", connection->open);
    }
    if (same_text(member, "Database")) return Value(connection->database);
    if (same_text(member, "DataSource")) return Value(connection->server);
    return std::nullopt;
  };
  object->call = [&at, connection, initial](const std::string& method, const Array& arguments) -> Value {
    if (same_text(method, "Open")) {
      login_of(at, answering(at, connection->server));
      connection->open = true;
      use_database(at, *connection, initial);
    } else if (same_text(method, "ChangeDatabase")) {
      use_database(at, *connection, arguments.at(0).text());
    } else if (same_text(method, "CreateCommand")) {
      return command_object(at, connection, "");
    } else if (same_text(method, "Close") || same_text(method, "Dispose")) {
      connection->open = false;
    } else if (method == reveal) {
      return connection->server;
    } else {
      gap("the method " + method + " of SqlConnection");
    }
    return Value::nothing();
  };
  return object;
}

/// Catalog.Create() of the managed objects: SSISDB with its master key. Needs CLR on the instance, and the backup that
/// Integration Services brings to the node on which it runs.
Value catalog_object(FarMachine& at, const std::string& server, const std::string& name, const std::string& password) {
  if (!same_text(name, "SSISDB")) gap("a catalog of the name " + name);
  auto object = make_object("Microsoft.SqlServer.Management.IntegrationServices.Catalog", {{"Name", name}});
  object->call = [&at, server, password](const std::string& method, const Array&) -> Value {
    if (!same_text(method, "Create")) gap("the method " + method + " of Catalog");
    SqlInstance& instance = answering(at, server);
    const auto refuse = [](const std::string& message) {
      return net_error("Microsoft.SqlServer.Management.IntegrationServices.IntegrationServicesException", message);
    };
    const std::string login = login_of(at, instance);
    if (!instance.logins.at(login).system_administrator) {
      throw refuse("The current user is not a member of the sysadmin fixed server role.");
    }
    if (!instance.clr_enabled) {
      throw refuse(
          "The catalog cannot be created because CLR Integration is not enabled on this instance of SQL Server.");
    }
    const std::string backup = "C:\\Program Files\\Microsoft SQL Server\\" + std::to_string(instance.version * 10) +
                               "\\DTS\\Binn\\SSISDBBackup.bak";
    if (machine_of(at.world, owner_of(at.world, instance)).files.count(backup) == 0) {
      throw refuse("The catalog backup file '" + backup + "' could not be accessed.");
    }
    if (instance.ssisdb) throw refuse("Database 'SSISDB' already exists. Rename or remove the existing database.");
    if (password.empty()) throw refuse("The password for the catalog is empty.");
    at.wait(1min);
    SsisCatalog catalog;
    catalog.password = password;
    catalog.roles["ssis_admin"] = {};
    catalog.roles["ssis_cluster_worker"] = {};
    catalog.roles["ssis_cluster_executor"] = {};
    for (const char* property : {"CLUSTER_LOGDB_SERVER", "LAST_ONLINE_TIME", "MACHINE_IP", "MACHINE_NAME",
                                 "MASTER_ADDRESS", "MASTER_SERVICE_PORT", "SSLCERT_THUMBPRINT"}) {
      catalog.properties[property] = "";
    }
    instance.ssisdb = catalog;
    return Value::nothing();
  };
  return object;
}

}  // namespace

void add_sql_types(NetTypes& types) {
  types["System.Data.SqlClient.SqlConnection"].construct = [](FarMachine& at, const Array& arguments) {
    return connection_object(at, arguments.empty() ? "" : arguments[0].text());
  };
  types["System.Data.SqlClient.SqlConnection"].method = [](FarMachine&, const std::string& method,
                                                           const Array&) -> Value {
    if (same_text(method, "ClearAllPools") || same_text(method, "ClearPool")) return Value::nothing();
    gap("the method " + method + " of SqlConnection");
  };
  types["System.DBNull"].member = [](FarMachine&, const std::string& name) {
    if (!same_text(name, "Value")) gap("the member " + name + " of DBNull");
    return db_null();
  };
  const std::string space = "Microsoft.SqlServer.Management.IntegrationServices.";
  types[space + "IntegrationServices"].construct = [](FarMachine&, const Array& arguments) -> Value {
    const Value server = arguments.at(0).object()->call(reveal, {});
    auto object = make_object("Microsoft.SqlServer.Management.IntegrationServices.IntegrationServices", {});
    object->call = [server](const std::string& method, const Array&) -> Value {
      if (method == reveal) return server;
      gap("the method " + method + " of IntegrationServices");
    };
    return object;
  };
  types[space + "Catalog"].construct = [](FarMachine& at, const Array& arguments) {
    const std::string server = arguments.at(0).object()->call(reveal, {}).text();
    return catalog_object(at, server, arguments.at(1).text(), arguments.at(2).text());
  };
}

}  // namespace far_side

// Is the SQL Server behind a name alive? Workers write their logs straight to SSISDB, so its port must be open to them
// as well as the master's (S 1.1). No login: a TCP connection and a PRELOGIN.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "real_backend/probe/conclusion.hpp"
#include "real_backend/probe/tcp_connection.hpp"
#include "real_backend/probe/tds_prelogin.hpp"

namespace rehearse::real {

struct SqlTarget {
  NetworkAddress server;                      // by name
  std::optional<NetworkAddress> via;          // connect here instead
  std::optional<model::SqlVersion> expected;  // by the design
};

struct SqlReport {
  SqlTarget target;
  std::optional<Lookup> lookup;
  std::vector<Attempt> attempts;
  std::optional<PreloginAnswer> answer;
  Conclusion conclusion = Conclusion::unknown;
  std::string words;  // why it does not work, or is not known; empty when it works
  std::vector<std::string> warnings;
};

steps::Awaitable<SqlReport> probe_sql(SqlTarget target, Duration patience);

}  // namespace rehearse::real

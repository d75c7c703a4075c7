// SQL: the failover cluster instance and its health policy (W 7).
#include <fmt/format.h>

#include "model/rules/families.hpp"
#include "model/rules/questions.hpp"

namespace rehearse::model::rules {
namespace {

bool is_fci(const Facts& facts) {
  return !facts.design.fci.availability_group;
}

std::string at_health(const Facts& facts, const char* key) {
  return std::string(is_fci(facts) ? "/fci/" : "/fci/ssisdb/") + key;
}

std::int64_t level(const Facts& facts) {
  return facts.design.parameters[Setting::failure_condition_level];
}

Findings standard_too_large(const Facts& facts) {
  constexpr std::size_t most = 2;
  if (!is_fci(facts) || facts.design.edition != Edition::standard) return {};
  const auto nodes = owners(facts.design, facts.design.fci.role);
  if (nodes.size() <= most) return {};
  return {{"/fci/role/possible_owners",
           fmt::format("the instance spans {} nodes; Standard edition allows two", nodes.size()),
           "leave two nodes as possible owners, or write \"edition\": \"enterprise\""}};
}

Findings never_fails(const Facts& facts) {
  if (!is_fci(facts) || level(facts) != 0) return {};
  return {{at_health(facts, "FailureConditionLevel"),
           "no state of SQL Server counts as a failure, not even that it is down",
           "write \"FailureConditionLevel\": 3"}};
}

Findings hang_not_seen(const Facts& facts) {
  if (level(facts) != 1) return {};
  return {{at_health(facts, "FailureConditionLevel"), "a SQL Server that hangs is left as it is",
           "write \"FailureConditionLevel\": 3"}};
}

Findings many_reasons(const Facts& facts) {
  constexpr std::int64_t system_errors = 3;
  if (level(facts) <= system_errors) return {};
  return {{at_health(facts, "FailureConditionLevel"),
           fmt::format("at level {} lack of memory{} restarts SQL Server", level(facts),
                       level(facts) > 4 ? " or a stuck query processor" : ""),
           "write \"FailureConditionLevel\": 3 unless you want that"}};
}

Findings slow_health_check(const Facts& facts) {
  const Duration most = std::chrono::minutes(2);
  const Duration timeout = facts.design.parameters.length(Setting::health_check_timeout);
  if (timeout <= most) return {};
  return {{at_health(facts, "HealthCheckTimeout"),
           fmt::format("a SQL Server that hangs is left alone for {}", to_text(timeout)),
           "write a HealthCheckTimeout of at most two minutes"}};
}

Findings health_check_not_stated(const Facts& facts) {
  if (!is_fci(facts) || facts.design.fci.health_check_timeout) return {};
  for (const LedgerRow& row : facts.design.parameters.ledger()) {
    if (row.name == name_of(Setting::health_check_timeout) && row.origin == Origin::given) return {};
  }
  return {{"/fci/HealthCheckTimeout", "HealthCheckTimeout is not stated, and the documents disagree about its default",
           "write what the resource really has, 30s or 60s"}};
}

Findings waits_for_undo(const Facts& facts) {
  const Design& design = facts.design;
  if (!is_fci(facts) || design.edition != Edition::standard || design.fci.accelerated_recovery) return {};
  return {{"/fci/ssisdb", "after a crash SSISDB opens only when everything unfinished is undone",
           design.sql == SqlVersion::v2017 ? "reckon with it, or take Enterprise edition"
                                           : "write \"accelerated_recovery\": true, and turn it on for SSISDB"}};
}

constexpr Rule rules[] = {
    {"SQL-001", Level::error, "a failover cluster instance of Standard edition with more than two nodes",
     "Setup refuses the third node.", "Two nodes, or Enterprise edition.", "W 7.4", &standard_too_large},
    {"SQL-002", Level::error, "SQL Server is never considered failed",
     "FailureConditionLevel 0 neither restarts nor fails over, whatever happens to SQL Server.",
     "FailureConditionLevel 3, the default.", "W 7.1", &never_fails},
    {"SQL-003", Level::warning, "a hanging SQL Server is not noticed",
     "Level 1 knows only that the service is down; that it does not answer counts from level 2 on.",
     "FailureConditionLevel 3, the default.", "W 7.1", &hang_not_seen},
    {"SQL-004", Level::note, "SQL Server is restarted for more than system errors",
     "Levels 4 and 5 take resource and query processing errors as failures; a busy night can become an outage.",
     "FailureConditionLevel 3, the default.", "W 7.1", &many_reasons},
    {"SQL-005", Level::warning, "a hanging SQL Server is noticed after more than two minutes",
     "No data for HealthCheckTimeout means unresponsive; nothing happens before.", "HealthCheckTimeout of 30 to 60 s.",
     "W 7.1", &slow_health_check},
    {"SQL-006", Level::note, "HealthCheckTimeout is not stated",
     "One document says 30 s, two others 60 s. What a hang costs depends on it.",
     "State what Get-ClusterParameter shows.", "W 7.1; W 11, 21", &health_check_not_stated},
    {"SQL-007", Level::note, "recovery waits for undo",
     "Standard edition opens a database after undo; a long transaction that the crash ended keeps SSISDB away as long "
     "as it "
     "had run.",
     "Accelerated database recovery (2019 and later), or Enterprise edition.", "W 7.4", &waits_for_undo},
};

}  // namespace

std::span<const Rule> instance_rules() {
  return rules;
}

}  // namespace rehearse::model::rules

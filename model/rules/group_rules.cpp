// AG: SSISDB in an availability group (S 4.2, W 10).
#include <fmt/format.h>

#include <algorithm>

#include "model/rules/families.hpp"
#include "model/rules/questions.hpp"

namespace rehearse::model::rules {
namespace {

constexpr const char* at_group = "/fci/ssisdb/";

Findings lease_too_long(const Facts& facts) {
  if (!facts.design.fci.availability_group) return {};
  const Parameters& ledger = facts.design.parameters;
  const Duration lease = ledger.length(Setting::lease_timeout), delay = ledger.length(Setting::same_subnet_delay);
  const std::int64_t threshold = ledger[Setting::same_subnet_threshold];
  if (lease_is_short_enough(lease, delay, threshold)) return {};
  return {{std::string(at_group) + "LeaseTimeout",
           fmt::format("half of LeaseTimeout ({}) is not shorter than SameSubnetDelay x SameSubnetThreshold ({})",
                       to_text(lease), to_text(delay * threshold)),
           fmt::format("write a LeaseTimeout of less than {}", to_text(2 * delay * threshold))}};
}

/// The replicas for which `lacks` holds.
template <class Lacks>
Findings replicas_that(const Facts& facts, Lacks lacks, const char* key, const char* what, const char* remedy) {
  Findings findings;
  if (!facts.design.fci.availability_group) return findings;
  for (const AvailabilityGroup::Replica& replica : facts.design.fci.availability_group->replicas) {
    if (!lacks(replica)) continue;
    findings.push_back({replica.place.pointer + "/" + key, fmt::format("on '{}' {}", replica.node, what), remedy});
  }
  return findings;
}

Findings no_log_login(const Facts& facts) {
  return replicas_that(
      facts, [](const auto& replica) { return !replica.log_login; }, "log_login",
      "the workers' log login is missing, or has another SID or password",
      "create ##MS_SSISLogDBWorkerAgentLogin## there with the same SID and password, and write \"log_login\": true");
}

Findings no_master_key(const Facts& facts) {
  return replicas_that(
      facts, [](const auto& replica) { return !replica.master_key; }, "master_key",
      "the master key of SSISDB cannot be opened",
      "EXEC sp_control_dbmasterkey_password with @action = N'add' there, and write \"master_key\": true");
}

Findings no_monitor_job(const Facts& facts) {
  const auto& group = facts.design.fci.availability_group;
  if (!group || group->failover_monitor_job) return {};
  return {{std::string(at_group) + "failover_monitor_job", "after a failover nobody repairs the states of executions",
           "enable Always On support for SSISDB, which makes the job, and write true"}};
}

Findings nobody_takes_over(const Facts& facts) {
  const auto& group = facts.design.fci.availability_group;
  if (!group || group->replicas.size() < 2) return {};
  const auto able = std::count_if(group->replicas.begin(), group->replicas.end(), [](const auto& replica) {
    return replica.commit == CommitMode::synchronous && replica.failover == FailoverMode::automatic &&
           !replica.hosted_by_fci;
  });
  if (able >= 2) return {};
  return {{std::string(at_group) + "replicas", "SSISDB never fails over by itself",
           "give two replicas \"commit\": \"synchronous\" and \"failover\": \"automatic\""}};
}

Findings short_session(const Facts& facts) {
  const Duration advised = std::chrono::seconds(10);
  if (!facts.design.fci.availability_group) return {};
  const Duration session = facts.design.parameters.length(Setting::session_timeout);
  if (session >= advised) return {};
  return {{std::string(at_group) + "SESSION_TIMEOUT",
           fmt::format("replicas give each other up after {} of silence", to_text(session)),
           "write \"SESSION_TIMEOUT\": \"10s\" or more"}};
}

Findings health_before_lease(const Facts& facts) {
  if (!facts.design.fci.availability_group) return {};
  const Parameters& ledger = facts.design.parameters;
  const Duration lease = ledger.length(Setting::lease_timeout), health = ledger.length(Setting::health_check_timeout);
  if (health > lease) return {};
  return {{std::string(at_group) + "HealthCheckTimeout",
           fmt::format("HealthCheckTimeout ({}) is not longer than LeaseTimeout ({})", to_text(health), to_text(lease)),
           fmt::format("write a HealthCheckTimeout of more than {}, or a shorter LeaseTimeout", to_text(lease))}};
}

constexpr Rule rules[] = {
    {"AG-001", Level::warning, "the lease outlives the membership",
     "Half of LeaseTimeout must be shorter than what heartbeats take to drop a node; otherwise a node that the others "
     "have "
     "removed may still count itself the primary.",
     "A shorter LeaseTimeout, or a larger SameSubnetThreshold.", "W 10", &lease_too_long},
    {"AG-002", Level::error, "a replica without the workers' log login",
     "After a failover to it workers cannot write their logs: packages run and leave no messages.",
     "Create the login on every replica with the same SID and password. enable_scaleout makes a new SID: after running "
     "it "
     "again, do this again.",
     "S 4.2, 6; S 4.3; S 5, 13", &no_log_login},
    {"AG-003", Level::error, "a replica that cannot open the master key",
     "After a failover to it error 15581 meets whoever needs what is encrypted in SSISDB, the log connection of the "
     "workers "
     "among it.",
     "Add the password of the master key on that replica.", "S 5, 22; S 1.8; W 10", &no_master_key},
    {"AG-004", Level::warning, "no SSIS Failover Monitor Job",
     "The job runs catalog.startup on the new primary within two minutes. Without it executions that ended with the "
     "old "
     "primary stay 'running' for ever.",
     "Enable Always On Support in SSMS, on the primary.", "S 1.7; S 4.2", &no_monitor_job},
    {"AG-005", Level::warning, "no two replicas that may fail over automatically",
     "Automatic failover needs synchronous commit and automatic mode on both sides, and neither of them hosted by a "
     "failover "
     "cluster instance.",
     "Two such replicas.", "W 10", &nobody_takes_over},
    {"AG-006", Level::warning, "a short session timeout",
     "Below ten seconds a short disturbance disconnects replicas, and a disconnected one may not take over.",
     "At least 10 s.", "W 10", &short_session},
    {"AG-007", Level::note, "the health check is no more patient than the lease",
     "The product's values (20 s and 30 s) and those for virtual machines in Azure (40 s and 60 s) keep the health "
     "check "
     "the slower of the two; what the other order is good for is not documented.",
     "HealthCheckTimeout longer than LeaseTimeout.", "W 10 (assumed)", &health_before_lease},
};

}  // namespace

std::span<const Rule> group_rules() {
  return rules;
}

}  // namespace rehearse::model::rules

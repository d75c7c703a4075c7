// TIME: the timers of workers and master against one another and against the time that a failover takes (S 1, S 2).
#include <fmt/format.h>

#include <algorithm>

#include "model/rules/families.hpp"
#include "model/rules/questions.hpp"

namespace rehearse::model::rules {
namespace {

Findings beat_beyond_lease(const Facts& facts) {
  Findings findings;
  for (const WorkerPool& pool : facts.design.scale_out.workers) {
    const WorkerSettings& settings = pool.settings;
    if (settings.task_heartbeat_interval < settings.lease_interval) continue;
    findings.push_back({setting_of_pool(facts, pool, "TaskHeartbeatInterval"),
                        fmt::format("a running task is renewed every {}, but its lease lasts {}",
                                    to_text(settings.task_heartbeat_interval), to_text(settings.lease_interval)),
                        "write a TaskHeartbeatInterval of at most a third of the lease"});
  }
  return findings;
}

Findings beat_too_slow(const Facts& facts) {
  Findings findings;
  for (const WorkerPool& pool : facts.design.scale_out.workers) {
    const WorkerSettings& settings = pool.settings;
    const Duration beat = settings.task_heartbeat_interval;
    if (beat >= settings.lease_interval || beat < settings.lease_interval / 3) continue;
    findings.push_back({setting_of_pool(facts, pool, "TaskHeartbeatInterval"),
                        fmt::format("with a beat every {} a lease of {} does not survive two lost beats", to_text(beat),
                                    to_text(settings.lease_interval)),
                        "write a TaskHeartbeatInterval of less than a third of the lease"});
  }
  return findings;
}

bool retries(const Facts& facts) {
  const auto all = sources(facts.design);
  return std::any_of(all.begin(), all.end(), [](const WorkloadSource* source) { return source->retry_count > 0; });
}

Findings double_execution_window(const Facts& facts) {
  Findings findings;
  if (!retries(facts)) return findings;
  for (const WorkerPool& pool : facts.design.scale_out.workers) {
    const WorkerSettings& settings = pool.settings;
    const Duration window = settings.heartbeat_error_tolerance - settings.lease_interval;
    if (window <= Duration::zero()) continue;
    findings.push_back(
        {setting_of_pool(facts, pool, "HeartbeatErrorTollerance"),
         fmt::format("a worker that is cut off runs its packages for up to {} after another may have taken them over",
                     to_text(window)),
         fmt::format("make packages safe to run twice, or write a HeartbeatErrorTollerance nearer to the lease of {}",
                     to_text(settings.lease_interval))});
  }
  return findings;
}

Findings tolerance_too_short(const Facts& facts) {
  Findings findings;
  const Duration expected = failover_time(facts.design);
  for (const WorkerPool& pool : facts.design.scale_out.workers) {
    const Duration tolerance = pool.settings.heartbeat_error_tolerance;
    if (tolerance >= expected) continue;
    findings.push_back({setting_of_pool(facts, pool, "HeartbeatErrorTollerance"),
                        fmt::format("workers end their packages after {} of errors, but a failover may take {}",
                                    to_text(tolerance), rounded(expected)),
                        fmt::format("write a HeartbeatErrorTollerance of more than {}", rounded(expected))});
  }
  return findings;
}

Findings sweep_too_rare(const Facts& facts) {
  const Duration rare = std::chrono::minutes(15);
  Findings findings;
  for (const std::string& node : master_owners(facts.design)) {
    const Duration interval = facts.design.master_settings(node).sweep_interval;
    if (interval <= rare) continue;
    findings.push_back({setting_of_node(facts, node, "DealWithExpiredTasksIntervalInMs"),
                        fmt::format("the work of a dead worker is missed only after up to {}",
                                    to_text(interval + std::chrono::minutes(1))),
                        "write 300000, the documented value, or a little more"});
  }
  return findings;
}

Findings sweep_within_lease(const Facts& facts) {
  Findings findings;
  Duration beat = Duration::zero();
  for (const WorkerPool& pool : facts.design.scale_out.workers) {
    beat = std::max(beat, pool.settings.task_heartbeat_interval);
  }
  for (const std::string& node : master_owners(facts.design)) {
    const Duration interval = facts.design.master_settings(node).sweep_interval;
    if (interval >= beat) continue;
    findings.push_back(
        {setting_of_node(facts, node, "DealWithExpiredTasksIntervalInMs"),
         fmt::format("the master sweeps every {}, workers report every {} only", to_text(interval), to_text(beat)),
         "write a sweep interval of several task heartbeats, for example 300000"});
  }
  return findings;
}

Findings unseen_master(const Facts& facts) {
  const Duration usual_limit = std::chrono::minutes(2);
  Findings findings;
  for (const std::string& node : master_owners(facts.design)) {
    const Duration interval = facts.design.master_settings(node).heartbeat_interval;
    if (interval <= usual_limit) continue;
    findings.push_back({setting_of_node(facts, node, "MasterHeartbeatIntervalInMs"),
                        fmt::format("a hung master shows in LAST_ONLINE_TIME only after {}", to_text(interval)),
                        "write 30000, the documented value"});
  }
  return findings;
}

Findings rare_agent_beat(const Facts& facts) {
  const Duration rare = std::chrono::minutes(5);
  Findings findings;
  for (const WorkerPool& pool : facts.design.scale_out.workers) {
    if (pool.settings.agent_heartbeat_interval <= rare) continue;
    findings.push_back({setting_of_pool(facts, pool, "AgentHeartbeatInterval"),
                        fmt::format("'{}' hears that it was enabled, and shows that it is alive, only every {}",
                                    pool.name, to_text(pool.settings.agent_heartbeat_interval)),
                        "write 00:01:00, the documented value"});
  }
  return findings;
}

constexpr Rule rules[] = {
    {"TIME-001", Level::error, "a task's heartbeat is slower than its lease",
     "Between two beats the lease of a healthy task has run out; a sweep that comes then takes it away: it runs twice, "
     "or "
     "ends as failed.",
     "TaskHeartbeatInterval at most a third of LeaseInternval.", "S 1.5; S 2", &beat_beyond_lease},
    {"TIME-002", Level::warning, "a task's heartbeat leaves no room for a lost one",
     "Two beats that are lost to a short disturbance end the lease of a healthy task.",
     "TaskHeartbeatInterval less than a third of LeaseInternval.", "S 2", &beat_too_slow},
    {"TIME-003", Level::note, "packages can run twice",
     "The lease ends long before the worker gives up: a worker that is cut off goes on with a package that another "
     "worker "
     "was given meanwhile. With retry_count 0 nobody takes it over, but then the catalog says that it failed. Whether "
     "'unreachable' counts as an error for the worker is not known; if not, the original runs until the package ends.",
     "Packages that are safe to run twice; or a tolerance nearer to the lease, as long as it outlives a failover.",
     "S 1.7; S 2", &double_execution_window},
    {"TIME-004", Level::warning, "workers give up before a failover is over",
     "After HeartbeatErrorTollerance of error responses the worker ends the package, though the master would have come "
     "back.",
     "HeartbeatErrorTollerance longer than the longest failover you expect.", "S 2", &tolerance_too_short},
    {"TIME-005", Level::warning, "expired tasks are looked for too rarely",
     "Only the sweep finds the tasks of a dead worker: lease plus sweep interval pass before a retry.",
     "DealWithExpiredTasksIntervalInMs 300000, as documented.", "S 1.2; S 1.7", &sweep_too_rare},
    {"TIME-006", Level::warning, "the sweep comes more often than reports",
     "After an outage of the master the first sweep may run before the first heartbeats: healthy tasks whose leases "
     "ran "
     "out meanwhile are lost.",
     "A sweep interval of several task heartbeats.", "S 1.7", &sweep_within_lease},
    {"TIME-007", Level::note, "a hung master is seen late",
     "The cluster sees a running process and finds nothing wrong; the age of LAST_ONLINE_TIME is the only probe there "
     "is.",
     "MasterHeartbeatIntervalInMs 30000, and a monitor that looks at its age.", "S 4.4; W 5", &unseen_master},
    {"TIME-008", Level::warning, "workers report rarely",
     "A new worker registers with its first report; being enabled, and being alive, show with later ones.",
     "AgentHeartbeatInterval 00:01:00.", "S 1.2; S 1.3", &rare_agent_beat},
};

}  // namespace

std::span<const Rule> timer_rules() {
  return rules;
}

}  // namespace rehearse::model::rules

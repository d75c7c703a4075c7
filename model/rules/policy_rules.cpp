// POL: what the cluster does with a resource that fails (W 3.2, W 3.3).
#include <fmt/format.h>

#include <algorithm>

#include "model/rules/design_source.hpp"
#include "model/rules/families.hpp"
#include "model/rules/questions.hpp"

namespace rehearse::model::rules {
namespace {

constexpr int never = 0, in_place = 1, then_fail_over = 2;

std::string at_action(const Facts& facts) {
  return facts.design.scale_out.master.place.pointer + "/RestartAction";
}

bool joint(const Facts& facts) {
  return facts.design.scale_out.placement == Placement::joint;
}

/// Calls `visit(resource, settings, pointer)` for every resource of the deployment whose settings are stated.
template <class Visit>
void each_resource(const Facts& facts, Visit visit) {
  const auto each = [&](const RoleSettings& role, const std::string& pointer) {
    for (const auto& [name, settings] : role.resources) {
      visit(name, settings, pointer_to(pointer + "/resources", name));
    }
  };
  each(facts.design.fci.role, "/fci/role");
  if (facts.design.scale_out.role) each(facts.design.scale_out.role->settings, "/scale_out/role");
}

Findings drags_sql_along(const Facts& facts) {
  if (!joint(facts) || facts.design.scale_out.master.restart_action != then_fail_over) return {};
  const Design& design = facts.design;
  ResourceSettings stated;
  if (const auto found = design.fci.role.resources.find(design.master_resource());
      found != design.fci.role.resources.end()) {
    stated = found->second;
  }
  const std::int64_t restarts = stated.restart_threshold.value_or(design.parameters[Setting::restart_threshold]);
  const Duration period = stated.restart_period.value_or(design.parameters.length(Setting::restart_period));
  return {{at_action(facts),
           fmt::format("a master that fails {} within {} moves SQL Server to another node",
                       restarts == 0   ? "once"
                       : restarts == 1 ? "twice"
                                       : fmt::format("{} times", restarts + 1),
                       to_text(period)),
           "write \"RestartAction\": 1 if SQL Server shall stay where it is"}};
}

Findings master_never_restarted(const Facts& facts) {
  if (facts.design.scale_out.master.restart_action != never) return {};
  return {{at_action(facts), "a master that fails is not started again",
           joint(facts) ? "write \"RestartAction\": 1" : "write \"RestartAction\": 2"}};
}

Findings master_never_moves(const Facts& facts) {
  if (joint(facts) || facts.design.scale_out.master.restart_action != in_place) return {};
  return {{at_action(facts), "a master that cannot run on its node is never tried on another one",
           "write \"RestartAction\": 2: the role holds nothing else"}};
}

Findings agent_drags_sql_along(const Facts& facts) {
  Findings findings;
  each_resource(facts, [&](const std::string& name, const ResourceSettings& settings, const std::string& pointer) {
    if (name != facts.design.fci.agent_resource() || settings.restart_action != then_fail_over) return;
    findings.push_back({pointer + "/RestartAction",
                        "SQL Server Agent that fails twice moves SQL Server to another node",
                        "write \"RestartAction\": 1, as Setup does"});
  });
  return findings;
}

Findings sql_never_moves(const Facts& facts) {
  Findings findings;
  each_resource(facts, [&](const std::string& name, const ResourceSettings& settings, const std::string& pointer) {
    if (name != facts.design.fci.sql_resource() || settings.restart_action.value_or(then_fail_over) == then_fail_over)
      return;
    findings.push_back({pointer + "/RestartAction",
                        fmt::format("'{}' that fails again and again never fails over", name),
                        "write \"RestartAction\": 2"});
  });
  return findings;
}

/// How long a resource takes to come online, at the ledger's high end; zero: not known.
Duration online_time(const Facts& facts, const std::string& name) {
  const Design& design = facts.design;
  const auto high = [&](Timing timing) { return high_end(design.parameters[timing]); };
  const FailoverClusterInstance& fci = design.fci;
  const auto among = [&](const std::vector<std::string>& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (name == design.master_resource()) return high(Timing::service_start);
  if (name == fci.name_resource() || (design.scale_out.role && name == design.scale_out.role->name_resource())) {
    return high(Timing::name_online);
  }
  if (name == fci.sql_resource()) {
    return high(fci.availability_group ? Timing::group_online : Timing::sql_start_after_crash);
  }
  if (name == fci.agent_resource()) return high(Timing::agent_start);
  if (among(fci.disks)) return high(Timing::disk_online_unplanned);
  return high(Timing::address_online);
}

Findings pending_too_short(const Facts& facts) {
  Findings findings;
  each_resource(facts, [&](const std::string& name, const ResourceSettings& settings, const std::string& pointer) {
    if (!settings.pending_timeout) return;
    const Duration usual = online_time(facts, name);
    if (*settings.pending_timeout >= usual) return;
    findings.push_back({pointer + "/PendingTimeout",
                        fmt::format("'{}' is ended after {}, but may take {} to come online", name,
                                    to_text(*settings.pending_timeout), rounded(usual)),
                        "remove it: Windows' own 180000 ms leave room"});
  });
  return findings;
}

Findings rare_polls(const Facts& facts) {
  const Duration rare = std::chrono::seconds(30);
  Findings findings;
  each_resource(facts, [&](const std::string& name, const ResourceSettings& settings, const std::string& pointer) {
    if (!settings.looks_alive_interval || *settings.looks_alive_interval <= rare) return;
    findings.push_back(
        {pointer + "/LooksAlivePollInterval",
         fmt::format("that '{}' is gone is noticed only after up to {}", name, to_text(*settings.looks_alive_interval)),
         "remove it: Windows asks every 5000 ms"});
  });
  return findings;
}

Findings no_later_retry(const Facts& facts) {
  Findings findings;
  each_resource(facts, [&](const std::string& name, const ResourceSettings& settings, const std::string& pointer) {
    if (settings.retry_period_on_failure != Duration::max()) return;
    findings.push_back({pointer + "/RetryPeriodOnFailure",
                        fmt::format("'{}' that used up its restarts stays failed until somebody comes", name),
                        "remove it: Windows tries again after an hour"});
  });
  return findings;
}

Findings period_in_seconds(const Facts& facts) {
  const Duration implausible = std::chrono::seconds(10);
  Findings findings;
  each_resource(facts, [&](const std::string& name, const ResourceSettings& settings, const std::string& pointer) {
    if (!settings.restart_period || *settings.restart_period >= implausible) return;
    findings.push_back({pointer + "/RestartPeriod",
                        fmt::format("restarts of '{}' are counted within {} only, so it is restarted for ever", name,
                                    to_text(*settings.restart_period)),
                        "write milliseconds: 900000 are 15 minutes"});
  });
  return findings;
}

constexpr Rule rules[] = {
    {"POL-001", Level::note, "the master takes SQL Server along",
     "In the joint placement both are one role. With RestartAction 2 the second failure of the master within "
     "RestartPeriod "
     "fails the role over, SQL Server and SSISDB with it, and stamps what runs.",
     "RestartAction 1 for the master, and a monitor that tells when it is down; or accept it.", "W 3.2; W 11, 3",
     &drags_sql_along},
    {"POL-002", Level::warning, "a failed master stays down", "With RestartAction 0 the cluster never restarts it.",
     "RestartAction 1 in the joint placement, 2 in the separate one.", "W 3.2; W 3.3", &master_never_restarted},
    {"POL-003", Level::warning, "the master's own role never fails over",
     "With RestartAction 1 a failure that only this node has leaves the master failed though another node could run "
     "it.",
     "RestartAction 2.", "W 3.2", &master_never_moves},
    {"POL-004", Level::warning, "SQL Server Agent takes SQL Server along",
     "Setup gives the agent RestartAction 1, so that its failures stay its own.", "RestartAction 1 for the agent.",
     "behaviour 4", &agent_drags_sql_along},
    {"POL-005", Level::warning, "SQL Server never fails over by itself",
     "A resource that used up its restarts moves its role with RestartAction 2 only.", "RestartAction 2.",
     "W 3.2; W 7.2", &sql_never_moves},
    {"POL-006", Level::warning, "a resource is ended before it can be online",
     "After PendingTimeout without a word the resource host terminates the resource and it counts as failed.",
     "A PendingTimeout well above the longest start.", "W 3.2; W 3.3", &pending_too_short},
    {"POL-007", Level::warning, "failures are polled for rarely",
     "A stopped service is found at the next LooksAlive: the interval is the longest delay before anything happens.",
     "LooksAlivePollInterval 5000 ms, the type's own.", "W 3.3; W 5", &rare_polls},
    {"POL-008", Level::note, "a failed resource is never tried again",
     "RetryPeriodOnFailure 4294967295 means never: once its restarts are used up, only an operator helps.",
     "RetryPeriodOnFailure 3600000 ms.", "W 3.2; W 3.3", &no_later_retry},
    {"POL-009", Level::warning, "a restart period that looks like seconds",
     "RestartPeriod is in milliseconds. A start takes longer than such a period, so RestartThreshold is never "
     "exceeded: the "
     "resource is restarted in place for ever and never fails over.",
     "RestartPeriod 900000 ms.", "W 3.3; W 11, 20", &period_in_seconds},
};

}  // namespace

std::span<const Rule> policy_rules() {
  return rules;
}

}  // namespace rehearse::model::rules

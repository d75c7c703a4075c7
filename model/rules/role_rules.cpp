// ROLE: the roles of SQL Server and of the master: what needs what, who may own them, when they move (W 3.4, W 4).
#include <fmt/format.h>

#include <algorithm>

#include "model/endpoint.hpp"
#include "model/rules/design_source.hpp"
#include "model/rules/families.hpp"
#include "model/rules/questions.hpp"

namespace rehearse::model::rules {
namespace {

struct NamedRole {
  std::string name, pointer;
  const RoleSettings& settings;
};

/// The roles of the deployment itself.
std::vector<NamedRole> roles_of(const Facts& facts) {
  const Design& design = facts.design;
  std::vector<NamedRole> roles = {{design.fci.role_name(), "/fci/role", design.fci.role}};
  if (design.scale_out.role) {
    roles.push_back({design.scale_out.role->name, "/scale_out/role", design.scale_out.role->settings});
  }
  return roles;
}

bool depends_on(const Facts& facts, const std::vector<std::string>& any_of) {
  const std::vector<std::string> needs = facts.design.master_dependencies();
  return std::any_of(needs.begin(), needs.end(), [&](const std::string& name) {
    return std::any_of(any_of.begin(), any_of.end(), [&](const std::string& one) { return same_name(one, name); });
  });
}

std::vector<std::string> sql_and_agent(const Facts& facts) {
  return {facts.design.fci.sql_resource(), facts.design.fci.agent_resource()};
}

std::string at_depends_on(const Facts& facts) {
  return facts.design.scale_out.master.place.pointer + "/depends_on";
}

Findings master_not_behind_sql(const Facts& facts) {
  const Design& design = facts.design;
  if (design.scale_out.placement != Placement::joint || depends_on(facts, sql_and_agent(facts))) return {};
  if (!depends_on(facts, {design.fci.name_resource()})) return {};  // ROLE-002
  return {{at_depends_on(facts), "the master starts before SQL Server, against a database that is not there",
           "add \"SQL Server\""}};
}

Findings master_behind_nothing(const Facts& facts) {
  const Design& design = facts.design;
  if (design.scale_out.placement != Placement::joint || depends_on(facts, sql_and_agent(facts))) return {};
  if (depends_on(facts, {design.fci.name_resource()})) return {};
  return {{at_depends_on(facts), "the master may be online without SQL Server and without the name that workers use",
           "write \"depends_on\": [\"SQL Server\", \"SQL Network Name\"]"}};
}

Findings one_owner(const Facts& facts) {
  Findings findings;
  if (facts.design.cluster.nodes.size() < 2) return findings;  // QUO-007
  for (const NamedRole& role : roles_of(facts)) {
    const auto possible = owners(facts.design, role.settings);
    if (possible.size() != 1) continue;
    findings.push_back({role.pointer + "/possible_owners",
                        fmt::format("'{}' may run on '{}' only: nothing takes over", role.name, possible.front()),
                        "name at least two nodes, or remove possible_owners to allow every node"});
  }
  return findings;
}

Findings few_failovers(const Facts& facts) {
  Findings findings;
  for (const NamedRole& role : roles_of(facts)) {
    const auto nodes = facts.design.cluster.nodes.size();
    if (role.settings.failover_threshold != 0 || nodes != 2) continue;
    if (facts.design.parameters[Setting::failover_threshold] > 1) continue;
    const Duration period =
        role.settings.failover_period.value_or(facts.design.parameters.length(Setting::failover_period));
    findings.push_back(
        {role.pointer + "/FailoverThreshold",
         fmt::format("'{}' fails over once within {}; a second failure leaves it failed", role.name, to_text(period)),
         "write \"FailoverThreshold\": 6, as Microsoft advises for virtual machines in Azure"});
  }
  return findings;
}

Findings failback_at_once(const Facts& facts) {
  Findings findings;
  for (const NamedRole& role : roles_of(facts)) {
    if (!role.settings.failback || role.settings.failback_from >= 0) continue;
    findings.push_back(
        {role.pointer + "/AutoFailbackType",
         fmt::format("'{}' moves back as soon as its preferred owner is there, whatever runs", role.name),
         "add FailbackWindowStart and FailbackWindowEnd, or write \"AutoFailbackType\": 0"});
  }
  return findings;
}

/// Whether a local hour lies in the window, which may go over midnight.
bool in_window(int hour, const RoleSettings& role) {
  const int from = role.failback_from, until = role.failback_until;
  return from < until ? hour >= from && hour < until : hour >= from || hour < until;
}

Findings failback_into_batch(const Facts& facts) {
  Findings findings;
  for (const NamedRole& role : roles_of(facts)) {
    if (!role.settings.failback || role.settings.failback_from < 0) continue;
    for (const Batch& batch : facts.design.batches) {
      const int hour = static_cast<int>(std::chrono::floor<std::chrono::hours>(batch.at).count());
      if (!in_window(hour, role.settings)) continue;
      findings.push_back({role.pointer + "/FailbackWindowStart",
                          fmt::format("'{}' may move back from {}:00 to {}:00, when '{}' is submitted", role.name,
                                      role.settings.failback_from, role.settings.failback_until, batch.name),
                          "move the window to hours without batches"});
    }
  }
  return findings;
}

Findings nowhere_to_go(const Facts& facts) {
  const Design& design = facts.design;
  if (design.parameters[Setting::enforced_anti_affinity] == 0) return {};
  std::vector<std::pair<std::string, const RoleSettings*>> all;
  for (const NamedRole& role : roles_of(facts)) all.emplace_back(role.name, &role.settings);
  for (const Role& role : design.cluster.roles) all.emplace_back(role.name, &role.settings);
  Findings findings;
  NameSet told;
  for (const auto& [name, settings] : all) {
    for (const std::string& class_name : settings->anti_affinity) {
      std::vector<std::string> sharing;
      for (const auto& [other, others] : all) {
        const auto& names = others->anti_affinity;
        if (std::any_of(names.begin(), names.end(), [&](const auto& one) { return same_name(one, class_name); })) {
          sharing.push_back(other);
        }
      }
      if (sharing.size() < 2 || sharing.size() < design.cluster.nodes.size() || !told.insert(class_name).second)
        continue;
      findings.push_back({"/cluster/properties/ClusterEnforcedAntiAffinity",
                          fmt::format("{} keep apart by '{}': with one node less, one of them stays offline",
                                      quoted(sharing), class_name),
                          "write \"ClusterEnforcedAntiAffinity\": 0, so that they share a node rather than stay away"});
    }
  }
  return findings;
}

Findings does_not_start(const Facts& facts) {
  Findings findings;
  for (const NamedRole& role : roles_of(facts)) {
    if (role.settings.priority != 0) continue;
    findings.push_back(
        {role.pointer + "/Priority",
         fmt::format("'{}' is not brought online by itself when the cluster starts or a node is lost", role.name),
         "write \"Priority\": 2000, or remove it"});
  }
  return findings;
}

Findings sql_without_master(const Facts& facts) {
  const Design& design = facts.design;
  if (design.scale_out.placement != Placement::separate) return {};
  const auto masters = master_owners(design);
  std::vector<std::string> without;
  for (const std::string& node : owners(design, design.fci.role)) {
    if (std::find(masters.begin(), masters.end(), node) == masters.end()) without.push_back(node);
  }
  if (without.empty() || masters.size() < 2) return {};
  return {{"/scale_out/role/possible_owners",
           fmt::format("SSISDB may be on {}, where no master is installed", quoted(without)),
           "let the master run there, too, or enable Scale Out and upgrade the catalog only elsewhere"}};
}

Findings preferred_site_without_owner(const Facts& facts) {
  Findings findings;
  for (const NamedRole& role : roles_of(facts)) {
    const std::string& site = role.settings.preferred_site;
    if (site.empty()) continue;
    const auto possible = owners(facts.design, role.settings);
    const bool there = std::any_of(possible.begin(), possible.end(), [&](const std::string& name) {
      const Node* node = facts.design.find_node(name);
      return node != nullptr && node->site == site;
    });
    if (there) continue;
    findings.push_back({role.pointer + "/PreferredSite",
                        fmt::format("'{}' prefers the site '{}', where no node may own it", role.name, site),
                        "name a site of a possible owner, or let a node there own it"});
  }
  return findings;
}

constexpr Rule rules[] = {
    {"ROLE-001", Level::warning, "the master does not wait for SQL Server",
     "Without the dependency the cluster starts both at once; the master meets a SQL Server that is not there and "
     "tries "
     "again later, or exits (nobody has published which). If it exits, its restarts are used up, and it takes SQL "
     "Server to "
     "the next node.",
     "Let the master depend on SQL Server and on its network name.", "S 4.1; W 11, 3", &master_not_behind_sql},
    {"ROLE-002", Level::warning, "the master depends on neither SQL Server nor the network name",
     "It can be online while the name that workers connect to is not, and starts before SQL Server.",
     "Let the master depend on SQL Server and on its network name.", "S 4.1; W 11, 3", &master_behind_nothing},
    {"ROLE-003", Level::error, "a role has one possible owner",
     "Candidates for a failover are the possible owners that are up: with one, a failure of the node or a second "
     "failure of "
     "the resource leaves the role failed.",
     "At least two possible owners.", "W 4.3", &one_owner},
    {"ROLE-004", Level::note, "the second failover in six hours is refused",
     "FailoverThreshold is nodes - 1 unless set: in a cluster of two, one failover within FailoverPeriod. After the "
     "second "
     "the role stays failed until RetryPeriodOnFailure or an operator.",
     "A larger FailoverThreshold.", "W 4.2; W 4.5", &few_failovers},
    {"ROLE-005", Level::warning, "failback at once",
     "Every failback is one more outage, in the middle of the day, and a node that comes and goes takes the role along "
     "each "
     "time.",
     "A failback window at quiet hours, or no failback.", "W 4.2; W 4.4", &failback_at_once},
    {"ROLE-006", Level::warning, "failback while a batch is submitted",
     "The move stamps what runs as ended unexpectedly, and a submitting job of SQL Server Agent dies with the "
     "instance.",
     "A window without batches.", "W 4.2; S 1.7", &failback_into_batch},
    {"ROLE-007", Level::warning, "enforced anti-affinity leaves a role without a node",
     "With ClusterEnforcedAntiAffinity = 1 roles that share a class never share a node, not even the last one.",
     "Soft anti-affinity, or more nodes than roles that keep apart.", "W 4.2", &nowhere_to_go},
    {"ROLE-008", Level::warning, "a role does not start by itself",
     "Priority 0 means no auto start: after a cold start of the cluster the role waits for an operator.",
     "Priority 2000, or 3000 for what others need.", "W 4.2", &does_not_start},
    {"ROLE-009", Level::note, "SSISDB can be where no master is installed",
     "enable_scaleout looks on the SQL host for an installed master (27261) and refuses otherwise; upgrades of the "
     "catalog "
     "meet the same check.",
     "Install the master on every node that may own SQL Server.", "S 4.3", &sql_without_master},
    {"ROLE-010", Level::warning, "a preferred site without a possible owner", "The preference never applies.",
     "A site of a possible owner.", "W 4.3", &preferred_site_without_owner},
};

}  // namespace

std::span<const Rule> role_rules() {
  return rules;
}

}  // namespace rehearse::model::rules

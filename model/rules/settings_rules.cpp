// SET: MasterSettings.config and WorkerSettings.config (S 2).
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "model/endpoint.hpp"
#include "model/rules/design_source.hpp"
#include "model/rules/families.hpp"
#include "model/rules/questions.hpp"

namespace rehearse::model::rules {
namespace {

/// "SQLFCI\INST1,1433" taken apart.
struct ServerName {
  std::string host, instance, port;
};

ServerName take_apart(std::string_view text) {
  ServerName name;
  if (text.substr(0, 4) == "tcp:") text.remove_prefix(4);
  if (const std::size_t comma = text.find(','); comma != std::string_view::npos) {
    name.port = std::string(text.substr(comma + 1));
    text = text.substr(0, comma);
  }
  if (const std::size_t slash = text.find_first_of("\\/"); slash != std::string_view::npos) {
    name.host = std::string(text.substr(0, slash));
    name.instance = std::string(text.substr(slash));
    name.instance.erase(0, name.instance.find_first_not_of("\\/"));
  } else {
    name.host = std::string(text);
  }
  return name;
}

/// Calls `visit(node, stated, name)` for every node that may own the master and states a SqlServerName.
template <class Visit>
void each_server_name(const Facts& facts, Visit visit) {
  for (const std::string& node : master_owners(facts.design)) {
    const std::string& stated = facts.design.master_settings(node).sql_server_name;
    if (!stated.empty()) visit(node, stated, take_apart(stated));
  }
}

std::string write_server_name(const Facts& facts) {
  return "write SqlServerName " + facts.design.fci.server_name() + " on every node";
}

bool is_local(const ServerName& name) {
  return name.host == "." || same_name(name.host, "localhost") || same_name(name.host, "(local)");
}

/// Whether the name leads to one machine only. In the joint placement the master is always where SQL Server is, and
/// what a local name does there is not known.
bool leads_to_one_machine(const Facts& facts, const ServerName& name) {
  if (is_local(name)) return facts.design.scale_out.placement == Placement::separate;
  return node_called(facts.design, name.host) != nullptr;
}

/// One mistake, wherever it was made: setup leaves it on every node.
Findings names_a_node(const Facts& facts) {
  std::string pointer;
  std::vector<std::string> names;
  bool local = false;
  each_server_name(facts, [&](const std::string& node, const std::string& stated, const ServerName& name) {
    if (!leads_to_one_machine(facts, name)) return;
    if (pointer.empty()) pointer = setting_of_node(facts, node, "SqlServerName");
    if (std::find(names.begin(), names.end(), stated) == names.end()) names.push_back(stated);
    local = local || is_local(name);
  });
  if (names.empty()) return {};
  const std::string_view what = local               ? "which is the master's own node, and SQL Server may be on another"
                                : names.size() == 1 ? "a node, and loses it when SQL Server moves"
                                                    : "nodes, and loses it when SQL Server moves";
  return {
      {pointer, fmt::format("the master looks for SSISDB at {}, {}", quoted(names), what), write_server_name(facts)}};
}

Findings double_slash(const Facts& facts) {
  Findings findings;
  each_server_name(facts, [&](const std::string& node, const std::string& stated, const ServerName& /*name*/) {
    if (stated.find("//") == std::string::npos) return;
    findings.push_back(
        {setting_of_node(facts, node, "SqlServerName"),
         fmt::format("SqlServerName '{}' holds '//', as one page of the documentation prints it", stated),
         write_server_name(facts)});
  });
  return findings;
}

bool names_the_instance_s_host(const Facts& facts, const ServerName& name) {
  return same_name(first_label(name.host), facts.design.fci.network_name);
}

/// Calls `visit` where SqlServerName leads to the instance's host, so that only the rest of it can be wrong.
template <class Visit>
void each_name_of_instance(const Facts& facts, Visit visit) {
  if (facts.design.fci.availability_group) return;
  each_server_name(facts, [&](const std::string& node, const std::string& stated, const ServerName& name) {
    if (names_the_instance_s_host(facts, name) && stated.find("//") == std::string::npos) visit(node, stated, name);
  });
}

bool is_default(std::string_view instance) {
  return same_name(instance, "MSSQLSERVER");
}

Findings wrong_instance(const Facts& facts) {
  Findings findings;
  const std::string& instance = facts.design.fci.instance;
  each_name_of_instance(facts, [&](const std::string& node, const std::string& stated, const ServerName& name) {
    if (name.instance.empty() || same_name(name.instance, instance) || !name.port.empty()) return;
    findings.push_back({setting_of_node(facts, node, "SqlServerName"),
                        fmt::format("SqlServerName '{}' is not the instance '{}'", stated, instance),
                        write_server_name(facts)});
  });
  return findings;
}

Findings missing_instance(const Facts& facts) {
  Findings findings;
  const std::string& instance = facts.design.fci.instance;
  if (is_default(instance)) return findings;
  each_name_of_instance(facts, [&](const std::string& node, const std::string& stated, const ServerName& name) {
    if (!name.instance.empty() || !name.port.empty()) return;
    findings.push_back({setting_of_node(facts, node, "SqlServerName"),
                        fmt::format("SqlServerName '{}' does not say that the instance is '{}'", stated, instance),
                        write_server_name(facts) + ", or accept this if the instance listens at port 1433"});
  });
  return findings;
}

Findings wrong_listener_port(const Facts& facts) {
  Findings findings;
  const FailoverClusterInstance& fci = facts.design.fci;
  if (!fci.availability_group) return findings;
  constexpr int usual_port = 1433;
  each_server_name(facts, [&](const std::string& node, const std::string& stated, const ServerName& name) {
    if (!names_the_instance_s_host(facts, name)) return;
    const std::string port = name.port.empty() ? std::to_string(usual_port) : name.port;
    if (port == std::to_string(fci.availability_group->port)) return;
    findings.push_back({setting_of_node(facts, node, "SqlServerName"),
                        fmt::format("SqlServerName '{}' means port {}, but the listener is at {}", stated, port,
                                    fci.availability_group->port),
                        write_server_name(facts)});
  });
  return findings;
}

Findings unknown_server(const Facts& facts) {
  Findings findings;
  each_server_name(facts, [&](const std::string& node, const std::string& stated, const ServerName& name) {
    if (names_the_instance_s_host(facts, name) || leads_to_one_machine(facts, name)) return;
    findings.push_back(
        {setting_of_node(facts, node, "SqlServerName"),
         fmt::format("the master looks for SSISDB at '{}', a name that nothing in this design has", stated),
         write_server_name(facts) + ", or accept it here if it is an alias"});
  });
  return findings;
}

/// Tells every node whose setting differs from that of the first.
template <class Get>
Findings differing(const Facts& facts, std::string_view key, Get get) {
  Findings findings;
  const std::vector<std::string> nodes = master_owners(facts.design);
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    const auto first = get(facts.design.master_settings(nodes.front()));
    const auto other = get(facts.design.master_settings(nodes[i]));
    if (first == other) continue;
    findings.push_back({setting_of_node(facts, nodes[i], key),
                        fmt::format("{} is {} on '{}', but {} on '{}'", key, other, nodes[i], first, nodes.front()),
                        fmt::format("write one {} into MasterSettings.config of every node", key)});
  }
  return findings;
}

Findings ports_differ(const Facts& facts) {
  return differing(facts, "PortNumber", [](const MasterSettings& settings) { return settings.port; });
}

Findings server_names_differ(const Facts& facts) {
  for (const std::string& node : master_owners(facts.design)) {
    const std::string& stated = facts.design.master_settings(node).sql_server_name;
    // What names something else is told by other rules; what is not stated is not known.
    if (stated.empty() || !names_the_instance_s_host(facts, take_apart(stated))) return {};
  }
  Findings findings = differing(facts, "SqlServerName", [](const MasterSettings& settings) {
    std::string folded = settings.sql_server_name;
    std::transform(folded.begin(), folded.end(), folded.begin(), [](unsigned char c) { return std::toupper(c); });
    return folded;
  });
  return findings;
}

Findings intervals_differ(const Facts& facts) {
  Findings findings;
  const auto add = [&](Findings more) { findings.insert(findings.end(), more.begin(), more.end()); };
  add(differing(facts, "DealWithExpiredTasksIntervalInMs",
                [](const MasterSettings& settings) { return to_text(settings.sweep_interval); }));
  add(differing(facts, "MasterHeartbeatIntervalInMs",
                [](const MasterSettings& settings) { return to_text(settings.heartbeat_interval); }));
  add(differing(facts, "CleanupCompletedJobsIntervalInMs",
                [](const MasterSettings& settings) { return to_text(settings.cleanup_interval); }));
  add(differing(facts, "SqlConnectionTimeoutInSecs",
                [](const MasterSettings& settings) { return to_text(settings.sql_connection_timeout); }));
  return findings;
}

Findings file_missing(const Facts& facts) {
  const std::string files = facts.design.scale_out.master.place.pointer + "/settings_file";
  if (!facts.source.has(files)) return {};
  std::vector<std::string> missing;
  for (const std::string& node : master_owners(facts.design)) {
    if (!facts.source.has(pointer_to(files, node)) && !facts.design.scale_out.master.settings_by_node.contains(node)) {
      missing.push_back(node);
    }
  }
  if (missing.empty()) return {};
  return {{files, fmt::format("there is no MasterSettings.config of {}, which may own the master", quoted(missing)),
           "add the file of every node, so that they can be compared"}};
}

Findings shared_agent_id(const Facts& facts) {
  Findings findings;
  std::vector<std::pair<std::string, std::string>> seen;  // id, worker
  for (const WorkerPool& pool : facts.design.scale_out.workers) {
    const std::string& id = pool.settings.agent_id;
    if (id.empty()) continue;
    const std::vector<std::string> workers = pool.worker_names();
    const auto other =
        std::find_if(seen.begin(), seen.end(), [&](const auto& one) { return same_name(one.first, id); });
    if (other == seen.end() && workers.size() == 1) {
      seen.emplace_back(id, workers.front());
      continue;
    }
    findings.push_back({setting_of_pool(facts, pool, "AgentId"),
                        other == seen.end()
                            ? fmt::format("{} share one AgentId", quoted(workers))
                            : fmt::format("'{}' and '{}' share one AgentId", other->second, workers.front()),
                        "remove AgentId from all but one of them and let each worker generate its own"});
  }
  return findings;
}

constexpr Rule rules[] = {
    {"SET-001", Level::error, "SqlServerName names a node",
     "The master on the node that is named finds SSISDB only while SQL Server is there; the master on any other node "
     "never. Setup writes the name of the engine that is installed alongside, so this is what stays when it is "
     "forgotten.",
     "Write the SQL network name (with \\\\ and the instance, if it is a named one), or the listener of the "
     "availability "
     "group, into MasterSettings.config of every node.",
     "S 2; S 4.1, 5; S 4.2, 5; S 5, 9", &names_a_node},
    {"SET-002", Level::error, "the master's port differs between nodes",
     "Workers know one port: after a failover there is no endpoint listening at it.",
     "Write one PortNumber everywhere, and bind the certificate to it on every node.", "S 2; S 5, 1", &ports_differ},
    {"SET-003", Level::warning, "SqlServerName is written differently on the nodes",
     "Both forms lead to SQL Server as far as the design says, but each needs its own way through DNS, ports and "
     "certificates: one may fail where the other works, and then only after a failover.",
     "Write one SqlServerName everywhere.", "S 2", &server_names_differ},
    {"SET-004", Level::warning, "SqlServerName with '//'",
     "The page about failover cluster instances prints [name]//[instance]; the page about the master shows the JSON "
     "form "
     "of a single backslash. No client understands '//'.",
     "Write name\\\\instance.", "W 11, 1; S 2", &double_slash},
    {"SET-005", Level::error, "SqlServerName is another instance than the design's",
     "The master connects to an instance that is not there, or that has no SSISDB; it never starts its work.",
     "Write the network name with the instance, as clients do.", "S 5, 14", &wrong_instance},
    {"SET-006", Level::warning, "SqlServerName is a name that the design does not have",
     "If it is no alias, the master finds no SSISDB: master_properties stays empty.",
     "Write the SQL network name or the listener.", "S 5, 9", &unknown_server},
    {"SET-007", Level::warning, "SqlServerName has another port than the listener",
     "SqlServerName is '<listener>,<port>' on all nodes; without a port it means 1433. It still works where SQL Server "
     "itself listens at that port on all addresses.",
     "Write the listener with its port.", "S 4.2, 5", &wrong_listener_port},
    {"SET-008", Level::warning, "intervals of the master differ between nodes",
     "The farm behaves one way on one node and another way on the next: how soon lost work is found, for instance.",
     "Write the same values everywhere.", "S 2", &intervals_differ},
    {"SET-009", Level::note, "the settings of a node are not known",
     "Of the nodes without a file the design's own values are believed. What differs there shows after the failover "
     "only.",
     "Add MasterSettings.config of every node that may own the master.", "S 5, 32", &file_missing},
    {"SET-010", Level::error, "workers share an AgentId",
     "The id is the worker's identity: clones of one image fight over one row of worker_agents and over its tasks.",
     "Let each worker generate its own id.", "S 1.3", &shared_agent_id},
    {"SET-011", Level::warning, "SqlServerName does not name the instance",
     "A network name without an instance means port 1433. A named instance is there only if somebody has set that port "
     "for it; otherwise the master never finds SSISDB.",
     "Write the network name with the instance.", "S 5, 14", &missing_instance},
};

}  // namespace

std::span<const Rule> settings_rules() {
  return rules;
}

}  // namespace rehearse::model::rules

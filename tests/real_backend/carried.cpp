#include "tests/real_backend/carried.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "model/defaults.hpp"
#include "model/endpoint.hpp"

namespace rehearse::real::testing {
namespace {

using model::Design;
using model::Setting;
using model::to_text;

bool is_on(const model::Node& node, const model::Network& network) {
  if (node.networks.empty()) return network.site.empty() || network.site == node.site;
  return std::find(node.networks.begin(), node.networks.end(), network.name) != node.networks.end();
}

bool knows_sites(const Design& design) {
  return design.windows != model::WindowsVersion::v2012r2;
}

std::string text_of(const model::ResourceSettings& own, const model::Parameters& ledger, int usual_action) {
  const auto length = [&](const std::optional<Duration>& stated, Setting setting) {
    return to_text(stated.value_or(ledger.length(setting)));
  };
  const auto interval = [](const std::optional<Duration>& stated) { return stated ? to_text(*stated) : "of the type"; };
  return fmt::format(
      "action {} threshold {} period {} delay {} retry {} pending {} deadlock {} looks {} is {} apart {}",
      own.restart_action.value_or(usual_action),
      own.restart_threshold.value_or(static_cast<int>(ledger[Setting::restart_threshold])),
      length(own.restart_period, Setting::restart_period), length(own.restart_delay, Setting::restart_delay),
      length(own.retry_period_on_failure, Setting::retry_period_on_failure),
      length(own.pending_timeout, Setting::pending_timeout), length(own.deadlock_timeout, Setting::deadlock_timeout),
      interval(own.looks_alive_interval), interval(own.is_alive_interval), own.separate_monitor);
}

void write_role(std::ostream& out, const model::RoleSettings& role, const Design& design, bool of_group) {
  std::set<std::string> possible(role.possible_owners.begin(), role.possible_owners.end());
  if (possible.empty() || of_group) {
    for (const model::Node& node : design.cluster.nodes) possible.insert(node.name);
  }
  const std::set<std::string> apart(role.anti_affinity.begin(), role.anti_affinity.end());
  out << fmt::format(
      "  priority {} preferred [{}] possible [{}] failback {} {}..{} threshold {} period {} apart [{}] site '{}'\n",
      role.priority, fmt::join(role.preferred_owners, ","), fmt::join(possible, ","), role.failback, role.failback_from,
      role.failback_until, role.failover_threshold,
      to_text(role.failover_period.value_or(design.parameters.length(Setting::failover_period))), fmt::join(apart, ","),
      role.preferred_site);
}

void write_resources(std::ostream& out, const model::RoleSettings& role, const std::vector<std::string>& names,
                     const Design& design) {
  for (const std::string& name : names) {
    const auto own = role.resources.find(name);
    model::ResourceSettings settings = own == role.resources.end() ? model::ResourceSettings() : own->second;
    if (name == design.master_resource()) settings.restart_action.reset();
    out << "  " << name << ": " << text_of(settings, design.parameters, name == design.fci.agent_resource() ? 1 : 2)
        << '\n';
  }
}

void write_cluster(std::ostream& out, const Design& design) {
  const model::Cluster& cluster = design.cluster;
  out << fmt::format("cluster {}, preferred site '{}'\n", cluster.name, cluster.preferred_site);
  for (const model::Node& node : cluster.nodes) {
    std::set<std::string> networks;
    for (const model::Network& network : cluster.networks) {
      if (is_on(node, network)) networks.insert(network.name);
    }
    out << fmt::format("node {} site '{}' physical {} weight {} on [{}]\n", node.name,
                       knows_sites(design) ? node.site : "", node.physical, node.weight, fmt::join(networks, ","));
  }
  for (const model::Network& network : cluster.networks) {
    out << fmt::format("network {} {} {}\n", network.name, network.subnet, static_cast<int>(network.role));
  }
  out << fmt::format("witness {} '{}'\n", static_cast<int>(cluster.witness.kind), cluster.witness.path);
  // Stated or not, a property that the simulated world does not depend on is the same with its default (W 1.1 to 1.5).
  static const std::map<std::string_view, std::int64_t> usual = {
      {"RouteHistoryLength", 10}, {"RequestReplyTimeout", 60}, {"GroupDependencyTimeout", 600},
      {"AddEvictDelay", 60},      {"ResiliencyLevel", 2},      {"ResiliencyDefaultPeriod", 240}};
  for (const model::ClusterProperty& property : model::cluster_properties()) {
    if (property.since > design.windows) continue;
    const auto stated = cluster.properties.find(std::string(property.name));
    const std::int64_t value = property.setting                     ? design.parameters[*property.setting]
                               : stated != cluster.properties.end() ? stated->second
                                                                    : usual.at(property.name);
    out << fmt::format("{} {}\n", property.name, value);
  }
  out << fmt::format("arbitration delay {}\n", to_text(design.parameters.length(Setting::witness_arbitration_delay)));
  std::map<std::string, const model::Role*> roles;
  for (const model::Role& role : cluster.roles) roles[role.name] = &role;
  for (const auto& [name, role] : roles) {
    out << "role " << name << '\n';
    write_role(out, role->settings, design, false);
    for (const model::RoleResource& one : role->resources) {
      out << fmt::format("  {} {} '{}' needs", one.name, to_text(one.type), one.address);
      for (const auto& clause : one.depends_on) out << fmt::format(" ({})", fmt::join(clause, "|"));
      out << ": " << text_of(one.settings, design.parameters, 2) << '\n';
    }
  }
}

void write_instance(std::ostream& out, const Design& design) {
  const model::FailoverClusterInstance& fci = design.fci;
  const bool of_group = fci.availability_group.has_value();
  out << fmt::format("instance {} name {} addresses [{}] disks [{}] all {} ttl {} mixed {} accelerated {}\n",
                     fci.instance, fci.network_name, fmt::join(fci.addresses, ","), fmt::join(fci.disks, ","),
                     fci.register_all_ips.value_or(fci.addresses.size() > 1),
                     to_text(fci.record_ttl.value_or(design.parameters.length(Setting::record_ttl))), fci.mixed_mode,
                     fci.accelerated_recovery);
  out << fmt::format("health {} level {}\n", to_text(design.parameters.length(Setting::health_check_timeout)),
                     design.parameters[Setting::failure_condition_level]);
  write_role(out, fci.role, design, of_group);
  write_resources(out, fci.role, design.instance_resources(), design);
  if (!of_group) return;
  out << fmt::format("group {} port {} job {} lease {} session {}\n", fci.availability_group->name,
                     fci.availability_group->port, fci.availability_group->failover_monitor_job,
                     to_text(design.parameters.length(Setting::lease_timeout)),
                     to_text(design.parameters.length(Setting::session_timeout)));
  for (const auto& replica : fci.availability_group->replicas) {
    out << fmt::format("  replica {} {} {} hosted {} login {} key {}\n", replica.node, to_text(replica.commit),
                       to_text(replica.failover), replica.hosted_by_fci, replica.log_login, replica.master_key);
  }
}

/// Without thumbprints: those of certificates that a design only describes are made by whoever makes them.
std::string text_of(const model::MasterSettings& settings, const Design& design) {
  return fmt::format("port {} server {} cleanup {} sweep {} heartbeat {} timeout {}", settings.port,
                     settings.sql_server_name.empty() ? design.fci.server_name() : settings.sql_server_name,
                     to_text(settings.cleanup_interval), to_text(settings.sweep_interval),
                     to_text(settings.heartbeat_interval), to_text(settings.sql_connection_timeout));
}

std::string text_of(const model::WorkerSettings& settings) {
  return fmt::format("endpoint {} beat {} task {} tolerance {} lease {} tasks {} id {}", settings.endpoint,
                     to_text(settings.agent_heartbeat_interval), to_text(settings.task_heartbeat_interval),
                     to_text(settings.heartbeat_error_tolerance), to_text(settings.lease_interval),
                     settings.max_task_count, settings.agent_id);
}

std::string text_of(const Design& design, const std::string& key) {
  const model::Certificate& certificate = *design.find_certificate(key);
  std::set<std::string> names(certificate.common_names.begin(), certificate.common_names.end());
  return fmt::format("names [{}] from {} to {} self-signed {}", fmt::join(names, ","),
                     to_text(std::chrono::floor<std::chrono::days>(certificate.not_before + std::chrono::hours(12))),
                     to_text(std::chrono::floor<std::chrono::days>(certificate.not_after + std::chrono::hours(12))),
                     certificate.self_signed);
}

void write_scale_out(std::ostream& out, const Design& design) {
  const model::ScaleOut& scale_out = design.scale_out;
  out << fmt::format("{} master, account {}, action {}\n", to_text(scale_out.placement), scale_out.master.account,
                     scale_out.master.restart_action);
  if (scale_out.role) {
    const model::MasterRole& role = *scale_out.role;
    out << fmt::format("role {} name {} addresses [{}] all {} ttl {}\n", role.name, role.dns_host_name,
                       fmt::join(role.addresses, ","), role.register_all_ips.value_or(false),
                       to_text(role.record_ttl.value_or(design.parameters.length(Setting::record_ttl))));
    write_role(out, role.settings, design, false);
    write_resources(out, role.settings, design.master_role_resources(), design);
  }
  std::vector<std::string> needs = design.master_dependencies();
  if (needs.empty()) needs.push_back(scale_out.role->name_resource());
  const std::set<std::string> sorted(needs.begin(), needs.end());
  out << fmt::format("needs [{}]\n", fmt::join(sorted, ","));
  out << "certificate " << text_of(design, scale_out.master.certificate) << '\n';
  for (const model::Node& node : design.cluster.nodes) {
    out << node.name << ": " << text_of(design.master_settings(node.name), design) << '\n';
  }
  std::map<std::string, std::string> workers;
  for (const model::WorkerPool& pool : scale_out.workers) {
    const std::string& site = pool.site.empty() ? design.cluster.nodes[0].site : pool.site;
    for (const std::string& worker : pool.worker_names()) {
      workers[worker] =
          fmt::format("account {} site '{}' {} certificate {}", pool.account, knows_sites(design) ? site : "",
                      text_of(pool.settings), text_of(design, pool.certificate));
    }
  }
  for (const auto& [worker, text] : workers) out << "worker " << worker << ": " << text << '\n';
}

}  // namespace

std::string carried(const Design& design) {
  std::ostringstream out;
  out << fmt::format("Windows {} SQL {} {} {}\n", to_text(design.windows), to_text(design.sql), to_text(design.edition),
                     design.time_zone);
  write_cluster(out, design);
  write_instance(out, design);
  write_scale_out(out, design);
  return out.str();
}

std::string difference(const Design& before, const Design& after) {
  const auto lines_of = [](const Design& design) {
    std::istringstream text(carried(design));
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
  };
  const std::vector<std::string> was = lines_of(before), is = lines_of(after);
  std::string text;
  for (std::size_t i = 0; i < std::max(was.size(), is.size()); ++i) {
    const std::string a = i < was.size() ? was[i] : "", b = i < is.size() ? is[i] : "";
    if (a != b) text += "- " + a + "\n+ " + b + "\n";
  }
  return text;
}

}  // namespace rehearse::real::testing

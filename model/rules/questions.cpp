#include "model/rules/questions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "model/endpoint.hpp"
#include "model/rules/design_source.hpp"

namespace rehearse::model::rules {
namespace {

bool is_on(const Node& node, const Network& network) {
  if (node.networks.empty()) return network.site.empty() || network.site == node.site;
  return std::find(node.networks.begin(), node.networks.end(), network.name) != node.networks.end();
}

bool host_matches(std::string_view pattern, std::string_view host) {
  if (!pattern.ends_with('*')) return same_name(pattern, host);
  pattern.remove_suffix(1);
  return same_name(host.substr(0, pattern.size()), pattern);
}

}  // namespace

std::string quoted(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i != 0) text += i + 1 == names.size() ? " and " : ", ";
    text += "'" + names[i] + "'";
  }
  return text;
}

std::string_view first_label(std::string_view host) {
  return host.substr(0, host.find('.'));
}

const Node* node_called(const Design& design, std::string_view host) {
  return parse_ipv4(host) ? nullptr : design.find_node(first_label(host));
}

std::vector<std::string> owners(const Design& design, const RoleSettings& role) {
  std::vector<std::string> names;
  for (const Node& node : design.cluster.nodes) {
    const auto& possible = role.possible_owners;
    const bool may = possible.empty() || std::any_of(possible.begin(), possible.end(), [&](const std::string& owner) {
                       return same_name(owner, node.name);
                     });
    if (may) names.push_back(node.name);
  }
  return names;
}

const RoleSettings& master_role_settings(const Design& design) {
  const bool separate = design.scale_out.placement == Placement::separate && design.scale_out.role;
  return separate ? design.scale_out.role->settings : design.fci.role;
}

std::vector<std::string> master_owners(const Design& design) {
  return owners(design, master_role_settings(design));
}

std::string master_role_pointer(const Design& design) {
  return design.scale_out.placement == Placement::separate ? "/scale_out/role" : "/fci/role";
}

std::optional<std::vector<std::string>> stores_on(const Certificate& certificate, std::string_view host) {
  if (certificate.installed.empty()) return std::nullopt;
  std::vector<std::string> stores;
  for (const Certificate::Installed& place : certificate.installed) {
    if (host_matches(place.host, host)) stores.insert(stores.end(), place.stores.begin(), place.stores.end());
  }
  return stores;
}

bool holds(const std::vector<std::string>& stores, std::string_view store) {
  return std::find(stores.begin(), stores.end(), store) != stores.end();
}

std::vector<std::pair<const Certificate*, std::vector<std::string>>> worker_certificates(const Design& design) {
  std::vector<std::pair<const Certificate*, std::vector<std::string>>> result;
  for (const WorkerPool& pool : design.scale_out.workers) {
    const Certificate* certificate = design.find_certificate(pool.certificate);
    if (certificate == nullptr) continue;
    auto found = std::find_if(result.begin(), result.end(), [&](const auto& one) { return one.first == certificate; });
    if (found == result.end()) found = result.insert(result.end(), {certificate, {}});
    for (std::string& worker : pool.worker_names()) found->second.push_back(std::move(worker));
  }
  return result;
}

std::vector<const Certificate*> used_certificates(const Design& design) {
  std::vector<const Certificate*> result;
  if (const Certificate* master = design.find_certificate(design.scale_out.master.certificate))
    result.push_back(master);
  for (const auto& [certificate, workers] : worker_certificates(design)) {
    if (std::find(result.begin(), result.end(), certificate) == result.end()) result.push_back(certificate);
  }
  return result;
}

bool reaches(const Design& design, const Node& node, const std::vector<std::string>& addresses) {
  return std::any_of(addresses.begin(), addresses.end(), [&](const std::string& text) {
    const auto address = parse_ipv4(text);
    return std::any_of(design.cluster.networks.begin(), design.cluster.networks.end(), [&](const Network& network) {
      std::string problem;
      const auto subnet = parse_subnet(network.subnet, problem);
      return address && subnet && subnet->contains(*address) && is_on(node, network);
    });
  });
}

std::string setting_of_node(const Facts& facts, const std::string& node, std::string_view key) {
  const std::string& master = facts.design.scale_out.master.place.pointer;
  const std::string file = pointer_to(pointer_to(master, "settings_file"), node);
  if (facts.source.has(file)) return file;
  const std::string stated = pointer_to(pointer_to(master, "settings"), key);
  if (key == "PortNumber" && !facts.source.has(stated)) return pointer_to(master, "port");
  return stated;
}

std::string setting_of_pool(const Facts& facts, const WorkerPool& pool, std::string_view key) {
  const std::string file = pointer_to(pool.place.pointer, "settings_file");
  if (!facts.source.has(file)) return pointer_to(pointer_to(pool.place.pointer, "settings"), key);
  const std::string of_one = pointer_to(file, pool.name);
  return facts.source.has(of_one) ? of_one : file;
}

Duration high_end(const Distribution& distribution) {
  constexpr double one_in_twenty = 2.996;  // -ln 0.05
  const auto scaled = [&](double factor) {
    return Duration(static_cast<std::int64_t>(static_cast<double>(distribution.first.count()) * factor));
  };
  switch (distribution.kind) {
    case Distribution::Kind::constant: return distribution.first;
    case Distribution::Kind::uniform: return distribution.second;
    case Distribution::Kind::triangular: return distribution.third;
    case Distribution::Kind::exponential: return scaled(one_in_twenty);
    case Distribution::Kind::lognormal: return distribution.second;
    case Distribution::Kind::weibull: return scaled(std::pow(one_in_twenty, 1 / distribution.shape));
    case Distribution::Kind::erlang: return scaled(1 + 2 / std::sqrt(distribution.shape));  // about the 95th percentile
    case Distribution::Kind::empirical: {
      if (distribution.samples.empty()) return Duration::zero();
      return distribution.samples[(distribution.samples.size() - 1) * 95 / 100];
    }
  }
  return Duration::zero();
}

double mean_seconds(const Distribution& distribution) {
  const auto seconds = [](Duration length) { return std::chrono::duration<double>(length).count(); };
  const double first = seconds(distribution.first), second = seconds(distribution.second);
  switch (distribution.kind) {
    case Distribution::Kind::constant:
    case Distribution::Kind::exponential:
    case Distribution::Kind::erlang: return first;
    case Distribution::Kind::uniform: return (first + second) / 2;
    case Distribution::Kind::triangular: return (first + second + seconds(distribution.third)) / 3;
    case Distribution::Kind::lognormal: {
      constexpr double normal_95 = 1.6448536269514722;
      if (first <= 0) return 0;
      const double sigma = std::log(second / first) / normal_95;
      return first * std::exp(sigma * sigma / 2);
    }
    case Distribution::Kind::weibull: return first * std::tgamma(1 + 1 / distribution.shape);
    case Distribution::Kind::empirical: {
      if (distribution.samples.empty()) return 0;
      double sum = 0;
      for (const Duration sample : distribution.samples) sum += seconds(sample);
      return sum / static_cast<double>(distribution.samples.size());
    }
  }
  return 0;
}

std::string rounded(Duration length) {
  return to_text(Duration(std::chrono::round<std::chrono::seconds>(length)));
}

Duration failover_time(const Design& design) {
  const Parameters& ledger = design.parameters;
  const auto high = [&](Timing timing) { return high_end(ledger[timing]); };
  const Duration detection = ledger.length(Setting::same_subnet_delay) * (ledger[Setting::same_subnet_threshold] + 1);
  Duration total = detection + high(Timing::regroup) + ledger.length(Setting::witness_arbitration_delay) +
                   high(Timing::address_online) + high(Timing::name_online) + high(Timing::service_start);
  if (design.fci.availability_group) {
    total += high(Timing::group_online) + high(Timing::replica_redo);
  } else {
    const Duration recovery =
        design.fci.ssisdb_recovery ? high_end(*design.fci.ssisdb_recovery) : high(Timing::ssisdb_recovery_after_crash);
    total += high(Timing::disk_online_unplanned) + high(Timing::sql_start_after_crash) + recovery +
             high(Timing::ssisdb_undo);
    if (design.fci.storage_pool) total += ledger.length(Setting::pool_arbitration);
  }
  return total;
}

std::vector<const WorkloadSource*> sources(const Design& design) {
  std::vector<const WorkloadSource*> all;
  for (const Batch& batch : design.batches) all.push_back(&batch);
  for (const Rate& rate : design.rates) all.push_back(&rate);
  for (const History& history : design.histories) all.push_back(&history);
  return all;
}

int slots_for(const Design& design, const WorkloadSource& source) {
  int slots = 0;
  for (const WorkerPool& pool : design.scale_out.workers) {
    for (const std::string& worker : pool.worker_names()) {
      const bool may =
          source.workers.empty() || std::any_of(source.workers.begin(), source.workers.end(),
                                                [&](const std::string& name) { return same_name(name, worker); });
      if (may) slots += pool.settings.max_task_count;
    }
  }
  return slots;
}

}  // namespace rehearse::model::rules

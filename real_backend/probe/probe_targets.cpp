#include "real_backend/probe/probe_targets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "model/endpoint.hpp"

namespace rehearse::real {
namespace {

/// Who else says what the master should show.
std::vector<StatedThumbprint> master_thumbprints(const model::Design& design) {
  std::vector<StatedThumbprint> stated;
  const model::Certificate* const master = design.find_certificate(design.scale_out.master.certificate);
  if (master != nullptr && !master->thumbprint.empty()) {
    stated.push_back({fmt::format("the design's certificate '{}'", master->key), master->thumbprint});
  }
  for (const auto& [node, settings] : design.scale_out.master.settings_by_node) {
    if (settings.certificate_thumbprint.empty()) continue;
    stated.push_back({"SSLCertThumbprint of " + node, settings.certificate_thumbprint});
  }
  return stated;
}

std::string thumbprint_of(const model::Design& design, const std::string& certificate) {
  const model::Certificate* const found = design.find_certificate(certificate);
  return found == nullptr ? std::string() : found->thumbprint;
}

std::string stated_or(const std::string& stated, const std::string& otherwise) {
  return stated.empty() ? otherwise : stated;
}

bool expect_the_same(const ProbeTarget& a, const ProbeTarget& b) {
  return model::same_name(a.endpoint.host, b.endpoint.host) && a.endpoint.port == b.endpoint.port &&
         a.pinned_thumbprint == b.pinned_thumbprint && a.worker_thumbprint == b.worker_thumbprint;
}

/// The port in "SQLFCI,1533" or "SQLFCI\\INST1,1533".
std::optional<int> port_in(const std::string& server_name) {
  const std::size_t comma = server_name.rfind(',');
  if (comma == std::string::npos) return std::nullopt;
  int port = 0;
  const char* const end = server_name.data() + server_name.size();
  const auto [at, failure] = std::from_chars(server_name.data() + comma + 1, end, port);
  return failure == std::errc() && at == end && port >= 1 && port <= 65535 ? std::optional(port) : std::nullopt;
}

std::optional<int> port_of(const model::Design& design) {
  constexpr int default_instance_port = 1433;
  if (design.fci.availability_group) return design.fci.availability_group->port;
  for (const auto& [node, settings] : design.scale_out.master.settings_by_node) {
    if (const auto port = port_in(settings.sql_server_name)) return port;
  }
  if (const auto port = port_in(design.scale_out.master.settings.sql_server_name)) return port;
  return model::same_name(design.fci.instance, "MSSQLSERVER") ? std::optional(default_instance_port) : std::nullopt;
}

bool is_about(const Redirection& redirection, const std::string& host, int port) {
  return model::same_name(redirection.from.host, host) && redirection.from.port == port;
}

/// Replaces each target by its redirected copies; marks the redirections that were of use.
template <class Target, class IsAbout>
std::vector<Target> redirected(const std::vector<Redirection>& redirections, const std::vector<Target>& targets,
                               std::vector<bool>& used, IsAbout&& is_about_target) {
  std::vector<Target> result;
  for (const Target& target : targets) {
    const std::size_t before = result.size();
    for (std::size_t i = 0; i < redirections.size(); ++i) {
      if (!is_about_target(redirections[i], target)) continue;
      used[i] = true;
      result.push_back(target);
      result.back().via = redirections[i].to;
    }
    if (result.size() == before) result.push_back(target);
  }
  return result;
}

}  // namespace

std::vector<ProbeTarget> endpoints_of(const model::Design& design) {
  std::vector<ProbeTarget> targets;
  for (const model::WorkerPool& pool : design.scale_out.workers) {
    const auto endpoint = model::parse_endpoint(pool.settings.endpoint);
    if (!endpoint) continue;  // the reader of designs refuses such a pool
    ProbeTarget target;
    target.endpoint = *endpoint;
    target.pinned_thumbprint = stated_or(pool.settings.master_certificate_thumbprint,
                                         thumbprint_of(design, design.scale_out.master.certificate));
    target.worker_thumbprint =
        stated_or(pool.settings.worker_certificate_thumbprint, thumbprint_of(design, pool.certificate));
    target.master_thumbprints = master_thumbprints(design);
    auto same = std::find_if(targets.begin(), targets.end(),
                             [&](const ProbeTarget& other) { return expect_the_same(other, target); });
    if (same == targets.end()) same = targets.insert(targets.end(), std::move(target));
    for (std::string& worker : pool.worker_names()) same->workers.push_back(std::move(worker));
  }
  return targets;
}

std::optional<ProbeTarget> endpoint_of(const model::WorkerSettings& settings, const std::string& file,
                                       const model::Design* design) {
  const auto endpoint = model::parse_endpoint(settings.endpoint);
  if (!endpoint) return std::nullopt;
  ProbeTarget target;
  target.endpoint = *endpoint;
  target.workers.push_back(file);
  target.pinned_thumbprint = settings.master_certificate_thumbprint;
  target.worker_thumbprint = settings.worker_certificate_thumbprint;
  if (design != nullptr) target.master_thumbprints = master_thumbprints(*design);
  return target;
}

std::optional<SqlTarget> instance_of(const model::Design& design, std::optional<int> port) {
  if (!port) port = port_of(design);
  if (!port) return std::nullopt;
  return SqlTarget{{design.fci.network_name, *port}, std::nullopt, design.sql};
}

std::optional<Redirection> parse_redirection(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) return std::nullopt;
  const auto from = parse_network_address(text.substr(0, equals));
  const auto to = parse_network_address(text.substr(equals + 1));
  return from && to ? std::optional(Redirection{*from, *to}) : std::nullopt;
}

std::vector<Redirection> redirect(const std::vector<Redirection>& redirections, std::vector<ProbeTarget>& endpoints,
                                  std::vector<SqlTarget>& instances) {
  std::vector<bool> used(redirections.size(), false);
  endpoints = redirected(redirections, endpoints, used, [](const Redirection& redirection, const ProbeTarget& target) {
    return is_about(redirection, target.endpoint.host, target.endpoint.port);
  });
  instances = redirected(redirections, instances, used, [](const Redirection& redirection, const SqlTarget& target) {
    return is_about(redirection, target.server.host, target.server.port);
  });
  std::vector<Redirection> useless;
  for (std::size_t i = 0; i < redirections.size(); ++i) {
    if (!used[i]) useless.push_back(redirections[i]);
  }
  return useless;
}

}  // namespace rehearse::real

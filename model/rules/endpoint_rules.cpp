// END: where workers connect to.
#include <fmt/format.h>

#include <algorithm>

#include "model/endpoint.hpp"
#include "model/rules/design_source.hpp"
#include "model/rules/families.hpp"
#include "model/rules/questions.hpp"

namespace rehearse::model::rules {
namespace {

std::string at_endpoint(const Facts& facts, const WorkerPool& pool) {
  const std::string& at = pool.place.pointer;
  for (const std::string& place : {pointer_to(pointer_to(at, "settings"), "MasterEndpoint"), pointer_to(at, "endpoint"),
                                   pointer_to(pointer_to(at, "settings_file"), pool.name)}) {
    if (facts.source.has(place)) return place;
  }
  return pointer_to(at, "settings_file");
}

std::string wanted(const Design& design, const Endpoint& endpoint) {
  return fmt::format("write https://{}:{}", design.master_host_name(), endpoint.port);
}

/// Calls `visit(pool, endpoint)` for every pool with an endpoint.
template <class Visit>
void each_endpoint(const Facts& facts, Visit visit) {
  for (const WorkerPool& pool : facts.design.scale_out.workers) {
    if (const auto endpoint = parse_endpoint(pool.settings.endpoint)) visit(pool, *endpoint);
  }
}

Findings names_a_node(const Facts& facts) {
  Findings findings;
  each_endpoint(facts, [&](const WorkerPool& pool, const Endpoint& endpoint) {
    const Node* node = node_called(facts.design, endpoint.host);
    if (node == nullptr) return;
    findings.push_back({at_endpoint(facts, pool),
                        fmt::format("workers connect to the node '{}', and lose the master when it moves", node->name),
                        wanted(facts.design, endpoint)});
  });
  return findings;
}

Findings names_sql_server(const Facts& facts) {
  Findings findings;
  if (facts.design.scale_out.placement == Placement::joint) return findings;
  each_endpoint(facts, [&](const WorkerPool& pool, const Endpoint& endpoint) {
    if (!same_name(first_label(endpoint.host), facts.design.fci.network_name)) return;
    const bool of_group = facts.design.fci.availability_group.has_value();
    findings.push_back(
        {at_endpoint(facts, pool),
         fmt::format("workers connect to '{}', the {} of SQL Server, but the master has a role of its own",
                     endpoint.host, of_group ? "listener" : "network name"),
         wanted(facts.design, endpoint)});
  });
  return findings;
}

Findings names_something_else(const Facts& facts) {
  Findings findings;
  each_endpoint(facts, [&](const WorkerPool& pool, const Endpoint& endpoint) {
    const std::string_view host = first_label(endpoint.host);
    if (parse_ipv4(endpoint.host) || node_called(facts.design, endpoint.host) != nullptr) return;
    if (same_name(host, facts.design.master_host_name()) || same_name(host, facts.design.fci.network_name)) return;
    findings.push_back({at_endpoint(facts, pool),
                        fmt::format("workers connect to '{}', a name that nothing in this design has", endpoint.host),
                        wanted(facts.design, endpoint) + ", or accept it here if it is an alias of that name"});
  });
  return findings;
}

Findings wrong_port(const Facts& facts) {
  Findings findings;
  const std::vector<std::string> nodes = master_owners(facts.design);
  if (nodes.empty()) return findings;
  const int port = facts.design.master_settings(nodes.front()).port;
  if (std::any_of(nodes.begin(), nodes.end(),
                  [&](const std::string& node) { return facts.design.master_settings(node).port != port; })) {
    return findings;  // SET-002
  }
  each_endpoint(facts, [&](const WorkerPool& pool, const Endpoint& endpoint) {
    if (endpoint.port == port) return;
    findings.push_back({at_endpoint(facts, pool),
                        fmt::format("workers connect to port {}, but the master listens on {}", endpoint.port, port),
                        fmt::format("write https://{}:{}", endpoint.host, port)});
  });
  return findings;
}

Findings is_an_address(const Facts& facts) {
  Findings findings;
  each_endpoint(facts, [&](const WorkerPool& pool, const Endpoint& endpoint) {
    if (!parse_ipv4(endpoint.host)) return;
    findings.push_back({at_endpoint(facts, pool),
                        fmt::format("workers connect to the address {} instead of a name", endpoint.host),
                        wanted(facts.design, endpoint)});
  });
  return findings;
}

Findings workers_disagree(const Facts& facts) {
  const WorkerPool* first = nullptr;
  Findings findings;
  each_endpoint(facts, [&](const WorkerPool& pool, const Endpoint& endpoint) {
    if (first == nullptr) {
      first = &pool;
      return;
    }
    const auto other = parse_endpoint(first->settings.endpoint);
    const bool names_master = same_name(first_label(endpoint.host), facts.design.master_host_name()) &&
                              same_name(first_label(other->host), facts.design.master_host_name());
    if (!names_master || same_name(other->host, endpoint.host)) return;
    findings.push_back(
        {at_endpoint(facts, pool),
         fmt::format("'{}' connects to '{}', '{}' to '{}'", pool.name, endpoint.host, first->name, other->host),
         "write the name in one form for all, so that one certificate name covers them"});
  });
  return findings;
}

constexpr Rule rules[] = {
    {"END-001", Level::error, "workers connect to a node",
     "A node's name reaches the master only while the role is there. After a failover there is no endpoint listening, "
     "and "
     "no worker comes back until it does.",
     "Write the name that moves with the master: the SQL network name in the joint placement, the role's own DNS host "
     "name "
     "in the separate one.",
     "S 3; S 4.1, 7", &names_a_node},
    {"END-002", Level::error, "workers connect to SQL Server's name although the master has its own",
     "In the separate placement the DNS host name is the role's own client access point, not SQL Server's network name "
     "and "
     "not the listener. The two roles may be on different nodes.",
     "Write the DNS host name of the master's role.", "S 3; S 5, 10", &names_sql_server},
    {"END-003", Level::warning, "workers connect to a name that the design does not have",
     "If it is no alias of the master's name, no worker connects; if it is one, the certificate must have it.",
     "Write the name that the master answers to.", "S 5, 1", &names_something_else},
    {"END-004", Level::error, "workers connect to another port than the master's",
     "There is no endpoint listening at that port: workers never register, executions stay pending.",
     "Write the master's PortNumber in MasterEndpoint.", "S 5, 1", &wrong_port},
    {"END-005", Level::warning, "workers connect to an address",
     "The certificate must have the address among its names, and a role with several addresses answers at another one "
     "after a failover to the other subnet.",
     "Write the name that the master answers to.", "S 3; W 6.2", &is_an_address},
    {"END-006", Level::note, "workers name the master in different forms",
     "Each form must be among the names of the certificate; a rotation that forgets one cuts off those workers only.",
     "Write one form everywhere.", "S 3 (assumed)", &workers_disagree},
};

}  // namespace

std::span<const Rule> endpoint_rules() {
  return rules;
}

}  // namespace rehearse::model::rules

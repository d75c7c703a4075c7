// Questions that several rules ask of a design. "Unknown" is an answer where the design does not say enough.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/design.hpp"
#include "model/rules/rule.hpp"

namespace rehearse::model::rules {

/// "a", "a and b", "a, b and c"; the names in quotes.
std::string quoted(const std::vector<std::string>& names);

/// The host name without its domain.
std::string_view first_label(std::string_view host);

/// Whether the name is that of a node of the cluster, with or without a domain.
const Node* node_called(const Design& design, std::string_view host);

/// The nodes that may own the role with these settings, in the order of the design.
std::vector<std::string> owners(const Design& design, const RoleSettings& role);
/// Of the role that holds the master.
std::vector<std::string> master_owners(const Design& design);
const RoleSettings& master_role_settings(const Design& design);
/// "/fci/role" or "/scale_out/role": where the settings of the master's role stand.
std::string master_role_pointer(const Design& design);

/// The stores of a host that hold the certificate, as the design states them; nullopt: it does not say where copies
/// lie, so they lie where the article's steps put them.
std::optional<std::vector<std::string>> stores_on(const Certificate& certificate, std::string_view host);
bool holds(const std::vector<std::string>& stores, std::string_view store);

/// The certificates of workers, each with the workers that have it.
std::vector<std::pair<const Certificate*, std::vector<std::string>>> worker_certificates(const Design& design);
/// The certificates that the master or a worker uses, each once, the master's first.
std::vector<const Certificate*> used_certificates(const Design& design);

/// Whether one of the addresses lies in a network that the node is on.
bool reaches(const Design& design, const Node& node, const std::vector<std::string>& addresses);

/// Where a setting of the master on a node stands: in the node's file, else among the stated values.
std::string setting_of_node(const Facts& facts, const std::string& node, std::string_view key);
/// Where a setting of a pool of workers stands.
std::string setting_of_pool(const Facts& facts, const WorkerPool& pool, std::string_view key);

/// How long something takes at most, except in one case of twenty; `mean_of`: on average.
Duration high_end(const Distribution& distribution);
double mean_seconds(const Distribution& distribution);

/// "90s", "9m50s": rounded to whole seconds.
std::string rounded(Duration length);

/// From the loss of the owner of the master's role until the master serves again, at the ledger's 95th percentiles.
Duration failover_time(const Design& design);

/// Every source of executions.
std::vector<const WorkloadSource*> sources(const Design& design);

/// Workers that may run a source's executions, by their slots.
int slots_for(const Design& design, const WorkloadSource& source);

}  // namespace rehearse::model::rules

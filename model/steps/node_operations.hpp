// What an operator does to the nodes of a running cluster, each as a step: pausing and draining, stopping and starting
// the cluster service, and the ways back after quorum was lost (W 1.4, 1.5, 2.4).
#pragma once

#include <string>
#include <vector>

#include "model/steps/step.hpp"

namespace rehearse::steps {

/// The cluster service, as Windows names it.
inline constexpr const char* cluster_service = "ClusSvc";

/// How long a drain may take: each role as long as it needs to change state, one priority after the other.
inline constexpr Duration time_to_drain = std::chrono::minutes(30);
/// How long a started cluster service may take to become an active member.
inline constexpr Duration time_to_join = std::chrono::minutes(15);
/// How long Windows may take to shut down, with the roles of a node, and to boot.
inline constexpr Duration time_to_restart = std::chrono::hours(1);

/// Is the node an active member of a cluster that answers, paused or not? Nobody answering is no.
Awaitable<bool> is_in_cluster(Platform platform, std::string node);

/// Ends a pause; where roles come back, it ends when none is on its way any more.
Awaitable<void> resume(Platform platform, std::string node, Failback failback);

StepPtr pause_node(std::string node);
/// Fails where a role cannot leave; the node stays paused.
StepPtr drain_node(std::string node);
StepPtr resume_node(std::string node, Failback failback);
/// Roles move away first, as far as they can.
StepPtr stop_node(std::string node);
StepPtr start_node(std::string node);

enum class IfAlive : unsigned char { refuse, force };

/// Starts the node with ForceQuorum, then all other nodes whose machine answers and that are not in the cluster with
/// PreventQuorum; those join when they can, which it does not wait for. A cluster that answers has quorum: forcing a
/// second one would split it, so that is refused unless asked for. `others`: the names of the remaining nodes.
StepPtr force_quorum(std::string node, std::vector<std::string> others, IfAlive if_alive);

/// Starts the node with PreventQuorum; one that still runs in a partition left behind is stopped first.
StepPtr rejoin_node(std::string node);
StepPtr clear_quarantine(std::string node);

/// Never satisfied beforehand: a restart is done when asked for. Ends when the node is in the cluster again.
StepPtr restart_node(std::string node);
StepPtr shut_down_node(std::string node);

}  // namespace rehearse::steps

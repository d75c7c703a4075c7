// What can be asked of the nodes of the failover cluster (W 8): their states, pausing and draining them, stopping and
// starting their cluster service. Requests that wait carry the time they may take; they answer when the state is
// reached and fail with timed_out otherwise.
#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "model/steps/cluster_requests.hpp"
#include "model/steps/request.hpp"
#include "model/steps/states.hpp"

namespace rehearse::steps::cluster {

/// Answers the text of a NodeState.
struct QueryNode : Query<OfNode> {
  using Query::Query;
  static constexpr std::string_view name = "QueryNode";
};

struct NodeWithin {
  std::string node;
  Duration within;
  NodeWithin(std::string the_node, Duration the_within) : node(std::move(the_node)), within(the_within) {}
  auto fields() const { return std::tie(node, within); }
  friend bool operator==(const NodeWithin&, const NodeWithin&) = default;
};

/// Suspend-ClusterNode: the node takes no roles any more and keeps those it has (W 1.7).
struct PauseNode : Change<OfNode> {
  using Change::Change;
  static constexpr std::string_view name = "PauseNode";
};

/// Suspend-ClusterNode -Drain: pauses the node; done when its roles have moved away, refused when one of them cannot.
struct DrainNode : Change<NodeWithin> {
  using Change::Change;
  static constexpr std::string_view name = "DrainNode";
};

struct NodeAndFailback {
  std::string node;
  Failback failback;
  NodeAndFailback(std::string the_node, Failback the_failback) : node(std::move(the_node)), failback(the_failback) {}
  auto fields() const { return std::tie(node, failback); }
  friend bool operator==(const NodeAndFailback&, const NodeAndFailback&) = default;
};

/// Resume-ClusterNode: ends the pause. Roles that come back are on their way when it answers.
struct ResumeNode : Change<NodeAndFailback> {
  using Change::Change;
  static constexpr std::string_view name = "ResumeNode";
};

/// Stop-ClusterNode: done when the cluster service has stopped, its roles elsewhere as far as they could go.
struct StopNode : Change<NodeWithin> {
  using Change::Change;
  static constexpr std::string_view name = "StopNode";
};

struct StartOfNode {
  std::string node;
  NodeStart start;
  Duration within;
  StartOfNode(std::string the_node, NodeStart the_start, Duration the_within)
      : node(std::move(the_node)), start(the_start), within(the_within) {}
  auto fields() const { return std::tie(node, start, within); }
  friend bool operator==(const StartOfNode&, const StartOfNode&) = default;
};

/// Start-ClusterNode, in one of its ways (W 2.4); asked of the machine itself, so nobody need answer for the cluster.
/// Done when the node is an active member, or, with no time to wait, when its service starts. Refused while it is in
/// quarantine, or runs in a partition that the cluster has left behind.
struct StartNode : Change<StartOfNode> {
  using Change::Change;
  static constexpr std::string_view name = "StartNode";
};

/// Start-ClusterNode -ClearQuarantine (W 1.5): done when the node is an active member.
struct ClearQuarantine : Change<NodeWithin> {
  using Change::Change;
  static constexpr std::string_view name = "ClearQuarantine";
};

}  // namespace rehearse::steps::cluster

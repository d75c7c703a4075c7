// What can be asked of the failover cluster as a whole (W 8): forming it, quorum, properties. Its nodes are in
// node_requests.hpp, its roles and resources in role_requests.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "model/steps/answer.hpp"
#include "model/steps/request.hpp"
#include "model/steps/states.hpp"

namespace rehearse::steps::cluster {

/// Does a node answer for the cluster, which takes quorum? Answers a flag, no where nobody does.
struct Answers : Query<NoDetails> {
  using Query::Query;
  static constexpr std::string_view name = "Answers";
};

struct Named {
  std::string cluster;
  explicit Named(std::string the_cluster) : cluster(std::move(the_cluster)) {}
  auto fields() const { return std::tie(cluster); }
  friend bool operator==(const Named&, const Named&) = default;
};

struct OfNode {
  std::string node;
  explicit OfNode(std::string the_node) : node(std::move(the_node)) {}
  auto fields() const { return std::tie(node); }
  friend bool operator==(const OfNode&, const OfNode&) = default;
};

struct OfNodes {
  std::vector<std::string> nodes;
  explicit OfNodes(std::vector<std::string> the_nodes) : nodes(std::move(the_nodes)) {}
  auto fields() const { return std::tie(nodes); }
  friend bool operator==(const OfNodes&, const OfNodes&) = default;
};

/// Is there a cluster of this name? Answers a flag.
struct Exists : Query<Named> {
  using Query::Query;
  static constexpr std::string_view name = "Exists";
};

/// Is there a validation report without errors for exactly these nodes? Answers a flag.
struct Validated : Query<OfNodes> {
  using Query::Query;
  static constexpr std::string_view name = "Validated";
};

/// Test-Cluster; refused when validation finds an error.
struct Validate : Change<OfNodes> {
  using Change::Change;
  static constexpr std::string_view name = "Validate";
};

struct NewCluster {
  std::string cluster;
  std::vector<std::string> nodes;
  NewCluster(std::string the_cluster, std::vector<std::string> the_nodes)
      : cluster(std::move(the_cluster)), nodes(std::move(the_nodes)) {}
  auto fields() const { return std::tie(cluster, nodes); }
  friend bool operator==(const NewCluster&, const NewCluster&) = default;
};

/// Done when every node has joined.
struct Create : Change<NewCluster> {
  using Change::Change;
  static constexpr std::string_view name = "Create";
};

/// Done when the node has joined.
struct AddNode : Change<OfNode> {
  using Change::Change;
  static constexpr std::string_view name = "AddNode";
};

/// The configured nodes; answers a list.
struct Nodes : Query<NoDetails> {
  using Query::Query;
  static constexpr std::string_view name = "Nodes";
};

/// The witness; answers the list [kind, path].
struct Quorum : Query<NoDetails> {
  using Query::Query;
  static constexpr std::string_view name = "Quorum";
};

struct QuorumSetting {
  model::Witness::Kind kind;
  std::string path;
  QuorumSetting(model::Witness::Kind the_kind, std::string the_path) : kind(the_kind), path(std::move(the_path)) {}
  auto fields() const { return std::tie(kind, path); }
  friend bool operator==(const QuorumSetting&, const QuorumSetting&) = default;
};

/// Replaces the witness (W 2.1).
struct SetQuorum : Change<QuorumSetting> {
  using Change::Change;
  static constexpr std::string_view name = "SetQuorum";
};

struct OfProperty {
  std::string property;
  explicit OfProperty(std::string the_property) : property(std::move(the_property)) {}
  auto fields() const { return std::tie(property); }
  friend bool operator==(const OfProperty&, const OfProperty&) = default;
};

/// A cluster common property by its own name, in its own unit (W 1.1); answers a number.
struct Property : Query<OfProperty> {
  using Query::Query;
  static constexpr std::string_view name = "Property";
};

struct PropertyValue {
  std::string property;
  std::int64_t value;
  PropertyValue(std::string the_property, std::int64_t the_value)
      : property(std::move(the_property)), value(std::move(the_value)) {}
  auto fields() const { return std::tie(property, value); }
  friend bool operator==(const PropertyValue&, const PropertyValue&) = default;
};

/// Takes effect at once (W 1.1).
struct SetProperty : Change<PropertyValue> {
  using Change::Change;
  static constexpr std::string_view name = "SetProperty";
};

}  // namespace rehearse::steps::cluster

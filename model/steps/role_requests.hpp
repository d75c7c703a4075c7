// What can be asked about the roles of the failover cluster and their resources (W 8). Requests that wait carry the
// time they may take; they answer when the state is reached and fail with timed_out otherwise.
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

struct OfRole {
  std::string role;
  explicit OfRole(std::string the_role) : role(std::move(the_role)) {}
  auto fields() const { return std::tie(role); }
  friend bool operator==(const OfRole&, const OfRole&) = default;
};

struct OfResource {
  std::string resource;
  explicit OfResource(std::string the_resource) : resource(std::move(the_resource)) {}
  auto fields() const { return std::tie(resource); }
  friend bool operator==(const OfResource&, const OfResource&) = default;
};

/// Answers a list.
struct Roles : Query<NoDetails> {
  using Query::Query;
  static constexpr std::string_view name = "Roles";
};

/// Answers the text of a RoleState; not_found without such a role.
struct QueryRole : Query<OfRole> {
  using Query::Query;
  static constexpr std::string_view name = "QueryRole";
};

/// The node that owns it; answers a text.
struct RoleOwner : Query<OfRole> {
  using Query::Query;
  static constexpr std::string_view name = "RoleOwner";
};

/// The resources in the role; answers a list.
struct Resources : Query<OfRole> {
  using Query::Query;
  static constexpr std::string_view name = "Resources";
};

/// Answers the text of a ResourceState; not_found without such a resource.
struct QueryResource : Query<OfResource> {
  using Query::Query;
  static constexpr std::string_view name = "QueryResource";
};

/// The resources it needs, all of them, sorted; answers a list.
struct Dependencies : Query<OfResource> {
  using Query::Query;
  static constexpr std::string_view name = "Dependencies";
};

struct Providers {
  std::string resource;
  std::vector<std::string> providers;
  Providers(std::string the_resource, std::vector<std::string> the_providers)
      : resource(std::move(the_resource)), providers(std::move(the_providers)) {}
  auto fields() const { return std::tie(resource, providers); }
  friend bool operator==(const Providers&, const Providers&) = default;
};

/// Replaces what the resource needs by "all of these" (W 3.4).
struct SetDependencies : Change<Providers> {
  using Change::Change;
  static constexpr std::string_view name = "SetDependencies";
};

struct NewGenericService {
  std::string resource;
  std::string role;
  std::string service;
  NewGenericService(std::string the_resource, std::string the_role, std::string the_service)
      : resource(std::move(the_resource)), role(std::move(the_role)), service(std::move(the_service)) {}
  auto fields() const { return std::tie(resource, role, service); }
  friend bool operator==(const NewGenericService&, const NewGenericService&) = default;
};

/// A Generic Service resource in an existing role; it is offline afterwards (W 5).
struct AddGenericService : Change<NewGenericService> {
  using Change::Change;
  static constexpr std::string_view name = "AddGenericService";
};

struct NewRole {
  std::string role;
  std::string dns_host_name;
  std::vector<std::string> addresses;  // one a subnet
  std::string resource;
  std::string service;
  NewRole(std::string the_role, std::string the_dns_host_name, std::vector<std::string> the_addresses,
          std::string the_resource, std::string the_service)
      : role(std::move(the_role)),
        dns_host_name(std::move(the_dns_host_name)),
        addresses(std::move(the_addresses)),
        resource(std::move(the_resource)),
        service(std::move(the_service)) {}
  auto fields() const { return std::tie(role, dns_host_name, addresses, resource, service); }
  friend bool operator==(const NewRole&, const NewRole&) = default;
};

/// A Generic Service role with its own client access point (W 8), whose name needs any one of the addresses (W 6.2);
/// it is offline afterwards.
struct CreateRole : Change<NewRole> {
  using Change::Change;
  static constexpr std::string_view name = "CreateRole";
};

struct PropertyOfResource {
  std::string resource;
  ResourceProperty property;
  PropertyOfResource(std::string the_resource, ResourceProperty the_property)
      : resource(std::move(the_resource)), property(the_property) {}
  auto fields() const { return std::tie(resource, property); }
  friend bool operator==(const PropertyOfResource&, const PropertyOfResource&) = default;
};

/// Answers a number.
struct QueryProperty : Query<PropertyOfResource> {
  using Query::Query;
  static constexpr std::string_view name = "QueryProperty";
};

struct ResourcePropertyValue {
  std::string resource;
  ResourceProperty property;
  std::int64_t value;
  ResourcePropertyValue(std::string the_resource, ResourceProperty the_property, std::int64_t the_value)
      : resource(std::move(the_resource)), property(the_property), value(std::move(the_value)) {}
  auto fields() const { return std::tie(resource, property, value); }
  friend bool operator==(const ResourcePropertyValue&, const ResourcePropertyValue&) = default;
};

/// Changes one property of one resource.
struct SetResourceProperty : Change<ResourcePropertyValue> {
  using Change::Change;
  static constexpr std::string_view name = "SetResourceProperty";
};

struct RoleWithin {
  std::string role;
  Duration within;
  RoleWithin(std::string the_role, Duration the_within) : role(std::move(the_role)), within(the_within) {}
  auto fields() const { return std::tie(role, within); }
  friend bool operator==(const RoleWithin&, const RoleWithin&) = default;
};

struct ResourceWithin {
  std::string resource;
  Duration within;
  ResourceWithin(std::string the_resource, Duration the_within)
      : resource(std::move(the_resource)), within(the_within) {}
  auto fields() const { return std::tie(resource, within); }
  friend bool operator==(const ResourceWithin&, const ResourceWithin&) = default;
};

struct RoleToNode {
  std::string role;
  std::string node;
  Duration within;
  RoleToNode(std::string the_role, std::string the_node, Duration the_within)
      : role(std::move(the_role)), node(std::move(the_node)), within(the_within) {}
  auto fields() const { return std::tie(role, node, within); }
  friend bool operator==(const RoleToNode&, const RoleToNode&) = default;
};

/// Done when every resource of the role is online.
struct OnlineRole : Change<RoleWithin> {
  using Change::Change;
  static constexpr std::string_view name = "OnlineRole";
};

/// Done when the resource, and what it needs, is online.
struct OnlineResource : Change<ResourceWithin> {
  using Change::Change;
  static constexpr std::string_view name = "OnlineResource";
};

/// Done when the resource, and what needs it, is offline.
struct OfflineResource : Change<ResourceWithin> {
  using Change::Change;
  static constexpr std::string_view name = "OfflineResource";
};

/// Stop-ClusterGroup: done when every resource of the role is offline. It stays so through moves and restarts
/// (PersistentState).
struct OfflineRole : Change<RoleWithin> {
  using Change::Change;
  static constexpr std::string_view name = "OfflineRole";
};

/// Test-ClusterResourceFailure: one failure of an online resource, which counts like any other (W 8). Done when it has
/// failed; what the policies make of it comes afterwards.
struct FailResource : Change<OfResource> {
  using Change::Change;
  static constexpr std::string_view name = "FailResource";
};

/// Done when the role is owned by the node and in the state it had before (W 4.4). Already there: nothing happens.
struct MoveRole : Change<RoleToNode> {
  using Change::Change;
  static constexpr std::string_view name = "MoveRole";
};

/// Move-ClusterGroup without -Node: to the best possible node (W 4.3); refused where no other node can take it.
struct MoveRoleToBest : Change<RoleWithin> {
  using Change::Change;
  static constexpr std::string_view name = "MoveRoleToBest";
};

/// Switch-SqlAvailabilityGroup -AllowDataLoss on the replica of a node: done when the role of the group is online
/// there.
struct ForceFailover : Change<RoleToNode> {
  using Change::Change;
  static constexpr std::string_view name = "ForceFailover";
};

struct ReplicaOfRole {
  std::string role;
  std::string node;
  ReplicaOfRole(std::string the_role, std::string the_node) : role(std::move(the_role)), node(std::move(the_node)) {}
  auto fields() const { return std::tie(role, node); }
  friend bool operator==(const ReplicaOfRole&, const ReplicaOfRole&) = default;
};

/// Whether the replica of the node follows the primary, or its data movement stands since a forced failover.
struct DataMoves : Query<ReplicaOfRole> {
  using Query::Query;
  static constexpr std::string_view name = "DataMoves";
};

/// Resume-SqlAvailabilityDatabase on the replica of a node.
struct ResumeDataMovement : Change<ReplicaOfRole> {
  using Change::Change;
  static constexpr std::string_view name = "ResumeDataMovement";
};

}  // namespace rehearse::steps::cluster

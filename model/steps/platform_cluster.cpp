// The helpers of the cluster's port.
#include <utility>

#include <boost/asio/awaitable.hpp>

#include "model/steps/ask_port.hpp"

namespace rehearse::steps {

Awaitable<bool> Cluster::answers() {
  return ask_port<bool>(*this, ClusterRequest(cluster::Answers()));
}
Awaitable<bool> Cluster::exists(std::string cluster) {
  return ask_port<bool>(*this, ClusterRequest(cluster::Exists(std::move(cluster))));
}
Awaitable<bool> Cluster::validated(std::vector<std::string> nodes) {
  return ask_port<bool>(*this, ClusterRequest(cluster::Validated(std::move(nodes))));
}
Awaitable<void> Cluster::validate(std::vector<std::string> nodes) {
  return ask_port<void>(*this, ClusterRequest(cluster::Validate(std::move(nodes))));
}
Awaitable<void> Cluster::create(std::string cluster, std::vector<std::string> nodes) {
  return ask_port<void>(*this, ClusterRequest(cluster::Create(std::move(cluster), std::move(nodes))));
}
Awaitable<void> Cluster::add_node(std::string node) {
  return ask_port<void>(*this, ClusterRequest(cluster::AddNode(std::move(node))));
}
Awaitable<std::vector<std::string>> Cluster::nodes() {
  return ask_port<std::vector<std::string>>(*this, ClusterRequest(cluster::Nodes()));
}
Awaitable<NodeState> Cluster::node_state(std::string node) {
  return ask_port<NodeState>(*this, ClusterRequest(cluster::QueryNode(std::move(node))));
}
Awaitable<cluster::QuorumSetting> Cluster::quorum() {
  return ask_port<cluster::QuorumSetting>(*this, ClusterRequest(cluster::Quorum()));
}
Awaitable<void> Cluster::set_quorum(model::Witness::Kind kind, std::string path) {
  return ask_port<void>(*this, ClusterRequest(cluster::SetQuorum(kind, std::move(path))));
}
Awaitable<std::int64_t> Cluster::property(std::string property_name) {
  return ask_port<std::int64_t>(*this, ClusterRequest(cluster::Property(std::move(property_name))));
}
Awaitable<void> Cluster::set_property(std::string property_name, std::int64_t value) {
  return ask_port<void>(*this, ClusterRequest(cluster::SetProperty(std::move(property_name), value)));
}
Awaitable<std::vector<std::string>> Cluster::roles() {
  return ask_port<std::vector<std::string>>(*this, ClusterRequest(cluster::Roles()));
}
Awaitable<RoleState> Cluster::role_state(std::string role) {
  return ask_port<RoleState>(*this, ClusterRequest(cluster::QueryRole(std::move(role))));
}
Awaitable<std::string> Cluster::role_owner(std::string role) {
  return ask_port<std::string>(*this, ClusterRequest(cluster::RoleOwner(std::move(role))));
}
Awaitable<std::vector<std::string>> Cluster::resources(std::string role) {
  return ask_port<std::vector<std::string>>(*this, ClusterRequest(cluster::Resources(std::move(role))));
}
Awaitable<ResourceState> Cluster::resource_state(std::string resource) {
  return ask_port<ResourceState>(*this, ClusterRequest(cluster::QueryResource(std::move(resource))));
}
Awaitable<std::vector<std::string>> Cluster::dependencies(std::string resource) {
  return ask_port<std::vector<std::string>>(*this, ClusterRequest(cluster::Dependencies(std::move(resource))));
}
Awaitable<void> Cluster::set_dependencies(std::string resource, std::vector<std::string> providers) {
  return ask_port<void>(*this, ClusterRequest(cluster::SetDependencies(std::move(resource), std::move(providers))));
}
Awaitable<void> Cluster::add_generic_service(std::string resource, std::string role, std::string service) {
  return ask_port<void>(
      *this, ClusterRequest(cluster::AddGenericService(std::move(resource), std::move(role), std::move(service))));
}
Awaitable<void> Cluster::create_role(std::string role, std::string dns_host_name, std::vector<std::string> addresses,
                                     std::string resource, std::string service) {
  return ask_port<void>(
      *this, ClusterRequest(cluster::CreateRole(std::move(role), std::move(dns_host_name), std::move(addresses),
                                                std::move(resource), std::move(service))));
}
Awaitable<std::int64_t> Cluster::resource_property(std::string resource, ResourceProperty which) {
  return ask_port<std::int64_t>(*this, ClusterRequest(cluster::QueryProperty(std::move(resource), which)));
}
Awaitable<void> Cluster::set_resource_property(std::string resource, ResourceProperty which, std::int64_t value) {
  return ask_port<void>(*this, ClusterRequest(cluster::SetResourceProperty(std::move(resource), which, value)));
}
Awaitable<void> Cluster::online_role(std::string role, Duration within) {
  return ask_port<void>(*this, ClusterRequest(cluster::OnlineRole(std::move(role), within)));
}
Awaitable<void> Cluster::offline_role(std::string role, Duration within) {
  return ask_port<void>(*this, ClusterRequest(cluster::OfflineRole(std::move(role), within)));
}
Awaitable<void> Cluster::fail_resource(std::string resource) {
  return ask_port<void>(*this, ClusterRequest(cluster::FailResource(std::move(resource))));
}
Awaitable<void> Cluster::online_resource(std::string resource, Duration within) {
  return ask_port<void>(*this, ClusterRequest(cluster::OnlineResource(std::move(resource), within)));
}
Awaitable<void> Cluster::offline_resource(std::string resource, Duration within) {
  return ask_port<void>(*this, ClusterRequest(cluster::OfflineResource(std::move(resource), within)));
}
Awaitable<void> Cluster::move_role(std::string role, std::string node, Duration within) {
  return ask_port<void>(*this, ClusterRequest(cluster::MoveRole(std::move(role), std::move(node), within)));
}
Awaitable<void> Cluster::move_role_to_best(std::string role, Duration within) {
  return ask_port<void>(*this, ClusterRequest(cluster::MoveRoleToBest(std::move(role), within)));
}
Awaitable<void> Cluster::force_failover(std::string role, std::string node, Duration within) {
  return ask_port<void>(*this, ClusterRequest(cluster::ForceFailover(std::move(role), std::move(node), within)));
}
Awaitable<bool> Cluster::data_moves(std::string role, std::string node) {
  return ask_port<bool>(*this, ClusterRequest(cluster::DataMoves(std::move(role), std::move(node))));
}
Awaitable<void> Cluster::resume_data_movement(std::string role, std::string node) {
  return ask_port<void>(*this, ClusterRequest(cluster::ResumeDataMovement(std::move(role), std::move(node))));
}
Awaitable<void> Cluster::pause_node(std::string node) {
  return ask_port<void>(*this, ClusterRequest(cluster::PauseNode(std::move(node))));
}
Awaitable<void> Cluster::drain_node(std::string node, Duration within) {
  return ask_port<void>(*this, ClusterRequest(cluster::DrainNode(std::move(node), within)));
}
Awaitable<void> Cluster::resume_node(std::string node, Failback failback) {
  return ask_port<void>(*this, ClusterRequest(cluster::ResumeNode(std::move(node), failback)));
}
Awaitable<void> Cluster::stop_node(std::string node, Duration within) {
  return ask_port<void>(*this, ClusterRequest(cluster::StopNode(std::move(node), within)));
}
Awaitable<void> Cluster::start_node(std::string node, NodeStart start, Duration within) {
  return ask_port<void>(*this, ClusterRequest(cluster::StartNode(std::move(node), start, within)));
}
Awaitable<void> Cluster::clear_quarantine(std::string node, Duration within) {
  return ask_port<void>(*this, ClusterRequest(cluster::ClearQuarantine(std::move(node), within)));
}

}  // namespace rehearse::steps

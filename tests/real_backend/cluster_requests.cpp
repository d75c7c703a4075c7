#include "cluster_requests.hpp"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

#include "model/design_reader.hpp"

namespace rehearse::real {

namespace catalog = steps::catalog;
namespace cluster = steps::cluster;
using std::chrono::minutes;
using steps::NodeStart;
using steps::ResourceProperty;
using Kind = model::Witness::Kind;

namespace {

template <class... Requests>
void expect_all(const std::vector<std::variant<Requests...>>& requests) {
  std::set<std::size_t> kinds;
  for (const auto& request : requests) kinds.insert(request.index());
  EXPECT_EQ(kinds.size(), sizeof...(Requests)) << "there is no sample of some request";
}

}  // namespace

model::Design design_named(const std::string& name) {
  const model::DesignResult read =
      model::read_design_file(std::string(REHEARSE_SOURCE_DIR) + "/scenarios/designs/" + name + ".json");
  if (!read.design) throw std::logic_error("the design " + name + " cannot be read");
  return *read.design;
}

model::Design with_availability_group(model::Design design) {
  model::AvailabilityGroup group;
  group.name = "SSISAG";
  for (const model::Node& node : design.cluster.nodes) {
    model::AvailabilityGroup::Replica replica;
    replica.node = node.name;
    group.replicas.push_back(replica);
  }
  design.fci.availability_group = group;
  return design;
}

std::vector<steps::ClusterRequest> cluster_requests(const std::string& name, const std::string& address) {
  const minutes within(10);
  std::vector<steps::ClusterRequest> requests = {
      cluster::Answers(),
      cluster::Exists(name),
      cluster::Validated({name, "SQL2"}),
      cluster::Validate({name, "SQL2"}),
      cluster::Create(name, std::vector<std::string>{name, "SQL2"}),
      cluster::AddNode(name),
      cluster::Nodes(),
      cluster::QueryNode(name),
      cluster::Quorum(),
      cluster::SetQuorum(Kind::none, ""),
      cluster::SetQuorum(Kind::disk, name),
      cluster::SetQuorum(Kind::file_share, name),
      cluster::Property("SameSubnetDelay"),
      cluster::SetProperty("SameSubnetDelay", 2000),
      cluster::Roles(),
      cluster::QueryRole(name),
      cluster::RoleOwner(name),
      cluster::Resources(name),
      cluster::QueryResource(name),
      cluster::Dependencies(name),
      cluster::SetDependencies(name, std::vector<std::string>{name, "SQL Server"}),
      cluster::AddGenericService(name, name, name),
      cluster::CreateRole(name, name, std::vector<std::string>{address}, name, name),
      cluster::QueryProperty(name, ResourceProperty::restart_action),
      cluster::QueryProperty(name, ResourceProperty::health_check_timeout),
      cluster::SetResourceProperty(name, ResourceProperty::restart_action, 1),
      cluster::SetResourceProperty(name, ResourceProperty::failure_condition_level, 3),
      cluster::OnlineRole(name, within),
      cluster::OnlineResource(name, within),
      cluster::OfflineResource(name, within),
      cluster::OfflineRole(name, within),
      cluster::FailResource(name),
      cluster::MoveRole(name, name, within),
      cluster::MoveRoleToBest(name, within),
      cluster::ForceFailover(name, name, within),
      cluster::DataMoves(name, name),
      cluster::ResumeDataMovement(name, name),
      cluster::PauseNode(name),
      cluster::DrainNode(name, within),
      cluster::ResumeNode(name, steps::Failback::immediate),
      cluster::StopNode(name, within),
      cluster::StartNode(name, NodeStart::usual, within),
      cluster::StartNode(name, NodeStart::force_quorum, within),
      cluster::StartNode(name, NodeStart::prevent_quorum, Duration::zero()),
      cluster::ClearQuarantine(name, within),
  };
  expect_all(requests);
  return requests;
}

std::vector<steps::CatalogRequest> catalog_requests(const std::string& name) {
  std::vector<steps::CatalogRequest> requests = {
      catalog::Exists(),
      catalog::Create(steps::Secret("SSISDB master key", "planted")),
      catalog::ScaleOutEnabled(),
      catalog::EnableScaleOut(),
      catalog::LogLoginEnabled(),
      catalog::EnableLogLogin(),
      catalog::StartupProcedureSet(),
      catalog::SetStartupProcedure(),
      catalog::IsAdmin(name),
      catalog::AddAdmin(name),
      catalog::MasterAddress(),
      catalog::UpdateMasterAddress(name),
      catalog::MasterLastOnline(),
      catalog::WorkerEnabled(name),
      catalog::EnableWorker(name),
      catalog::WorkerLastOnline(name),
  };
  expect_all(requests);
  return requests;
}

}  // namespace rehearse::real

// The closed lists of requests, one a port, and AnyRequest over all of them: what adapters, transcripts and plans
// handle.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "model/steps/catalog_requests.hpp"
#include "model/steps/certificate_requests.hpp"
#include "model/steps/clock_requests.hpp"
#include "model/steps/cluster_requests.hpp"
#include "model/steps/host_requests.hpp"
#include "model/steps/machine_requests.hpp"
#include "model/steps/node_requests.hpp"
#include "model/steps/operator_requests.hpp"
#include "model/steps/request.hpp"
#include "model/steps/role_requests.hpp"

namespace rehearse::steps {

using ClockRequest = std::variant<clock::Now, clock::Sleep>;

using HostRequest =
    std::variant<host::FeatureInstalled, host::InstallFeature, host::FciInstalled, host::InstallFci, host::AddFciNode,
                 host::ServiceInstalled, host::InstallMaster, host::InstallWorker, host::ReadMasterSettings,
                 host::WriteMasterSettings, host::ReadWorkerSettings, host::WriteWorkerSettings, host::QueryService,
                 host::StartService, host::StopService, host::RestartService, host::QueryStartType, host::SetStartType,
                 host::FirewallOpen, host::OpenFirewall, host::Answers, host::RestartMachine, host::ShutDownMachine,
                 host::QueryPatches, host::InstallPatches>;

using CertificateRequest =
    std::variant<certificate_store::List, certificate_store::Create, certificate_store::Import, certificate_store::Copy,
                 certificate_store::Remove, certificate_store::Binding, certificate_store::Bind,
                 certificate_store::KeyAccess, certificate_store::GrantKeyAccess>;

using ClusterRequest =
    std::variant<cluster::Answers, cluster::Exists, cluster::Validated, cluster::Validate, cluster::Create,
                 cluster::AddNode, cluster::Nodes, cluster::QueryNode, cluster::Quorum, cluster::SetQuorum,
                 cluster::Property, cluster::SetProperty, cluster::Roles, cluster::QueryRole, cluster::RoleOwner,
                 cluster::Resources, cluster::QueryResource, cluster::Dependencies, cluster::SetDependencies,
                 cluster::AddGenericService, cluster::CreateRole, cluster::QueryProperty, cluster::SetResourceProperty,
                 cluster::OnlineRole, cluster::OnlineResource, cluster::OfflineResource, cluster::OfflineRole,
                 cluster::FailResource, cluster::MoveRole, cluster::MoveRoleToBest, cluster::ForceFailover,
                 cluster::DataMoves, cluster::ResumeDataMovement, cluster::PauseNode, cluster::DrainNode,
                 cluster::ResumeNode, cluster::StopNode, cluster::StartNode, cluster::ClearQuarantine>;

using CatalogRequest = std::variant<catalog::Exists, catalog::Create, catalog::ScaleOutEnabled, catalog::EnableScaleOut,
                                    catalog::LogLoginEnabled, catalog::EnableLogLogin, catalog::StartupProcedureSet,
                                    catalog::SetStartupProcedure, catalog::IsAdmin, catalog::AddAdmin,
                                    catalog::MasterAddress, catalog::UpdateMasterAddress, catalog::MasterLastOnline,
                                    catalog::WorkerEnabled, catalog::EnableWorker, catalog::WorkerLastOnline>;

using OperatorRequest = std::variant<ask::Confirm, ask::ReadSecret>;

using AnyRequest =
    std::variant<ClockRequest, HostRequest, CertificateRequest, ClusterRequest, CatalogRequest, OperatorRequest>;

namespace detail {
template <class... Requests>
consteval bool none_is_an_aggregate(std::type_identity<std::variant<Requests...>>) {
  return (!std::is_aggregate_v<Requests> && ...);
}
}  // namespace detail

static_assert(detail::none_is_an_aggregate(std::type_identity<ClockRequest>()) &&
                  detail::none_is_an_aggregate(std::type_identity<HostRequest>()) &&
                  detail::none_is_an_aggregate(std::type_identity<CertificateRequest>()) &&
                  detail::none_is_an_aggregate(std::type_identity<ClusterRequest>()) &&
                  detail::none_is_an_aggregate(std::type_identity<CatalogRequest>()) &&
                  detail::none_is_an_aggregate(std::type_identity<OperatorRequest>()),
              "types that cross a port have constructors (g++ 12 destroys braced temporaries in co_await twice)");

/// "Cluster.MoveRole('SQL Server (MSSQLSERVER)', 'SQL2', 10m)"; secrets by their names.
std::string to_text(const AnyRequest& request);

/// The primitive with its port: "Cluster.MoveRole".
std::string name_of(const AnyRequest& request);

Effect effect_of(const AnyRequest& request);

/// The host or node that the request is for; empty where it is for none in particular.
std::string node_of(const AnyRequest& request);

}  // namespace rehearse::steps

// The requests about the failover cluster, each as a primitive: for the files that implement them, by subject, and for
// primitive_of(ClusterRequest), which gathers them. The cluster's cmdlets are those of W 8; what their states and
// properties mean is in W 1.4, W 3 and W 4.
#pragma once

#include "real_backend/powershell/primitives.hpp"

namespace rehearse::real {

// ---- cluster_primitives.cpp: the cluster as a whole
Primitive primitive(const steps::cluster::Answers& request, const Surroundings& around);
Primitive primitive(const steps::cluster::Exists& request, const Surroundings& around);
Primitive primitive(const steps::cluster::Create& request, const Surroundings& around);
Primitive primitive(const steps::cluster::AddNode& request, const Surroundings& around);
Primitive primitive(const steps::cluster::Nodes& request, const Surroundings& around);
Primitive primitive(const steps::cluster::Property& request, const Surroundings& around);
Primitive primitive(const steps::cluster::SetProperty& request, const Surroundings& around);
// ---- validation_primitives.cpp
Primitive primitive(const steps::cluster::Validated& request, const Surroundings& around);
Primitive primitive(const steps::cluster::Validate& request, const Surroundings& around);
// ---- quorum_primitives.cpp
Primitive primitive(const steps::cluster::Quorum& request, const Surroundings& around);
Primitive primitive(const steps::cluster::SetQuorum& request, const Surroundings& around);
// ---- node_primitives.cpp
Primitive primitive(const steps::cluster::QueryNode& request, const Surroundings& around);
Primitive primitive(const steps::cluster::PauseNode& request, const Surroundings& around);
Primitive primitive(const steps::cluster::DrainNode& request, const Surroundings& around);
Primitive primitive(const steps::cluster::ResumeNode& request, const Surroundings& around);
Primitive primitive(const steps::cluster::StopNode& request, const Surroundings& around);
Primitive primitive(const steps::cluster::StartNode& request, const Surroundings& around);
Primitive primitive(const steps::cluster::ClearQuarantine& request, const Surroundings& around);
// ---- role_primitives.cpp: questions about roles and resources, dependencies, properties
Primitive primitive(const steps::cluster::Roles& request, const Surroundings& around);
Primitive primitive(const steps::cluster::QueryRole& request, const Surroundings& around);
Primitive primitive(const steps::cluster::RoleOwner& request, const Surroundings& around);
Primitive primitive(const steps::cluster::Resources& request, const Surroundings& around);
Primitive primitive(const steps::cluster::QueryResource& request, const Surroundings& around);
Primitive primitive(const steps::cluster::Dependencies& request, const Surroundings& around);
Primitive primitive(const steps::cluster::SetDependencies& request, const Surroundings& around);
Primitive primitive(const steps::cluster::QueryProperty& request, const Surroundings& around);
Primitive primitive(const steps::cluster::SetResourceProperty& request, const Surroundings& around);
// ---- role_making_primitives.cpp
Primitive primitive(const steps::cluster::AddGenericService& request, const Surroundings& around);
Primitive primitive(const steps::cluster::CreateRole& request, const Surroundings& around);
// ---- role_state_primitives.cpp: online, offline, elsewhere
Primitive primitive(const steps::cluster::OnlineRole& request, const Surroundings& around);
Primitive primitive(const steps::cluster::OnlineResource& request, const Surroundings& around);
Primitive primitive(const steps::cluster::OfflineResource& request, const Surroundings& around);
Primitive primitive(const steps::cluster::OfflineRole& request, const Surroundings& around);
Primitive primitive(const steps::cluster::FailResource& request, const Surroundings& around);
Primitive primitive(const steps::cluster::MoveRole& request, const Surroundings& around);
Primitive primitive(const steps::cluster::MoveRoleToBest& request, const Surroundings& around);
// ---- replica_primitives.cpp: SSISDB in an availability group
Primitive primitive(const steps::cluster::ForceFailover& request, const Surroundings& around);
Primitive primitive(const steps::cluster::DataMoves& request, const Surroundings& around);
Primitive primitive(const steps::cluster::ResumeDataMovement& request, const Surroundings& around);

/// The planned failover of the availability group whose role is to move.
Primitive fail_over(const steps::cluster::RoleToNode& move, const Surroundings& around);

/// A script for any node that answers for the cluster, which it begins by asking.
Primitive on_cluster(const Surroundings& around, const ps::Block& script);

}  // namespace rehearse::real

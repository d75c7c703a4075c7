// What the cmdlets of FailoverClusters have in common: finding the cluster that answers, Windows' words when something
// is not there, and the objects that they return.
#pragma once

#include <string>

#include "tests/far_side/machine.hpp"

namespace far_side {

/// The cluster, when the cluster service of this machine answers for it. Throws Error otherwise.
Cluster& connected(FarMachine& at, const Call& call);
/// Cmdlets that act on other machines refuse a logon that cannot be shown there (W 8).
void require_second_hop(FarMachine& at, const Call& call);

/// The machines that a cluster shall be made or validated of, as they are spelled. Throws where one does not answer,
/// has not the feature, or cannot be reached with this logon.
Names reachable_nodes(FarMachine& at, const Call& call, const Names& given);

/// "An error occurred ...\n    The cluster resource could not be found", with the code of Windows.
Error cluster_error(const Call& call, const std::string& what, int windows_code,
                    const std::string& category = "NotSpecified");

/// Find by name, or throw as Windows does.
ClusterNode& find_node(Cluster& cluster, const Call& call, const std::string& name);
ClusterGroup& find_group(Cluster& cluster, const Call& call, const std::string& name);
ClusterResource& find_resource(Cluster& cluster, const Call& call, const std::string& name);

/// The names that a call is about: its parameter, or the objects of this type that came through the pipeline.
Names subjects(const Call& call, const std::string& parameter, const std::string& type);
/// The one resource that a call is about; throws where it is none, or several.
std::string resource_subject(const Call& call, const std::string& parameter);
/// Of a parameter that takes a name or an object of the module.
std::string name_of(const Value& value);

Value cluster_object(FarMachine& at);
Value node_object(FarMachine& at, const std::string& name);
Value group_object(FarMachine& at, const std::string& name);
Value resource_object(FarMachine& at, const std::string& name);

inline constexpr const char* node_type = "Microsoft.FailoverClusters.PowerShell.ClusterNode";
inline constexpr const char* group_type = "Microsoft.FailoverClusters.PowerShell.ClusterGroup";
inline constexpr const char* resource_type = "Microsoft.FailoverClusters.PowerShell.ClusterResource";

/// The time that a cmdlet with -Wait waits: seconds as given, for ever where it was not given.
Span time_to_wait(const Call& call);

/// A resource with what its type brings along; it is offline.
ClusterResource& add_resource(Cluster& cluster, const std::string& name, const std::string& type,
                              const std::string& group);
/// Brings the resource and what it needs online, as soon as time goes by.
void want_online(Cluster& cluster, const std::string& resource);
/// Takes the resource and what needs it offline.
void want_offline(Cluster& cluster, const std::string& resource);

}  // namespace far_side

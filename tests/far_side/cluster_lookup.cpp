// Finding the cluster, and what is in it, with Windows' words when it is not there.
#include <algorithm>

#include "tests/far_side/cluster_objects.hpp"
#include "tests/far_side/cluster_state.hpp"

namespace far_side {
namespace {

const std::string space = "Microsoft.FailoverClusters.PowerShell.";

/// Windows' own texts of these codes.
std::string windows_text(int code) {
  switch (code) {
    case 5: return "Access is denied";
    case 87: return "The parameter is incorrect";
    case 1753: return "There are no more endpoints available from the endpoint mapper";
    case 5001: return "The operation could not be completed because other resources are dependent on this resource";
    case 5002: return "The cluster resource dependency cannot be found";
    case 5004: return "The cluster resource is not online";
    case 5007: return "The cluster resource could not be found";
    case 5010: return "The object already exists";
    case 5013: return "The cluster group could not be found";
    case 5016:
      return "The operation failed because either the specified cluster node is not the owner of the group, or the "
             "node is not a possible owner of the group";
    case 5019: return "The operation could not be completed because the cluster resource is online";
    case 5038: return "The cluster resource could not be brought online by the resource monitor";
    case 5042: return "The cluster node could not be found";
    case 5050: return "The cluster node is down";
    case 5059: return "The dependency would create a circular relationship";
    case 5065: return "The cluster node is already a member of the cluster";
    case 5072: return "The cluster node is not ready to perform the requested operation";
    case 5078: return "The specified cluster resource type could not be found";
    case 5908: return "The group is unable to accept the request since it is moving to another node";
    default: throw std::logic_error("the far side has no text for Windows' code " + std::to_string(code));
  }
}

}  // namespace

Error cluster_error(const Call& call, const std::string& what, int windows_code, const std::string& category) {
  std::string type = call.cmdlet;
  std::erase(type, '-');
  Error error(what + "\n    " + windows_text(windows_code), category, call.cmdlet + "," + space + type + "Command",
              -2146233088);
  error.type = space + "ClusterCmdletException";
  error.inner = make_object("System.ComponentModel.Win32Exception", {{"Message", windows_text(windows_code)},
                                                                     {"NativeErrorCode", windows_code},
                                                                     {"HResult", std::int64_t{-2147467259}}});
  return error;
}

Cluster& connected(FarMachine& at, const Call& call) {
  const std::string& cluster = call["Cluster"].text();
  const bool local =
      cluster.empty() || cluster == "." || (at.world.cluster && same_text(cluster, at.world.cluster->name));
  if (!local || !at.world.cluster || at.world.cluster->nodes.count(at.name) == 0 ||
      at.here().services.at("ClusSvc").state != "Running") {
    Error error = cluster_error(call,
                                "The cluster service is not running.  Make sure that the service is running on all "
                                "nodes in the cluster.",
                                1753, "ConnectionError");
    error.id = "ClusterEndpointNotRegistered," + error.id.substr(error.id.find(',') + 1);
    throw error;
  }
  if (!is_member(at.world, at.name)) {
    throw cluster_error(call, "The cluster service of '" + at.name + "' has not joined a cluster.", 5072);
  }
  return *at.world.cluster;
}

void require_second_hop(FarMachine& at, const Call& call) {
  if (at.logon != Logon::network) return;
  Error error = cluster_error(
      call,
      "You do not have administrative privileges on the cluster. Contact your network administrator to request access.",
      5, "PermissionDenied");
  error.id = "ClusterAccessDenied," + error.id.substr(error.id.find(',') + 1);
  throw error;
}

ClusterNode& find_node(Cluster& cluster, const Call& call, const std::string& name) {
  const auto found = cluster.nodes.find(name);
  if (found == cluster.nodes.end()) {
    throw cluster_error(call, "An error occurred opening node '" + name + "'.", 5042, "ObjectNotFound");
  }
  return found->second;
}

ClusterGroup& find_group(Cluster& cluster, const Call& call, const std::string& name) {
  const auto found = cluster.groups.find(name);
  if (found == cluster.groups.end()) {
    throw cluster_error(call, "An error occurred opening group '" + name + "'.", 5013, "ObjectNotFound");
  }
  return found->second;
}

ClusterResource& find_resource(Cluster& cluster, const Call& call, const std::string& name) {
  const auto found = cluster.resources.find(name);
  if (found == cluster.resources.end()) {
    throw cluster_error(call, "An error occurred opening resource '" + name + "'.", 5007, "ObjectNotFound");
  }
  return found->second;
}

std::string name_of(const Value& value) {
  return value.object() != nullptr ? value.member("Name").text() : value.text();
}

Names subjects(const Call& call, const std::string& parameter, const std::string& type) {
  Names names;
  for (const Value& value : call[parameter].items()) names.push_back(name_of(value));
  const Array given = call.has("InputObject") ? call["InputObject"].items() : call.input;
  for (const Value& value : given) {
    if (value.object() != nullptr && value.object()->type == type) names.push_back(name_of(value));
  }
  return names;
}

std::string resource_subject(const Call& call, const std::string& parameter) {
  const Names names = subjects(call, parameter, resource_type);
  if (names.size() != 1) {
    throw Error("No resource was specified.", "InvalidArgument", "MissingArgument," + call.cmdlet);
  }
  return names.front();
}

Names reachable_nodes(FarMachine& at, const Call& call, const Names& given) {
  Names names;
  for (const std::string& one : given.empty() ? Names{at.name} : given) {
    const std::string name = machine_named(at.world, one);
    if (name.empty() || !machine_of(at.world, name).on) {
      throw cluster_error(call,
                          "There was an error adding node '" + one + "' to the cluster\n    The node cannot be " +
                              "contacted. Ensure that the node is powered on and is connected to the network.",
                          1753, "ConnectionError");
    }
    if (!same_text(name, at.name) && at.logon == Logon::network) {
      Error error = cluster_error(call,
                                  "There was an error adding node '" + name + "' to the cluster\n    You do not " +
                                      "have administrative privileges on the server '" + name + "'.",
                                  5, "PermissionDenied");
      error.hresult = -2147024891;
      throw error;
    }
    if (machine_of(at.world, name).services.count("ClusSvc") == 0) {
      throw cluster_error(call, "The Failover Clustering feature is not installed on '" + name + "'.", 5042);
    }
    names.push_back(name);
  }
  return names;
}

Span time_to_wait(const Call& call) {
  return call.has("Wait") ? Span(std::chrono::seconds(call["Wait"].whole())) : Span(std::chrono::hours(24));
}

}  // namespace far_side

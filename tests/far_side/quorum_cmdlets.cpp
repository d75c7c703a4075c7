// Quorum (W 2), networks and shared disks of the cluster.
#include <algorithm>

#include "tests/far_side/cluster_objects.hpp"
#include "tests/far_side/cluster_state.hpp"

namespace far_side {
namespace {

void retire_witness(Cluster& cluster) {
  if (cluster.witness.empty()) return;
  ClusterResource& witness = cluster.resources.at(cluster.witness);
  if (witness.type == "Physical Disk") {
    witness.group = "Available Storage";
  } else {
    cluster.resources.erase(cluster.witness);
  }
  cluster.witness.clear();
}

Value quorum_object(FarMachine& at) {
  Cluster& cluster = *at.world.cluster;
  const bool shared = !cluster.witness.empty();
  return make_object(
      "Microsoft.FailoverClusters.PowerShell.ClusterQuorumSettings",
      {{"Cluster", cluster.name},
       {"QuorumResource", shared ? resource_object(at, cluster.witness) : Value()},
       {"QuorumType", enumeration("Microsoft.FailoverClusters.PowerShell.ClusterQuorumType", "Majority", 1)}});
}

Array get_quorum(FarMachine& at, const Call& call) {
  connected(at, call);
  return {quorum_object(at)};
}

Array set_quorum(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  const std::string failed = "There was an error configuring the quorum settings.";
  if (call.has("FileShareWitness")) {
    require_second_hop(at, call);
    const std::string path = call["FileShareWitness"].text();
    if (at.world.domain.shares.count(path) == 0) {
      throw cluster_error(call,
                          "There was an error configuring the file share witness '" + path +
                              "'.\n    Unable to save property changes for 'File Share Witness'.\n    The "
                              "network path was not found",
                          87);
    }
    retire_witness(cluster);
    ClusterResource& witness = add_resource(cluster, "File Share Witness", "File Share Witness", "Cluster Group");
    witness.parameters["SharePath"] = registry_text(path);
    witness.core = true;
    cluster.witness = "File Share Witness";
  } else if (call.has("DiskWitness")) {
    const std::string disk = call["DiskWitness"].text();
    ClusterResource& witness = find_resource(cluster, call, disk);
    if (witness.type != "Physical Disk") throw cluster_error(call, failed, 87);
    retire_witness(cluster);
    witness.group = "Cluster Group";
    cluster.witness = cluster.resources.find(disk)->first;
  } else if (call["NoWitness"].truth()) {
    retire_witness(cluster);
    return {quorum_object(at)};
  } else {
    gap("this form of Set-ClusterQuorum");
  }
  want_online(cluster, cluster.witness);
  at.wait_until([&] { return cluster.resources.at(cluster.witness).state == "Online"; }, 1min);
  return {quorum_object(at)};
}

Array get_networks(FarMachine& at, const Call& call) {
  const Cluster& cluster = connected(at, call);
  Array objects;
  for (const auto& [name, network] : cluster.networks) {
    const Names wanted = texts_of(call["Name"]);
    const auto is_this = [&, spelled = name](const std::string& one) { return same_text(one, spelled); };
    if (!wanted.empty() && std::none_of(wanted.begin(), wanted.end(), is_this)) continue;
    auto object = make_object(
        "Microsoft.FailoverClusters.PowerShell.ClusterNetwork",
        {{"Name", name},
         {"Cluster", cluster.name},
         {"Address", network.address},
         {"AddressMask", network.mask},
         {"Ipv4Addresses", Array{network.address}},
         {"Ipv4PrefixLengths", Array{24}},
         {"State", enumeration("Microsoft.FailoverClusters.PowerShell.ClusterNetworkState", "Up", 3)},
         {"Role", enumeration("Microsoft.FailoverClusters.PowerShell.ClusterNetworkRole", "ClusterAndClient", 3)}});
    object->shown = name;
    objects.push_back(object);
  }
  return objects;
}

Array get_available_disks(FarMachine& at, const Call& call) {
  connected(at, call);
  Array objects;
  for (const auto& [disk, gigabytes] : at.world.domain.disks) {
    objects.push_back(make_object("Microsoft.FailoverClusters.PowerShell.ClusterDiskInfo",
                                  {{"Name", disk}, {"Size", std::int64_t{gigabytes} << 30}}));
  }
  return objects;
}

Array add_disks(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  Array objects;
  for (const Value& given : call.has("InputObject") ? call["InputObject"].items() : call.input) {
    const auto disk = at.world.domain.disks.find(given.member("Name").text());
    if (disk == at.world.domain.disks.end()) continue;
    int number = 1;
    while (cluster.resources.count("Cluster Disk " + std::to_string(number)) != 0) ++number;
    const std::string name = "Cluster Disk " + std::to_string(number);
    if (cluster.groups.count("Available Storage") == 0) {
      ClusterGroup storage;
      storage.type = "AvailableStorage";
      storage.owner = at.name;
      storage.core = true;
      cluster.groups["Available Storage"] = storage;
    }
    add_resource(cluster, name, "Physical Disk", "Available Storage").wanted = true;
    at.world.domain.disks.erase(disk);
    objects.push_back(resource_object(at, name));
  }
  return objects;
}

}  // namespace

void add_quorum_cmdlets(Cmdlets& cmdlets) {
  cmdlets["Get-ClusterQuorum"] = get_quorum;
  cmdlets["Set-ClusterQuorum"] = set_quorum;
  cmdlets["Get-ClusterNetwork"] = get_networks;
  cmdlets["Get-ClusterAvailableDisk"] = get_available_disks;
  cmdlets["Add-ClusterDisk"] = add_disks;
}

}  // namespace far_side

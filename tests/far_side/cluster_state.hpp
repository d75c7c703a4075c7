// What can be said of a failover cluster by looking at it: which properties it has and with which defaults (W 1, 3.3,
// 4.2), what state a role is in (W 4.1), what a resource waits for (W 3.4), where a role may go (W 4.3), who has quorum
// (W 2).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/far_side/world.hpp"

namespace far_side {

struct CommonProperty {
  const char* name;
  std::int64_t standard;
  bool read_only = false;
};
const std::vector<CommonProperty>& cluster_properties();
const std::vector<CommonProperty>& group_properties();
const std::vector<CommonProperty>& resource_properties();

/// The value that was set, or the default; nullopt: no such property.
std::optional<std::int64_t> common_property(const std::vector<CommonProperty>& known,
                                            const Named<std::int64_t>& present, const std::string& name);

/// "([A]) and ([B] or [C])".
std::string dependency_text(const std::vector<Names>& needs);
/// Reads "[A] and ([B] or [C])"; nullopt for what is no expression. An empty text: no needs.
std::optional<std::vector<Names>> read_dependency(const std::string& text);

/// Whether the cluster service of this machine is a member that answers.
bool is_member(const FarWorld& world, const std::string& node);
bool is_up(const FarWorld& world, const std::string& node);

bool has_quorum(const FarWorld& world);

/// Whether what the resource needs is online.
bool needs_met(const Cluster& cluster, const ClusterResource& resource);
/// The names of the resources that need this one, directly.
Names dependents_of(const Cluster& cluster, const std::string& resource);
Names resources_of(const Cluster& cluster, const std::string& group);

/// Online, Offline, Failed, PartialOnline or Pending.
std::string state_of_group(const Cluster& cluster, const std::string& group);

/// Whether every resource of the role may run on the node.
bool may_own(const Cluster& cluster, const std::string& group, const std::string& node);
/// Nodes that can take the role now, best first; without `except`.
Names candidates_for(const FarWorld& world, const std::string& group, const std::string& except);

/// The address of a subnet, "10.0.0.0", and its mask, "255.255.255.0".
std::string subnet_of(const std::string& address, int prefix);
std::string mask_of(int prefix);

}  // namespace far_side

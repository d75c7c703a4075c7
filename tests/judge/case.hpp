// One description of a small cluster and of what happens to it, in the words that Windows and Pacemaker share. Each
// case is told twice, to Rehearse (rehearsed.hpp) and to Debian's crm_simulate (pacemaker.hpp), and both must come to
// the same end: README.md says what is translated into what, and where the two legitimately part.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rehearse::judge {

struct Resource {
  std::string name;
  /// Resources of the same role: all clauses, each satisfied by any one of its names (W 3.4).
  std::vector<std::vector<std::string>> needs;
  int restart_threshold = 1;  // restarts in place within RestartPeriod, 15 min, before the role moves (W 3.3)
  bool restarts = true;       // false: RestartAction 0, a failure ends it until an operator comes
};

struct Role {
  std::string name;
  std::vector<Resource> resources;
  std::string owner;                          // at the beginning
  std::vector<std::string> preferred_owners;  // in order
  std::vector<std::string> possible_owners;   // empty: every node
  std::string avoids;     // AntiAffinityClassNames: roles with the same name avoid each other (W 4.2)
  bool failback = false;  // AutoFailbackType 1: it goes home at once
};

struct Happening {
  enum class Kind {
    node_lost,
    node_back,
    node_drained,
    node_resumed,
    resource_fails,
    resource_stopped,
    resource_started,
    role_stopped,
    role_started,
    role_moved,
    ten_minutes_pass
  };
  Kind kind;
  std::string what{};   // the node, resource or role
  std::string where{};  // of role_moved
};

std::string to_text(const Happening& happening);  // "N1 is lost"

struct Case {
  std::string name;  // a sentence part for test names: letters, digits and underscores
  std::vector<std::string> nodes;
  std::vector<Role> roles;
  /// Each begins when the cluster is quiet after the one before, much sooner than any of its periods ends.
  std::vector<Happening> happenings;
  bool hard_anti_affinity = false;  // ClusterEnforcedAntiAffinity (W 4.2)

  const Role& role_of(std::string_view resource) const;
  const Resource& resource(std::string_view resource_name) const;
};

}  // namespace rehearse::judge

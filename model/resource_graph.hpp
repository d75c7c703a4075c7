// The resources of roles and what each needs, as a graph: in which order they come online, what falls with what, and
// whether somebody built a cycle. Dependencies are Windows' expressions: all of several clauses, each satisfied by any
// one of its resources ("([IP 1] or [IP 2]) and [Disk]"; W 3.4).
#pragma once

#include <string>
#include <vector>

namespace rehearse::model {

/// all_of_any[i] is one clause: at least one of these resources (by index) must be online. Empty: needs nothing.
struct Dependency {
  std::vector<std::vector<int>> all_of_any;
};

struct GraphResource {
  std::string name;
  Dependency needs;
};

class ResourceGraph {
 public:
  /// Throws std::logic_error for a clause that is empty or names a resource that is not there.
  explicit ResourceGraph(std::vector<GraphResource> resources);

  const std::vector<GraphResource>& resources() const { return resources_; }

  /// The names of one cycle, each needing the next and the last the first; empty: there is none. Deterministic: the
  /// cycle that is found first from the lowest index.
  std::vector<std::string> cycle() const;

  /// Resources by level, providers first: level 0 needs nothing, each other resource sits one above its highest
  /// provider. Within a level by index; resources of one level can start in parallel. Throws std::logic_error when
  /// there is a cycle.
  std::vector<std::vector<int>> levels() const;

  std::vector<int> providers(int resource) const;   // everything it needs, directly or not; sorted, without itself
  std::vector<int> dependents(int resource) const;  // everything that needs it, directly or not; sorted, without itself
  bool reaches(int dependent, int provider) const;

  /// Whether every clause of the resource has an online member.
  bool satisfied(int resource, const std::vector<bool>& online) const;

  /// What cannot stay online when `failed` goes down while all else is well, `failed` included; sorted. Of an OR the
  /// last member must go before the dependent goes.
  std::vector<int> falls_with(int failed) const;

  /// Graphviz text, arrows from dependent to provider; members of an OR clause have dashed arrows. The same graph gives
  /// the same bytes.
  std::string dot() const;

 private:
  std::vector<GraphResource> resources_;
};

}  // namespace rehearse::model

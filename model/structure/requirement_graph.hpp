// An AND/OR graph: a requirement is met by all of its parts, by any one of them, or by some number of them (a quorum is
// k of n); at its leaves stand components that work or have failed. The structure function of reliability theory, where
// more failures never mend anything, but for one kind of requirement: that something else does not hold. Parts are
// added before what they are parts of, so there are no circles.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace rehearse::model::structure {

struct Requirement {
  std::string name;
  int component = -1;           // the leaf of this component; -1: it has parts
  int needed = 0;               // how many of the parts must be met
  bool none = false;            // instead: none of them may be met
  std::vector<int> parts = {};  // requirements, by number, each once
};

class RequirementGraph {
 public:
  /// Each returns the number of the new requirement. A part that is named twice counts once. All of nothing is met, any
  /// of nothing never is. Throws std::logic_error for a part that does not exist.
  int add_leaf(std::string name, int component);
  int add_all(std::string name, std::vector<int> parts);
  int add_any(std::string name, std::vector<int> parts);
  int add_some(std::string name, int needed, std::vector<int> parts);
  int add_none(std::string name, std::vector<int> parts);

  const std::vector<Requirement>& requirements() const { return requirements_; }
  const Requirement& at(int requirement) const { return requirements_.at(static_cast<std::size_t>(requirement)); }

  /// Whether each requirement is met, for 64 states of the deployment at once: bit i of works[c] says whether component
  /// c works in state i; bit i of the result at r, whether requirement r is met in it. Throws std::out_of_range when a
  /// leaf's component is not in `works`.
  std::vector<std::uint64_t> met(const std::vector<std::uint64_t>& works) const;

  /// The same for some requirements: all that they are made of must stand before them, as below() gives them. The
  /// others come out as not met.
  std::vector<std::uint64_t> met(const std::vector<std::uint64_t>& works, std::span<const int> asked) const;

  /// These requirements and all that they are made of, each once, ascending.
  std::vector<int> below(std::span<const int> requirements) const;

 private:
  int add(Requirement requirement);
  std::vector<Requirement> requirements_;
};

}  // namespace rehearse::model::structure

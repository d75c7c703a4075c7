#include "model/structure/requirement_graph.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

namespace rehearse::model::structure {
namespace {

using Word = std::uint64_t;
constexpr Word every_state = ~Word{0};

/// Bit by bit: at least `needed` of the words have it. at_least[k] counts up to k, part by part.
Word some_of(int needed, const std::vector<int>& parts, const std::vector<Word>& met) {
  std::vector<Word> at_least(static_cast<std::size_t>(needed) + 1, 0);
  at_least[0] = every_state;
  for (const int part : parts) {
    for (std::size_t k = at_least.size() - 1; k > 0; --k) {
      at_least[k] |= at_least[k - 1] & met[static_cast<std::size_t>(part)];
    }
  }
  return at_least.back();
}

}  // namespace

int RequirementGraph::add(Requirement requirement) {
  const int number = static_cast<int>(requirements_.size());
  std::vector<int> once;
  for (const int part : requirement.parts) {
    if (part < 0 || part >= number) throw std::logic_error("'" + requirement.name + "' has a part that is not there");
    if (std::find(once.begin(), once.end(), part) == once.end()) once.push_back(part);
  }
  requirement.parts = std::move(once);
  requirements_.push_back(std::move(requirement));
  return number;
}

int RequirementGraph::add_leaf(std::string name, int component) {
  if (component < 0) throw std::logic_error("the leaf '" + name + "' is of no component");
  return add({std::move(name), component, 0, {}});
}

int RequirementGraph::add_all(std::string name, std::vector<int> parts) {
  const int number = add({std::move(name), -1, 0, std::move(parts)});
  Requirement& added = requirements_.back();
  added.needed = static_cast<int>(added.parts.size());
  return number;
}

int RequirementGraph::add_any(std::string name, std::vector<int> parts) {
  return add_some(std::move(name), 1, std::move(parts));
}

int RequirementGraph::add_some(std::string name, int needed, std::vector<int> parts) {
  if (needed < 0) throw std::logic_error("'" + name + "' needs fewer than none of its parts");
  return add({std::move(name), -1, needed, std::move(parts)});
}

std::vector<Word> RequirementGraph::met(const std::vector<Word>& works) const {
  std::vector<Word> met;
  met.reserve(requirements_.size());
  for (const Requirement& requirement : requirements_) {
    if (requirement.component >= 0) {
      met.push_back(works.at(static_cast<std::size_t>(requirement.component)));
      continue;
    }
    const auto& parts = requirement.parts;
    if (requirement.needed == static_cast<int>(parts.size())) {
      Word all = every_state;
      for (const int part : parts) all &= met[static_cast<std::size_t>(part)];
      met.push_back(all);
    } else if (requirement.needed > static_cast<int>(parts.size())) {
      met.push_back(0);
    } else {
      met.push_back(some_of(requirement.needed, parts, met));
    }
  }
  return met;
}

std::vector<int> RequirementGraph::components_below(int requirement) const {
  std::vector<bool> reached(requirements_.size(), false);
  reached.at(static_cast<std::size_t>(requirement)) = true;
  std::set<int> components;
  for (std::size_t number = static_cast<std::size_t>(requirement) + 1; number-- > 0;) {
    if (!reached[number]) continue;
    if (requirements_[number].component >= 0) components.insert(requirements_[number].component);
    for (const int part : requirements_[number].parts) reached[static_cast<std::size_t>(part)] = true;
  }
  return {components.begin(), components.end()};
}

}  // namespace rehearse::model::structure

#include "model/structure/requirement_graph.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace rehearse::model::structure {
namespace {

using Word = std::uint64_t;
constexpr Word every_state = ~Word{0};

/// Bit by bit: at least `needed` of the words have it. The counts of all 64 states stand side by side, a word for each
/// binary digit.
Word some_of(int needed, const std::vector<int>& parts, const std::vector<Word>& met) {
  std::vector<Word> digits;
  for (const int part : parts) {
    Word carry = met[static_cast<std::size_t>(part)];
    for (Word& digit : digits) {
      const Word both = digit & carry;
      digit ^= carry;
      carry = both;
    }
    if (carry != 0) digits.push_back(carry);
  }
  Word more = 0, equal = every_state;
  for (std::size_t place = std::max(digits.size(), static_cast<std::size_t>(std::bit_width(unsigned(needed))));
       place-- > 0;) {
    const Word digit = place < digits.size() ? digits[place] : 0;
    if ((static_cast<unsigned>(needed) >> place & 1U) != 0) {
      equal &= digit;
    } else {
      more |= equal & digit;
      equal &= ~digit;
    }
  }
  return more | equal;
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
  return add({std::move(name), component, 0, false, {}});
}

int RequirementGraph::add_all(std::string name, std::vector<int> parts) {
  const int number = add({std::move(name), -1, 0, false, std::move(parts)});
  Requirement& added = requirements_.back();
  added.needed = static_cast<int>(added.parts.size());
  return number;
}

int RequirementGraph::add_any(std::string name, std::vector<int> parts) {
  return add_some(std::move(name), 1, std::move(parts));
}

int RequirementGraph::add_some(std::string name, int needed, std::vector<int> parts) {
  if (needed < 0) throw std::logic_error("'" + name + "' needs fewer than none of its parts");
  return add({std::move(name), -1, needed, false, std::move(parts)});
}

int RequirementGraph::add_none(std::string name, std::vector<int> parts) {
  return add({std::move(name), -1, 0, true, std::move(parts)});
}

std::vector<Word> RequirementGraph::met(const std::vector<Word>& works) const {
  std::vector<int> all(requirements_.size());
  std::iota(all.begin(), all.end(), 0);
  return met(works, all);
}

std::vector<Word> RequirementGraph::met(const std::vector<Word>& works, std::span<const int> asked) const {
  std::vector<Word> met(requirements_.size(), 0);
  for (const int number : asked) {
    const Requirement& requirement = requirements_[static_cast<std::size_t>(number)];
    Word& result = met[static_cast<std::size_t>(number)];
    const auto& parts = requirement.parts;
    if (requirement.component >= 0) {
      result = works.at(static_cast<std::size_t>(requirement.component));
    } else if (requirement.none) {
      result = every_state;
      for (const int part : parts) result &= ~met[static_cast<std::size_t>(part)];
    } else if (requirement.needed == static_cast<int>(parts.size())) {
      result = every_state;
      for (const int part : parts) result &= met[static_cast<std::size_t>(part)];
    } else if (requirement.needed == 1) {
      for (const int part : parts) result |= met[static_cast<std::size_t>(part)];
    } else if (requirement.needed <= static_cast<int>(parts.size())) {
      result = some_of(requirement.needed, parts, met);
    }
  }
  return met;
}

std::vector<int> RequirementGraph::below(std::span<const int> requirements) const {
  std::vector<bool> reached(requirements_.size(), false);
  for (const int requirement : requirements) reached.at(static_cast<std::size_t>(requirement)) = true;
  std::vector<int> found;
  for (std::size_t number = requirements_.size(); number-- > 0;) {
    if (!reached[number]) continue;
    found.push_back(static_cast<int>(number));
    for (const int part : requirements_[number].parts) reached[static_cast<std::size_t>(part)] = true;
  }
  return {found.rbegin(), found.rend()};
}

}  // namespace rehearse::model::structure

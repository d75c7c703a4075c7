#include "model/structure/weaknesses.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <map>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "model/structure/alike.hpp"
#include "model/structure/cut_sets.hpp"

namespace rehearse::model::structure {
namespace {

using Effect = std::tuple<ServiceSet, ServiceSet, Way, std::optional<CutSet::Otherwise>>;

Effect effect_of(const CutSet& set) {
  return {set.lost, set.minimal, set.way, set.otherwise};
}

int component_count(const Requirements& requirements) {
  return static_cast<int>(requirements.components.size());
}

const Component& component(const Requirements& requirements, int number) {
  return requirements.components[static_cast<std::size_t>(number)];
}

ServiceSet as_set(const std::vector<bool>& by_service) {
  ServiceSet services;
  for (std::size_t i = 0; i < by_service.size(); ++i) {
    if (by_service[i]) services.add(static_cast<Service>(i));
  }
  return services;
}

ServiceSet lost_without(const Requirements& requirements, const CutSet& set) {
  return as_set(lost_with(requirements.graph, requirements.services, set.components, component_count(requirements)));
}

Way way_of(const Requirements& requirements, const CutSet& set) {
  for (const int number : set.components) {
    if (component(requirements, number).restarts) return Way::until_restarted;
  }
  const ServiceSet anywhere =
      as_set(lost_with(requirements.graph, requirements.anywhere, set.components, component_count(requirements)));
  for (const Service service : set.minimal.list()) {
    if (anywhere.has(service)) return Way::until_repaired;
  }
  return Way::until_moved;
}

/// "path from SQL1 to D", "a part of SQL1 (node, card on LAN)", "one of: site A, SQL2 (node, card on LAN)".
std::string text_of_group(const Requirements& requirements, const std::vector<int>& group) {
  std::vector<std::string> owners;
  std::map<std::string, std::vector<std::string>> parts;
  for (const int number : group) {
    const Component& one = component(requirements, number);
    const std::string key = one.owner.empty() ? "\n" + one.name : one.owner;
    if (!parts.contains(key)) owners.push_back(key);
    parts[key].push_back(one.owner.empty() ? one.name : one.alike);
  }
  std::vector<std::string> texts;
  for (const std::string& owner : owners) {
    const bool whole = owner.front() == '\n';
    const std::string list = fmt::format("{}", fmt::join(parts[owner], ", "));
    texts.push_back(whole ? list : fmt::format("{} ({})", owner, list));
  }
  if (group.size() == 1) return component(requirements, group.front()).name;
  return fmt::format("{} {}", texts.size() == 1 ? "a part of" : "one of:", fmt::join(texts, ", "));
}

/// The owner and its parts, where a group is of one machine.
std::pair<std::string, std::vector<std::string>> parts_of(const Requirements& requirements,
                                                          const std::vector<int>& group) {
  std::pair<std::string, std::vector<std::string>> found;
  for (const int number : group) {
    const Component& one = component(requirements, number);
    if (number != group.front() && one.owner != found.first) return {};
    found.first = one.owner;
    found.second.push_back(one.alike);
  }
  return found.first.empty() ? decltype(found)() : found;
}

std::string text_of(const Requirements& requirements, const Weakness& weakness) {
  if (weakness.groups.size() == 1) {
    return component(requirements, weakness.groups.front().front()).name;
  }
  // Machines that are alike: named once with the parts that all of them have.
  std::vector<std::string> owners;
  const auto common = parts_of(requirements, weakness.groups.front());
  bool alike = !common.first.empty();
  for (const auto& group : weakness.groups) {
    const auto [owner, parts] = parts_of(requirements, group);
    alike = alike && !owner.empty() && parts == common.second;
    owners.push_back(owner);
  }
  const bool both = weakness.chosen == 2 && weakness.groups.size() == 2;
  if (alike) {
    const std::string parts = fmt::format("{}", fmt::join(common.second, ", "));
    if (weakness.chosen == 1) return fmt::format("{} of any one of {}", parts, fmt::join(owners, ", "));
    const std::string of = fmt::format("{} ({})", fmt::join(owners, ", "), parts);
    return both ? fmt::format("a part of each of {}", of)
                : fmt::format("a part of any two of the {} {}", owners.size(), of);
  }
  std::vector<std::string> texts;
  for (const auto& group : weakness.groups) texts.push_back(text_of_group(requirements, group));
  if (both) return fmt::format("{}", fmt::join(texts, "; together with "));
  return fmt::format("any {} of: {}", weakness.chosen == 1 ? "one" : "two", fmt::join(texts, "; "));
}

/// Single points of one effect that are the same part of several machines.
std::vector<Weakness> merged_singles(const Requirements& requirements, const std::vector<CutSet>& sets) {
  std::vector<Weakness> merged;
  std::map<std::tuple<Effect, ComponentKind, std::string>, std::size_t> known;
  for (const CutSet& set : sets) {
    if (set.components.size() != 1) continue;
    const Component& one = component(requirements, set.components.front());
    const auto key = std::tuple(effect_of(set), one.kind, one.alike.empty() ? "\n" + one.name : one.alike);
    const auto [place, first] = known.emplace(key, merged.size());
    if (first) merged.push_back({{}, 1, 0, set, {}});
    merged[place->second].groups.push_back(set.components);
    ++merged[place->second].count;
  }
  return merged;
}

std::vector<Weakness> merged_doubles(const std::vector<CutSet>& sets) {
  std::vector<Weakness> merged;
  std::map<Effect, std::vector<std::array<int, 2>>> by_effect;
  std::map<std::array<int, 2>, const CutSet*> of_pair;
  for (const CutSet& set : sets) {
    if (set.components.size() != 2) continue;
    const std::array<int, 2> pair = {set.components[0], set.components[1]};
    by_effect[effect_of(set)].push_back(pair);
    of_pair[pair] = &set;
  }
  for (const auto& [effect, pairs] : by_effect) {
    for (AlikePairs& block : told_together(pairs)) {
      merged.push_back({std::move(block.groups), 2, block.count, *of_pair.at(block.first), {}});
    }
  }
  return merged;
}

}  // namespace

int ServiceSet::size() const {
  return std::popcount(bits_);
}

std::vector<Service> ServiceSet::list() const {
  std::vector<Service> services;
  for (std::size_t i = 0; i < service_count; ++i) {
    if (has(static_cast<Service>(i))) services.push_back(static_cast<Service>(i));
  }
  return services;
}

std::string to_text(const ServiceSet& services) {
  std::vector<std::string_view> names;
  for (const Service service : services.list()) names.push_back(to_text(service));
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string_view to_text(Way way) {
  switch (way) {
    case Way::until_restarted: return "until the cluster has started it again";
    case Way::until_moved: return "until somebody moves the role or repairs it: the cluster does not see it";
    case Way::until_repaired: return "until it is repaired";
  }
  throw std::logic_error("lost in no way");
}

ServiceSet never_there(const Requirements& requirements) {
  return as_set(lost_with(requirements.graph, requirements.services, {}, component_count(requirements)));
}

std::vector<CutSet> cut_sets_of(const Requirements& requirements, const Requirements* otherwise) {
  if (otherwise != nullptr && otherwise->components.size() != requirements.components.size()) {
    throw std::logic_error("a switch makes other components");
  }
  const auto by_service = minimal_cut_sets(requirements.graph, requirements.services, component_count(requirements));
  std::map<std::pair<std::size_t, std::vector<int>>, ServiceSet> minimal;  // by size, then components
  for (std::size_t i = 0; i < by_service.size(); ++i) {
    for (const int single : by_service[i].single) minimal[{1, {single}}].add(static_cast<Service>(i));
    for (const auto& pair : by_service[i].doubles) minimal[{2, {pair[0], pair[1]}}].add(static_cast<Service>(i));
  }
  std::vector<CutSet> sets;
  for (const auto& [key, services] : minimal) {
    CutSet set;
    set.components = key.second;
    set.minimal = services;
    set.lost = lost_without(requirements, set);
    set.way = way_of(requirements, set);
    if (otherwise != nullptr) {
      const CutSet::Otherwise other{lost_without(*otherwise, set), way_of(*otherwise, set)};
      if (other != CutSet::Otherwise{set.lost, set.way}) set.otherwise = other;
    }
    sets.push_back(std::move(set));
  }
  return sets;
}

std::vector<Weakness> weaknesses_of(const Requirements& requirements, const std::vector<CutSet>& cut_sets) {
  std::vector<Weakness> weaknesses = merged_singles(requirements, cut_sets);
  for (Weakness& pair : merged_doubles(cut_sets)) weaknesses.push_back(std::move(pair));
  for (Weakness& weakness : weaknesses) weakness.text = text_of(requirements, weakness);
  std::stable_sort(weaknesses.begin(), weaknesses.end(), [](const Weakness& a, const Weakness& b) {
    const auto rank = [](const Weakness& one) {
      return std::tuple(one.chosen, -one.example.lost.size(), -static_cast<int>(one.example.way),
                        one.example.components);
    };
    return rank(a) < rank(b);
  });
  return weaknesses;
}

std::vector<std::string_view> shows_when(const Requirements& requirements, const Weakness& weakness) {
  std::vector<std::string_view> ways;
  for (const auto& group : weakness.groups) {
    for (const int number : group) {
      const std::string_view when = to_text(component(requirements, number).shows);
      if (std::find(ways.begin(), ways.end(), when) == ways.end()) ways.push_back(when);
    }
  }
  return ways;
}

}  // namespace rehearse::model::structure

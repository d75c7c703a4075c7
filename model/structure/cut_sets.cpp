#include "model/structure/cut_sets.hpp"

#include <algorithm>
#include <cstddef>
#include <set>

namespace rehearse::model::structure {
namespace {

using Word = std::uint64_t;
constexpr Word every_state = ~Word{0};
constexpr std::size_t word_bits = 64;

Word lowest(std::size_t bits) {
  return bits >= word_bits ? every_state : (Word{1} << bits) - 1;
}

/// Fails each of `candidates` in turn beside what has failed already, 64 at a time, and tells which requirements that
/// costs: visit(candidate, place in `requirements`).
template <class Visit>
void fail_each(const RequirementGraph& graph, std::span<const int> requirements, std::span<const int> candidates,
               std::vector<Word> works, Visit&& visit) {
  const std::vector<int> asked = graph.below(requirements);
  for (std::size_t from = 0; from < candidates.size(); from += word_bits) {
    const std::span<const int> some = candidates.subspan(from, std::min(word_bits, candidates.size() - from));
    for (std::size_t i = 0; i < some.size(); ++i) works[static_cast<std::size_t>(some[i])] &= ~(Word{1} << i);
    const std::vector<Word> met = graph.met(works, asked);
    for (std::size_t place = 0; place < requirements.size(); ++place) {
      const Word lost = ~met[static_cast<std::size_t>(requirements[place])] & lowest(some.size());
      for (std::size_t i = 0; i < some.size(); ++i) {
        if (lost >> i & 1U) visit(some[i], place);
      }
    }
    for (const int candidate : some) works[static_cast<std::size_t>(candidate)] = every_state;
  }
}

}  // namespace

std::vector<bool> lost_with(const RequirementGraph& graph, std::span<const int> requirements,
                            std::span<const int> failed, int component_count) {
  std::vector<Word> works(static_cast<std::size_t>(component_count), every_state);
  for (const int component : failed) works.at(static_cast<std::size_t>(component)) = 0;
  const std::vector<Word> met = graph.met(works);
  std::vector<bool> lost;
  for (const int requirement : requirements) lost.push_back(met.at(static_cast<std::size_t>(requirement)) == 0);
  return lost;
}

std::vector<MinimalCutSets> minimal_cut_sets(const RequirementGraph& graph, std::span<const int> requirements,
                                             int component_count) {
  std::vector<MinimalCutSets> found(requirements.size());
  const std::vector<Word> all_work(static_cast<std::size_t>(component_count), every_state);
  const std::vector<bool> lost_already = lost_with(graph, requirements, {}, component_count);
  for (std::size_t place = 0; place < requirements.size(); ++place) found[place].never_met = lost_already[place];

  std::vector<int> components;
  for (int component = 0; component < component_count; ++component) components.push_back(component);
  fail_each(graph, requirements, components, all_work, [&](int component, std::size_t place) {
    if (!found[place].never_met) found[place].single.push_back(component);
  });

  std::vector<std::set<int>> alone(requirements.size());
  for (std::size_t place = 0; place < requirements.size(); ++place) {
    alone[place] = {found[place].single.begin(), found[place].single.end()};
  }
  // In a larger minimal set is only what a requirement is made of and does not go with alone.
  std::vector<bool> counts(static_cast<std::size_t>(component_count), false);
  for (std::size_t place = 0; place < requirements.size(); ++place) {
    if (found[place].never_met) continue;
    for (const int part : graph.below(requirements.subspan(place, 1))) {
      const int component = graph.at(part).component;
      if (component >= 0 && !alone[place].contains(component)) counts.at(static_cast<std::size_t>(component)) = true;
    }
  }
  std::erase_if(components, [&](int component) { return !counts[static_cast<std::size_t>(component)]; });
  for (std::size_t i = 0; i < components.size(); ++i) {
    const int first = components[i];
    std::vector<Word> works = all_work;
    works[static_cast<std::size_t>(first)] = 0;
    const std::span<const int> later = std::span<const int>(components).subspan(i + 1);
    fail_each(graph, requirements, later, works, [&](int second, std::size_t place) {
      MinimalCutSets& sets = found[place];
      if (sets.never_met || alone[place].contains(first) || alone[place].contains(second)) return;
      sets.doubles.push_back({first, second});
    });
  }
  for (MinimalCutSets& sets : found) std::sort(sets.doubles.begin(), sets.doubles.end());
  return found;
}

}  // namespace rehearse::model::structure

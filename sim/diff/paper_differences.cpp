#include "sim/diff/paper_differences.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace rehearse::sim {
namespace {

namespace rules = model::rules;
namespace structure = model::structure;

/// What makes a finding the same in two designs; a file beside the design goes by its own name.
using Identity = std::tuple<std::string, rules::Level, std::string, std::string>;

Identity identity(const rules::Told& told, const rules::CheckResult& result) {
  const std::string file = told.file == result.file ? "" : told.file.substr(told.file.find_last_of('/') + 1);
  return {std::string(told.rule->id), told.level, file, told.place.pointer};
}

std::vector<rules::Told> only_in(const rules::CheckResult& one, const rules::CheckResult& other) {
  std::map<Identity, std::size_t> there;
  for (const rules::Told& told : other.findings) {
    if (!told.accepted) ++there[identity(told, other)];
  }
  std::vector<rules::Told> found;
  for (const rules::Told& told : one.findings) {
    if (told.accepted) continue;
    const auto same = there.find(identity(told, one));
    if (same != there.end() && same->second > 0) {
      --same->second;
    } else {
      found.push_back(told);
    }
  }
  return found;
}

std::vector<ToldWeakness> told(const structure::Structure& studied) {
  std::vector<ToldWeakness> list;
  for (const structure::Weakness& one : studied.weaknesses) {
    list.push_back({one.text, to_text(one.example.lost), std::string(to_text(one.example.way))});
  }
  return list;
}

std::vector<ToldWeakness> without(std::vector<ToldWeakness> list, const std::vector<ToldWeakness>& others) {
  const std::set<ToldWeakness> known(others.begin(), others.end());
  std::erase_if(list, [&](const ToldWeakness& one) { return known.contains(one); });
  return list;
}

}  // namespace

RuleDifferences rule_differences(const rules::CheckResult& a, const rules::CheckResult& b) {
  return {only_in(a, b), only_in(b, a)};
}

StructureDifferences structure_differences(const structure::Structure& a, const structure::Structure& b) {
  const std::vector<ToldWeakness> of_a = told(a), of_b = told(b);
  return {without(of_a, of_b), without(of_b, of_a)};
}

}  // namespace rehearse::sim

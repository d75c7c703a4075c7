#include "model/structure/alike.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace rehearse::model::structure {
namespace {

using Pair = std::array<int, 2>;
using Members = std::set<int>;

Pair in_order(int a, int b) {
  return a < b ? Pair{a, b} : Pair{b, a};
}

class Teller {
 public:
  explicit Teller(std::span<const Pair> pairs) : left_(pairs.begin(), pairs.end()) {
    for (const Pair& pair : pairs) {
      partners_[pair[0]].insert(pair[1]);
      partners_[pair[1]].insert(pair[0]);
    }
  }

  std::vector<AlikePairs> tell() {
    tell_cliques();
    while (!left_.empty()) tell_largest();
    return std::move(told_);
  }

 private:
  /// Members with the same partners make a group. Three groups or more, each pair of which belongs together and whose
  /// partners are the same otherwise, are "any two of these".
  void tell_cliques() {
    std::map<Members, std::vector<int>> by_partners;
    for (const auto& [member, partners] : partners_) by_partners[partners].push_back(member);
    std::map<Members, std::vector<std::vector<int>>> by_neighbourhood;
    for (const auto& [partners, group] : by_partners) {
      Members neighbourhood = partners;
      neighbourhood.insert(group.begin(), group.end());
      by_neighbourhood[neighbourhood].push_back(group);
    }
    for (auto& [neighbourhood, groups] : by_neighbourhood) {
      if (groups.size() < 3) continue;
      std::sort(groups.begin(), groups.end());
      take(groups);
    }
  }

  /// Of all that have the partners of some member, together with those partners: the block that tells most.
  void tell_largest() {
    std::vector<std::vector<int>> best;
    std::size_t most = 0;
    for (const auto& [member, partners] : partners_) {
      std::vector<int> alike;
      for (const auto& [other, others_partners] : partners_) {
        if (std::includes(others_partners.begin(), others_partners.end(), partners.begin(), partners.end())) {
          alike.push_back(other);
        }
      }
      std::vector<std::vector<int>> block = {alike, {partners.begin(), partners.end()}};
      const std::size_t told = left_in(block).size();
      if (told <= most) continue;
      most = told;
      best = std::move(block);
    }
    std::sort(best.begin(), best.end());
    take(best);
  }

  std::vector<Pair> left_in(const std::vector<std::vector<int>>& groups) const {
    std::vector<Pair> pairs;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      for (std::size_t j = i + 1; j < groups.size(); ++j) {
        for (const int a : groups[i]) {
          for (const int b : groups[j]) {
            if (left_.contains(in_order(a, b))) pairs.push_back(in_order(a, b));
          }
        }
      }
    }
    std::sort(pairs.begin(), pairs.end());
    return pairs;
  }

  void take(const std::vector<std::vector<int>>& groups) {
    const std::vector<Pair> pairs = left_in(groups);
    if (pairs.empty()) return;
    for (const Pair& pair : pairs) left_.erase(pair);
    told_.push_back({groups, pairs.size(), pairs.front()});
  }

  std::set<Pair> left_;
  std::map<int, Members> partners_;
  std::vector<AlikePairs> told_;
};

}  // namespace

std::vector<AlikePairs> told_together(std::span<const Pair> pairs) {
  return Teller(pairs).tell();
}

}  // namespace rehearse::model::structure

#include "model/placement.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <utility>

namespace rehearse::model {
namespace {

enum class SiteRule : std::uint8_t { none, same_site, preferred_site, elsewhere };

std::string_view to_text(SiteRule rule) {
  switch (rule) {
    case SiteRule::none: return "";
    case SiteRule::same_site: return "nodes of the same site come first";
    case SiteRule::preferred_site: return "nodes of the preferred site come first";
    case SiteRule::elsewhere: return "no candidate at the sites that come first";
  }
  throw std::logic_error("unknown site rule");
}

struct Tier {
  NodeMask nodes = 0;
  SiteRule rule = SiteRule::none;
};
using Tiers = std::array<Tier, 3>;

/// The nodes by sites, those to try first in front; together all nodes.
Tiers tiers_of(const PlacementRequest& request) {
  if ((request.same_site | request.preferred_site) == 0) return {{{~NodeMask{0}, SiteRule::none}}};
  const bool seeks_best = request.reason == MoveReason::manual_best || request.reason == MoveReason::cold_start;
  Tier first = {request.same_site, SiteRule::same_site};
  Tier second = {request.preferred_site, SiteRule::preferred_site};
  if (seeks_best) std::swap(first, second);
  second.nodes &= ~first.nodes;
  return {first, second, {~(first.nodes | second.nodes), SiteRule::elsewhere}};
}

/// The first that has a candidate; there is one.
const Tier& first_tier(const Tiers& tiers, NodeMask candidates) {
  return *std::ranges::find_if(tiers, [&](const Tier& tier) { return (tier.nodes & candidates) != 0; });
}

/// Preferred owners in order, then the other members by site and id (W 4.3).
struct OrderList {
  std::array<int, max_nodes> nodes{};
  int size = 0;
  NodeMask preferred = 0;  // those that the list of preferred owners names

  void add(int node) { nodes.at(static_cast<std::size_t>(size++)) = node; }
  int at(int position) const { return nodes[static_cast<std::size_t>(position)]; }
};

void add_preferred(const PlacementRequest& request, OrderList& list) {
  for (int node : request.preferred_owners) {
    if (node < 0 || node >= max_nodes) throw std::logic_error("a preferred owner that is no node");
    if (!contains(request.members, node) || contains(list.preferred, node)) continue;
    list.add(node);
    list.preferred |= node_bit(node);
  }
}

OrderList order_of(const PlacementRequest& request, const Tiers& tiers) {
  OrderList list;
  add_preferred(request, list);
  for (const Tier& tier : tiers) {
    NodeMask rest = request.members & ~list.preferred & tier.nodes;
    if (request.reason == MoveReason::cold_start && contains(rest, request.current_owner)) {
      list.add(request.current_owner);
      rest &= ~node_bit(request.current_owner);
    }
    for (; rest != 0; rest &= rest - 1) list.add(std::countr_zero(rest));
  }
  return list;
}

/// The nodes that the list of preferred owners names before the owner until now.
NodeMask above_owner(const PlacementRequest& request) {
  NodeMask above = 0;
  for (int node : request.preferred_owners) {
    if (node == request.current_owner) break;
    if (node >= 0 && node < max_nodes) above |= node_bit(node);
  }
  return above;
}

Exclusion exclusion_of(const PlacementRequest& request, NodeMask preferred, int node) {
  if (!contains(request.members, node)) return Exclusion::not_a_member;
  if (!contains(request.up, node)) return Exclusion::down;
  if (contains(request.paused, node)) return Exclusion::paused;
  if (contains(request.quarantined, node)) return Exclusion::quarantined;
  if (!contains(request.possible_owners, node)) return Exclusion::not_a_possible_owner;
  if (!contains(request.ready, node)) return Exclusion::not_ready;
  if (node == request.current_owner && request.reason != MoveReason::cold_start) return Exclusion::current_owner;
  if (!contains(preferred, node)) return Exclusion::not_preferred;
  return Exclusion::none;
}

/// Notes for every node why it is out, and returns those that are not.
NodeMask candidates_of(const PlacementRequest& request, std::array<Exclusion, max_nodes>& excluded) {
  const bool failback = request.reason == MoveReason::failback;
  const NodeMask preferred = failback ? above_owner(request) : ~NodeMask{0};
  NodeMask candidates = 0;
  for (int node = 0; node < max_nodes; ++node) {
    auto& why = excluded[static_cast<std::size_t>(node)];
    why = exclusion_of(request, preferred, node);
    if (why == Exclusion::none) candidates |= node_bit(node);
  }
  // Anti-affinity is a wish unless enforced: it gives way when it would leave nothing. A failback can be left undone.
  if (!request.anti_affinity_enforced && !failback && (candidates & ~request.avoided) == 0) return candidates;
  for (NodeMask out = candidates & request.avoided; out != 0; out &= out - 1) {
    excluded[static_cast<std::size_t>(std::countr_zero(out))] = Exclusion::anti_affinity;
  }
  return candidates & ~request.avoided;
}

/// The first candidate of the list from a position on, wrapping round.
int first_candidate(const OrderList& list, NodeMask candidates, int from) {
  for (int step = 0; step < list.size; ++step) {
    const int node = list.at((from + step) % list.size);
    if (contains(candidates, node)) return node;
  }
  return no_node;
}

int next_position(const OrderList& list, int current_owner) {
  for (int position = 0; position < list.size; ++position) {
    if (list.at(position) == current_owner) return position + 1;
  }
  return 0;
}

int random_candidate(NodeMask candidates, std::uint64_t draw) {
  // The upper half of the draw, scaled: uniform to 2^-26 and the same on every machine.
  auto skip = static_cast<int>((draw >> 32) * static_cast<std::uint64_t>(count(candidates)) >> 32);
  for (; skip > 0; --skip) candidates &= candidates - 1;
  return std::countr_zero(candidates);
}

}  // namespace

std::string_view to_text(Exclusion exclusion) {
  switch (exclusion) {
    case Exclusion::none: return "candidate";
    case Exclusion::not_a_member: return "not a member of the cluster";
    case Exclusion::down: return "down";
    case Exclusion::paused: return "paused";
    case Exclusion::quarantined: return "quarantined";
    case Exclusion::not_a_possible_owner: return "not a possible owner of every resource";
    case Exclusion::not_ready: return "its replica may not become the primary";
    case Exclusion::current_owner: return "the owner until now";
    case Exclusion::not_preferred: return "not preferred over the owner until now";
    case Exclusion::anti_affinity: return "holds a role that this one avoids";
  }
  throw std::logic_error("unknown exclusion");
}

PlacementDecision choose_target(const PlacementRequest& request, std::uint64_t draw) {
  PlacementDecision decision;
  decision.source = "W 4.3";
  const NodeMask candidates = candidates_of(request, decision.excluded);
  if (candidates == 0) {
    decision.rule = "no node can take the role";
    return decision;
  }

  const Tiers tiers = tiers_of(request);
  const OrderList list = order_of(request, tiers);
  const bool down_the_list = request.reason == MoveReason::resource_failure;
  if (list.preferred != 0 && down_the_list) {
    decision.node = first_candidate(list, candidates, next_position(list, request.current_owner));
    decision.rule = "the next node below the owner in the list";
    return decision;
  }
  if (list.preferred != 0) {
    decision.node = first_candidate(list, candidates, 0);
    decision.rule = "the first node available, preferred owners first";
    if (!contains(list.preferred, decision.node)) decision.site_rule = to_text(first_tier(tiers, candidates).rule);
    return decision;
  }

  const Tier& tier = first_tier(tiers, candidates);
  const NodeMask best = tier.nodes & candidates;
  decision.site_rule = to_text(tier.rule);
  if (down_the_list) {
    decision.node = first_candidate(list, best, next_position(list, request.current_owner));
    decision.rule = "the next node below the owner in the list";
  } else if (contains(best, request.current_owner)) {  // only a cold start lets the owner until now be a candidate
    decision.node = request.current_owner;
    decision.rule = "the node that had the role last";
    decision.source = "W 4.2";
  } else if (count(best) == 1) {
    decision.node = std::countr_zero(best);
    decision.rule = "the only node available";
  } else {
    decision.node = random_candidate(best, draw);
    decision.rule = "no preferred owners: any node available, at random";
  }
  return decision;
}

std::vector<int> order_by_priority(std::span<const int> priorities, RoleSequence sequence) {
  std::vector<int> order;
  for (std::size_t role = 0; role < priorities.size(); ++role) {
    if (priorities[role] != 0 || sequence == RoleSequence::drain) order.push_back(static_cast<int>(role));
  }
  const auto priority = [&](int role) { return priorities[static_cast<std::size_t>(role)]; };
  std::ranges::stable_sort(order, std::greater<>{}, priority);
  return order;
}

}  // namespace rehearse::model

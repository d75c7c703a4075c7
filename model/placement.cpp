#include "model/placement.hpp"

#include <stdexcept>

namespace rehearse::model {
namespace {

/// Preferred owners in order, then the other members by id (W 4.3).
struct OrderList {
  std::array<int, max_nodes> nodes{};
  int size = 0;
  int preferred = 0;  // how many of them the list of preferred owners named

  void add(int node) { nodes.at(static_cast<std::size_t>(size++)) = node; }
  int at(int position) const { return nodes[static_cast<std::size_t>(position)]; }
};

OrderList order_of(const PlacementRequest& request) {
  OrderList list;
  NodeMask listed = 0;
  for (int node : request.preferred_owners) {
    if (node < 0 || node >= max_nodes) throw std::logic_error("a preferred owner that is no node");
    if (!contains(request.members, node) || contains(listed, node)) continue;
    list.add(node);
    listed |= node_bit(node);
  }
  list.preferred = list.size;
  for (int node = 0; node < max_nodes; ++node) {
    if (contains(request.members & ~listed, node)) list.add(node);
  }
  return list;
}

Exclusion exclusion_of(const PlacementRequest& request, int node) {
  if (!contains(request.members, node)) return Exclusion::not_a_member;
  if (!contains(request.up, node)) return Exclusion::down;
  if (contains(request.paused, node)) return Exclusion::paused;
  if (contains(request.quarantined, node)) return Exclusion::quarantined;
  if (!contains(request.possible_owners, node)) return Exclusion::not_a_possible_owner;
  if (node == request.current_owner) return Exclusion::current_owner;
  return Exclusion::none;
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
    case Exclusion::current_owner: return "the owner until now";
    case Exclusion::anti_affinity: return "holds a role that this one avoids";
  }
  throw std::logic_error("unknown exclusion");
}

PlacementDecision choose_target(const PlacementRequest& request, std::uint64_t draw) {
  PlacementDecision decision;
  NodeMask candidates = 0;
  for (int node = 0; node < max_nodes; ++node) {
    auto& excluded = decision.excluded[static_cast<std::size_t>(node)];
    excluded = exclusion_of(request, node);
    if (excluded == Exclusion::none) candidates |= node_bit(node);
  }
  // Anti-affinity is a wish unless enforced: it gives way when it would leave nothing.
  if (request.anti_affinity_enforced || (candidates & ~request.avoided) != 0) {
    for (int node = 0; node < max_nodes; ++node) {
      if (contains(candidates & request.avoided, node)) {
        decision.excluded[static_cast<std::size_t>(node)] = Exclusion::anti_affinity;
      }
    }
    candidates &= ~request.avoided;
  }
  if (candidates == 0) {
    decision.rule = "no node can take the role";
    return decision;
  }

  const OrderList list = order_of(request);
  if (request.reason == MoveReason::resource_failure) {
    decision.node = first_candidate(list, candidates, next_position(list, request.current_owner));
    decision.rule = "the next node below the owner in the list";
  } else if (list.preferred > 0) {
    decision.node = first_candidate(list, candidates, 0);
    decision.rule = "the first node available, preferred owners first";
  } else if (count(candidates) == 1) {
    decision.node = std::countr_zero(candidates);
    decision.rule = "the only node available";
  } else {
    decision.node = random_candidate(candidates, draw);
    decision.rule = "no preferred owners: any node available, at random";
  }
  return decision;
}

}  // namespace rehearse::model

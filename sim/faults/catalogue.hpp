// Every fault that can happen to a design: each kind of behaviour.md 9 on each thing of the design that it can act on,
// as the timeline entry that does it and the one that repairs it. How much a fault is (how many packets are lost, how
// far a clock is wrong) is one value a kind, documented beside it.
//
// Workers of a pool that are alike are exchangeable: what happens to one of them could as well happen to another. They
// are merged: of all sequences of faults that differ only in which of them is which, one is run, and it counts as often
// as there are such sequences. Nodes are never merged: Windows breaks ties by the number of the node (W 2.1, W 4.3), so
// no two of them are exchangeable.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/scenario/scenario.hpp"
#include "sim/world/world.hpp"

namespace rehearse::sim {

/// A fault on one thing of the design.
struct CatalogueFault {
  TimelineEntry entry;  // without its moment
  std::string name;     // "node.power_loss on SQL1"
  /// The worker that it acts on, if it is one of several that are alike: its group in FaultCatalogue::alike, and its
  /// place there.
  struct Member {
    std::size_t group = 0, place = 0;
  };
  std::optional<Member> member;

  /// The entry that repairs it; nullopt: it is over at once or by itself.
  std::optional<TimelineEntry> repair() const;
};

/// A kind of fault that this design gives nothing to act on, or that the command leaves out, and why.
struct LeftOut {
  std::string fault, why;
};

struct FaultCatalogue {
  std::vector<CatalogueFault> faults;
  std::vector<std::vector<world::WorkerIndex>> alike;  // groups of two and more
  std::vector<LeftOut> left_out;

  /// Whether this sequence of faults (indices) is the one that is run among those that differ only in which of the
  /// workers that are alike is which: of each group, workers come in their order.
  bool is_representative(std::span<const std::size_t> sequence) const;
  /// How many sequences the representative one stands for, itself included.
  std::uint64_t multiplicity(std::span<const std::size_t> sequence) const;
};

/// The faults of the design in the deployed world, in the order of the table of faults (fault_kinds.hpp), then of the
/// design.
FaultCatalogue catalogue_of(const world::World& deployed);

/// Strings that entries of the catalogue may bring into settings files; the Blueprint of the world needs them.
std::vector<std::string> texts_of_catalogue(const model::Design& design);

}  // namespace rehearse::sim

// Faults that come by themselves, at rates and not at moments of a timeline (behaviour.md 14): which kinds of them a
// study lets happen. How often each comes and how long it lasts are parameters of the design, in the ledger with all
// others; this only says what is switched on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/parameters.hpp"

namespace rehearse::sim {

enum class RandomFault : std::uint8_t {
  node_crash,         // of each node: a stop error, after which Windows boots
  sql_crash,          // of the instance, on whatever node it runs
  sql_hang,           // likewise
  master_crash,       // of the Scale Out Master's process
  master_hang,        // likewise: the cluster does not see it, a person ends the process
  worker_host_crash,  // of each worker's machine
  witness_down,
  node_pause,     // of each node: it stands still, as when a virtual machine is moved or saved
  network_burst,  // of each node: every packet to and from it is lost
  patching,       // each node once a month, one node a night: drained and restarted
  count_
};
inline constexpr std::size_t random_fault_count = static_cast<std::size_t>(RandomFault::count_);

/// "node.crash", "sql.crash", "sql.hang", "master.crash", "master.hang", "worker.crash_host", "witness.down",
/// "node.pause", "network.burst", "patching".
std::string_view to_text(RandomFault fault);
std::optional<RandomFault> random_fault_from(std::string_view name);
std::vector<std::string> random_fault_names();

/// From one to the next, and how long it lasts; nullopt: patching keeps a calendar, and what does not last is over at
/// once.
std::optional<model::Timing> between(RandomFault fault);
std::optional<model::Timing> length_of(RandomFault fault);

/// A set of kinds.
class RandomFaults {
 public:
  constexpr RandomFaults() = default;
  /// What "default rates" means: all but patching.
  static constexpr RandomFaults default_rates() {
    return RandomFaults((1U << random_fault_count) - 1).without(RandomFault::patching);
  }
  /// Of these alone false failovers come: nothing is broken, and the cluster acts as if it were.
  static constexpr RandomFaults harmless() {
    return RandomFaults().with(RandomFault::node_pause).with(RandomFault::network_burst);
  }

  constexpr RandomFaults with(RandomFault fault) const { return RandomFaults(kinds_ | mask(fault)); }
  constexpr RandomFaults without(RandomFault fault) const { return RandomFaults(kinds_ & ~mask(fault)); }
  constexpr bool holds(RandomFault fault) const { return (kinds_ & mask(fault)) != 0; }
  constexpr bool empty() const { return kinds_ == 0; }
  friend constexpr bool operator==(RandomFaults, RandomFaults) = default;

 private:
  explicit constexpr RandomFaults(std::uint32_t kinds) : kinds_(kinds) {}
  static constexpr std::uint32_t mask(RandomFault fault) { return 1U << static_cast<unsigned>(fault); }
  std::uint32_t kinds_ = 0;
};

}  // namespace rehearse::sim

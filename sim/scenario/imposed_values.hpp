// Values of the world that faults put other values in place of: what a store holds, a binding, a line of a settings
// file, a date. Several faults may stand on one value; the last of them shows, and when all are over the value is again
// what it was before the first. A value that an operator has mended meanwhile stays as the operator left it.
#pragma once

#include <compare>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/scenario/scenario.hpp"
#include "sim/world/world.hpp"

namespace rehearse::sim {

/// Which value of the world.
struct Slot {
  enum class Kind : std::uint8_t {
    copy,                 // host, certificate, Store: 0 not there, 1 there, 2 with its private key
    valid_from,           // host or none, certificate: ns since start
    valid_until,          // likewise
    key_access,           // worker: 1 its account may read its key
    binding_certificate,  // node
    binding_port,         // node
    root_polluted,        // node
    master_setting,       // node, MasterField
    worker_setting,       // worker, WorkerField
    start_type,           // node: 1 automatic
    password_expired,     // Account
    admin,                // text of the account: 1 a member of ssis_admin
    replication_stopped   // role
  };
  Kind kind = Kind::copy;
  std::uint32_t part = world::none;
  std::uint32_t of = world::none;
  std::uint32_t where = 0;
  friend auto operator<=>(const Slot&, const Slot&) = default;
};

std::int64_t value_in(const world::World& world, const Slot& slot);

class ImposedValues {
 public:
  /// The world outlives it, and so do the faults.
  explicit ImposedValues(world::World& world) : world_(world) {}

  struct Layer {
    const TimelineEntry* fault = nullptr;
    Slot slot;
    std::int64_t value = 0, below = 0;
  };
  /// What it holds, in the order in which it came; and the same again in a copy of the world.
  const std::vector<Layer>& layers() const { return layers_; }
  ImposedValues(world::World& copy, std::vector<Layer> layers) : world_(copy), layers_(std::move(layers)) {}

  /// Puts the value there on behalf of the fault. False: it is there already; then the fault holds it there as well if
  /// another one put it there.
  bool impose(const TimelineEntry& fault, const Slot& slot, std::int64_t value, world::RecordId why);

  /// The fault is over. False: nothing changed.
  bool withdraw(const TimelineEntry& fault, world::RecordId why);

  /// A standing fault has put another value there.
  bool is_imposed(const Slot& slot) const;

 private:
  world::World& world_;
  std::vector<Layer> layers_;  // in the order in which they came
};

}  // namespace rehearse::sim

// The faults of scenario files (behaviour.md 9) as a table: the name of each, the keys that say what it acts on and how
// much, and whether it can be repaired. Reader, schema test and help stand on this one table; what a fault does is in
// fault_injection.hpp.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/reading.hpp"
#include "sim/scenario/scenario.hpp"

namespace rehearse::sim {

struct FaultInfo {
  FaultKind kind = FaultKind::node_power_loss;
  std::string_view name;           // "node.power_loss"
  std::vector<model::Key> target;  // what it acts on: a repair names the same
  std::vector<model::Key> amount;  // how: only the fault says that
  /// A repairable fault lasts until it is repaired or its "for" is over; the others are over at once.
  enum class End { at_once, by_repair, by_itself } end = End::at_once;

  bool can_be_repaired() const { return end == End::by_repair; }
  /// Everything that may stand beside the moment and the fault's or the repair's name.
  std::vector<model::Key> keys_of_fault() const;
  const std::vector<model::Key>& keys_of_repair() const { return target; }
};

/// By kind, in the order of the enumeration.
std::span<const FaultInfo> fault_table();
const FaultInfo& info_of(FaultKind kind);

std::optional<FaultKind> fault_from(std::string_view name);
std::vector<std::string> fault_names();
bool can_be_repaired(FaultKind kind);

/// Whether a repair that names `repair`'s target belongs to the fault.
bool same_target(const TimelineEntry& fault, const TimelineEntry& repair);

/// How node.hang stands still, and the components of sp_server_diagnostics that can be in error (W 7.1).
const model::Choices<std::string>& hang_kinds();
const model::Choices<std::string>& error_components();
/// What is wrong with a binding of http.sys, the stores of a machine, and whose accounts there are (S 3).
const model::Choices<std::string>& binding_kinds();
const model::Choices<std::string>& store_names();
const model::Choices<std::string>& account_owners();

}  // namespace rehearse::sim

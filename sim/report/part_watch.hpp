// Parts of the system while a run's journal is replayed: for each the stretches of time in which its status did not
// change, and the record that began each. Instants between whose records no time passes are never seen apart.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/report/part_status.hpp"
#include "sim/scenario/run_result.hpp"

namespace rehearse::sim {

/// What records tell of, by kind and number.
struct PartKey {
  enum class Kind : std::uint8_t { cluster, node, replica, role, resource, instance, master, worker, machine };
  static constexpr std::size_t kinds = static_cast<std::size_t>(Kind::machine) + 1;
  Kind kind = Kind::node;
  std::uint32_t number = 0;
  friend auto operator<=>(const PartKey&, const PartKey&) = default;
};

/// nullopt: the record tells of an execution, a certificate, a site.
std::optional<PartKey> told_of(const world::Record& record, std::uint32_t node_count);

struct Stretch {
  core::Time from{}, to{};
  Status status;
  world::RecordId begun_by = 0;  // 0: it was so at the start
};

struct WatchedPart {
  std::function<Status(const world::State&)> look;
  /// Whose record is told as what began a stretch, in the order of preference, rather than another one of the same
  /// instant. Records of workers that are not among these change nothing about the part.
  std::vector<PartKey> told_by;
};

/// For each part its stretches, ascending; gaps where the part is not there.
std::vector<std::vector<Stretch>> watch_parts(const RunResult& run, const std::vector<WatchedPart>& parts);

}  // namespace rehearse::sim

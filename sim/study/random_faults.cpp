#include "sim/study/random_faults.hpp"

#include <array>

namespace rehearse::sim {
namespace {

using model::Timing;

struct Row {
  RandomFault fault;
  std::string_view name;
  std::optional<Timing> between, length;
};

constexpr std::array<Row, random_fault_count> rows = {{
    {RandomFault::node_crash, "node.crash", Timing::between_node_crashes, {}},
    {RandomFault::sql_crash, "sql.crash", Timing::between_sql_crashes, {}},
    {RandomFault::sql_hang, "sql.hang", Timing::between_sql_hangs, {}},
    {RandomFault::master_crash, "master.crash", Timing::between_master_crashes, {}},
    {RandomFault::master_hang, "master.hang", Timing::between_master_hangs, {}},
    {RandomFault::worker_host_crash, "worker.crash_host", Timing::between_worker_host_crashes, {}},
    {RandomFault::witness_down, "witness.down", Timing::between_witness_outages, Timing::witness_outage},
    {RandomFault::node_pause, "node.pause", Timing::between_node_pauses, Timing::node_pause},
    {RandomFault::network_burst, "network.burst", Timing::between_network_bursts, Timing::network_burst},
    {RandomFault::patching, "patching", {}, {}},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < random_fault_count; ++i) {
    if (static_cast<std::size_t>(rows[i].fault) != i) return false;
  }
  return true;
}
static_assert(in_order());

const Row& row_of(RandomFault fault) {
  return rows.at(static_cast<std::size_t>(fault));
}

}  // namespace

std::string_view to_text(RandomFault fault) {
  return row_of(fault).name;
}

std::optional<RandomFault> random_fault_from(std::string_view name) {
  for (const Row& row : rows) {
    if (row.name == name) return row.fault;
  }
  return std::nullopt;
}

std::vector<std::string> random_fault_names() {
  std::vector<std::string> names;
  for (const Row& row : rows) names.emplace_back(row.name);
  return names;
}

std::optional<Timing> between(RandomFault fault) {
  return row_of(fault).between;
}

std::optional<Timing> length_of(RandomFault fault) {
  return row_of(fault).length;
}

}  // namespace rehearse::sim

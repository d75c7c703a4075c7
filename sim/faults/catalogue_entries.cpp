#include <algorithm>
#include <stdexcept>
#include <utility>

#include "sim/faults/catalogue_entry_maker.hpp"
#include "sim/scenario/fault_kinds.hpp"

namespace rehearse::sim {
namespace {

using namespace std::chrono_literals;
using world::HostKind;
using world::ResourceKind;

constexpr Duration pause_length = 1min;  // longer than every threshold of W 1.1 tolerates
constexpr double slowness = 10;          // times as slow: disks, recovery

}  // namespace

CatalogueEntries CatalogueEntryMaker::take() {
  add_all();
  if (found_.empty() && why_none_.empty()) why_none_ = "the design has nothing that it acts on";
  return {std::move(found_), std::move(why_none_)};
}

void CatalogueEntryMaker::add_all() {
  const std::string_view family = to_text(kind_).substr(0, to_text(kind_).find('.'));
  if (family == "node") return add_of_node();
  if (family == "network") return add_of_network();
  if (family == "witness" || family == "storage" || family == "resource") return add_of_storage();
  if (family == "sql" || family == "master") return add_of_instance();
  if (family == "worker") return on_each_worker();
  if (family == "name_service") return add_of_names();
  if (family == "certificate") return add_of_certificates();
  if (family == "configuration" || family == "clock") return add_of_configuration();
  if (family == "operator") return add_of_operator();
  throw std::logic_error("a family of faults that no catalogue knows");
}

void CatalogueEntryMaker::add_of_node() {
  if (kind_ == FaultKind::node_hang) {
    for (const auto& [name, kind] : hang_kinds()) {
      on_each_node([&, text = kind](TimelineEntry& entry) { entry.kind = text; });
    }
    return;
  }
  on_each_node([&](TimelineEntry& entry) {
    if (kind_ == FaultKind::node_pause) entry.lasts = pause_length;  // a move or a snapshot ends by itself
  });
}

void CatalogueEntryMaker::add_of_storage() {
  switch (kind_) {
    case FaultKind::witness_down:
      if (plan_.witness == model::Witness::Kind::none) return leave_out("the design has no witness");
      return add();
    case FaultKind::storage_path_lost: {
      on_each_resource(ResourceKind::disk);
      if (plan_.witness == model::Witness::Kind::disk) {
        add([&](TimelineEntry& entry) { entry.resource = design_.cluster.witness.path; });
      }
      const std::vector<TimelineEntry> disks = found_;
      for (const TimelineEntry& disk : disks) {
        on_each_node([&](TimelineEntry& entry) { entry.resource = disk.resource; });
      }
      return;
    }
    case FaultKind::storage_slow:
      on_each_resource(ResourceKind::disk);
      for (TimelineEntry& entry : found_) entry.amount = slowness;
      return;
    case FaultKind::storage_pool_arbitration:
      if (!design_.fci.storage_pool) return leave_out("no disk of the design comes from a storage pool");
      return on_each_resource(ResourceKind::disk);
    case FaultKind::resource_failure:
    case FaultKind::resource_deadlock: return on_each_resource(std::nullopt);
    default: throw std::logic_error("a fault of storage that no catalogue knows");
  }
}

void CatalogueEntryMaker::add_of_instance() {
  switch (kind_) {
    case FaultKind::sql_component_error:
      for (const auto& [name, component] : error_components()) {
        add([&, text = component](TimelineEntry& entry) { entry.kind = text; });
      }
      return;
    case FaultKind::sql_slow_recovery: return add([](TimelineEntry& entry) { entry.amount = slowness; });
    case FaultKind::sql_tempdb_missing: return on_each_node();
    case FaultKind::sql_authentication_off:
      if (!design_.fci.mixed_mode) return leave_out("SQL authentication is off in the design");
      return add();
    case FaultKind::master_cannot_log_in: {
      const world::TextIndex account = plan_.find_text(design_.scale_out.master.account);
      const auto& admins = state_.admins;
      if (std::find(admins.begin(), admins.end(), account) != admins.end()) return add();
      return leave_out("the master's account is no member of ssis_admin of its own that could be removed");
    }
    default: return add();
  }
}

void CatalogueEntryMaker::add_of_names() {
  if (kind_ != FaultKind::name_service_dns_stale) return add();
  for (const world::GroupPlan& role : plan_.groups) {
    if (!role.host_name.empty()) add([&](TimelineEntry& entry) { entry.role = role.name; });
  }
}

void CatalogueEntryMaker::add_of_operator() {
  switch (kind_) {
    case FaultKind::operator_stop_service: return on_each_node();
    case FaultKind::operator_reboot_wrong_node: return leave_out("the same as node.reboot, which is there");
    case FaultKind::operator_stop_executions:
      for (const world::BatchPlan& source : plan_.batches) {
        add([&](TimelineEntry& entry) { entry.batch = source.name; });
      }
      return;
    case FaultKind::operator_late:
      return leave_out("it delays operations; the faults here are repaired at given times");
    default: throw std::logic_error("a fault of operators that no catalogue knows");
  }
}

CatalogueEntries entries_of(FaultKind kind, const world::World& deployed) {
  return CatalogueEntryMaker(kind, deployed).take();
}

}  // namespace rehearse::sim

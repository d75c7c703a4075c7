#include "sim/report/events.hpp"

#include <algorithm>

namespace rehearse::sim {
namespace {

using world::Blueprint;
using world::FailureReason;
using world::Record;
using world::RecordKind;
using world::ResourceKind;

constexpr int resource_failed = 1069, role_not_brought_up = 1205;

/// ERROR_CLUSTER_NO_QUORUM (W 2.4).
constexpr int no_quorum = 5925;

std::vector<int> of_failure(const Record& record, const Blueprint& plan) {
  const bool known = record.subject.part() == world::Part::resource && record.subject.index() < plan.resources.size();
  const auto kind = known ? plan.resources[record.subject.index()].kind : ResourceKind::name;
  switch (static_cast<FailureReason>(record.value)) {
    case FailureReason::looks_alive:
    case FailureReason::is_alive:
      if (kind == ResourceKind::generic_service) return {1042, resource_failed};
      break;
    case FailureReason::start_failed:
      if (kind == ResourceKind::disk) return {1034, resource_failed};
      if (kind == ResourceKind::generic_service) return {1040, resource_failed};
      break;
    case FailureReason::logon_refused: return {1041, resource_failed};
    case FailureReason::no_path: return {1038, resource_failed};
    case FailureReason::address_in_use: return {1049, resource_failed};
    case FailureReason::directory_refused: return {resource_failed, 1207};
    case FailureReason::pending_timeout:
    case FailureReason::resource_host_died:
    case FailureReason::tested:
    case FailureReason::process_gone:
    case FailureReason::lease_expired:
    case FailureReason::replica_not_ready: break;
  }
  return {resource_failed};
}

bool is_node(const Record& record, const Blueprint& plan) {
  return record.subject.part() == world::Part::host && record.subject.index() < plan.node_count;
}

/// Nodes of several sites on one cluster network: only then does a cut between sites part a network of theirs.
bool some_network_spans_sites(const Blueprint& plan) {
  return std::ranges::any_of(plan.networks,
                             [](const world::NetworkPlan& network) { return network.site == world::none; });
}

}  // namespace

std::vector<int> event_ids(const Record& record, const Blueprint& plan) {
  switch (record.kind) {
    case RecordKind::link_down:
      if (is_node(record, plan)) return {1127};
      break;
    case RecordKind::partition_changed:
      if (is_node(record, plan) && record.value != 0) return {1129};
      break;
    case RecordKind::site_link_down:
      if (some_network_spans_sites(plan)) return {1129};
      break;
    case RecordKind::registration_failed: return {1196};
    case RecordKind::form_refused: return {1561};
    case RecordKind::node_removed: return {1135};
    case RecordKind::node_quarantined: return {1672};
    case RecordKind::quorum_lost: return {1177};
    case RecordKind::witness_failed:
      if (plan.witness == model::Witness::Kind::file_share) return {resource_failed, 1564};
      return {resource_failed};
    case RecordKind::drain_changed:
      if (static_cast<world::Drain>(record.value) == world::Drain::failed) return {1137};
      break;
    case RecordKind::resource_failed: return of_failure(record, plan);
    case RecordKind::stays_failed: return {role_not_brought_up};
    case RecordKind::resource_host_ended:
      if (record.object != world::none) return {1146, 1230};
      return {1146};
    default: break;
  }
  return {};
}

std::string events_text(const Record& record, const Blueprint& plan) {
  const std::vector<int> ids = event_ids(record, plan);
  std::string text = ids.size() > 1 ? "events " : ids.empty() ? "" : "event ";
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i > 0) text += i + 1 == ids.size() ? " and " : ", ";
    text += std::to_string(ids[i]);
  }
  if (record.kind == RecordKind::quorum_lost || record.kind == RecordKind::arbitration_lost) {
    text += (text.empty() ? "status " : ", status ") + std::to_string(no_quorum);
  }
  return text.empty() ? "" : " (" + text + ")";
}

}  // namespace rehearse::sim

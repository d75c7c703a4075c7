// The cluster service, regroup and quorum, pause and drain, quarantine, the witness.
#include <fmt/format.h>

#include "sim/report/reading.hpp"

namespace rehearse::sim {
namespace {

using fmt::format;
using world::RecordKind;

std::string start_of(const Reading& r) {
  switch (static_cast<world::StartMode>(r.record.value)) {
    case world::StartMode::force_quorum: return "cluster service starts with ForceQuorum";
    case world::StartMode::prevent_quorum: return "cluster service starts with PreventQuorum";
    case world::StartMode::usual: break;
  }
  return "cluster service starts";
}

std::string end_of(const Reading& r) {
  switch (r.record.value) {
    case 0: return "cluster service stopped";
    case 1: return "cluster service ended: no quorum";
    case 2: return "cluster service crashed";
    default: return "cluster service ended with its machine";
  }
}

std::string drain_of(const Reading& r) {
  switch (static_cast<world::Drain>(r.record.value)) {
    case world::Drain::in_progress: return "drain begins: its roles move away";
    case world::Drain::completed: return "drain completed";
    case world::Drain::failed: return "drain failed: not every role found another node";
    case world::Drain::not_initiated: break;
  }
  return "no drain any more";
}

/// HangRecoveryAction (W 1.3).
std::string hang_of(const Reading& r) {
  const std::string found = "cluster service stood still for ClusSvcHangTimeout: ";
  switch (r.record.value) {
    case 0:
    case 1: return found + "noted, nothing is done";
    case 3: return found + "the node is brought down with a stop error";
    default: return found + "it is ended";
  }
}

}  // namespace

std::string say_membership(const Reading& r) {
  switch (r.record.kind) {
    case RecordKind::cluster_created: return "cluster created on " + r.node();
    case RecordKind::cluster_validated: return "cluster validated";
    case RecordKind::witness_configured: return "witness configured";
    case RecordKind::node_starting: return start_of(r);
    case RecordKind::node_joined: return "joined the cluster";
    case RecordKind::cluster_formed: return r.on() ? "formed the cluster by force" : "formed the cluster anew";
    case RecordKind::form_refused: return "may not form the cluster: it has not the newest cluster database";
    case RecordKind::forced_quorum_ended: return "forced quorum ends: enough votes have joined";
    case RecordKind::second_partition:
      return "split: still running without knowledge of this side: " + r.nodes(r.record.value);
    case RecordKind::peer_silent: return r.node() + " is silent";
    case RecordKind::peer_heard: return r.node() + " is heard again";
    case RecordKind::regroup_done: return "regroup done, still in reach: " + r.nodes(r.record.value);
    case RecordKind::arbitration_won: return "won the arbitration for the witness";
    case RecordKind::arbitration_lost: return "lost the arbitration for the witness";
    case RecordKind::node_removed: return "removed from the cluster by " + r.node();
    case RecordKind::node_stopping: return "cluster service stops in order: its roles move away first";
    case RecordKind::node_left: return "left the cluster in order";
    case RecordKind::node_paused: return "paused";
    case RecordKind::node_resumed: return "resumed";
    case RecordKind::drain_changed: return drain_of(r);
    case RecordKind::node_quarantined: return "quarantined until " + r.when();
    case RecordKind::quarantine_ended: return "quarantine over";
    case RecordKind::hang_found: return hang_of(r);
    case RecordKind::witness_failed: return "the witness failed, its vote no longer counts";
    case RecordKind::witness_back: return "the witness is online again";
    case RecordKind::votes_changed:
      return format("votes now: {}{}", r.nodes(r.record.value), r.record.object == 1 ? ", and the witness" : "");
    case RecordKind::quorum_lost: return "quorum lost, its cluster service stops";
    case RecordKind::node_service_ended: return end_of(r);
    case RecordKind::core_group_moved:
      return format("Cluster Group moved to {}{}", r.node(), r.record.value == 1 ? ", and the witness with it" : "");
    case RecordKind::witness_taken: return "witness locked by " + r.node();
    case RecordKind::witness_released: return "witness released";
    case RecordKind::witness_down: return r.on() ? "the witness is gone" : "the witness is there again";
    case RecordKind::witness_path_cut:
      return r.on() ? format("path to the witness disk cut for {}", r.node_or_all())
                    : format("path to the witness disk back for {}", r.node_or_all());
    default: return {};
  }
}

}  // namespace rehearse::sim

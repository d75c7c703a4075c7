#include "sim/scenario/outage_phases.hpp"

#include <algorithm>
#include <set>

namespace rehearse::sim {
namespace {

using core::Time;
using model::Setting;
using world::Blueprint;
using world::none;
using world::PartId;
using world::Record;
using world::RecordId;
using world::RecordKind;
using world::ResourceIndex;

/// Of node_service_ended: the cluster service crashed.
constexpr std::int64_t service_crashed = 2;

bool ended_by_itself(const Record& master_ended) {
  const auto reason = static_cast<world::EndReason>(master_ended.value);
  return reason == world::EndReason::crashed || reason == world::EndReason::gave_up;
}

/// The master will connect by itself once SSISDB is there.
bool waits_for_ssisdb(const Record& record) {
  if (record.kind == RecordKind::master_disconnected) return true;
  const auto failure = static_cast<world::ConnectFailure>(record.value);
  return failure == world::ConnectFailure::sql_away || failure == world::ConnectFailure::ssisdb_closed;
}

bool says_a_status(RecordKind kind) {
  return kind != RecordKind::resource_created && kind != RecordKind::dependencies_set &&
         kind != RecordKind::restart_action_set && kind != RecordKind::resource_wanted;
}

/// The resources that the service cannot do without.
std::set<ResourceIndex> needed_by(const Service& service, const Blueprint& plan) {
  std::set<ResourceIndex> needed;
  const auto add = [&](auto&& self, ResourceIndex resource) -> void {
    if (resource == none || !needed.insert(resource).second) return;
    const ResourceIndex first = plan.groups[plan.resources[resource].group].first;
    world::for_each_bit(plan.resources[resource].setup_needs.mentioned(),
                        [&](std::uint32_t place) { self(self, first + place); });
  };
  const auto add_role = [&](world::GroupIndex group, ResourceIndex resource) {
    for (const ResourceIndex address : plan.groups[group].addresses) add(add, address);
    add(add, plan.groups[group].name_resource);
    add(add, resource);
  };
  add_role(plan.sql_group, plan.sql_resource);
  const bool sql_alone = service.kind == Service::Kind::sql_server || service.kind == Service::Kind::ssisdb;
  if (!sql_alone) add_role(plan.master_group, plan.master_resource);
  return needed;
}

}  // namespace

PhaseWalk::PhaseWalk(const Blueprint& plan, const world::Journal& journal, const std::vector<ClusterStop>& stops)
    : plan_(plan), journal_(journal), stops_(stops), of_worker_(plan.workers.size()) {
  RecordId id = journal.first;
  for (const Record& record : journal.records) {
    switch (record.subject.part()) {
      case world::Part::batch:
      case world::Part::task: break;
      case world::Part::worker:
        of_worker_[record.subject.index()].push_back(id);
        of_workers_.push_back(id);
        break;
      default: of_others_.push_back(id);
    }
    const bool back = record.kind == RecordKind::cluster_formed || record.kind == RecordKind::node_joined;
    if (back) returns_.push_back(id);
    ++id;
  }
}

/// Two ascending lists of records as one, read from its end.
class PhaseWalk::Backwards {
 public:
  using List = std::vector<RecordId>;

  /// Begins with the last one before `record`. `second`: nullptr where there is only one list.
  Backwards(const List& first, const List* second, RecordId record) : first_(first), second_(second) {
    left_ = places_before(first, record);
    if (second != nullptr) right_ = places_before(*second, record);
  }

  /// 0: there is none left.
  RecordId next() {
    const RecordId left = left_ > 0 ? first_[left_ - 1] : 0, right = right_ > 0 ? (*second_)[right_ - 1] : 0;
    if (left == 0 && right == 0) return 0;
    --(left > right ? left_ : right_);
    return std::max(left, right);
  }

 private:
  static std::size_t places_before(const List& list, RecordId record) {
    return static_cast<std::size_t>(std::lower_bound(list.begin(), list.end(), record) - list.begin());
  }

  const List& first_;
  const List* second_;
  std::size_t left_ = 0, right_ = 0;  // of each list, how many have not been read
};

/// The cluster's stop that lasts at this record, if one does.
const ClusterStop* PhaseWalk::stop_at(RecordId record) const {
  const auto later = std::lower_bound(stops_.begin(), stops_.end(), record,
                                      [](const ClusterStop& stop, RecordId id) { return stop.record < id; });
  if (later == stops_.begin()) return nullptr;
  const ClusterStop& stop = *std::prev(later);
  const auto back = std::upper_bound(returns_.begin(), returns_.end(), stop.record);
  if (back != returns_.end() && *back < record) return nullptr;
  return &stop;
}

PhaseWalk::Blocker PhaseWalk::blocker_before(RecordId record, const Service& service) const {
  if (const ClusterStop* stop = stop_at(record); stop != nullptr) return {stop->record, stop->phase};
  const std::set<ResourceIndex> needed = needed_by(service, plan_);
  const bool master = service.kind != Service::Kind::sql_server && service.kind != Service::Kind::ssisdb;
  const bool packages = service.kind == Service::Kind::package_execution;
  const bool needs_catalog = service.kind != Service::Kind::sql_server && service.kind != Service::Kind::worker;
  const bool hang_is_found = plan_.parameters()[Setting::failure_condition_level] >= 2;
  std::set<PartId> lifted;  // parts about which a later record says that what blocked there is over
  const auto lift_nodes = [&] {
    for (world::HostIndex node = 0; node < plan_.node_count; ++node) lifted.insert(world::host_id(node));
  };
  const bool one_worker = service.kind == Service::Kind::worker;
  Backwards backwards(of_others_, one_worker ? &of_worker_[service.worker] : packages ? &of_workers_ : nullptr, record);
  for (RecordId id = backwards.next(); id != 0; id = backwards.next()) {
    const Record& candidate = *journal_.find(id);
    const PartId subject = candidate.subject;
    const bool open = !lifted.contains(subject);
    const bool is_node = subject.part() == world::Part::host && subject.index() < plan_.node_count;
    switch (candidate.kind) {
      case RecordKind::handshake_refused:
        if (open && (packages || (service.kind == Service::Kind::worker && subject.index() == service.worker))) {
          return {id, Phase::handshake_refused};
        }
        break;
      case RecordKind::worker_connected:
      case RecordKind::worker_service_started:
      case RecordKind::worker_service_ended: lifted.insert(subject); break;

      case RecordKind::host_power_lost:
      case RecordKind::host_bugchecked:
        if (open && service.kind == Service::Kind::worker && plan_.workers[service.worker].host == subject.index()) {
          return {id, Phase::boot_and_join};
        }
        if (open && is_node) return {id, Phase::detect};
        break;
      case RecordKind::link_down:
        if (open && is_node) return {id, Phase::detect};
        break;
      case RecordKind::node_service_ended:
        if (open && candidate.value == service_crashed) return {id, Phase::detect};
        break;
      case RecordKind::node_removed:
      case RecordKind::host_booted:
      case RecordKind::link_up:
      case RecordKind::quorum_lost: lifted.insert(subject); break;

      case RecordKind::sql_hung:
        if (open && hang_is_found) return {id, Phase::detect};
        break;
      case RecordKind::sql_crashed:
        if (open) return {id, Phase::detect};
        break;
      case RecordKind::sql_recovered_from_hang:
      case RecordKind::ssisdb_open: lifted.insert(world::instance_id); break;
      case RecordKind::master_ended:
        if (open && master && ended_by_itself(candidate)) return {id, Phase::detect};
        break;
      case RecordKind::master_disconnected:
      case RecordKind::master_cannot_connect:
        // With SSISDB open again it is the master's own wait until it tries once more.
        if (open && master && needs_catalog && lifted.contains(world::instance_id) && waits_for_ssisdb(candidate)) {
          return {id, Phase::master_start};
        }
        lifted.insert(subject);
        break;
      case RecordKind::master_started:
      case RecordKind::master_connected: lifted.insert(subject); break;

      case RecordKind::resource_online:
        if (subject == world::resource_id(plan_.sql_resource) && needs_catalog && open &&
            !lifted.contains(world::instance_id)) {
          return {id, Phase::recovery};
        }
        break;
      case RecordKind::resource_online_pending:
        if (open && needed.contains(subject.index())) return {id, start_of(subject.index(), plan_)};
        break;
      case RecordKind::resource_offline_pending:
        if (open && needed.contains(subject.index())) return {id, Phase::stop};
        break;
      case RecordKind::stays_failed:
        if (open && needed.contains(subject.index())) return {id, Phase::wait_retry};
        break;
      case RecordKind::restart_scheduled:
        if (open && needed.contains(subject.index())) return {id, Phase::restart_attempts};
        break;
      case RecordKind::cluster_formed: lift_nodes(); break;
      case RecordKind::owner_changed: {
        if (subject.index() >= plan_.groups.size()) break;
        const world::GroupPlan& group = plan_.groups[subject.index()];
        for (ResourceIndex index = group.first; index < group.first + group.count; ++index) {
          lifted.insert(world::resource_id(index));
        }
        lift_nodes();
        break;
      }
      default: break;
    }
    // Any later word about a resource is newer than what went before, and its polls have found what was wrong with the
    // process behind it.
    if (subject.part() != world::Part::resource || !says_a_status(candidate.kind)) continue;
    lifted.insert(subject);
    if (subject.index() == plan_.sql_resource) lifted.insert(world::instance_id);
    if (subject.index() == plan_.master_resource) lift_nodes();
  }
  return {};
}

RecordId PhaseWalk::first_after(Time time) const {
  const auto after = std::upper_bound(journal_.records.begin(), journal_.records.end(), time,
                                      [](Time left, const Record& right) { return left < right.at; });
  return journal_.first + static_cast<RecordId>(after - journal_.records.begin());
}

std::vector<PhaseSpan> PhaseWalk::phases(const Outage& outage, RecordId began, RecordId ended) const {
  std::vector<PhaseSpan> backwards;
  Time right = outage.to;
  RecordId id = ended;  // 0: the end of the rehearsal, which follows the last record
  const auto stretch_to = [&](Time left, Phase phase, RecordId begins) {
    left = std::clamp(left, outage.from, right);
    if (left == right) return;
    const RecordId begin = left == outage.from ? began : begins;
    if (!backwards.empty() && backwards.back().phase == phase) {
      backwards.back().from = left;
      backwards.back().begins = begin;
    } else {
      backwards.push_back({phase, left, right, begin, id});
    }
    right = left;
  };
  while (right > outage.from) {
    const Record* record = journal_.find(id);
    const RecordId cause_id = record != nullptr ? record->cause : 0;
    if (cause_id != 0 && cause_id < id) {
      const Record* cause = journal_.find(cause_id);
      const Phase phase = phase_of(*record, cause, plan_);
      stretch_to(cause != nullptr ? cause->at : outage.from, phase, cause_id);
      id = cause_id;
      continue;
    }
    const RecordId root = record != nullptr ? id : first_after(outage.to);
    const Blocker blocker = blocker_before(root, outage.service);
    const Record* blocking = journal_.find(blocker.record);
    stretch_to(blocking != nullptr ? blocking->at : outage.from, blocker.phase, blocker.record);
    id = blocker.record;
  }
  std::reverse(backwards.begin(), backwards.end());
  return backwards;
}

}  // namespace rehearse::sim

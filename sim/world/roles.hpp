// Roles (groups) and their resources: bringing online and taking offline in dependency order, health polls, restart in
// place, failover, moves, drain, failback, and giving up (behaviour.md 3; W 3, W 4). What each type of resource needs
// and does when it comes up or goes down is in resource_types.cpp and in the subject behind it. The cluster's own view
// is the database's: what a node that was given up still runs lives on until something there ends it.
#pragma once

#include "model/placement.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/world.hpp"

namespace rehearse::world {

class Roles : public Subject {
 public:
  using Subject::Subject;

  // ---- operations
  void create_role(GroupIndex group, HostIndex owner, RecordId why);
  /// A resource as Setup or a wizard creates it, with the dependencies of the Blueprint.
  void create_resource(ResourceIndex resource, RecordId why);
  void set_dependencies(ResourceIndex resource, const Needs& needs, RecordId why);
  void set_restart_action(ResourceIndex resource, int action, RecordId why);
  /// Online or offline by an operator; the wish survives moves (PersistentState).
  void want(GroupIndex group, bool online, RecordId why);
  /// One resource, by an operator: offline with everything that needs it, or online with everything it needs. The rest
  /// of the role keeps its state, and what needed the resource comes back with it.
  void want_resource(ResourceIndex resource, bool online, RecordId why);
  /// A planned move. False: the node cannot take the role (no active member, paused, or no possible owner).
  bool move(GroupIndex group, HostIndex node, RecordId why, MoveCause cause = MoveCause::planned);
  /// A planned move to the best possible node (W 4.3). False: there is none.
  bool move_to_best(GroupIndex group, RecordId why);
  /// An operator forces the role of an availability group to this replica, whatever it lacks (W 10).
  void force(GroupIndex group, HostIndex node, RecordId why);
  /// The operator brings a failed resource online again.
  void retry(ResourceIndex resource, RecordId why);
  /// Test-ClusterResourceFailure: one failure, which counts like any other (W 8). False: it is not online.
  bool test_failure(ResourceIndex resource, RecordId why);
  /// Moves everything off the node, high priority first (W 4.2).
  void drain(HostIndex node, RecordId why);
  void node_resumed(HostIndex node, Membership::Failback failback, RecordId why);

  // ---- faults
  /// An entry point of its DLL no longer returns. False: it is neither online nor pending.
  bool get_stuck(ResourceIndex resource, RecordId why);
  /// The resource host of the node's non-core resources dies: they all fail (W 1.7). `culprit`: none, or who gets a
  /// resource host of its own from now on.
  void resource_host_dies(HostIndex node, ResourceIndex culprit, RecordId why);
  void cut_path(ResourceIndex disk, HostIndex node, bool cut, RecordId why);  // node none: of every node
  void slow_disk(ResourceIndex disk, std::int32_t percent, RecordId why);
  void set_pool_arbitration(ResourceIndex disk, bool on, RecordId why);
  void take_address(ResourceIndex address, bool taken, RecordId why);

  // ---- what other subjects tell
  /// Machines or networks changed: addresses may have become unhealthy.
  void health_changed(RecordId why);
  /// What stands behind the resource changed (its process ended or hangs): the next poll may find it.
  void heed_health(ResourceIndex resource);
  /// The resource's DLL fails it without waiting for a poll (W 3.2, 4).
  void report_failure(ResourceIndex resource, FailureReason reason, RecordId why);
  /// The replica's SQL Server on the node takes logins from now on: the group's DLL may be waiting for that.
  void instance_answers(HostIndex node, RecordId why);
  void nodes_lost(std::uint64_t nodes, RecordId why);
  /// Nothing of the node's roles goes on; they look as they were until the others remove the node.
  void machine_lost(HostIndex node);
  /// A machine that stood still goes on: what was pending on it takes up again, polls look again.
  void machine_goes_on(HostIndex node, RecordId why);
  /// The resource host of a node ended with the cluster service: everything in it ends abruptly.
  void resource_host_ended(HostIndex node, RecordId why);
  void node_available(HostIndex node, RecordId why);
  void cold_start(RecordId why);

  // ---- events
  void pending_over(ResourceIndex resource, RecordId why);
  void deadlocked(ResourceIndex resource, RecordId why);
  void restart_due(ResourceIndex resource, RecordId why);
  void retry_due(ResourceIndex resource, RecordId why);
  void wait_over(GroupIndex group, RecordId why);
  void failback_due(GroupIndex group, RecordId why);
  /// The record that made the resource sick in the eyes of this poll; 0: it looks healthy.
  RecordId sick(ResourceIndex resource, Event poll) const;
  void health_failed(ResourceIndex resource, Event poll, RecordId why);

  // ---- questions
  bool settled(GroupIndex group) const;
  bool fully_online(GroupIndex group) const;
  bool active(ResourceIndex resource) const;  // online or on its way there or back

 private:
  void advance(GroupIndex group, RecordId why);
  bool take_down_step(GroupIndex group, bool held_only, RecordId why);
  bool bring_up_step(GroupIndex group, RecordId why);
  void begin_online(ResourceIndex resource, RecordId why);
  void begin_offline(ResourceIndex resource, RecordId why);
  void forgive(ResourceIndex resource, RecordId why);
  void fail(ResourceIndex resource, FailureReason reason, RecordId why);
  void fail_over(GroupIndex group, ResourceIndex failed, RecordId why);
  void give_up(ResourceIndex resource, RecordId why, bool retried_later = true);
  void drop_dependents(ResourceIndex resource, RecordId why);
  void came_up(ResourceIndex resource, bool unclean, RecordId why);
  void going_down(ResourceIndex resource, EndReason reason, RecordId why);
  void stop_timers(ResourceIndex resource);
  void stay(GroupIndex group, RecordId why);
  void take_over(GroupIndex group, HostIndex node, MoveCause cause, RecordId why);
  void take_from_lost_owner(GroupIndex group, HostIndex node, MoveCause cause, RecordId why);
  void drop_resources(GroupIndex group, RecordId why);
  void start_again(GroupIndex group, RecordId why);
  HostIndex choose(GroupIndex group, model::MoveReason reason, std::uint64_t excluded) const;
  /// Gives a role whose owner is gone, or none yet, to the node that is chosen; stays where nobody can take it.
  void give_to_somebody(GroupIndex group, MoveCause cause, std::uint64_t excluded, RecordId why);
  void drain_on(HostIndex node, RecordId why);
  void consider_failback(GroupIndex group, RecordId why);
  bool places(GroupIndex group) const;
  /// Its owner's processes run: it polls, it answers, it takes steps.
  bool owner_acts(GroupIndex group) const;

  // resource_types.cpp
  Duration online_length(ResourceIndex resource) const;
  Duration offline_length(ResourceIndex resource) const;
  bool limited_by_pending_timeout(ResourceIndex resource) const;
  bool hangs_behind(ResourceIndex resource) const;
  bool still_defended(ResourceIndex disk, RecordId why);
  bool still_connecting(ResourceIndex resource, RecordId why);
  /// Why the resource cannot come online on its owner; nothing: it can.
  std::optional<FailureReason> obstacle(ResourceIndex resource) const;

  std::uint64_t brought_along(ResourceIndex resource) const;
  std::uint64_t falls_with(GroupIndex group, std::uint64_t places) const;
  bool needs_met(ResourceIndex resource) const;
  bool held_down(ResourceIndex resource) const;
  bool has_active_dependent(ResourceIndex resource, std::uint64_t among) const;
  template <class Action>
  void for_each_resource(GroupIndex group, Action&& action) const {
    const GroupPlan& plan = plan_.groups[group];
    for (ResourceIndex index = plan.first; index < plan.first + plan.count; ++index) action(index);
  }
};

}  // namespace rehearse::world

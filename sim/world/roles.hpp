// Roles (groups) and their resources: bringing online and taking offline in dependency order, health polls, restart in
// place, failover, and giving up (behaviour.md 3; W 3, W 4). What each type of resource does when it comes up or goes
// down is the business of the subject behind it.
#pragma once

#include "sim/world/world.hpp"

namespace rehearse::world {

class Roles : public Subject {
 public:
  using Subject::Subject;

  // ---- operations
  void create_role(GroupIndex group, HostIndex owner, RecordId why);
  /// A resource as Setup or a wizard creates it, with the dependencies of the Blueprint.
  void create_resource(ResourceIndex resource, RecordId why);
  void set_dependencies(ResourceIndex resource, std::uint64_t providers, RecordId why);
  void set_restart_action(ResourceIndex resource, int action, RecordId why);
  /// Online or offline by an operator; the wish survives moves (PersistentState).
  void want(GroupIndex group, bool online, RecordId why);
  /// One resource, by an operator: offline with everything that needs it, or online with everything it needs. The rest
  /// of the role keeps its state, and what needed the resource comes back with it.
  void want_resource(ResourceIndex resource, bool online, RecordId why);
  /// A planned move. False: the node cannot take the role (not an active member).
  bool move(GroupIndex group, HostIndex node, RecordId why);
  /// The operator brings a failed resource online again.
  void retry(ResourceIndex resource, RecordId why);

  // ---- what other subjects tell
  /// Machines or networks changed: addresses may have become unhealthy.
  void health_changed(RecordId why);
  /// What stands behind the resource changed (its process ended or hangs): the next poll may find it.
  void heed_health(ResourceIndex resource, Time not_before = Time::min());
  void nodes_lost(std::uint64_t nodes, RecordId why);
  /// Nothing of the node's roles goes on; they look as they were until the others remove the node.
  void machine_lost(HostIndex node);
  /// The resource host of a node ended with the cluster service: everything in it ends abruptly.
  void resource_host_ended(HostIndex node, RecordId why);
  void node_available(HostIndex node, RecordId why);
  void cold_start(RecordId why);

  // ---- events
  void pending_over(ResourceIndex resource, RecordId why);
  void restart_due(ResourceIndex resource, RecordId why);
  void retry_due(ResourceIndex resource, RecordId why);
  /// The record that made the resource sick in the eyes of this poll; 0: it looks healthy.
  RecordId sick(ResourceIndex resource, Event poll) const;
  void health_failed(ResourceIndex resource, Event poll, RecordId why);

  // ---- questions
  bool settled(GroupIndex group) const;
  bool fully_online(GroupIndex group) const;
  bool active(ResourceIndex resource) const;  // online or on its way there or back

 private:
  void advance(GroupIndex group, RecordId why);
  bool take_down_step(GroupIndex group, RecordId why);
  bool take_down_held_step(GroupIndex group, RecordId why);
  bool bring_up_step(GroupIndex group, RecordId why);
  void begin_online(ResourceIndex resource, RecordId why);
  void begin_offline(ResourceIndex resource, RecordId why);
  void forgive(ResourceIndex resource, RecordId why);
  void fail(ResourceIndex resource, FailureReason reason, RecordId why);
  void fail_over(GroupIndex group, ResourceIndex failed, RecordId why);
  void give_up(ResourceIndex resource, RecordId why);
  void terminate_dependents(ResourceIndex resource, RecordId why);
  void came_up(ResourceIndex resource, bool unclean, RecordId why);
  void going_down(ResourceIndex resource, EndReason reason, RecordId why);
  void stay(GroupIndex group, RecordId why);
  void take_over(GroupIndex group, HostIndex node, MoveCause cause, RecordId why);
  void drop_resources(GroupIndex group, RecordId why);
  HostIndex choose(GroupIndex group, MoveCause cause, std::uint64_t excluded) const;
  bool hangs_behind(ResourceIndex resource) const;
  Duration online_length(ResourceIndex resource) const;
  Duration offline_length(ResourceIndex resource) const;
  bool providers_online(ResourceIndex resource) const;
  bool held_down(ResourceIndex resource) const;
  bool has_active_dependent(ResourceIndex resource) const;
};

}  // namespace rehearse::world

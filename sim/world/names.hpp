// Names in DNS: what a role's network name leads to, site by site, and what a client makes of it (behaviour.md 5;
// W 6.1, A8, A9). When a name comes online it registers the addresses that are online, or all of them with
// RegisterAllProvidersIP; the change reaches the name servers of each site after a while. A client keeps an answer for
// the record's time to live and the .NET cache on top, and tries the addresses of an answer one after the other.
#pragma once

#include <optional>

#include "sim/world/network.hpp"
#include "sim/world/world.hpp"

namespace rehearse::world {

/// The addresses that name servers near the machine give for the role, as a mask of places in GroupPlan::addresses.
std::uint64_t addresses_near(HostIndex machine, GroupIndex group, const State& state, const Blueprint& plan);

/// The place in GroupPlan::addresses of the one that answers `from` there now; nothing: none does.
std::optional<std::uint32_t> live_address(GroupIndex group, HostIndex from, const State& state, const Blueprint& plan);

class Names : public Subject {
 public:
  using Subject::Subject;

  /// The Network Name of the role is online: it registers, as soon as DNS answers.
  void came_online(GroupIndex group, RecordId why);
  void set_dns_stopped(bool stopped, RecordId why);
  /// The role's name servers keep the addresses that they have; a registration waits until they replicate again.
  void set_replication_stopped(GroupIndex group, bool stopped, RecordId why);
  /// The change has reached the name servers of a site.
  void replicated(GroupIndex group, SiteIndex site, RecordId why);

  /// The role that the worker's endpoint names; none: it names something else.
  GroupIndex role_of(WorkerIndex worker) const;
  /// The worker's cached answer no longer counts: its next connection asks again.
  bool must_ask(WorkerIndex worker) const;
  /// The addresses that the worker tries now, from its cache or from its name servers; 1 where its endpoint is no
  /// role's name; 0: DNS does not answer.
  std::uint64_t addresses_for(WorkerIndex worker) const;
  /// Asks DNS where it must. False: there is no answer.
  bool resolve(WorkerIndex worker, RecordId why);

  /// Whether a new connection from the node to the instance finds the live address. The master's provider tries the
  /// addresses one after the other unless it connects to all in parallel, and its timeout may be shorter than the wait
  /// for a dead one (behaviour.md 5).
  bool master_finds_instance(HostIndex node, RecordId why) const;

 private:
  void replicate(GroupIndex group, bool at_once, RecordId why);
};

}  // namespace rehearse::world

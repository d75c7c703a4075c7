// Random nights: what happens to a random design, as values, so that a night can be told twice, shortened and printed.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/world/world.hpp"
#include "swarm_design.hpp"

namespace rehearse::sim {

// name of what happens: a and b are drawn for each and mean what they can mean there
// clang-format off
#define REHEARSE_SWARM_ACTS(X) \
  X(lose_power) X(bugcheck) X(boot) X(freeze) X(thaw) X(hang) X(end_hang) X(link_down) X(link_up) X(cut_off) \
  X(rejoin) X(site_link_down) X(site_link_up) X(lose_packets) X(no_more_loss) X(latency) X(crash_cluster_service) \
  X(pause) X(pause_and_drain) X(resume) X(stop_service) X(start_service) X(force_quorum) X(prevent_quorum) \
  X(shut_down) X(reboot) X(clear_quarantine) X(witness_down) X(witness_back) X(witness_path_cut) \
  X(witness_path_back) X(want) X(do_not_want) X(hold_resource) X(release_resource) X(move) X(move_to_best) X(retry) \
  X(test_failure) X(get_stuck) X(resource_host_dies) X(path_cut) X(path_back) X(slow_disk) X(pool_arbitrates) \
  X(address_taken) X(address_free) X(sql_crash) X(sql_hang) X(sql_answers) X(component_error) X(component_clean) \
  X(slow_recovery) X(suspect) X(repaired) X(authentication_off) X(tempdb_missing) X(tempdb_back) \
  X(directory_refuses) X(directory_back) X(master_crash) X(master_hang) X(master_stop) X(worker_crash) \
  X(worker_start) X(worker_machine_lost) X(worker_machine_boots) X(copy_removed) X(copy_back) X(key_removed) \
  X(certificate_ends) X(certificate_begins) X(dates_as_usual) X(key_access_lost) X(key_access_back) \
  X(binding_changed) X(binding_back) X(root_polluted) X(root_clean) X(clock_wrong) X(clock_right) \
  X(password_expires) X(password_renewed) X(admin_removed) X(admin_added) X(starts_automatically) \
  X(starts_manually) X(names_stale) X(names_replicate) X(master_setting) X(worker_setting) \
  X(worker_hangs) X(worker_answers) X(row_disabled) X(row_enabled) X(row_deleted) X(disk_full) X(disk_has_room) \
  X(log_login_orphaned) X(log_login_mended) X(executions_stopped) X(force_failover) X(resume_data_movement)
// clang-format on

struct SwarmAct {
  enum class Kind : std::uint32_t {
#define X(name) name,
    REHEARSE_SWARM_ACTS(X)
#undef X
        count_
  };
  Duration at{};
  Kind kind{};
  std::uint32_t a = 0, b = 0;
};

struct Night {
  std::uint64_t seed = 0;
  model::Design design;
  std::vector<SwarmAct> acts;  // in order of their times
  Duration end{};
  world::Pace pace = world::Pace::median;
};

/// Night number `seed`. With `most_nodes` up to 8 the nights are the same in every build.
Night random_night(std::uint64_t seed, std::uint32_t most_nodes);

/// A night told: from the start of the rehearsal.
struct Telling {
  std::shared_ptr<const world::Blueprint> plan;
  world::State first;
  std::unique_ptr<world::Journal> journal = std::make_unique<world::Journal>();
  std::unique_ptr<world::World> world;

  /// Up to and with the acts at `until`.
  void go_on(const Night& night, Duration from, Duration until);
};

Telling begin(const Night& night, world::Tempo tempo);
Telling tell(const Night& night, world::Tempo tempo);

/// The first place where two journals differ, as text; empty: they are the same.
std::string difference(const world::Journal& a, const world::Journal& b, const world::Blueprint& plan);

std::string to_text(const Night& night);
std::string to_text(const world::Record& record, world::RecordId id, const world::Blueprint& plan);

}  // namespace rehearse::sim

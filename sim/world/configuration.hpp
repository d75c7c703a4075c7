// How machines, services and accounts are set up: settings files, clocks, passwords, membership in ssis_admin. A
// settings file is read when its service starts; a change waits until then (S 2).
#pragma once

#include <array>
#include <cstdint>

#include "sim/world/world.hpp"

namespace rehearse::world {

inline constexpr std::array master_fields = {
    MasterField::port,  MasterField::certificate, MasterField::sql_server_name, MasterField::cleanup,
    MasterField::sweep, MasterField::heartbeat,   MasterField::sql_timeout};
inline constexpr std::array worker_fields = {
    WorkerField::endpoint,        WorkerField::master_certificate, WorkerField::worker_certificate,
    WorkerField::agent_heartbeat, WorkerField::task_heartbeat,     WorkerField::tolerance,
    WorkerField::lease,           WorkerField::max_tasks};

/// A setting as records have it: a number, the number of a text or certificate, or nanoseconds.
std::int64_t value_of(const MasterSettingsState& settings, MasterField field);
std::int64_t value_of(const WorkerSettingsState& settings, WorkerField field);

class Configuration : public Subject {
 public:
  using Subject::Subject;

  /// In the file; no record where the value is there already.
  void write(HostIndex node, MasterField field, std::int64_t value, RecordId why);
  void write(WorkerIndex worker, WorkerField field, std::int64_t value, RecordId why);

  /// Its clock shows the true time and this much.
  void set_clock(HostIndex host, Duration ahead, RecordId why);
  Date date_on(HostIndex host) const { return plan_.date_at(engine_.now() + state_.hosts[host].clock_offset); }

  /// Services of the account that run go on; none starts, and none opens a new login to SQL Server. A virtual account
  /// has no password.
  void set_password_expired(Account account, bool expired, RecordId why);
  bool master_logs_on() const;
  bool worker_logs_on(WorkerIndex worker) const;

  /// Membership of a master's account in ssis_admin, which decides at its next login (S 4.3).
  void set_admin(TextIndex account, bool member, RecordId why);
  bool is_admin(TextIndex account) const;
};

}  // namespace rehearse::world

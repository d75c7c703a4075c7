#include "sim/world/configuration.hpp"

#include <algorithm>
#include <stdexcept>

#include "sim/world/masters.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::world {
namespace {

bool has_expired(const State& state, Account account) {
  return (state.cluster.expired_passwords >> static_cast<unsigned>(account) & 1U) != 0;
}

}  // namespace

std::int64_t value_of(const MasterSettingsState& settings, MasterField field) {
  switch (field) {
    case MasterField::port: return settings.port;
    case MasterField::certificate: return settings.certificate;
    case MasterField::sql_server_name: return settings.sql_server_name;
    case MasterField::cleanup: return settings.cleanup.count();
    case MasterField::sweep: return settings.sweep.count();
    case MasterField::heartbeat: return settings.heartbeat.count();
    case MasterField::sql_timeout: return settings.sql_timeout.count();
  }
  throw std::logic_error("no such master setting");
}

std::int64_t value_of(const WorkerSettingsState& settings, WorkerField field) {
  switch (field) {
    case WorkerField::endpoint: return settings.endpoint;
    case WorkerField::master_certificate: return settings.master_certificate;
    case WorkerField::worker_certificate: return settings.worker_certificate;
    case WorkerField::agent_heartbeat: return settings.agent_heartbeat.count();
    case WorkerField::task_heartbeat: return settings.task_heartbeat.count();
    case WorkerField::tolerance: return settings.tolerance.count();
    case WorkerField::lease: return settings.lease.count();
    case WorkerField::max_tasks: return settings.max_tasks;
  }
  throw std::logic_error("no such worker setting");
}

void Configuration::write(HostIndex node, MasterField field, std::int64_t value, RecordId why) {
  if (value_of(state_.hosts[node].master_file, field) == value) return;
  engine_.emit(RecordKind::master_setting, host_id(node), why, static_cast<std::uint32_t>(field), value);
}

void Configuration::write(WorkerIndex worker, WorkerField field, std::int64_t value, RecordId why) {
  if (value_of(state_.workers[worker].file, field) == value) return;
  engine_.emit(RecordKind::worker_setting, worker_id(worker), why, static_cast<std::uint32_t>(field), value);
}

void Configuration::set_clock(HostIndex host, Duration ahead, RecordId why) {
  world_.workers().review(engine_.emit(RecordKind::clock_set, host_id(host), why, none, ahead.count()));
}

void Configuration::set_password_expired(Account account, bool expired, RecordId why) {
  const RecordId changed =
      engine_.emit(RecordKind::password_expired, cluster_id, why, static_cast<std::uint32_t>(account), expired);
  world_.masters().review(changed);
}

bool Configuration::master_logs_on() const {
  return !has_expired(state_, Account::master) || !plan_.design().scale_out.master.uses_domain_account();
}

bool Configuration::worker_logs_on(WorkerIndex worker) const {
  const model::WorkerPool& pool = plan_.design().scale_out.workers[plan_.workers[worker].pool];
  return !has_expired(state_, Account::worker) || !model::is_domain_account(pool.account);
}

void Configuration::set_admin(TextIndex account, bool member, RecordId why) {
  const RecordKind kind = member ? RecordKind::admin_added : RecordKind::admin_removed;
  world_.masters().review(engine_.emit(kind, instance_id, why, account));
}

bool Configuration::is_admin(TextIndex account) const {
  return std::find(state_.admins.begin(), state_.admins.end(), account) != state_.admins.end();
}

}  // namespace rehearse::world

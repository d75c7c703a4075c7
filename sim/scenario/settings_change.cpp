#include "sim/scenario/settings_change.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "sim/world/configuration.hpp"
#include "sim/world/installation.hpp"

namespace rehearse::sim {
namespace {

using world::MasterField;
using world::WorkerField;
using world::World;

constexpr std::pair<std::string_view, MasterField> master_keys[] = {
    {"PortNumber", MasterField::port},
    {"SSLCertThumbprint", MasterField::certificate},
    {"SqlServerName", MasterField::sql_server_name},
    {"CleanupCompletedJobsIntervalInMs", MasterField::cleanup},
    {"DealWithExpiredTasksIntervalInMs", MasterField::sweep},
    {"MasterHeartbeatIntervalInMs", MasterField::heartbeat},
    {"SqlConnectionTimeoutInSecs", MasterField::sql_timeout},
};
constexpr std::pair<std::string_view, WorkerField> worker_keys[] = {
    {"MasterEndpoint", WorkerField::endpoint},
    {"MasterHttpsCertThumbprint", WorkerField::master_certificate},
    {"WorkerHttpsCertThumbprint", WorkerField::worker_certificate},
    {"AgentHeartbeatInterval", WorkerField::agent_heartbeat},
    {"TaskHeartbeatInterval", WorkerField::task_heartbeat},
    {"HeartbeatErrorTollerance", WorkerField::tolerance},
    {"LeaseInternval", WorkerField::lease},
    {"MaxTaskCount", WorkerField::max_tasks},
};

template <class Keys>
std::vector<std::string> names_of(const Keys& keys) {
  std::vector<std::string> names;
  for (const auto& key : keys) names.emplace_back(key.first);
  return names;
}

template <class Keys>
auto field_of(const Keys& keys, const std::string& name) {
  for (const auto& key : keys) {
    if (key.first == name) return key.second;
  }
  throw std::logic_error("no setting " + name + ": the reader let it pass");
}

/// Nothing is pinned or shown where the file leaves it empty.
std::int64_t certificate_of(const World& world, const std::string& thumbprint) {
  if (thumbprint.empty()) return world::none;
  const world::CertificateIndex known = world::certificate_with(world, thumbprint);
  return known == world::none ? world::unknown_certificate : known;
}

std::int64_t value_of(const World& world, MasterField field, const model::MasterSettings& settings) {
  switch (field) {
    case MasterField::port: return settings.port;
    case MasterField::certificate: return certificate_of(world, settings.certificate_thumbprint);
    case MasterField::sql_server_name: return world.plan().find_text(settings.sql_server_name);
    case MasterField::cleanup: return settings.cleanup_interval.count();
    case MasterField::sweep: return settings.sweep_interval.count();
    case MasterField::heartbeat: return settings.heartbeat_interval.count();
    case MasterField::sql_timeout: return settings.sql_connection_timeout.count();
  }
  throw std::logic_error("no such master setting");
}

std::int64_t value_of(const World& world, WorkerField field, const model::WorkerSettings& settings) {
  switch (field) {
    case WorkerField::endpoint: return world.plan().find_text(settings.endpoint);
    case WorkerField::master_certificate: return certificate_of(world, settings.master_certificate_thumbprint);
    case WorkerField::worker_certificate: return certificate_of(world, settings.worker_certificate_thumbprint);
    case WorkerField::agent_heartbeat: return settings.agent_heartbeat_interval.count();
    case WorkerField::task_heartbeat: return settings.task_heartbeat_interval.count();
    case WorkerField::tolerance: return settings.heartbeat_error_tolerance.count();
    case WorkerField::lease: return settings.lease_interval.count();
    case WorkerField::max_tasks: return settings.max_task_count;
  }
  throw std::logic_error("no such worker setting");
}

}  // namespace

std::vector<std::string> simulated_master_keys() {
  return names_of(master_keys);
}

std::vector<std::string> simulated_worker_keys() {
  return names_of(worker_keys);
}

SlotValue slot_of(const World& world, const TimelineEntry& fault) {
  const TimelineEntry::Setting& setting = fault.setting.value();
  const std::string& host = fault.hosts.at(0);
  const world::WorkerIndex worker = world.plan().find_worker(host);
  if (worker == world::none) {
    const MasterField field = field_of(master_keys, setting.key);
    const Slot slot{Slot::Kind::master_setting, world.plan().find_host(host), static_cast<std::uint32_t>(field), 0};
    return {slot, value_of(world, field, setting.master)};
  }
  const WorkerField field = field_of(worker_keys, setting.key);
  const Slot slot{Slot::Kind::worker_setting, worker, static_cast<std::uint32_t>(field), 0};
  return {slot, value_of(world, field, setting.worker)};
}

std::vector<std::string> texts_of_settings(const std::vector<TimelineEntry>& timeline) {
  std::vector<std::string> texts;
  for (const TimelineEntry& entry : timeline) {
    if (!entry.setting) continue;
    for (const std::string& text : {entry.setting->master.sql_server_name, entry.setting->worker.endpoint}) {
      if (!text.empty()) texts.push_back(text);
    }
  }
  return texts;
}

}  // namespace rehearse::sim

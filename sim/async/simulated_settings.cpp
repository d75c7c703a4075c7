#include "sim/async/simulated_settings.hpp"

#include <algorithm>
#include <cctype>

#include "sim/async/simulated_call.hpp"
#include "sim/world/certificates.hpp"

namespace rehearse::sim {
namespace {

using world::CertificateIndex;
using world::none;
using world::World;

std::vector<std::string> sorted_names(std::vector<std::string> names) {
  for (std::string& name : names) {
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool lies_nowhere(const World& world, CertificateIndex certificate) {
  const auto& placed = world.state().placed;
  return std::none_of(placed.begin(), placed.end(), [&](const auto& copy) { return copy.certificate == certificate; });
}

std::string agent_id(const World& world, world::WorkerIndex worker) {
  const world::WorkerPlan& plan = world.plan().workers[worker];
  const std::string& stated = world.plan().design().scale_out.workers[plan.pool].settings.agent_id;
  return stated.empty() ? "agent of " + plan.name : stated;
}

}  // namespace

model::MasterSettings read_master_settings(const World& world, world::HostIndex node) {
  const world::MasterSettingsState& state = world.state().hosts[node].master_file;
  model::MasterSettings settings;
  settings.port = state.port;
  settings.certificate_thumbprint = thumbprint_or_empty(world, state.certificate);
  settings.sql_server_name = text_of(world, state.sql_server_name);
  settings.cleanup_interval = state.cleanup;
  settings.sweep_interval = state.sweep;
  settings.heartbeat_interval = state.heartbeat;
  settings.sql_connection_timeout = state.sql_timeout;
  return settings;
}

world::MasterSettingsState master_settings_state(const World& world, const model::MasterSettings& settings) {
  world::MasterSettingsState state;
  state.port = settings.port;
  state.certificate = known_certificate(world, settings.certificate_thumbprint);
  state.sql_server_name = known_text(world, settings.sql_server_name);
  state.cleanup = settings.cleanup_interval;
  state.sweep = settings.sweep_interval;
  state.heartbeat = settings.heartbeat_interval;
  state.sql_timeout = settings.sql_connection_timeout;
  return state;
}

model::WorkerSettings read_worker_settings(const World& world, world::WorkerIndex worker) {
  const world::WorkerSettingsState& state = world.state().workers[worker].file;
  model::WorkerSettings settings;
  settings.endpoint = text_of(world, state.endpoint);
  settings.master_certificate_thumbprint = thumbprint_or_empty(world, state.master_certificate);
  settings.worker_certificate_thumbprint = thumbprint_or_empty(world, state.worker_certificate);
  settings.agent_heartbeat_interval = state.agent_heartbeat;
  settings.task_heartbeat_interval = state.task_heartbeat;
  settings.heartbeat_error_tolerance = state.tolerance;
  settings.lease_interval = state.lease;
  settings.max_task_count = state.max_tasks;
  settings.agent_id = agent_id(world, worker);
  return settings;
}

world::WorkerSettingsState worker_settings_state(const World& world, world::WorkerIndex worker,
                                                 const model::WorkerSettings& settings) {
  const auto certificate = [&](const std::string& thumbprint) {
    return thumbprint.empty() ? none : known_certificate(world, thumbprint);
  };
  if (settings.agent_id != agent_id(world, worker)) refuse_unknown("the AgentId '" + settings.agent_id + "'");
  const auto slots = static_cast<int>(world.plan().slots_per_worker);
  if (settings.max_task_count > slots) refuse_unknown("a MaxTaskCount above the design's " + std::to_string(slots));
  world::WorkerSettingsState state;
  state.endpoint = known_text(world, settings.endpoint);
  state.master_certificate = certificate(settings.master_certificate_thumbprint);
  state.worker_certificate = certificate(settings.worker_certificate_thumbprint);
  state.agent_heartbeat = settings.agent_heartbeat_interval;
  state.task_heartbeat = settings.task_heartbeat_interval;
  state.tolerance = settings.heartbeat_error_tolerance;
  state.lease = settings.lease_interval;
  state.max_tasks = settings.max_task_count;
  return state;
}

bool has_copy(const World& world, world::HostIndex host, CertificateIndex certificate, world::Store store, bool key) {
  const world::PlacedCertificate* copy = world::find_placed(host, certificate, store, world.state());
  return copy != nullptr && (copy->key || !key);
}

CertificateIndex make_certificate(const Turn& turn, const std::vector<std::string>& names, Date not_after) {
  const auto& plans = turn.world.plan().certificates;
  const auto& designed = turn.world.plan().design().certificates;
  CertificateIndex like = none;
  for (CertificateIndex index = 0; index < plans.size(); ++index) {
    if (sorted_names(plans[index].names) != sorted_names(names)) continue;
    const bool made_by_steps = plans[index].thumbprint.empty();
    if (made_by_steps && designed[index].not_after == not_after && lies_nowhere(turn.world, index)) return index;
    if (like == none) like = index;
  }
  if (like == none) refuse_unknown("a certificate for '" + (names.empty() ? std::string() : names.front()) + "'");
  world::Installation installation(turn.world);
  return installation.create_certificate(like, turn.world.plan().time_at(not_after), turn.cause);
}

CertificateIndex certificate_of_worker_setup(const Turn& turn, const std::string& design_key) {
  const CertificateIndex designed = turn.world.plan().find_certificate(design_key);
  if (!turn.world.plan().personal_certificates) return designed;
  const world::Time end = turn.world.now() + world::setup_certificate_validity;
  return world::Installation(turn.world).create_certificate(designed, end, turn.cause);
}

Date validity_of_setup_certificates(const Turn& turn) {
  return turn.world.plan().date_at(turn.world.now()) + world::setup_certificate_validity;
}

}  // namespace rehearse::sim

// Power and services.
#include <nlohmann/json.hpp>

#include "tests/far_side/clockwork.hpp"
#include "tests/far_side/cluster_state.hpp"

namespace far_side {
namespace {

const std::string component_servicing =
    "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\RebootPending";
const std::string automatic_updates =
    "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update\\RebootRequired";

bool is_scale_out(const std::string& service) {
  return !settings_path_of(service).empty();
}

/// A Scale Out service reads its settings when it starts (S 2) and does not start without them.
bool reads_its_settings(Machine& machine, const std::string& name, Service& service) {
  const auto file = machine.files.find(settings_path_of(name));
  if (file == machine.files.end()) return false;
  std::string text = file->second.bytes;
  if (text.rfind("\xEF\xBB\xBF", 0) == 0) text.erase(0, 3);
  const nlohmann::json settings = nlohmann::json::parse(text, nullptr, false);
  if (!settings.is_object()) return false;
  service.settings.clear();
  for (const auto& [key, value] : settings.items()) {
    service.settings[key] = value.is_string() ? value.get<std::string>() : value.dump();
  }
  return true;
}

void came_up(FarWorld& world, const std::string& machine_name, const std::string& name, Service& service) {
  Machine& machine = machine_of(world, machine_name);
  service.state = "Running";
  if (is_scale_out(name)) {
    if (!reads_its_settings(machine, name, service)) {
      service.state = "Stopped";
      return;
    }
    // Registration takes a while after the start (S 1.3); the master writes its row sooner.
    const bool worker = name.find("Worker") != std::string::npos;
    service.next_beat = world.now + (worker ? 45s : 5s);
  }
  if (same_text(name, "ClusSvc") && world.cluster) {
    const auto node = world.cluster->nodes.find(machine_name);
    if (node != world.cluster->nodes.end() && !node->second.quarantined) {
      node->second.state = "Joining";
      node->second.due = world.now + 8s;
    }
  }
}

void settle_services(FarWorld& world, const std::string& machine_name) {
  Machine& machine = machine_of(world, machine_name);
  for (auto& [name, service] : machine.services) {
    if (service.due > world.now) continue;
    if (service.state == "StartPending") {
      if (service.logon_fails) {
        service.state = "Stopped";
      } else {
        came_up(world, machine_name, name, service);
      }
    } else if (service.state == "StopPending") {
      service.state = "Stopped";
      service.next_beat.reset();
    }
  }
}

void went_down(FarWorld& world, const std::string& name) {
  Machine& machine = machine_of(world, name);
  machine.on = false;
  machine.goes_down.reset();
  for (auto& [service_name, service] : machine.services) {
    service.state = "Stopped";
    service.next_beat.reset();
  }
  for (auto& [task_name, task] : machine.tasks) {
    if (task.state == "Running" || task.state == "Queued") task.state = "Ready";
  }
  node_lost(world, name);
}

bool still_owns_roles(const FarWorld& world, const std::string& node) {
  if (!world.cluster) return false;
  for (const auto& [name, group] : world.cluster->groups) {
    if (same_text(group.owner, node) && !group.moving_to.empty()) return true;
  }
  return false;
}

}  // namespace

void settle_machines(FarWorld& world) {
  for (auto& [name, machine] : world.machines) {
    if (machine.on) settle_services(world, name);
    // DrainOnShutdown: the roles leave first (W 1.3), within ShutdownTimeoutInMinutes.
    if (machine.goes_down && *machine.goes_down <= world.now &&
        (!still_owns_roles(world, name) || world.now - *machine.goes_down > 20min)) {
      went_down(world, name);
      if (machine.restarts) machine.comes_up = world.now + 60s;
    }
    if (machine.comes_up && *machine.comes_up <= world.now) power_on(world, name);
  }
}

void begin_shutdown(FarWorld& world, const std::string& name, bool restarts) {
  Machine& machine = machine_of(world, name);
  if (machine.goes_down) return;
  machine.goes_down = world.now + 10s;
  machine.restarts = restarts;
  if (!is_member(world, name)) return;
  for (const auto& [group, state] : world.cluster->groups) {
    if (!same_text(state.owner, name)) continue;
    const Names targets = candidates_for(world, group, name);
    if (!targets.empty()) begin_move(world, group, targets.front());
  }
}

void power_off(FarWorld& world, const std::string& name) {
  machine_of(world, name).comes_up.reset();
  went_down(world, name);
}

void power_on(FarWorld& world, const std::string& name) {
  Machine& machine = machine_of(world, name);
  if (machine.on) return;
  machine.on = true;
  machine.booted = world.now;
  machine.comes_up.reset();
  machine.restart_pending = false;
  machine.registry.erase(component_servicing);
  machine.registry.erase(automatic_updates);
  for (auto& [feature, state] : machine.features) state = "Installed";
  feature_is_usable(machine);
  for (auto& [service_name, service] : machine.services) {
    if (service.start_type != "Automatic") continue;
    service.state = "StartPending";
    service.due = world.now + 5s;
  }
}

void feature_is_usable(Machine& machine) {
  const auto found = machine.features.find("Failover-Clustering");
  if (found == machine.features.end() || found->second != "Installed" || machine.services.count("ClusSvc") != 0) return;
  Service service;
  service.display = "Cluster Service";
  service.start_type = "Disabled";
  machine.services["ClusSvc"] = service;
}

void ask_for_restart(FarWorld& world, const std::string& name) {
  Machine& machine = machine_of(world, name);
  machine.restart_pending = true;
  machine.registry[component_servicing];
  machine.registry[automatic_updates];
}

bool is_running(const Machine& machine, const std::string& service) {
  const auto found = machine.services.find(service);
  return machine.on && found != machine.services.end() && found->second.state == "Running";
}

namespace {

Service& known_service(FarWorld& world, const std::string& machine, const std::string& name) {
  Named<Service>& services = machine_of(world, machine).services;
  const auto found = services.find(name);
  if (found == services.end()) {
    throw Error("Cannot find any service with service name '" + name + "'.", "ObjectNotFound",
                "NoServiceFoundForGivenName");
  }
  return found->second;
}

}  // namespace

void start_service(FarWorld& world, const std::string& machine, const std::string& name) {
  Service& service = known_service(world, machine, name);
  if (service.state == "Running" || service.state == "StartPending") return;
  if (service.start_type == "Disabled") {
    throw Error("Service '" + service.display + " (" + name + ")' cannot be started due to the following error: " +
                    "Cannot start service " + name + " on computer '.'.",
                "OpenError", "CouldNotStartService");
  }
  service.state = "StartPending";
  service.due = world.now + 2s;
}

void stop_service(FarWorld& world, const std::string& machine, const std::string& name) {
  Service& service = known_service(world, machine, name);
  if (service.state == "Stopped" || service.state == "StopPending") return;
  service.state = "StopPending";
  service.due = world.now + 2s;
  if (same_text(name, "ClusSvc")) node_lost(world, machine);
}

std::string settings_path_of(const std::string& service) {
  for (const auto& [prefix, file] : std::map<std::string, std::string>{
           {"SSISScaleOutMaster", "MasterSettings.config"}, {"SSISScaleOutWorker", "WorkerSettings.config"}}) {
    if (service.size() > prefix.size() && same_text(service.substr(0, prefix.size()), prefix)) {
      return "C:\\Program Files\\Microsoft SQL Server\\" + service.substr(prefix.size()) + "\\DTS\\Binn\\" + file;
    }
  }
  return "";
}

}  // namespace far_side

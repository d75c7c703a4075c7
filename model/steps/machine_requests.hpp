// What can be asked of a machine as a whole: whether it answers, restarting and shutting it down, Windows updates.
// Requests that wait carry the time they may take.
#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "model/steps/answer.hpp"
#include "model/steps/request.hpp"
#include "model/steps/states.hpp"

namespace rehearse::steps::host {

struct Machine {
  std::string host;
  explicit Machine(std::string the_host) : host(std::move(the_host)) {}
  auto fields() const { return std::tie(host); }
  friend bool operator==(const Machine&, const Machine&) = default;
};

struct MachineWithin {
  std::string host;
  Duration within;
  MachineWithin(std::string the_host, Duration the_within) : host(std::move(the_host)), within(the_within) {}
  auto fields() const { return std::tie(host, within); }
  friend bool operator==(const MachineWithin&, const MachineWithin&) = default;
};

/// Does the machine answer to remote administration? Answers a flag, no where it does not.
struct Answers : Query<Machine> {
  using Query::Query;
  static constexpr std::string_view name = "Answers";
};

/// Restart-Computer -Wait: a graceful shutdown, which drains a cluster node first (W 1.3: DrainOnShutdown), and a boot;
/// done when Windows answers again. The cluster service joins some time afterwards.
struct RestartMachine : Change<MachineWithin> {
  using Change::Change;
  static constexpr std::string_view name = "RestartMachine";
};

/// Stop-Computer; done when the machine is off.
struct ShutDownMachine : Change<MachineWithin> {
  using Change::Change;
  static constexpr std::string_view name = "ShutDownMachine";
};

/// Answers the text of a PatchState.
struct QueryPatches : Query<Machine> {
  using Query::Query;
  static constexpr std::string_view name = "QueryPatches";
};

/// Installs what Windows Update offers; the last part of it happens in a restart, which this does not do.
struct InstallPatches : Change<Machine> {
  using Change::Change;
  static constexpr std::string_view name = "InstallPatches";
};

}  // namespace rehearse::steps::host

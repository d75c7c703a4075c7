// SQL Server's setup: what its parts share. Unattended, by a configuration file (W 7.5, S 7).
#pragma once

#include <string>

#include "tests/far_side/machine.hpp"

namespace far_side {

/// Why setup ends before its time: the exit code and the line that its summary shows.
struct SetupFailure {
  std::int64_t code;
  std::string message;
};

/// The settings of one run, by key; values in quotes are separated ("a" "b").
struct SetupOrder {
  Named<Names> settings;
  bool has(const std::string& key) const { return settings.count(key) != 0; }
  std::string text(const std::string& key, const std::string& otherwise = "") const;
  /// Throws SetupFailure where it is missing or empty.
  std::string required(const std::string& key) const;
  Names list(const std::string& key) const;
};

/// Reads a configuration file.
SetupOrder read_order(const std::string& text);

/// Throws SetupFailure unless setup may run services under the account with this password (empty for accounts that
/// have none).
void check_account(FarMachine& at, const SetupOrder& order, const std::string& account_key,
                   const std::string& password_key);

void install_instance(FarMachine& at, const SetupOrder& order);   // ACTION InstallFailoverCluster
void add_instance_node(FarMachine& at, const SetupOrder& order);  // ACTION AddNode
void install_integration_services(FarMachine& at, const SetupOrder& order);
void install_master(FarMachine& at, const SetupOrder& order);
void install_worker(FarMachine& at, const SetupOrder& order);

/// "150" of SQL Server 2019.
std::string version_folder(const FarWorld& world);
/// "HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Microsoft SQL Server".
extern const char* const sql_registry;

}  // namespace far_side

// The scripts of the Host port, one function a request, by subject. primitive_of() in host_primitives.cpp finds the one
// for a request.
#pragma once

#include "real_backend/powershell/primitives.hpp"

namespace rehearse::real {

// ---- features, services, firewall: host_primitives.cpp
Primitive script_for(const steps::host::FeatureInstalled& request, const Surroundings& around);
Primitive script_for(const steps::host::InstallFeature& request, const Surroundings& around);
Primitive script_for(const steps::host::ServiceInstalled& request, const Surroundings& around);
Primitive script_for(const steps::host::QueryService& request, const Surroundings& around);
Primitive script_for(const steps::host::StartService& request, const Surroundings& around);
Primitive script_for(const steps::host::StopService& request, const Surroundings& around);
Primitive script_for(const steps::host::RestartService& request, const Surroundings& around);
Primitive script_for(const steps::host::QueryStartType& request, const Surroundings& around);
Primitive script_for(const steps::host::SetStartType& request, const Surroundings& around);
Primitive script_for(const steps::host::FirewallOpen& request, const Surroundings& around);
Primitive script_for(const steps::host::OpenFirewall& request, const Surroundings& around);

// ---- SQL Server's setup: setup_primitives.cpp
Primitive script_for(const steps::host::FciInstalled& request, const Surroundings& around);
Primitive script_for(const steps::host::InstallFci& request, const Surroundings& around);
Primitive script_for(const steps::host::AddFciNode& request, const Surroundings& around);
Primitive script_for(const steps::host::InstallMaster& request, const Surroundings& around);
Primitive script_for(const steps::host::InstallWorker& request, const Surroundings& around);

// ---- settings files: settings_primitives.cpp
Primitive script_for(const steps::host::ReadMasterSettings& request, const Surroundings& around);
Primitive script_for(const steps::host::WriteMasterSettings& request, const Surroundings& around);
Primitive script_for(const steps::host::ReadWorkerSettings& request, const Surroundings& around);
Primitive script_for(const steps::host::WriteWorkerSettings& request, const Surroundings& around);

// ---- the machine: machine_primitives.cpp
Primitive script_for(const steps::host::Answers& request, const Surroundings& around);
Primitive script_for(const steps::host::RestartMachine& request, const Surroundings& around);
Primitive script_for(const steps::host::ShutDownMachine& request, const Surroundings& around);
Primitive script_for(const steps::host::QueryPatches& request, const Surroundings& around);
Primitive script_for(const steps::host::InstallPatches& request, const Surroundings& around);

/// Lets $Boot be what boot_time() answers and orders a restart; conflict where a shutdown is under way already. The
/// machine goes down some seconds after the script has answered.
ps::Block order_restart();

}  // namespace rehearse::real

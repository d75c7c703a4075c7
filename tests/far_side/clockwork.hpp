// What happens on the far side by itself as time goes by: machines shut down and start, services reach the state that
// was asked of them, nodes join, resources come online and fail, roles move, Scale Out's services are heard of in the
// catalog, scheduled tasks run. Time is the far side's own; nobody really waits.
#pragma once

#include <string>

#include "tests/far_side/world.hpp"

namespace far_side {

/// Lets time go by.
void pass(FarWorld& world, Span time);

// ---- machines and services (machine_clockwork.cpp)
void settle_machines(FarWorld& world);
/// A graceful shutdown: the machine is off a little later, and starts again where that was asked (W 1.3).
void begin_shutdown(FarWorld& world, const std::string& machine, bool restarts);
/// The plug is pulled. A machine without power stays off until power_on.
void power_off(FarWorld& world, const std::string& machine);
void power_on(FarWorld& world, const std::string& machine);
/// What comes with a feature that has just become usable: the cluster's service, disabled (W 8).
void feature_is_usable(Machine& machine);
/// Windows asks for a restart; the registry shows it.
void ask_for_restart(FarWorld& world, const std::string& machine);

/// The service control manager's orders; they answer at once, and the state follows. Throw Error.
void start_service(FarWorld& world, const std::string& machine, const std::string& service);
void stop_service(FarWorld& world, const std::string& machine, const std::string& service);
bool is_running(const Machine& machine, const std::string& service);
/// Full path of the settings file that belongs to a Scale Out service; empty for another service (S 2).
std::string settings_path_of(const std::string& service);

// ---- the cluster (cluster_clockwork.cpp, resource_clockwork.cpp)
void settle_cluster(FarWorld& world);
void settle_resources(FarWorld& world);
/// Ends the membership of a node whose cluster service or machine is gone.
void node_lost(FarWorld& world, const std::string& node);
/// The role goes offline where it is and online on the node. Already there: nothing.
void begin_move(FarWorld& world, const std::string& group, const std::string& node);
/// One failure of the resource, and what the policies make of it (W 3.2, 3.3).
void fail_resource(FarWorld& world, const std::string& resource);

// ---- Scale Out (scale_out_clockwork.cpp)
void settle_scale_out(FarWorld& world);
/// Why the worker of this machine does not reach its master now; empty: it does (S 1.1, 3).
std::string worker_trouble(const FarWorld& world, const std::string& machine, const std::string& service);
/// Why the master of this machine does not reach its catalog now; empty: it does (S 4.3).
std::string master_trouble(const FarWorld& world, const std::string& machine, const std::string& service);

// ---- scheduled tasks (task_cmdlets.cpp)
void run_due_tasks(FarWorld& world);

}  // namespace far_side

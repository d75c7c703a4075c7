// Studies for tests, made of the scenarios that ship.
#pragma once

#include <string>

#include "sim/study/study.hpp"

namespace rehearse::sim {

/// One point, the scenario as it is with the work and the duration given; every measure of it.
Study study_of(const std::string& scenario);
Scenario shipped_scenario(const std::string& name);

/// The loss of a node as studies are measured by it: the reference design without its workload, installed; SQL1 loses
/// its power after 40 minutes, nothing is repaired, and the run ends after two hours. Measured are the outages of
/// sql_server, ssisdb, scale_out_master and package_execution.
Study node_loss_study();

}  // namespace rehearse::sim

// Studies for tests, made of the scenarios that ship.
#pragma once

#include <string>

#include "sim/study/study.hpp"

namespace rehearse::sim {

/// One point, the scenario as it is with the work and the duration given; every measure of it.
Study study_of(const std::string& scenario);
Scenario shipped_scenario(const std::string& name);

}  // namespace rehearse::sim

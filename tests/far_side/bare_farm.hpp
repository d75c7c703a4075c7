// A small farm for tests: two nodes and two workers as bare machines, in a domain with the accounts that they need.
#pragma once

#include <string>

#include "tests/far_side/machine.hpp"

namespace far_side {

FarWorld bare_farm();

/// Runs one script on one machine and joins its output lines by "|". For looking at a world.
std::string look(FarWorld& world, const std::string& machine, const std::string& script,
                 Logon logon = Logon::delegated);

}  // namespace far_side

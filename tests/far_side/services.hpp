// Services of a machine as objects of scripts.
#pragma once

#include <string>

#include "tests/far_side/machine.hpp"

namespace far_side {

/// A System.ServiceProcess.ServiceController: what it says of the service is from when it was made, until Refresh().
Value service_object(FarMachine& at, const std::string& name);

}  // namespace far_side

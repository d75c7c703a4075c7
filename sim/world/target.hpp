// What a worker's endpoint leads to.
#pragma once

#include "sim/world/ids.hpp"

namespace rehearse::world {

struct Target {
  bool name_known = false;
  HostIndex host = none;  // none: the name is known but no machine holds its address, or it is out of reach
  int port = 0;
  GroupIndex role = none;      // whose name it is; none: a machine's, or nobody's
  std::uint32_t place = none;  // of the address that answers, among the role's; none: none does
  friend bool operator==(const Target&, const Target&) = default;
};

}  // namespace rehearse::world

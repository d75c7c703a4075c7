// A deployment that both platforms have performed and that has come to rest: where tests of operations begin.
#pragma once

#include <set>
#include <string>

#include "sim/world/world.hpp"
#include "tests/agreement/both_farms.hpp"

namespace rehearse::agreement {

struct Deployed {
  Deployable deployable;
  world::World simulated;
  far_side::FarWorld far;
  std::set<std::string> asked;  // of both: names of requests
};

/// By the name that Designs::by_name knows; deployed once in a process. Throws std::logic_error with the account of a
/// deployment that failed.
const Deployed& deployed(const std::string& name);

}  // namespace rehearse::agreement

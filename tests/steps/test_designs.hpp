// Designs for tests of steps, made in code: the reference in both placements.
#pragma once

#include <string>

#include "model/design.hpp"

namespace rehearse::steps {

/// Nodes SQL1, SQL2, ... and workers WRK1, WRK2, ...; both certificates stated by names and dates.
model::Design joint_design(int nodes = 2, int workers = 2);

/// The same with a role of its own for the master, and a domain account.
model::Design separate_design(int nodes = 2, int workers = 2);

inline constexpr Date certificate_begin = Date(std::chrono::sys_days(std::chrono::year(2027) / 1 / 1));
inline constexpr Date certificate_end = Date(std::chrono::sys_days(std::chrono::year(2029) / 1 / 1));

}  // namespace rehearse::steps

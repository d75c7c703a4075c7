// Times and lengths as reports print them: rounded to milliseconds, always with them, so that columns line up. Exact
// values are in the JSON report.
#pragma once

#include <string>

#include "sim/core/time.hpp"

namespace rehearse::sim {

/// "0.213s", "55.000s", "1m05.500s", "2h00m00.000s", "1d00h00m00.000s".
std::string length_text(Duration length);

/// Since the start of the rehearsal: "+40m00.000s"; "-1m00.000s" before it.
std::string offset_text(core::Time time);

}  // namespace rehearse::sim

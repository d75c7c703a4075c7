// How HTML reports name what other reports name for programs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/scenario/outage.hpp"
#include "sim/scenario/service.hpp"

namespace rehearse::sim::html {

/// "SSISDB", "Scale Out Master", and for a worker its name.
std::string title_of(const Service& service, const world::Blueprint& plan);

/// "1 node", "2 nodes".
std::string counted(std::uint64_t count, std::string_view one, std::string_view many);

/// "address and name".
std::string words_of(Phase phase);

}  // namespace rehearse::sim::html

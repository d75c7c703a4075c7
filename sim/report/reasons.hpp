// The reasons that records carry as numbers, in words that complete a sentence. A number that stands for none has words
// too.
#pragma once

#include <string_view>

#include "sim/world/record.hpp"

namespace rehearse::sim {

std::string_view reason_of(world::MoveCause cause);         // "its node is lost"
std::string_view reason_of(world::ConnectFailure failure);  // "SSISDB is not open"
std::string_view reason_of(world::EndReason reason);        // "crashed"
std::string_view reason_of(world::CallFailure failure);     // "timed out"
std::string_view reason_of(world::KillReason reason);       // "the worker's service ended"

}  // namespace rehearse::sim

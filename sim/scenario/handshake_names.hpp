// The names by which scenario files speak of the ways in which a worker's connection is refused: "master_expired".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/handshake.hpp"

namespace rehearse::sim {

std::string_view name_of(model::HandshakeOutcome outcome);

/// nullopt: no such name.
std::optional<model::HandshakeOutcome> handshake_outcome_from(std::string_view name);

/// Every name but "accepted", in the order in which defects decide (behaviour.md 5).
std::vector<std::string> refusal_names();

}  // namespace rehearse::sim

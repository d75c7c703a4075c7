// What the simulated ports have in common: finding what a request names, refusing what it cannot have, and taking time.
#pragma once

#include <string>
#include <string_view>

#include "model/parameters.hpp"
#include "sim/async/calls.hpp"

namespace rehearse::sim {

/// Throws Failure(code, message) unless it holds.
void require(bool holds, steps::FailureCode code, const std::string& message);

/// "the simulated world does not know ...": what the design does not lead to.
[[noreturn]] void refuse_unknown(const std::string& what);

/// By name. Failure not_found for a name that the design does not have, unreachable for a machine that is off or cut
/// off.
world::HostIndex find_host(const world::World& world, std::string_view name);
world::HostIndex find_node(const world::World& world, std::string_view name);  // of the cluster; else refused
/// The operator's own machine can talk to it: it runs and has a card up. He stands where no partition is.
bool is_reachable(const world::World& world, world::HostIndex host);
void require_answer_of(const world::World& world, world::HostIndex host);

/// The worker whose machine this is; none: no worker's.
world::WorkerIndex worker_on(const world::World& world, world::HostIndex host);

/// The number of a string in settings files and properties; refuses one that the design does not lead to.
world::TextIndex known_text(const world::World& world, const std::string& text);
/// The certificate with this thumbprint; refuses one that the world does not know.
world::CertificateIndex known_certificate(const world::World& world, const std::string& thumbprint);
std::string text_of(const world::World& world, world::TextIndex text);                            // empty for none
std::string thumbprint_or_empty(const world::World& world, world::CertificateIndex certificate);  // empty for none

/// Waits for as long as such a thing takes (behaviour.md 13).
Pause pause_for(const Turn& turn, model::Timing timing, world::PartId part);
/// Waits until the condition holds, at most so long.
Pause pause_until(const Turn& turn, world::Condition::Kind kind, std::uint32_t subject, Duration within,
                  std::uint32_t object = world::none);

}  // namespace rehearse::sim

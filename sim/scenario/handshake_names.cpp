#include "sim/scenario/handshake_names.hpp"

#include <algorithm>
#include <array>

namespace rehearse::sim {
namespace {

constexpr std::array names = std::to_array<std::string_view>({
    "accepted",
    "name_not_resolved",
    "address_unreachable",
    "port_blocked",
    "nothing_listening",
    "binding_missing",
    "binding_key_unusable",
    "master_not_trusted",
    "master_not_yet_valid",
    "master_expired",
    "host_not_in_names",
    "thumbprint_mismatch",
    "worker_key_missing",
    "worker_key_inaccessible",
    "worker_not_trusted",
    "worker_not_yet_valid",
    "worker_expired",
    "node_root_polluted",
});
static_assert(names.size() == static_cast<std::size_t>(model::HandshakeOutcome::count_));

}  // namespace

std::string_view name_of(model::HandshakeOutcome outcome) {
  return names.at(static_cast<std::size_t>(outcome));
}

std::optional<model::HandshakeOutcome> handshake_outcome_from(std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<model::HandshakeOutcome>(found - names.begin());
}

std::vector<std::string> refusal_names() {
  return {names.begin() + 1, names.end()};
}

}  // namespace rehearse::sim

#include "sim/async/simulated_call.hpp"

#include "sim/world/installation.hpp"

namespace rehearse::sim {

using steps::Failure;
using steps::FailureCode;
using world::Condition;
using world::none;
using world::World;

void require(bool holds, FailureCode code, const std::string& message) {
  if (!holds) throw Failure(code, message);
}

void refuse_unknown(const std::string& what) {
  throw Failure(FailureCode::refused, "the simulated world does not know " + what);
}

world::HostIndex find_host(const World& world, std::string_view name) {
  const world::HostIndex host = world.plan().find_host(name);
  require(host != none, FailureCode::not_found, "The network path was not found: no machine " + std::string(name));
  require_answer_of(world, host);
  return host;
}

world::HostIndex find_node(const World& world, std::string_view name) {
  const world::HostIndex host = find_host(world, name);
  if (host >= world.plan().node_count) refuse_unknown("a cluster node " + std::string(name));
  return host;
}

bool is_reachable(const World& world, world::HostIndex host) {
  const world::HostState& state = world.state().hosts[host];
  return state.powered && !state.frozen && (world.plan().hosts[host].cards & ~state.cards_down) != 0;
}

void require_answer_of(const World& world, world::HostIndex host) {
  require(world.state().hosts[host].hung == false && is_reachable(world, host), FailureCode::unreachable,
          "WinRM cannot complete the operation: " + world.plan().hosts[host].name + " does not answer");
}

world::WorkerIndex worker_on(const World& world, world::HostIndex host) {
  const auto& workers = world.plan().workers;
  for (world::WorkerIndex worker = 0; worker < workers.size(); ++worker) {
    if (workers[worker].host == host) return worker;
  }
  return none;
}

world::TextIndex known_text(const World& world, const std::string& text) {
  const world::TextIndex index = world.plan().find_text(text);
  if (index == none) refuse_unknown("'" + text + "'");
  return index;
}

world::CertificateIndex known_certificate(const World& world, const std::string& thumbprint) {
  const world::CertificateIndex certificate = world::certificate_with(world, thumbprint);
  if (certificate == none) refuse_unknown("a certificate with thumbprint '" + thumbprint + "'");
  return certificate;
}

std::string text_of(const World& world, world::TextIndex text) {
  return text == none ? std::string() : world.plan().text(text);
}

std::string thumbprint_or_empty(const World& world, world::CertificateIndex certificate) {
  if (certificate == none) return {};
  // Some thumbprint that no certificate has.
  if (certificate == world::unknown_certificate) return std::string(40, 'F');
  return world::thumbprint_of(world, certificate);
}

Pause pause_for(const Turn& turn, model::Timing timing, world::PartId part) {
  const Duration length = turn.world.engine().take(timing, part, turn.world.state().records);
  Condition condition;
  condition.kind = Condition::Kind::time;
  condition.time = turn.world.now() + length;
  return {condition, condition.time};
}

Pause pause_until(const Turn& turn, Condition::Kind kind, std::uint32_t subject, Duration within,
                  std::uint32_t object) {
  Condition condition;
  condition.kind = kind;
  condition.subject = subject;
  condition.object = object;
  return {condition, turn.world.now() + within};
}

}  // namespace rehearse::sim

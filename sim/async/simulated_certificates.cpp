// One machine's LocalMachine stores and http.sys bindings (S 3).
#include "model/endpoint.hpp"
#include "sim/async/simulated_call.hpp"
#include "sim/async/simulated_settings.hpp"
#include "sim/world/certificates.hpp"
#include "sim/world/installation.hpp"

namespace rehearse::sim {
namespace {

namespace store = steps::certificate_store;
using model::Timing;
using steps::Answer;
using steps::CertificateInfo;
using steps::FailureCode;
using world::CertificateIndex;
using world::host_id;
using world::HostIndex;
using world::none;
using world::Store;

std::string to_text(Store where) {
  return where == Store::my ? "My" : "Root";
}

Store parse_store(const std::string& text) {
  if (text == "My") return Store::my;
  if (text != "Root") refuse_unknown("the certificate store '" + text + "'");
  return Store::root;
}

/// A certificate that is to begin now is ordered a little before it is made.
constexpr Duration time_between_asking_and_making = std::chrono::hours(1);

struct OfCertificates {
  Turn turn;
  world::World& world = turn.world;
  const world::State& state = world.state();
  const world::Blueprint& plan = world.plan();

  Progress pause(Timing timing, HostIndex on) const { return pause_for(turn, timing, host_id(on)); }
  world::Installation install() const { return world::Installation(world); }

  Progress operator()(const store::List& r) const {
    const HostIndex host = find_host(world, r.host);
    std::vector<CertificateInfo> found;
    for (const world::PlacedCertificate& copy : state.placed) {
      if (copy.host != host) continue;
      const world::CertificateState& certificate = state.certificates[copy.certificate];
      const world::Validity dates = world::shown_validity(state, host, copy.certificate);
      found.emplace_back(world::thumbprint_of(world, copy.certificate), plan.certificates[certificate.like].names,
                         plan.date_at(dates.not_before), plan.date_at(dates.not_after), to_text(copy.store), copy.key);
    }
    return Answer(std::move(found));
  }
  Progress operator()(const store::Create& r) const {
    const HostIndex host = find_host(world, r.host);
    if (turn.stage == 0) return pause(Timing::small_change, host);
    const CertificateIndex made = make_certificate(turn, r.names, r.not_after);
    const world::Time begin = plan.time_at(r.not_before);
    const bool has_begun = begin < state.certificates[made].not_before - time_between_asking_and_making;
    if (has_begun) world.certificates().set_valid_from(made, none, begin, turn.cause);
    install().place_certificate(host, made, Store::my, true, turn.cause);
    return Answer(world::thumbprint_of(world, made));
  }
  Progress operator()(const store::Import& r) const {
    const HostIndex host = find_host(world, r.host);
    const CertificateIndex certificate = plan.find_certificate(r.certificate);
    require(certificate != none, FailureCode::not_found, "The system cannot find the file of '" + r.certificate + "'");
    const Store where = parse_store(r.info.store);
    if (turn.stage == 0) return pause(Timing::copy_certificate, host);
    install().place_certificate(host, certificate, where, r.info.has_private_key, turn.cause);
    return Answer();
  }
  Progress operator()(const store::Copy& r) const {
    const HostIndex from = find_host(world, r.from);
    const HostIndex host = find_host(world, r.host);
    const CertificateIndex certificate = stored(from, r.thumbprint, r.with_private_key);
    const Store where = parse_store(r.store);
    if (turn.stage == 0) return pause(Timing::copy_certificate, host);
    install().place_certificate(host, certificate, where, r.with_private_key, turn.cause);
    return Answer();
  }
  Progress operator()(const store::Remove& r) const {
    const HostIndex host = find_host(world, r.host);
    const Store where = parse_store(r.store);
    const CertificateIndex certificate = world::certificate_with(world, r.thumbprint);
    require(certificate != none && has_copy(world, host, certificate, where, false), FailureCode::not_found,
            "Cannot find the object: " + r.thumbprint + " in " + r.store);
    if (turn.stage == 0) return pause(Timing::small_change, host);
    install().remove_certificate(host, certificate, where, turn.cause);
    return Answer();
  }

  // ---- http.sys: the world holds one binding a node and not the store's name, which is where the key lies
  Progress operator()(const store::Binding& r) const {
    const HostIndex host = find_host(world, r.host);
    const world::HostState& machine = state.hosts[host];
    if (machine.binding == none || machine.binding_port != r.port) return Answer(std::vector<std::string>());
    const bool in_root = has_copy(world, host, machine.binding, Store::root, false);
    std::vector<std::string> parts = {world::thumbprint_of(world, machine.binding), in_root ? "Root" : "My"};
    return Answer(std::move(parts));
  }
  Progress operator()(const store::Bind& r) const {
    const HostIndex node = find_node(world, r.host);
    const CertificateIndex certificate = known_certificate(world, r.thumbprint);
    require(has_copy(world, node, certificate, parse_store(r.store), true), FailureCode::refused,
            "SSL Certificate add failed, Error: 1312: no such certificate with a private key in " + r.store);
    if (turn.stage == 0) return pause(Timing::small_change, node);
    install().bind_certificate(node, certificate, r.port, turn.cause);
    return Answer();
  }

  // ---- access to the private key: the world knows it for the account that the worker's service runs under
  Progress operator()(const store::KeyAccess& r) const {
    const HostIndex host = find_host(world, r.host);
    const CertificateIndex certificate = stored(host, r.thumbprint, false);
    const world::WorkerIndex worker = worker_on(world, host);
    const bool has_key = has_copy(world, host, certificate, Store::my, true);
    return Answer(has_key && worker != none && is_account(worker, r.account) && state.workers[worker].key_access);
  }
  Progress operator()(const store::GrantKeyAccess& r) const {
    const HostIndex host = find_host(world, r.host);
    const CertificateIndex certificate = stored(host, r.thumbprint, true);
    const world::WorkerIndex worker = worker_on(world, host);
    if (worker == none || !is_account(worker, r.account)) refuse_unknown("the account " + r.account + " on " + r.host);
    if (turn.stage == 0) return pause(Timing::small_change, host);
    install().grant_key_access(worker, certificate, turn.cause);
    return Answer();
  }

 private:
  CertificateIndex stored(HostIndex host, const std::string& thumbprint, bool key) const {
    const CertificateIndex certificate = world::certificate_with(world, thumbprint);
    const bool there = certificate != none && (has_copy(world, host, certificate, Store::root, key) ||
                                               has_copy(world, host, certificate, Store::my, key));
    require(there, FailureCode::not_found,
            "Cannot find the object: " + thumbprint + (key ? " with its private key" : "") + " on " +
                plan.hosts[host].name);
    return certificate;
  }

  bool is_account(world::WorkerIndex worker, const std::string& account) const {
    const std::string installed = text_of(world, state.workers[worker].account);
    const std::string proposed = "NT Service\\" + plan.design().worker_service();
    return model::same_name(installed.empty() ? proposed : installed, account);
  }
};

}  // namespace

Progress take_turn(const steps::CertificateRequest& request, Turn turn) {
  return std::visit(OfCertificates{turn}, request);
}

}  // namespace rehearse::sim

// The two settings files as requests have them (strings, thumbprints) and as the world has them (numbers), and the
// certificates that Setup and administrators make.
#pragma once

#include <string>
#include <vector>

#include "sim/async/calls.hpp"
#include "sim/world/installation.hpp"

namespace rehearse::sim {

model::MasterSettings read_master_settings(const world::World& world, world::HostIndex node);
model::WorkerSettings read_worker_settings(const world::World& world, world::WorkerIndex worker);

/// Refuse strings and thumbprints that the world does not know.
world::MasterSettingsState master_settings_state(const world::World& world, const model::MasterSettings& settings);
world::WorkerSettingsState worker_settings_state(const world::World& world, world::WorkerIndex worker,
                                                 const model::WorkerSettings& settings);

/// Is a copy there? With `key`: one with its private key.
bool has_copy(const world::World& world, world::HostIndex host, world::CertificateIndex certificate, world::Store store,
              bool key);

/// A new self-signed certificate with these names, which the design must know. Where the design states exactly this
/// certificate and it lies nowhere yet, it is that one.
world::CertificateIndex make_certificate(const Turn& turn, const std::vector<std::string>& names, Date not_after);
Date validity_of_setup_certificates(const Turn& turn);
/// What Setup makes for a worker of a pool whose certificate has this key (S 3): the design's, or with personal
/// certificates one of its own.
world::CertificateIndex certificate_of_worker_setup(const Turn& turn, const std::string& design_key);

}  // namespace rehearse::sim

// A tiny, honest platform for tests of steps: machines, cluster and catalog as plain state, with the rules that the
// steps rely on (what must exist before what, who reaches whom), and no timing beyond "a change takes a second". It
// refuses to do a thing twice, so that a step which repeats blindly is found out.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/design.hpp"
#include "model/steps/adapters/any_port.hpp"
#include "virtual_time.hpp"

namespace rehearse::steps {

struct FarmService {
  bool running = false;
  StartType start = StartType::automatic;
  std::string account;
  bool operator==(const FarmService&) const = default;
};

struct FarmHost {
  std::set<std::string> features, instances;
  std::map<std::string, FarmService> services;
  std::optional<model::MasterSettings> master_file, master_loaded;
  std::optional<model::WorkerSettings> worker_file, worker_loaded;
  std::vector<CertificateInfo> certificates;
  std::map<int, HttpBinding> bindings;
  std::set<std::pair<std::string, std::string>> key_access;  // thumbprint, account
  std::set<int> open_ports;
  int made = 0;  // certificates made here
  bool on = true;
  PatchState patches = PatchState::missing;
  bool operator==(const FarmHost&) const = default;
};

struct FarmResource {
  std::string role, service;  // service: Generic Service only
  bool online = false;
  std::vector<std::string> providers;
  std::map<ResourceProperty, std::int64_t> properties;
  int failures = 0;
  bool operator==(const FarmResource&) const = default;
};

/// What the farm is; two farms built in different ways must come out equal.
struct FarmState {
  std::map<std::string, FarmHost> hosts;
  std::string cluster;
  std::vector<std::string> nodes;
  std::set<std::string> paused, stopped, quarantined;  // nodes; a quarantined one is stopped, too
  std::set<std::string> standing;                      // nodes whose replica's data movement stands
  bool validated = false;
  model::Witness::Kind witness = model::Witness::Kind::none;
  std::string witness_path;
  std::map<std::string, std::int64_t> properties;
  std::map<std::string, std::string> role_owner;
  std::map<std::string, std::string> role_name;  // client access point
  std::map<std::string, std::vector<std::string>> role_addresses;
  std::map<std::string, FarmResource> resources;
  bool catalog = false, scale_out = false, mixed = false, startup = false;
  std::set<std::string> admins, enabled;
  std::string master_address;
  bool operator==(const FarmState&) const = default;
};

class SmallFarm final : public AnyPort {
 public:
  explicit SmallFarm(const model::Design& design);

  Awaitable<Answer> call(AnyRequest request) override;

  FarmState state;
  VirtualTime time;

 private:
  struct Handler;
  bool hears(const std::string& worker) const;
  void tick();

  model::Design design_;
  struct Heard {
    std::optional<Date> since;
    Date last;
  };
  std::map<std::string, Heard> heard_;
};

}  // namespace rehearse::steps

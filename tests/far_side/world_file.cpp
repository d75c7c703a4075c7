#include "tests/far_side/world_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tests/far_side/machine.hpp"

namespace nlohmann {

template <class T>
struct adl_serializer<std::optional<T>> {
  static void to_json(json& j, const std::optional<T>& value) {
    if (value) {
      j = *value;
    } else {
      j = nullptr;
    }
  }
  static void from_json(const json& j, std::optional<T>& value) {
    if (j.is_null()) {
      value.reset();
    } else {
      value = j.get<T>();
    }
  }
};

template <>
struct adl_serializer<far_side::Instant> {
  static void to_json(json& j, const far_side::Instant& instant) { j = instant.time_since_epoch().count(); }
  static void from_json(const json& j, far_side::Instant& instant) {
    instant = far_side::Instant(far_side::Span(j.get<far_side::Span::rep>()));
  }
};

}  // namespace nlohmann

namespace far_side {

using nlohmann::json;

// Bytes stand in the file as base64.
static void to_json(json& j, const RegistryValue& value) {
  const bool binary = same_text(value.kind, "Binary");
  j = {{"kind", value.kind},
       {"text", binary ? base64_of(value.text) : value.text},
       {"number", value.number},
       {"list", value.list}};
}
static void from_json(const json& j, RegistryValue& value) {
  j.at("kind").get_to(value.kind);
  j.at("text").get_to(value.text);
  j.at("number").get_to(value.number);
  j.at("list").get_to(value.list);
  if (same_text(value.kind, "Binary")) value.text = bytes_of_base64(value.text);
}

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(AccessRule, account, rights, allow, inherited)

static void to_json(json& j, const FileEntry& file) {
  j = {{"folder", file.folder},
       {"bytes", base64_of(file.bytes)},
       {"access", file.access},
       {"protected_access", file.protected_access},
       {"written", file.written}};
}
static void from_json(const json& j, FileEntry& file) {
  j.at("folder").get_to(file.folder);
  file.bytes = bytes_of_base64(j.at("bytes").get<std::string>());
  j.at("access").get_to(file.access);
  j.at("protected_access").get_to(file.protected_access);
  j.at("written").get_to(file.written);
}

static void to_json(json& j, const StoredCertificate& one) {
  j = {{"thumbprint", one.thumbprint},
       {"der", base64_of(one.der)},
       {"key_file", one.key_file},
       {"exportable", one.exportable}};
}
static void from_json(const json& j, StoredCertificate& one) {
  j.at("thumbprint").get_to(one.thumbprint);
  one.der = bytes_of_base64(j.at("der").get<std::string>());
  j.at("key_file").get_to(one.key_file);
  j.at("exportable").get_to(one.exportable);
}

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Service, display, account, logon_fails, state, start_type, due, settings, next_beat)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(FirewallRule, name, display, group, direction, action, protocol, profile, program,
                                   remote, interface_alias, remote_user, package, owner, ports, enabled)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ScheduledTask, user, logon, execute, arguments, highest, state, due, last_run,
                                   last_result)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Machine, address, prefix, on, booted, goes_down, comes_up, restarts, features,
                                   restart_pending, missing_updates, services, files, registry, stores, rules, tasks)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ClusterNode, id, state, drain, quarantined, paused, only_joins, stopping, weight,
                                   dynamic_weight, due, failback)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ClusterResource, type, group, state, wanted, due, failures, retry, needs,
                                   possible_owners, common, parameters, core)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ClusterGroup, type, owner, moving_to, preferred_owners, common, failovers, core)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ClusterNetwork, address, mask)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Cluster, name, id, witness, forced, nodes, groups, resources, networks, common)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(SqlLogin, type, password, system_administrator)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(WorkerAgent, machine, account, enabled, last_online)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(SsisCatalog, password, properties, workers, users, roles)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(SqlInstance, instance, group, resource, server, service, agent_service, version,
                                   nodes, addresses, mixed_mode_wanted, mixed_mode, clr_enabled, startup_procedure,
                                   logins, ssisdb)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Domain, name, dns_name, accounts, groups, computers, dns, shares, disks)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(FarWorld, now, domain, machines, cluster, instances, sql_version,
                                   setup_adds_telemetry, speaks_german, feature_wants_restart, made)

std::string to_json(const FarWorld& world) {
  json j;
  to_json(j, world);
  return j.dump();
}

FarWorld world_of_json(const std::string& text) {
  return json::parse(text).get<FarWorld>();
}

WorldFile::WorldFile(std::string path) : path_(std::move(path)) {
  const std::string name = path_ + ".lock";
  lock_ = ::open(name.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  int held = -1;
  do {
    held = lock_ < 0 ? -1 : ::flock(lock_, LOCK_EX);
  } while (held != 0 && lock_ >= 0 && errno == EINTR);
  if (held == 0) return;
  const std::string reason = std::strerror(errno);
  if (lock_ >= 0) ::close(lock_);
  throw std::runtime_error("the world in " + path_ + " cannot be locked: " + reason);
}

WorldFile::~WorldFile() {
  ::close(lock_);
}

FarWorld WorldFile::load() const {
  std::ifstream file(path_, std::ios::binary);
  if (!file) throw std::runtime_error("there is no world in " + path_);
  return world_of_json(std::string(std::istreambuf_iterator<char>(file), {}));
}

void WorldFile::save(const FarWorld& world) const {
  const std::string fresh = path_ + ".new";
  {
    std::ofstream file(fresh, std::ios::binary);
    file << to_json(world);
    if (!file.flush()) throw std::runtime_error("the world could not be written to " + fresh);
  }
  if (std::rename(fresh.c_str(), path_.c_str()) != 0) {
    throw std::runtime_error("the world could not be written to " + path_ + ": " + std::strerror(errno));
  }
}

}  // namespace far_side

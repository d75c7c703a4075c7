// The part "ssisdb" of an export.
#include "real_backend/inspect/export_reading.hpp"

namespace rehearse::real {
namespace {

using model::Object;
using model::Value;

}  // namespace

void ExportReading::read_ssisdb(const Value& value) {
  if (is_null(value)) return;
  const auto object = value.object(export_shape("/ssisdb"));
  if (!object) return;
  if (exported.ssisdb) {
    value.error("there is a second SSISDB in this export", "keep the files of one deployment in a folder");
    return;
  }
  ExportedSsisdb ssisdb;
  ssisdb.spot = spot(value);
  object->read("server", ssisdb.server, &Value::text);
  object->read("instance", ssisdb.instance, &Value::text);
  ssisdb.version = read_any_text(*object, "version");
  ssisdb.edition = read_any_text(*object, "edition");
  ssisdb.windows_only = read_known_flag(*object, "windows_logins_only");
  ssisdb.accelerated_recovery = read_known_flag(*object, "accelerated_recovery");

  const auto group = object->find("availability_group");
  const auto opened =
      group && !is_null(*group) ? group->object(export_shape("/ssisdb/availability_group")) : std::nullopt;
  if (opened) {
    ExportedAvailabilityGroup read;
    read.spot = spot(*group);
    opened->read("name", read.name, &Value::text);
    read.listener = read_any_text(*opened, "listener");
    constexpr std::int64_t last_port = 65535, longest = 86400;
    opened->read("port", read.port, &Value::whole, std::int64_t{0}, last_port);
    for_each_object(*opened, "replicas", "/ssisdb/availability_group/replicas/*", [&](const Object& part) {
      ExportedReplica replica;
      replica.spot = spot(part.value());
      part.read("server", replica.server, &Value::text);
      replica.commit = read_any_text(part, "commit");
      replica.failover = read_any_text(part, "failover");
      part.read("session_timeout", replica.session_timeout, &Value::whole, std::int64_t{0}, longest);
      replica.log_login = read_known_flag(part, "log_login");
      replica.master_key = read_known_flag(part, "master_key");
      read.replicas.push_back(std::move(replica));
    });
    read.monitor_job = read_known_flag(*opened, "failover_monitor_job");
    ssisdb.group = std::move(read);
  }

  const auto master = object->find("master");
  if (master && !is_null(*master)) {
    const Properties properties = read_properties(*master);
    ssisdb.master_address = properties.text("MASTER_ADDRESS");
  }
  std::vector<ExportedWorkerAgent> agents;
  const bool told = for_each_object(*object, "workers", "/ssisdb/workers/*", [&](const Object& part) {
    ExportedWorkerAgent agent;
    agent.spot = spot(part.value());
    agent.id = read_any_text(part, "id");
    part.read("machine", agent.machine, &Value::text);
    part.read("enabled", agent.enabled, &Value::boolean);
    agents.push_back(std::move(agent));
  });
  if (told) ssisdb.workers = std::move(agents);
  exported.ssisdb = std::move(ssisdb);
}

}  // namespace rehearse::real

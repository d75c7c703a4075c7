// SSISDB in an availability group: listener, replicas and what each of them lacks.
#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "real_backend/inspect/parts.hpp"

namespace rehearse::real {
namespace {

using model::same_name;

/// The node of a replica; nullptr after a remark. One that is hosted by a failover cluster instance goes by the
/// instance's network name, and a design has no word for the nodes that it may run on.
const std::string* node_of(Survey& survey, const ExportedReplica& replica) {
  const std::string server = replica.server.substr(0, replica.server.find('\\'));
  const std::string* const node = survey.node(server);
  if (node != nullptr) return node;
  bool hosted = false;
  for (const ExportedResource& resource : survey.cluster.resources) {
    hosted = hosted || (same_name(resource.type, resource_type::sql) &&
                        same_name(resource.parameters.text("VirtualServerName").value_or(""), server));
  }
  survey.remarks.not_understood(replica.spot,
                                fmt::format("the replica on '{}' {}", replica.server,
                                            hosted ? "is hosted by a failover cluster instance" : "is on no node"),
                                hosted ? "add it with \"hosted_by_fci\": true and the node that it runs on" : "");
  return nullptr;
}

bool say_replica(Survey& survey, const ExportedReplica& replica, DesignJson& into) {
  const bool synchronous = replica.commit == "SYNCHRONOUS_COMMIT";
  const bool automatic = replica.failover == "AUTOMATIC";
  if ((!synchronous && replica.commit != "ASYNCHRONOUS_COMMIT") || (!automatic && replica.failover != "MANUAL") ||
      (automatic && !synchronous)) {
    survey.remarks.not_understood(replica.spot, fmt::format("the replica on '{}' commits by {} and fails over by {}",
                                                            replica.server, replica.commit, replica.failover));
    return false;
  }
  const std::string* const node = node_of(survey, replica);
  if (node == nullptr) return false;
  DesignJson said = {{"node", *node},
                     {"commit", synchronous ? "synchronous" : "asynchronous"},
                     {"failover", automatic ? "automatic" : "manual"}};
  const auto say = [&](const char* key, const std::optional<bool>& is, const char* what) {
    if (!is) {
      survey.remarks.missing(replica.spot, fmt::format("whether the replica on {} has {}", replica.server, what),
                             fmt::format("add \"{}\" to it: true counts without it", key));
    } else if (!*is) {
      said[key] = false;
    }
  };
  say("log_login", replica.log_login, "the workers' log login");
  say("master_key", replica.master_key, "the master key of SSISDB");
  into.push_back(std::move(said));
  return true;
}

}  // namespace

void say_availability_group(Survey& survey, DesignJson& ssisdb) {
  const auto& exported = survey.exported.ssisdb;
  if (!exported || !exported->group) {
    survey.remarks.missing("the replicas of the availability group '" + survey.instance->name + "'",
                           "export again with -SqlServer and the listener: a design has to state them");
    survey.remarks.block();
    return;
  }
  const ExportedAvailabilityGroup& group = *exported->group;
  constexpr std::int64_t usual_port = 1433;
  if (group.port > 0 && group.port != usual_port) ssisdb["listener"]["port"] = group.port;
  ssisdb["replicas"] = DesignJson::array();
  model::NameSet taken;
  for (const ExportedReplica& replica : group.replicas) {
    const std::string node = replica.server.substr(0, replica.server.find('\\'));
    if (taken.insert(node).second) {
      say_replica(survey, replica, ssisdb["replicas"]);
    } else {
      survey.remarks.not_understood(replica.spot, "there is a second replica on " + node);
    }
  }
  const std::size_t most = survey.edition == model::Edition::standard ? 2 : 9;  // W 7.4: basic availability groups
  if (ssisdb["replicas"].size() < 2 || ssisdb["replicas"].size() > most) {
    survey.remarks.not_understood(
        group.spot,
        fmt::format("the availability group has {} replicas that a design can state", ssisdb["replicas"].size()),
        fmt::format("it has to have 2 to {}", most));
    survey.remarks.block();
  }
  // SESSION_TIMEOUT is one for all replicas in a design.
  std::optional<std::int64_t> timeout;
  for (const ExportedReplica& replica : group.replicas) {
    if (timeout && *timeout != replica.session_timeout) {
      survey.remarks.not_understood(replica.spot,
                                    fmt::format("the replicas have different SESSION_TIMEOUTs, {} has {} s",
                                                replica.server, replica.session_timeout),
                                    "a design has one");
    }
    if (!timeout) timeout = replica.session_timeout;
  }
  const Duration usual = survey.defaults.length(model::Setting::session_timeout);
  constexpr std::int64_t shortest = 5;
  if (timeout && *timeout < shortest) {
    survey.remarks.not_understood(group.spot, fmt::format("SESSION_TIMEOUT is {} s", *timeout),
                                  "a design takes 5s or more");
  } else if (timeout && std::chrono::seconds(*timeout) != usual) {
    ssisdb["SESSION_TIMEOUT"] = model::to_text(Duration(std::chrono::seconds(*timeout)));
  }
  if (!group.monitor_job) {
    survey.remarks.missing(group.spot, "whether there is the SSIS Failover Monitor Job",
                           "add \"failover_monitor_job\": true counts without it");
  } else if (!*group.monitor_job) {
    ssisdb["failover_monitor_job"] = false;
  }
}

}  // namespace rehearse::real

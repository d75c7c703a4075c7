// The components of a deployment, as far as one of them can fail by itself: what it is, where the design says so, and
// which lines of a scenario take it down. So every weakness that is found on paper can be shown in a rehearsal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "model/diagnostic.hpp"

namespace rehearse::model::structure {

enum class ComponentKind : std::uint8_t {
  site,
  site_link,
  network,
  network_card,
  name_service,
  name_replication,
  directory,
  node,
  witness,
  disk,
  disk_path,
  tempdb,
  address,
  network_name,
  sql_server,
  ssisdb,
  port,
  account,
  login,
  settings_file,
  master_service,
  master_resource,
  certificate,
  certificate_copy,
  key_access,
  binding,
  root_store,
  worker_machine,
  worker_service,
  worker_enabled
};
std::string_view to_text(ComponentKind kind);  // "network card"

/// One line of a scenario's timeline: a fault or an operation, with the keys that say what it acts on.
struct TimelineLine {
  using Value = std::variant<std::string, std::int64_t, std::vector<std::string>>;
  enum class Head : std::uint8_t { fault, step };
  Head head = Head::fault;
  std::string name;  // "node.power_loss"
  std::vector<std::pair<std::string, Value>> keys;
  friend bool operator==(const TimelineLine&, const TimelineLine&) = default;
};

/// When the loss is felt. Handshakes, logons, files and names are looked at only when something starts or a connection
/// opens, so the loss of what they need lurks until then (behaviour 5).
enum class Shows : std::uint8_t {
  at_once,
  when_name_comes_online,
  when_role_moves,
  when_sql_starts,
  when_master_starts,
  when_workers_connect
};
std::string_view to_text(Shows shows);  // "when SQL Server starts"

struct Component {
  ComponentKind kind = ComponentKind::node;
  std::string name;                    // unique: "port 8391 on SQL1"
  std::string owner;                   // the machine whose part it is; empty: of the deployment as a whole
  std::string alike;                   // the same on every owner of a kind: "port 8391"; empty: nothing is like it
  Place place;                         // where the design speaks of it; line 0 for what every deployment has
  std::vector<TimelineLine> faults{};  // behaviour 9: these together take it down, all at one instant
  bool restarts = false;               // what fails is started again by the cluster: an interruption
  Shows shows = Shows::at_once;
  std::vector<TimelineLine> provocations{};  // what makes it show when it lurks
};

}  // namespace rehearse::model::structure

// Who can talk to whom, and which machine stands behind a name just now. Pure questions to the state (behaviour.md 1,
// 5).
#pragma once

#include "sim/world/world.hpp"

namespace rehearse::world {

class Network {
 public:
  explicit Network(const World& world) : state_(world.state()), plan_(world.plan()) {}

  /// Both machines run, are linked, and no partition lies between them.
  bool reach(HostIndex a, HostIndex b) const;
  /// The node whose network card holds the role's address; none: nobody.
  HostIndex address_holder(GroupIndex group) const;

  /// What the worker's endpoint leads to at this instant.
  struct Target {
    bool name_known = false;
    HostIndex host = none;  // none: the name is known but no machine holds its address, or it is out of reach
    int port = 0;
  };
  Target endpoint_of(WorkerIndex worker) const;

  /// Whether a TCP connection to the host's port gets an answer: a master process has opened its URL there.
  bool listening(HostIndex host, int port) const;

  /// Whether SqlServerName, as this host's settings give it, leads to the instance from there (S 2, behaviour.md 6).
  enum class SqlPath : std::uint8_t { open, name_wrong, away };
  SqlPath sql_path(HostIndex from, TextIndex sql_server_name) const;

 private:
  const State& state_;
  const Blueprint& plan_;
};

}  // namespace rehearse::world

// The inside of requirements_of(): the graph of one design while it is built, floor by floor. Only the files of
// requirements include this.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/structure/requirements.hpp"

namespace rehearse::model::structure {

using Keys = std::vector<std::pair<std::string, TimelineLine::Value>>;
TimelineLine fault_line(std::string name, Keys keys = {});
TimelineLine move_line(const std::string& role, const std::string& node);

/// RestartAction of a resource of the role.
int restart_action(const RoleSettings& role, const std::string& resource);

/// A role with a client access point: SQL Server's, and the master's own in the separate placement.
struct AccessPoint {
  std::string role;                    // "SQL Server (MSSQLSERVER)"
  std::string host_name;               // what clients connect to
  std::string name_resource;           // its cluster resource
  std::vector<std::string> resources;  // of its addresses
  std::vector<std::string> addresses;
  bool register_all = false;
  std::vector<int> nodes{};  // that may have it, by number
  int owner = 0;             // the node where an installation leaves it
  Place place{};
  const RoleSettings* settings = nullptr;  // the design's
};

/// What a role needs on each node: `seen` by the cluster, which then goes to another node, and `hidden` from it.
struct OnNodes {
  std::vector<int> nodes;
  std::map<int, int> seen;                 // by node: a requirement
  std::map<int, std::vector<int>> hidden;  // by node: requirements
};

class RequirementBuilder {
 public:
  explicit RequirementBuilder(const Design& design) : design_(design) {}
  Requirements build();

 private:
  enum class Mover : bool { cluster, person };

  int leaf(Component component);
  int all(std::string name, std::vector<int> parts) { return made_.graph.add_all(std::move(name), std::move(parts)); }
  int any(std::string name, std::vector<int> parts) { return made_.graph.add_any(std::move(name), std::move(parts)); }
  int node_count() const { return static_cast<int>(design_.cluster.nodes.size()); }
  const Node& node(int number) const { return design_.cluster.nodes[static_cast<std::size_t>(number)]; }
  std::vector<int> node_numbers(const std::vector<std::string>& names) const;

  // cluster_requirements.cpp: places, networks, nodes, votes
  void add_sites();
  void add_links();
  void add_networks();
  void add_nodes();
  void add_votes();
  std::vector<int> networks_of(int node) const;
  int card_on(int node, int network) const { return cards_.at({node, network}); }
  std::optional<int> link_between(const std::string& a, const std::string& b) const;
  int heartbeat_route(int a, int b);
  std::optional<int> witness_from(int node);
  void add_contest();

  // role_requirements.cpp: what a role needs on a node and everywhere
  void add_access_points();
  void leave_to_others(AccessPoint& point) const;
  std::vector<int> replicas_that_take_over() const;

  // name_requirements.cpp
  void add_names();
  int address_on(std::size_t point, int node);
  std::optional<int> network_of_address(const std::string& address) const;
  bool is_address_of(int node, const std::string& address) const;
  /// A node where the name has another address than on its owner; nothing: it never changes.
  std::optional<int> node_of_other_address(const AccessPoint& point) const;
  Component open_port(int node, int port, const AccessPoint& point);
  void add_instance();
  void add_master();
  int hidden_on(int node, Component component, Shows on_owner);
  bool moves_without_ssisdb() const;

  // worker_requirements.cpp: certificates, workers and their connections
  void add_certificates();
  void add_workers();
  std::vector<int> parts_of_worker(const std::string& worker, const WorkerPool& pool);
  /// Where a worker asks, where it stands and what it shows.
  struct Line {
    std::string host, site, certificate;
    friend auto operator<=>(const Line&, const Line&) = default;
  };
  int common_line(const Line& line, const std::string& workers, Mover mover, int master);
  int some_worker(Mover mover, bool picks_up, int master);
  OnNodes behind_endpoint(const std::string& host);
  OnNodes reached_from(const std::vector<std::string>& sites, OnNodes on);
  int placed(const std::string& name, const OnNodes& on, Mover mover);
  std::string site_of(const WorkerPool& pool) const;
  using Services = std::array<int, service_count>;
  void add_services(Mover mover, Services& services);
  Services with_winner(Services services);

  const Design& design_;
  Requirements made_;

  // Requirements by what they are of.
  std::map<std::string, int> sites_;
  std::map<std::pair<std::string, std::string>, int> links_;  // the names in ascending order
  std::vector<int> networks_;
  std::map<std::pair<int, int>, int> cards_;  // node and network: both are up
  std::vector<int> client_card_, runs_, in_cluster_;
  std::map<std::pair<int, int>, int> routes_;
  std::optional<int> witness_;
  int nobody_else_wins_ = -1;         // -1: no two sides can have a quorum
  std::map<int, int> on_first_side_;  // by node: it is on the side of the first node

  std::vector<AccessPoint> points_;  // SQL Server's; in the separate placement then the master's own
  const AccessPoint& of_sql() const { return points_.front(); }
  const AccessPoint& of_master() const { return points_.back(); }
  bool separate() const { return points_.size() > 1; }
  int name_service_ = -1, directory_ = -1;
  std::vector<std::vector<int>> addresses_, names_;  // by access point

  OnNodes sql_, master_;
  std::map<int, int> master_file_;  // by node: its settings file, where the cluster does not see what it does
  std::vector<int> sql_parts_;      // of the instance as a whole
  std::vector<int> process_parts_;  // of a running master as a whole
  std::vector<int> service_parts_;  // of one that has SSISDB, beside those
  int ssisdb_ = -1;
  std::map<std::string, int> certificates_;            // by key: valid
  std::map<int, std::vector<int>> listener_;           // by node: what it shows to workers
  std::map<std::string, std::map<int, int>> trusted_;  // by certificate of workers and node

  struct LookedAt {
    std::string name;
    Line line;
    int works = -1, enabled = -1;
  };
  std::vector<LookedAt> workers_;
};

}  // namespace rehearse::model::structure

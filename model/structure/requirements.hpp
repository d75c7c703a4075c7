// Everything that a package execution needs, read off a design as an AND/OR graph (requirement_graph.hpp): machines,
// networks, votes, disks, names, SQL Server and SSISDB, the Scale Out Master with its files and certificates, and one
// worker of those that there are.
//
// The graph says what must be right so that a service can be had anew: a role started on a node, a connection opened.
// What runs already may do without for a while (Component::shows). Two things are kept apart:
// - what the cluster sees, such as a node, a card or a path: the role goes where it is right, so one node must have it;
// - what it does not see, such as a binding or a port: the role stays where it is wrong, so every node must have it.
//   Somebody who moves the role by hand needs only one node where both are right; `anywhere` says so.
// Where two sides that do not hear each other could both win the witness, the one that does must be able to serve: it
// is that of the first node, where an installation leaves the Cluster Group (W 2.3).
//
// The design is taken at its word: what it forgets is the business of the rules.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "model/design.hpp"
#include "model/structure/component.hpp"
#include "model/structure/requirement_graph.hpp"

namespace rehearse::model::structure {

/// The services whose outages are told (behaviour 10). `workers` is there while any worker has its connection.
enum class Service : std::uint8_t { sql_server, ssisdb, scale_out_master, workers, package_execution };
inline constexpr std::size_t service_count = 5;
std::string_view to_text(Service service);  // "sql_server", as scenario files write it

struct Requirements {
  std::vector<Component> components;
  RequirementGraph graph;
  std::array<int, service_count> services{};    // by Service: the requirement, with what the cluster does by itself
  std::array<int, service_count> undisputed{};  // the same while no two sides fight for the witness: for trees
  std::array<int, service_count> anywhere{};    // with somebody who moves roles to a node where all is right
};

/// Of a pool of alike workers at most this many are looked at one by one: where there are three or more of them, none
/// of their parts is in a cut set of two, because a third one goes on.
inline constexpr int workers_looked_at = 3;

/// The design must have been accepted by the reader.
Requirements requirements_of(const Design& design);

}  // namespace rehearse::model::structure

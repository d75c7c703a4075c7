// What an entry of a timeline can wait for: "SQL1 joined", "SQL1 down", "SQL1 quarantined" of a node; "... online" and
// "... failed" of a role or a resource. The words as scenario files write them, and whether a world is there.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/world/world.hpp"

namespace rehearse::sim {

enum class Happening : unsigned char {
  joined,       // the node is an active member of the cluster
  down,         // it is none
  quarantined,  // W 1.5
  online,       // the resource is, or every resource of the role
  failed        // the resource is, or one of the role
};

/// True of a node's name, false of the name of a role or resource.
bool is_of_node(Happening happening);

struct Trigger {
  std::string name;  // of a node, a role or a resource; of the latter two the role, where both are called so
  Happening what = Happening::joined;
};

/// nullopt: the text does not end in one of the words, or nothing stands before it.
std::optional<Trigger> parse_trigger(std::string_view text);
std::string to_text(const Trigger& trigger);

/// Whether it is so now. The blueprint knows the name.
bool holds(const Trigger& trigger, world::World& world);

}  // namespace rehearse::sim

// The translation of a case into a CIB, Pacemaker's description of a cluster (README.md has the table).
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "case.hpp"

namespace rehearse::judge {

/// What operators have asked for so far.
struct Wishes {
  std::set<std::string> drained;             // nodes
  std::set<std::string> stopped;             // resources
  std::map<std::string, std::string> moved;  // role -> node, while the move is under way
};

/// The resource that stands for holding the role: it does no work and never fails, so its node is the role's owner
/// also while everything in the role is down.
std::string holder_of(const Role& role);

/// The status section of a cluster whose nodes are up and where nothing runs.
std::string empty_status(const Case& cluster);

/// The whole document around a status section.
std::string cib_text(const Case& cluster, const Wishes& wishes, std::string_view status);

}  // namespace rehearse::judge

// A condition on the points of a sweep: "fci.HealthCheckTimeout >= fci.ssisdb.LeaseTimeout". Either side is an address
// or a value: a length of time or a number.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/study/documents.hpp"

namespace rehearse::sim {

struct Constraint {
  struct Side {
    std::optional<Address> address;  // absent: `value`
    std::string value;               // JSON
  };
  enum class Relation : unsigned char { less, at_most, equal, other, at_least, greater };
  Side left, right;
  Relation relation = Relation::equal;
};

/// nullopt: `problem` says what is wrong with it.
std::optional<Constraint> parse_constraint(std::string_view text, std::string& problem);

/// Whether a point keeps it; nullopt: `problem` says why that cannot be told.
std::optional<bool> holds(const Constraint& constraint, const Documents& documents, std::string& problem);

}  // namespace rehearse::sim

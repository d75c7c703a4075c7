// A record with what its numbers stand for: the ground that the sentences of describe.hpp are built on. Each part of
// the system says its own records, in a file of its own; a part says nothing about kinds that are not its own.
#pragma once

#include <string>

#include "sim/scenario/scenario.hpp"
#include "sim/world/blueprint.hpp"
#include "sim/world/record.hpp"

namespace rehearse::sim {

class Reading {
 public:
  Reading(const world::Record& of, const world::Blueprint& under) : record(of), plan(under) {}

  const world::Record& record;
  const world::Blueprint& plan;

  bool on() const { return record.value != 0; }
  /// The name of a part, or its number where the plan has no such part.
  std::string part(world::PartId id) const;
  std::string subject() const { return part(record.subject); }
  /// The host that the record names as its object.
  std::string node() const { return part(world::host_id(record.object)); }
  /// "SQL1", or "every node" where the record names none.
  std::string node_or_all() const;
  std::string worker() const { return part(world::worker_id(record.object)); }
  /// Of records about runs, which name the slot.
  std::string slot_owner() const;
  std::string network() const;
  std::string certificate() const;
  /// "SQL1, SQL2", of a mask of nodes; "none".
  std::string nodes(std::int64_t mask) const;
  /// Addresses of the role that the record is about, of a mask by their places; "none".
  std::string addresses(std::int64_t mask) const;
  /// The value as an instant, and as a length.
  std::string when() const;
  std::string length() const;

  /// The plan of the resource that the record is about; nullptr: it is about none.
  const world::ResourcePlan* resource() const;
};

// What a part of the system says about the record; empty: the kind is not one of its own.
std::string say_machine(const Reading& reading);
std::string say_installation(const Reading& reading);
std::string say_membership(const Reading& reading);
std::string say_role(const Reading& reading);
std::string say_storage(const Reading& reading);
std::string say_instance(const Reading& reading);
std::string say_scale_out(const Reading& reading);
std::string say_work(const Reading& reading);

}  // namespace rehearse::sim

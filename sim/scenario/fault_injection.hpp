// Faults of scenario files, done to a world and undone (behaviour.md 9). Several may stand at once and meet in one
// place: two of them add to one host's latency, one takes a card down that another has taken down already. So the
// standing faults are kept, and what a host, disk or instance suffers follows from all of them.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "sim/scenario/imposed_values.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/world/world.hpp"

namespace rehearse::sim {

class Faults {
 public:
  /// The world outlives it, and so do the entries that it is given.
  explicit Faults(world::World& world) : world_(world), imposed_(world) {}

  struct Standing {
    const TimelineEntry* fault = nullptr;
    world::RecordId why = 0;
    bool card_up = false;  // of network.flap, just now
  };
  /// What stands, as a value: with a copy of the world, taken at the same instant, it goes on there.
  struct Memory {
    std::vector<Standing> standing;
    std::vector<ImposedValues::Layer> imposed;
  };
  Memory memory() const { return {standing_, imposed_.layers()}; }
  Faults(world::World& copy, Memory memory)
      : world_(copy), standing_(std::move(memory.standing)), imposed_(copy, std::move(memory.imposed)) {}

  /// Does it, as an effect of the record `why`. False: there was nothing to do it to (the process does not run, the
  /// machine is off already); then it does not stand.
  bool inject(const TimelineEntry& fault, world::RecordId why);

  /// Undoes every standing fault of this kind and target. False: there was nothing to undo.
  bool repair(const TimelineEntry& repair, world::RecordId why);

  /// It has begun and is not over.
  bool stands(const TimelineEntry& fault) const;
  /// Its time ("for") is over. It stands.
  void end(const TimelineEntry& fault, world::RecordId why);

  /// Of a standing network.flap: the card comes up, or goes down again. Returns how long it stays so.
  Duration flap(const TimelineEntry& fault);

 private:
  enum class Turn : bool { begins, ends };

  /// What the fault changes when it begins or ends, with the others that stand then.
  bool change(const TimelineEntry& fault, Turn turn, world::RecordId why);
  bool change_node(const TimelineEntry& fault, Turn turn, world::RecordId why);
  bool change_worker(const TimelineEntry& fault, Turn turn, world::RecordId why);
  bool change_network(const TimelineEntry& fault, Turn turn, world::RecordId why);
  bool change_storage(const TimelineEntry& fault, Turn turn, world::RecordId why);
  bool change_instance(const TimelineEntry& fault, Turn turn, world::RecordId why);
  bool change_service(const TimelineEntry& fault, Turn turn, world::RecordId why);
  bool change_certificate(const TimelineEntry& fault, Turn turn, world::RecordId why);
  bool change_configuration(const TimelineEntry& fault, Turn turn, world::RecordId why);

  bool impose_validity(const TimelineEntry& fault, world::RecordId why);
  bool impose_other_certificate(const TimelineEntry& fault, world::Store store, world::RecordId why);
  bool impose_binding(const TimelineEntry& fault, world::RecordId why);
  bool impose_on_copies(const TimelineEntry& fault, world::RecordId why);
  bool set_clock(world::HostIndex host, world::RecordId why);

  bool set_cards(world::HostIndex host, world::RecordId why);
  bool set_loss(world::HostIndex host, world::RecordId why);
  bool set_latency(world::HostIndex host, world::RecordId why);
  bool set_side(world::HostIndex host, int partition, Turn turn, world::RecordId why);
  bool set_paths(const std::string& disk, world::RecordId why);
  std::int32_t slowness(FaultKind kind, const std::string& disk) const;

  world::HostIndex host_of(const TimelineEntry& fault) const;
  const world::State& state() const { return world_.state(); }
  const world::Blueprint& plan() const { return world_.plan(); }

  world::World& world_;
  std::vector<Standing> standing_;
  ImposedValues imposed_;
};

/// What listens on the port of the host; nullopt: nothing that anybody speaks to.
std::optional<world::Port> port_behind(const world::Blueprint& plan, world::HostIndex host, int port);
/// The ports of the host that somebody speaks to.
std::vector<int> ports_of(const world::Blueprint& plan, world::HostIndex host);

}  // namespace rehearse::sim

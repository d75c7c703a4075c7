#include "sim/scenario/imposed_values.hpp"

#include <algorithm>
#include <stdexcept>

#include "sim/world/certificates.hpp"
#include "sim/world/configuration.hpp"
#include "sim/world/installation.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/names.hpp"

namespace rehearse::sim {
namespace {

using world::Configuration;
using world::none;
using world::RecordId;
using world::Store;
using world::World;

constexpr std::int64_t there = 1, there_with_key = 2;

world::Time time_of(std::int64_t since_start) {
  return world::Time(Duration(since_start));
}

/// The date of a certificate as it is, or what one host shows instead of it.
std::int64_t date_in(const world::State& state, const Slot& slot) {
  const bool from = slot.kind == Slot::Kind::valid_from;
  world::ShownDates dates;
  if (slot.part == none) {
    dates.not_before = state.certificates.at(slot.of).not_before;
    dates.not_after = state.certificates.at(slot.of).not_after;
  }
  for (const world::ShownDates& shown : state.shown_dates) {
    if (shown.host == slot.part && shown.certificate == slot.of) dates = shown;
  }
  return (from ? dates.not_before : dates.not_after).time_since_epoch().count();
}

void put_copy(World& world, const Slot& slot, std::int64_t value, RecordId why) {
  world::Installation installation(world);
  const auto store = static_cast<Store>(slot.where);
  if (value == 0) return installation.remove_certificate(slot.part, slot.of, store, why);
  if (value == there && value_in(world, slot) == there_with_key) {
    return world.certificates().remove_private_key(slot.part, slot.of, store, why);
  }
  installation.place_certificate(slot.part, slot.of, store, value == there_with_key, why);
}

void put(World& world, const Slot& slot, std::int64_t value, RecordId why) {
  using enum Slot::Kind;
  const bool on = value != 0;
  world::Installation installation(world);
  switch (slot.kind) {
    case copy: return put_copy(world, slot, value, why);
    case valid_from: return world.certificates().set_valid_from(slot.of, slot.part, time_of(value), why);
    case valid_until: return world.certificates().set_valid_until(slot.of, slot.part, time_of(value), why);
    case key_access:
      if (!on) return world.certificates().take_key_access(slot.part, why);
      return installation.grant_key_access(slot.part, world.state().workers[slot.part].file.worker_certificate, why);
    case binding_certificate:
      return installation.bind_certificate(slot.part, static_cast<world::CertificateIndex>(value),
                                           world.state().hosts[slot.part].binding_port, why);
    case binding_port:
      return installation.bind_certificate(slot.part, world.state().hosts[slot.part].binding, static_cast<int>(value),
                                           why);
    case root_polluted: return world.certificates().set_root_polluted(slot.part, on, why);
    case master_setting:
      return world.configuration().write(slot.part, static_cast<world::MasterField>(slot.of), value, why);
    case worker_setting:
      return world.configuration().write(slot.part, static_cast<world::WorkerField>(slot.of), value, why);
    case start_type: return world.masters().set_start_type(slot.part, on, why);
    case password_expired:
      return world.configuration().set_password_expired(static_cast<world::Account>(slot.part), on, why);
    case admin: return world.configuration().set_admin(slot.part, on, why);
    case replication_stopped: return world.names().set_replication_stopped(slot.part, on, why);
  }
  throw std::logic_error("a value of no kind");
}

}  // namespace

std::int64_t value_in(const World& world, const Slot& slot) {
  using enum Slot::Kind;
  const world::State& state = world.state();
  switch (slot.kind) {
    case copy: {
      const auto* found = world::find_placed(slot.part, slot.of, static_cast<Store>(slot.where), state);
      return found == nullptr ? 0 : found->key ? there_with_key : there;
    }
    case valid_from:
    case valid_until: return date_in(state, slot);
    case key_access: return state.workers.at(slot.part).key_access;
    case binding_certificate: return state.hosts.at(slot.part).binding;
    case binding_port: return state.hosts.at(slot.part).binding_port;
    case root_polluted: return state.hosts.at(slot.part).root_polluted;
    case master_setting:
      return world::value_of(state.hosts.at(slot.part).master_file, static_cast<world::MasterField>(slot.of));
    case worker_setting:
      return world::value_of(state.workers.at(slot.part).file, static_cast<world::WorkerField>(slot.of));
    case start_type: return state.hosts.at(slot.part).master_automatic;
    case password_expired: return state.cluster.expired_passwords >> slot.part & 1;
    case admin: return std::find(state.admins.begin(), state.admins.end(), slot.part) != state.admins.end();
    case replication_stopped: return state.groups.at(slot.part).replication_stopped;
  }
  throw std::logic_error("a value of no kind");
}

bool ImposedValues::is_imposed(const Slot& slot) const {
  return std::any_of(layers_.begin(), layers_.end(), [&](const Layer& layer) { return layer.slot == slot; });
}

bool ImposedValues::impose(const TimelineEntry& fault, const Slot& slot, std::int64_t value, RecordId why) {
  const std::int64_t below = value_in(world_, slot);
  if (below == value && !is_imposed(slot)) return false;
  layers_.push_back({&fault, slot, value, below});
  if (below == value) return false;
  put(world_, slot, value, why);
  return true;
}

bool ImposedValues::withdraw(const TimelineEntry& fault, RecordId why) {
  bool changed = false;
  // The last that it put there goes first: a binding leaves a certificate before the certificate leaves the store.
  for (std::size_t place = layers_.size(); place-- > 0;) {
    if (layers_[place].fault != &fault) continue;
    const Layer over = layers_[place];
    layers_.erase(layers_.begin() + static_cast<std::ptrdiff_t>(place));
    const auto above = std::find_if(layers_.begin() + static_cast<std::ptrdiff_t>(place), layers_.end(),
                                    [&](const Layer& layer) { return layer.slot == over.slot; });
    if (above != layers_.end()) {
      above->below = over.below;
    } else if (over.value != over.below && value_in(world_, over.slot) == over.value) {
      put(world_, over.slot, over.below, why);
      changed = true;
    }
  }
  return changed;
}

}  // namespace rehearse::sim

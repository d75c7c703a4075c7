// What the world's parts are called inside: small typed numbers, never pointers or strings. Names live in the
// Blueprint. Within one type the numbers follow the order of the design, so that adding a part never reorders the
// others.
#pragma once

#include <bit>
#include <cstdint>

#include "sim/core/calendar.hpp"

namespace rehearse::world {

using core::RecordId;
using core::Time;

enum class Part : std::uint8_t { cluster, host, group, resource, instance, worker, batch, task, certificate, site };

/// Any part of the world, as records name it. Value: part in the top 4 bits, index below.
class PartId {
 public:
  constexpr PartId() = default;
  constexpr PartId(Part part, std::uint32_t index)
      : value_(static_cast<std::uint32_t>(part) << 28 | (index & 0x0fff'ffffU)) {}
  constexpr Part part() const { return static_cast<Part>(value_ >> 28); }
  constexpr std::uint32_t index() const { return value_ & 0x0fff'ffffU; }
  constexpr std::uint32_t value() const { return value_; }
  friend constexpr auto operator<=>(PartId, PartId) = default;

 private:
  std::uint32_t value_ = 0;
};

using HostIndex = std::uint32_t;      // machines: cluster nodes first (their index is their node number), then the rest
using GroupIndex = std::uint32_t;     // roles
using ResourceIndex = std::uint32_t;  // over all roles, in role order
using WorkerIndex = std::uint32_t;
using BatchIndex = std::uint32_t;
using TaskIndex = std::uint32_t;
using CertificateIndex = std::uint32_t;
using NetworkIndex = std::uint32_t;
using SiteIndex = std::uint32_t;
using WorkerSet = std::uint32_t;  // workers that an execution may run on; 0: any
using TextIndex = std::uint32_t;  // strings of the Blueprint

inline constexpr std::uint32_t none = 0xffff'ffffU;

/// What a settings file names by a thumbprint that no certificate has.
inline constexpr CertificateIndex unknown_certificate = none - 1;

/// Its place in a mask of nodes or resources; below 64.
constexpr std::uint64_t bit(std::uint32_t index) {
  return std::uint64_t{1} << index;
}

/// Calls action(index) for every index whose bit is set, ascending.
template <class Action>
void for_each_bit(std::uint64_t mask, Action&& action) {
  for (; mask != 0; mask &= mask - 1) action(static_cast<std::uint32_t>(std::countr_zero(mask)));
}

inline PartId host_id(HostIndex index) {
  return {Part::host, index};
}
inline PartId group_id(GroupIndex index) {
  return {Part::group, index};
}
inline PartId resource_id(ResourceIndex index) {
  return {Part::resource, index};
}
inline PartId worker_id(WorkerIndex index) {
  return {Part::worker, index};
}
inline PartId batch_id(BatchIndex index) {
  return {Part::batch, index};
}
inline PartId task_id(TaskIndex index) {
  return {Part::task, index};
}
inline PartId certificate_id(CertificateIndex index) {
  return {Part::certificate, index};
}
inline PartId site_id(SiteIndex index) {
  return {Part::site, index};
}
inline constexpr PartId cluster_id{Part::cluster, 0};
inline constexpr PartId instance_id{Part::instance, 0};

}  // namespace rehearse::world

#include "sim/report/reading.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/report/time_text.hpp"

namespace rehearse::sim {

using world::none;
using world::Part;

std::string Reading::part(world::PartId id) const {
  const auto known = [&]() -> std::size_t {
    switch (id.part()) {
      case Part::host: return plan.hosts.size();
      case Part::group: return plan.groups.size();
      case Part::resource: return plan.resources.size();
      case Part::worker: return plan.workers.size();
      case Part::batch: return plan.batches.size();
      case Part::site: return plan.sites.size();
      case Part::cluster:
      case Part::instance:
      case Part::task:
      case Part::certificate: return std::size_t{id.index()} + 1;
    }
    return 0;
  }();
  return id.index() < known ? plan.name_of(id) : fmt::format("number {}", id.index());
}

std::string Reading::node_or_all() const {
  return record.object == none ? "every node" : node();
}

std::string Reading::slot_owner() const {
  const std::uint32_t slots = std::max(plan.slots_per_worker, 1U);
  return part(world::worker_id(record.object == none ? none : record.object / slots));
}

std::string Reading::network() const {
  if (record.object < plan.networks.size()) return plan.networks[record.object].name;
  return fmt::format("network {}", record.object);
}

std::string Reading::certificate() const {
  return record.object == none
             ? "no certificate"
             : fmt::format("the certificate \"{}\"", plan.name_of(world::certificate_id(record.object)));
}

std::string Reading::nodes(std::int64_t mask) const {
  std::string text;
  for (world::HostIndex index = 0; index < plan.node_count && index < 64; ++index) {
    if ((static_cast<std::uint64_t>(mask) >> index & 1) != 0) {
      text += (text.empty() ? "" : ", ") + plan.hosts[index].name;
    }
  }
  return text.empty() ? "none" : text;
}

std::string Reading::addresses(std::int64_t mask) const {
  const bool known = record.subject.part() == Part::group && record.subject.index() < plan.groups.size();
  std::string text;
  if (!known) return "none";
  const std::vector<world::ResourceIndex>& addresses = plan.groups[record.subject.index()].addresses;
  for (std::size_t place = 0; place < addresses.size() && place < 64; ++place) {
    if ((static_cast<std::uint64_t>(mask) >> place & 1) != 0) {
      text += (text.empty() ? "" : ", ") + plan.resources[addresses[place]].name;
    }
  }
  return text.empty() ? "none" : text;
}

std::string Reading::when() const {
  return offset_text(core::Time(Duration(record.value)));
}

std::string Reading::length() const {
  return model::to_text(Duration(record.value));
}

const world::ResourcePlan* Reading::resource() const {
  const bool known = record.subject.part() == Part::resource && record.subject.index() < plan.resources.size();
  return known ? &plan.resources[record.subject.index()] : nullptr;
}

}  // namespace rehearse::sim

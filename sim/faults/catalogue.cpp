#include "sim/faults/catalogue.hpp"

#include <algorithm>
#include <set>

#include "sim/faults/catalogue_entries.hpp"
#include "sim/report/describe.hpp"
#include "sim/scenario/fault_kinds.hpp"

namespace rehearse::sim {
namespace {

using world::PlacedCertificate;
using world::State;
using world::Store;
using world::WorkerIndex;

/// A certificate as somebody on the machine sees it: the workers of a pool have one each, under the same name.
struct Copy {
  world::CertificateIndex like = world::none;
  Store store = Store::my;
  bool key = false;
  core::Time not_before{}, not_after{};
  friend auto operator<=>(const Copy&, const Copy&) = default;
};

std::multiset<Copy> copies_on(world::HostIndex host, const State& state) {
  std::multiset<Copy> copies;
  for (const Store store : {Store::my, Store::root}) {
    for (const PlacedCertificate& copy : world::placed_in(host, store, state)) {
      const world::CertificateState& issued = state.certificates.at(copy.certificate);
      copies.insert({issued.like, store, copy.key, issued.not_before, issued.not_after});
    }
  }
  return copies;
}

/// A thumbprint in a settings file by what it leads to.
std::uint32_t like_of(world::CertificateIndex certificate, const State& state) {
  return certificate < state.certificates.size() ? state.certificates[certificate].like : certificate;
}

bool same_settings(const world::WorkerSettingsState& a, const world::WorkerSettingsState& b, const State& state) {
  const auto by_name = [&](world::WorkerSettingsState settings) {
    settings.worker_certificate = like_of(settings.worker_certificate, state);
    return settings;
  };
  return by_name(a) == by_name(b);
}

/// Nothing but its name tells one from the other.
bool are_alike(WorkerIndex a, WorkerIndex b, const world::World& deployed) {
  const world::Blueprint& plan = deployed.plan();
  const State& state = deployed.state();
  const world::WorkerPlan &first = plan.workers[a], &second = plan.workers[b];
  const world::WorkerState &one = state.workers[a], &other = state.workers[b];
  const bool own_rows = first.row == a && second.row == b;  // neither shares its AgentId with another worker
  const auto shared = [&](WorkerIndex worker) {
    return std::count_if(plan.workers.begin(), plan.workers.end(),
                         [&](const world::WorkerPlan& each) { return each.row == worker; }) > 1;
  };
  if (!own_rows || shared(a) || shared(b)) return false;
  const auto& pools = plan.design().scale_out.workers;
  const bool planned = pools[first.pool].certificate == pools[second.pool].certificate && first.sets == second.sets &&
                       plan.hosts[first.host].site == plan.hosts[second.host].site;
  const bool placed = one.account == other.account && one.key_access == other.key_access &&
                      one.registered == other.registered && one.enabled == other.enabled &&
                      one.service == other.service && one.line == other.line && one.refusal == other.refusal;
  return planned && placed && same_settings(one.file, other.file, state) && same_settings(one, other, state) &&
         copies_on(first.host, state) == copies_on(second.host, state);
}

std::vector<std::vector<WorkerIndex>> groups_of_alike(const world::World& deployed) {
  std::vector<std::vector<WorkerIndex>> groups;
  for (WorkerIndex worker = 0; worker < deployed.plan().workers.size(); ++worker) {
    const auto found = std::find_if(groups.begin(), groups.end(),
                                    [&](const auto& group) { return are_alike(group.front(), worker, deployed); });
    if (found == groups.end()) {
      groups.push_back({worker});
    } else {
      found->push_back(worker);
    }
  }
  std::erase_if(groups, [](const auto& group) { return group.size() < 2; });
  return groups;
}

/// The group and place of the one worker that the fault acts on.
std::optional<CatalogueFault::Member> member_of(const TimelineEntry& entry, const FaultCatalogue& catalogue,
                                                const world::Blueprint& plan) {
  if (entry.hosts.size() != 1) return std::nullopt;
  const WorkerIndex worker = plan.find_worker(entry.hosts.front());
  for (std::size_t group = 0; group < catalogue.alike.size(); ++group) {
    const auto& workers = catalogue.alike[group];
    const auto found = std::find(workers.begin(), workers.end(), worker);
    if (found != workers.end()) return CatalogueFault::Member{group, static_cast<std::size_t>(found - workers.begin())};
  }
  return std::nullopt;
}

}  // namespace

std::optional<TimelineEntry> CatalogueFault::repair() const {
  if (!can_be_repaired(entry.fault) || entry.lasts) return std::nullopt;
  TimelineEntry repair = entry;
  repair.action = TimelineEntry::Action::repair;
  repair.amount = 0;
  repair.length = repair.every = repair.down = Duration::zero();
  if (entry.fault != FaultKind::sql_component_error) repair.kind.clear();
  if (repair.setting) repair.setting->value.clear();
  return repair;
}

bool FaultCatalogue::is_representative(std::span<const std::size_t> sequence) const {
  std::vector<std::size_t> used(alike.size(), 0);
  for (const std::size_t index : sequence) {
    const auto& member = faults[index].member;
    if (!member) continue;
    if (member->place > used[member->group]) return false;
    used[member->group] = std::max(used[member->group], member->place + 1);
  }
  return true;
}

std::uint64_t FaultCatalogue::multiplicity(std::span<const std::size_t> sequence) const {
  std::vector<std::size_t> used(alike.size(), 0);
  for (const std::size_t index : sequence) {
    if (const auto& member = faults[index].member)
      used[member->group] = std::max(used[member->group], member->place + 1);
  }
  std::uint64_t times = 1;
  for (std::size_t group = 0; group < alike.size(); ++group) {
    for (std::size_t chosen = 0; chosen < used[group]; ++chosen) times *= alike[group].size() - chosen;
  }
  return times;
}

FaultCatalogue catalogue_of(const world::World& deployed) {
  FaultCatalogue catalogue;
  catalogue.alike = groups_of_alike(deployed);
  for (const FaultInfo& info : fault_table()) {
    CatalogueEntries found = entries_of(info.kind, deployed);
    if (found.entries.empty()) catalogue.left_out.push_back({std::string(info.name), std::move(found.why_none)});
    for (TimelineEntry& entry : found.entries) {
      CatalogueFault fault;
      fault.name = name_of(entry);
      fault.member = member_of(entry, catalogue, deployed.plan());
      fault.entry = std::move(entry);
      catalogue.faults.push_back(std::move(fault));
    }
  }
  return catalogue;
}

}  // namespace rehearse::sim

#include "sim/world/state.hpp"

#include <algorithm>

#include "sim/world/apply.hpp"

namespace rehearse::world {
namespace {

/// Where the copy stands or would stand.
auto position_of(const PlacedCertificate& copy, const std::vector<PlacedCertificate>& placed) {
  return std::lower_bound(placed.begin(), placed.end(), copy,
                          [](const auto& a, const auto& b) { return place_of(a) < place_of(b); });
}

void place(State& state, const Record& record) {
  const PlacedCertificate copy{record.subject.index(), record.object, static_cast<Store>(record.value & 15),
                               (record.value & with_key) != 0};
  const auto position = position_of(copy, state.placed);
  if (position == state.placed.end() || place_of(*position) != place_of(copy)) {
    state.placed.insert(position, copy);
  } else if (copy.key) {
    state.placed[static_cast<std::size_t>(position - state.placed.begin())].key = true;
  }
}

/// Of one host an entry, which goes when it says no more than the certificate itself.
void set_shown_dates(State& state, const Record& record) {
  const auto mine = [&](const ShownDates& dates) {
    return dates.host == record.object && dates.certificate == record.subject.index();
  };
  auto found = std::find_if(state.shown_dates.begin(), state.shown_dates.end(), mine);
  if (found == state.shown_dates.end()) {
    state.shown_dates.push_back({record.object, record.subject.index()});
    found = state.shown_dates.end() - 1;
  }
  (record.kind == RecordKind::valid_from ? found->not_before : found->not_after) = Time(Duration(record.value));
  if (found->not_before == Time::min() && found->not_after == Time::max()) state.shown_dates.erase(found);
}

void set_dates(State& state, const Record& record, RecordId id) {
  for (const PlacedCertificate& copy : state.placed) {
    const bool shown = copy.certificate == record.subject.index();
    if (shown && (record.object == none || record.object == copy.host))
      state.hosts[copy.host].certificates_changed_by = id;
  }
  if (record.object != none) return set_shown_dates(state, record);
  CertificateState& certificate = state.certificates[record.subject.index()];
  (record.kind == RecordKind::valid_from ? certificate.not_before : certificate.not_after) =
      Time(Duration(record.value));
}

void take_key(State& state, const Record& record) {
  const PlacedCertificate* copy =
      find_placed(record.subject.index(), record.object, static_cast<Store>(record.value), state);
  if (copy != nullptr) state.placed[static_cast<std::size_t>(copy - state.placed.data())].key = false;
}

void apply_to_certificate(State& state, const Record& record, RecordId id) {
  if (record.kind == RecordKind::valid_from || record.kind == RecordKind::valid_until)
    return set_dates(state, record, id);
  if (record.kind != RecordKind::certificate_created) return;
  if (record.subject.index() >= state.certificates.size()) state.certificates.resize(record.subject.index() + 1);
  CertificateState& certificate = state.certificates[record.subject.index()];
  certificate.exists = true;
  certificate.like = record.object == none ? record.subject.index() : record.object;
  certificate.not_after = Time(Duration(record.value));
  // Another one of what the design states begins when the design says; any other when it is made.
  const CertificateState& stated = state.certificates[certificate.like];
  const bool is_as_stated = certificate.like != record.subject.index() && stated.not_after == certificate.not_after;
  certificate.not_before = is_as_stated ? stated.not_before : std::min(record.at, certificate.not_after);
}

}  // namespace

std::uint64_t site_pair(SiteIndex a, SiteIndex b) {
  const SiteIndex low = std::min(a, b), high = std::max(a, b);
  return bit(high * (high - 1) / 2 + low);
}

bool counts_here(ResourceIndex resource, const State& state, const Blueprint& blueprint) {
  const ResourcePlan& plan = blueprint.resources[resource];
  if (state.resources[resource].status == ResourceStatus::absent) return false;
  if (plan.kind != ResourceKind::address || plan.network == none) return true;
  const HostIndex owner = state.groups[plan.group].owner;
  return owner == none || (blueprint.hosts[owner].cards & bit(plan.network)) != 0;
}

std::uint64_t online_places(GroupIndex group, const State& state, const Blueprint& blueprint) {
  const GroupPlan& plan = blueprint.groups[group];
  std::uint64_t mask = 0;
  for (ResourceIndex place = 0; place < plan.count; ++place) {
    if (state.resources[plan.first + place].status == ResourceStatus::online) mask |= bit(place);
  }
  return mask;
}

bool is_defended(ResourceIndex disk, const State& state) {
  const ResourceState& resource = state.resources[disk];
  if (resource.at == 0) return false;
  const auto holder = static_cast<HostIndex>(std::countr_zero(resource.at));
  const HostState& host = state.hosts[holder];
  const bool runs = host.powered && !host.frozen && host.service == ClusterService::up;
  return runs && host.left_by < resource.reserved_by && (resource.cut & bit(holder)) == 0;
}

bool is_active_member(HostIndex node, const State& state) {
  if (node >= model::max_nodes || (state.cluster.members & bit(node)) == 0) return false;
  const HostState& host = state.hosts[node];
  return host.service == ClusterService::up && host.powered && !host.frozen;
}

const PlacedCertificate* find_placed(HostIndex host, CertificateIndex certificate, Store store, const State& state) {
  const PlacedCertificate wanted{host, certificate, store, false};
  const auto position = position_of(wanted, state.placed);
  return position != state.placed.end() && place_of(*position) == place_of(wanted) ? &*position : nullptr;
}

Duration sql_clock(const State& state, Time now) {
  const HostIndex node = state.instance.node;
  return now.time_since_epoch() + (node == none ? Duration{} : state.hosts[node].clock_offset);
}

std::span<const PlacedCertificate> placed_in(HostIndex host, Store store, const State& state) {
  const auto of_store = [&](const PlacedCertificate& copy) { return std::tuple(copy.host, copy.store); };
  const auto first = std::lower_bound(state.placed.begin(), state.placed.end(), std::tuple(host, store),
                                      [&](const auto& copy, const auto& key) { return of_store(copy) < key; });
  auto last = first;
  while (last != state.placed.end() && of_store(*last) == std::tuple(host, store)) ++last;
  return {first, last};
}

std::uint32_t slots_per_worker(const Blueprint& blueprint) {
  return blueprint.slots_per_worker;
}

State first_state(const Blueprint& blueprint) {
  State state;
  state.hosts.resize(blueprint.hosts.size());
  for (HostState& host : state.hosts) host.powered = true;
  if (blueprint.replicas != 0) state.replicas.resize(blueprint.node_count);
  state.groups.resize(blueprint.groups.size());
  state.resources.resize(blueprint.resources.size());
  state.name_records.resize(blueprint.groups.size() * (blueprint.sites.size() + 1));
  state.workers.resize(blueprint.workers.size());
  state.runs.resize(blueprint.workers.size() * slots_per_worker(blueprint));
  state.ready.resize(blueprint.worker_sets.size());
  state.batches.resize(blueprint.batches.size());
  state.certificates.resize(blueprint.certificates.size());
  for (std::uint32_t index = 0; index < blueprint.certificates.size(); ++index) {
    // Certificates that the design states with their dates exist as files before anything is installed.
    const model::Certificate& stated = blueprint.design().certificates[index];
    const bool by_setup = stated.not_after == Date{};  // neither a file nor dates: Setup makes it
    const Date from = by_setup ? blueprint.start() - setup_certificate_validity : stated.not_before;
    const Date until = by_setup ? blueprint.start() + setup_certificate_validity : stated.not_after;
    state.certificates[index] = {true, index, blueprint.time_at(from), blueprint.time_at(until), stated.self_signed};
  }
  return state;
}

void apply(State& state, const Record& record, const Blueprint& blueprint) {
  const RecordId id = ++state.records;
  switch (record.kind) {
    case RecordKind::certificate_placed:
      state.hosts[record.subject.index()].certificates_changed_by = id;
      return place(state, record);
    case RecordKind::certificate_removed:
      state.hosts[record.subject.index()].certificates_changed_by = id;
      if (const PlacedCertificate* copy =
              find_placed(record.subject.index(), record.object, static_cast<Store>(record.value & 15), state)) {
        state.placed.erase(state.placed.begin() + (copy - state.placed.data()));
      }
      return;
    case RecordKind::jobs_archived: return archive_jobs(state, record, blueprint);
    case RecordKind::private_key_removed:
      state.hosts[record.subject.index()].certificates_changed_by = id;
      take_key(state, record);
      return;
    case RecordKind::switch_consulted: state.consulted |= 1U << record.value; return;
    case RecordKind::logon_refused: return;  // nothing has started
    case RecordKind::worker_service_started:
    case RecordKind::worker_service_ended: return apply_to_worker(state, record, id);
    default: break;
  }
  switch (record.subject.part()) {
    case Part::cluster:
    case Part::site: return apply_to_cluster(state, record, id, blueprint);
    case Part::host:
      apply_to_host(state, record, id, blueprint);
      apply_to_replica(state, record, id);
      return apply_to_cluster(state, record, id, blueprint);  // membership records change both
    case Part::group: return apply_to_group(state, record, id, blueprint);
    case Part::resource: return apply_to_resource(state, record, id, blueprint);
    case Part::instance: apply_to_instance(state, record, id); return apply_to_replica(state, record, id);
    case Part::worker: return apply_to_worker(state, record, id);
    case Part::batch: return apply_to_batch(state, record, id, blueprint);
    case Part::task: return apply_to_task(state, record, id, blueprint);
    case Part::certificate: return apply_to_certificate(state, record, id);
  }
}

}  // namespace rehearse::world

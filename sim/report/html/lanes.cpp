#include "sim/report/html/lanes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "sim/report/describe.hpp"
#include "sim/report/html/words.hpp"
#include "sim/report/part_watch.hpp"
#include "sim/report/time_text.hpp"
#include "sim/scenario/replay.hpp"
#include "sim/scenario/service.hpp"

namespace rehearse::sim::html {
namespace {

using core::Time;
using world::Record;
using world::RecordId;
using world::RecordKind;
using world::State;

/// With more of them, workers share a lane with those of their group, and certificates with each other.
constexpr std::size_t most_single_workers = 12, most_single_certificates = 8;

/// Lanes of parts, with how each part is looked at.
class Parts {
 public:
  explicit Parts(const RunResult& run) : plan_(*run.plan) {
    add_cluster(run.first.replicas.size());
    add_workers();
  }

  std::vector<Lane> lanes(const RunResult& run) {
    std::vector<std::vector<Stretch>> stretches = watch_parts(run, watched_);
    for (std::size_t index = 0; index < lanes_.size(); ++index) {
      for (Stretch& stretch : stretches[index]) {
        Status& status = stretch.status;
        lanes_[index].bars.push_back({stretch.from, stretch.to, status.tone, std::move(status.state),
                                      std::move(status.label), stretch.begun_by});
      }
    }
    return std::move(lanes_);
  }

 private:
  using Kind = PartKey::Kind;

  template <class Look>
  void add(std::string section, std::string name, std::vector<PartKey> told_by, Look look) {
    lanes_.push_back({std::move(section), std::move(name), {}});
    watched_.push_back({std::move(look), std::move(told_by)});
  }

  /// What a role or a resource is may follow from what its owner is.
  std::vector<PartKey> or_owner(PartKey key) const {
    std::vector<PartKey> keys{key};
    for (world::HostIndex node = 0; node < plan_.node_count; ++node) keys.push_back({Kind::node, node});
    return keys;
  }

  void add_cluster(std::size_t replicas) {
    for (world::HostIndex node = 0; node < plan_.node_count; ++node) {
      add("Nodes", plan_.hosts[node].name, {{Kind::node, node}},
          [this, node](const State& state) { return node_status(node, state, plan_); });
    }
    for (world::HostIndex node = 0; node < replicas; ++node) {
      add("Replicas", plan_.hosts[node].name, {{Kind::replica, node}, {Kind::node, node}},
          [node](const State& state) { return replica_status(node, state); });
    }
    for (world::GroupIndex role = 0; role < plan_.groups.size(); ++role) {
      add("Roles", plan_.groups[role].name, or_owner({Kind::role, role}),
          [this, role](const State& state) { return role_status(role, state, plan_); });
    }
    for (world::ResourceIndex resource = 0; resource < plan_.resources.size(); ++resource) {
      add("Resources", plan_.resources[resource].name, or_owner({Kind::resource, resource}),
          [this, resource](const State& state) { return resource_status(resource, state, plan_); });
    }
    std::vector<PartKey> masters;
    for (world::HostIndex node = 0; node < plan_.node_count; ++node) masters.push_back({Kind::master, node});
    add("Scale Out", "Scale Out Master", std::move(masters),
        [this](const State& state) { return master_status(state, plan_); });
  }

  void add_workers() {
    std::map<std::uint32_t, std::vector<world::WorkerIndex>> groups;
    for (world::WorkerIndex worker = 0; worker < plan_.workers.size(); ++worker) {
      const bool alone = plan_.workers.size() <= most_single_workers;
      groups[alone ? worker : plan_.workers[worker].pool].push_back(worker);
    }
    for (const auto& [number, workers] : groups) {
      std::vector<PartKey> told_by;
      for (const world::WorkerIndex worker : workers) told_by.push_back({Kind::worker, worker});
      const std::string& first = plan_.workers[workers.front()].name;
      if (workers.size() == 1) {
        add("Workers", first, std::move(told_by),
            [this, worker = workers.front()](const State& state) { return worker_status(worker, state, plan_); });
      } else {
        add("Workers", fmt::format("{} to {} ({})", first, plan_.workers[workers.back()].name, workers.size()),
            std::move(told_by),
            [this, workers = workers](const State& state) { return workers_status(workers, state, plan_); });
      }
    }
  }

  const world::Blueprint& plan_;
  std::vector<Lane> lanes_;
  std::vector<WatchedPart> watched_;  // by lane
};

/// A lane for each service but the workers' connections, which have their own.
std::vector<Lane> services(const RunResult& run) {
  std::vector<Lane> lanes;
  for (const Service& service : services_of(*run.plan)) {
    if (service.kind == Service::Kind::worker) continue;
    Lane lane{"Services", title_of(service, *run.plan), {}};
    Time reached = core::at_start;
    RecordId back = 0;
    const auto up_until = [&](Time until) {
      if (until > reached) lane.bars.push_back({reached, until, Tone::good, "in service", "", back});
    };
    for (const Outage& outage : run.outages) {
      if (!(outage.service == service)) continue;
      up_until(outage.from);
      const RecordId begun = outage.phases.empty() ? 0 : outage.phases.front().begins;
      lane.bars.push_back({outage.from, outage.to, Tone::bad, "out", length_text(outage.length()), begun});
      reached = outage.to;
      back = outage.phases.empty() ? 0 : outage.phases.back().ends;
    }
    up_until(run.end);
    lanes.push_back(std::move(lane));
  }
  return lanes;
}

std::vector<Lane> batches(const RunResult& run) {
  std::vector<Lane> lanes;
  for (const BatchDay& day : run.batches) {
    auto lane = std::find_if(lanes.begin(), lanes.end(), [&](const Lane& one) { return one.name == day.name; });
    if (lane == lanes.end()) lane = lanes.insert(lanes.end(), {"Batches", day.name, {}});
    const Time done = std::min(day.done, run.end);
    if (done <= day.due) continue;
    const Time deadline = std::min(day.deadline, run.end);
    const std::string text = fmt::format("{} of {} succeeded", day.succeeded, day.executions);
    const Time in_time = std::clamp(deadline, day.due, done);
    lane->bars.push_back({day.due, in_time, Tone::good, text, "", 0});
    if (in_time < done) lane->bars.push_back({in_time, done, Tone::bad, text + ", after its deadline", "late", 0});
  }
  return lanes;
}

/// When a certificate is valid; several at once: when all of them are.
struct Validity {
  bool exists = false;
  Time from = Time::min(), until = Time::max();
  friend bool operator==(const Validity&, const Validity&) = default;
};

class Certificates {
 public:
  explicit Certificates(const RunResult& run) : run_(run) {
    const std::size_t count = run.last.certificates.size();
    for (std::size_t index = 0; index < count; ++index) {
      const bool own = count <= most_single_certificates || index < run.plan->certificates.size();
      if (own || groups_.empty() || !groups_.back().many) groups_.push_back({{}, !own, {}, {}, 0, {}});
      groups_.back().members.push_back(static_cast<world::CertificateIndex>(index));
    }
  }

  std::vector<Lane> lanes() {
    note(run_.first, core::at_start, 0);
    RecordId id = run_.journal.first;
    std::optional<std::pair<Time, RecordId>> open;
    const State last = replay(id, open);
    note(last, open ? open->first : core::at_start, open ? open->second : 0);
    std::vector<Lane> lanes;
    for (Group& group : groups_) {
      close(group, run_.end);
      if (!group.bars.empty()) lanes.push_back({"Certificates", name_of(group), std::move(group.bars)});
    }
    return lanes;
  }

 private:
  struct Group {
    std::vector<world::CertificateIndex> members;
    bool many = false;
    Validity now;
    Time since{};
    RecordId by = 0;
    std::vector<Bar> bars;
  };

  State replay(RecordId id, std::optional<std::pair<Time, RecordId>>& open) {
    State state = run_.first;
    for (const Record& record : run_.journal.records) {
      if (record.subject.part() == world::Part::certificate) {
        if (open && record.at > open->first) note(state, open->first, open->second);
        open = {record.at, id};
        world::apply(state, record, *run_.plan);
      }
      ++id;
    }
    return state;
  }

  void note(const State& state, Time at, RecordId by) {
    for (Group& group : groups_) {
      Validity validity;
      for (const world::CertificateIndex index : group.members) {
        if (index >= state.certificates.size() || !state.certificates[index].exists) continue;
        validity.exists = true;
        validity.from = std::max(validity.from, state.certificates[index].not_before);
        validity.until = std::min(validity.until, state.certificates[index].not_after);
      }
      if (validity == group.now) continue;
      close(group, at);
      group.now = validity;
      group.since = at;
      group.by = by;
    }
  }

  void close(Group& group, Time until) {
    if (!group.now.exists) return;
    const Validity& valid = group.now;
    const auto add = [&](Time from, Time to, Tone tone, std::string state, std::string label) {
      from = std::max(from, group.since);
      to = std::min(to, until);
      if (to > from) group.bars.push_back({from, to, tone, std::move(state), std::move(label), group.by});
    };
    const auto day = [&](Time time) { return model::to_text(run_.plan->date_at(time)).substr(0, 10); };
    // A certificate without an end that a date can name says nothing about it.
    const bool ends = valid.until < Time(std::chrono::hours(24 * 365 * 60));
    const std::string words = ends ? "valid until " + day(valid.until) : "valid";
    add(Time::min(), valid.from, Tone::limited, "not yet valid", "not yet valid");
    add(valid.from, valid.until, Tone::good, words, ends ? words : "");
    add(valid.until, Time::max(), Tone::bad, "expired", "expired");
  }

  std::string name_of(const Group& group) const {
    if (group.many) return fmt::format("{} more", group.members.size());
    const world::CertificateIndex index = group.members.front();
    const world::CertificateIndex like = run_.last.certificates[index].like;
    const std::string name = run_.plan->name_of(world::certificate_id(index));
    if (like == world::none || like == index || like >= run_.plan->certificates.size()) return name;
    return fmt::format("{} ({})", run_.plan->certificates[like].design_key, name);
  }

  const RunResult& run_;
  std::vector<Group> groups_;
};

std::vector<Mark> marks_of(const RunResult& run) {
  std::vector<Mark> marks;
  for (const Record& record : run.journal.records) {
    const bool fault = record.kind == RecordKind::fault_injected, repair = record.kind == RecordKind::fault_repaired;
    const bool step = record.kind == RecordKind::operator_acts && record.value == 0;
    if (!fault && !repair && !step) continue;
    const Mark::Kind kind = fault ? Mark::Kind::fault : repair ? Mark::Kind::repair : Mark::Kind::step;
    marks.push_back({record.at, kind, to_text(describe(record, *run.plan, run.scenario, run.acts))});
  }
  return marks;
}

}  // namespace

std::string_view to_text(Mark::Kind kind) {
  switch (kind) {
    case Mark::Kind::fault: return "fault";
    case Mark::Kind::repair: return "repair";
    case Mark::Kind::step: return "step";
  }
  return "";
}

Lanes lanes_of(const RunResult& result) {
  Lanes all{services(result), marks_of(result)};
  const auto append = [&](std::vector<Lane> lanes) {
    std::move(lanes.begin(), lanes.end(), std::back_inserter(all.lanes));
  };
  append(Parts(result).lanes(result));
  append(batches(result));
  append(Certificates(result).lanes());
  return all;
}

}  // namespace rehearse::sim::html

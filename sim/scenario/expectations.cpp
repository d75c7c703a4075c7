#include "sim/scenario/expectations.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <functional>

#include "sim/scenario/checks/observation.hpp"
#include "sim/scenario/farm_outcome.hpp"
#include "sim/scenario/handshake_names.hpp"
#include "sim/scenario/judging.hpp"
#include "sim/scenario/replay.hpp"
#include "sim/scenario/service_watch.hpp"

namespace rehearse::sim {
namespace {

using core::Time;
using world::Process;
using world::ResourceStatus;
using world::State;
using Kind = Expectation::Kind;

// ---- the state of a role

enum class RoleView { absent, offline, partially_online, failed, online };

std::string_view to_text(RoleView view) {
  switch (view) {
    case RoleView::absent: return "not there";
    case RoleView::offline: return "offline";
    case RoleView::partially_online: return "partially online";
    case RoleView::failed: return "failed";
    case RoleView::online: return "online";
  }
  return "";
}

bool matches(RoleView view, const std::string& state) {
  if (state == "online") return view == RoleView::online;
  if (state == "partially_online") return view == RoleView::partially_online || view == RoleView::failed;
  if (state == "failed") return view == RoleView::failed;
  return view == RoleView::offline;
}

/// What the cluster shows for a role (W 4.1): Online, Offline, Partially Online; failed when one of its resources is.
RoleView view_of(const State& state, const world::Blueprint& plan, world::GroupIndex group) {
  if (!state.groups[group].exists) return RoleView::absent;
  bool all = true, any = false, failed = false;
  for (world::ResourceIndex index = plan.groups[group].first;
       index < plan.groups[group].first + plan.groups[group].count; ++index) {
    const ResourceStatus status = state.resources[index].status;
    if (!counts_here(index, state, plan)) continue;
    all = all && status == ResourceStatus::online;
    any = any || status == ResourceStatus::online;
    failed = failed || status == ResourceStatus::failed;
  }
  const world::HostIndex owner = state.groups[group].owner;
  // Only an active member hosts anything: on a machine that just booted the roles are as they were left in the
  // database.
  const bool owner_runs = owner != world::none && state.hosts[owner].powered &&
                          (state.cluster.members >> owner & 1) != 0 &&
                          state.hosts[owner].service == world::ClusterService::up;
  if (!owner_runs) return RoleView::offline;
  if (failed) return RoleView::failed;
  return all ? RoleView::online : any ? RoleView::partially_online : RoleView::offline;
}

// ---- looking for a condition

/// How a condition stands at an instant of the run, and since when.
struct Search {
  bool held_at = false;      // at the instant
  Time since = core::never;  // when the stretch began in which it held there
  Time first = core::never;  // first instant at which it held, from `from` on
};

/// How a figure stood over time: calls visit(figure, from, to) for contiguous stretches from the start to the end.
template <class Figure>
using Walk = std::function<void(const std::function<void(const Figure&, Time, Time)>&)>;

template <class Figure>
Search search(const RunResult& run, Time from, Time at, const Walk<Figure>& walk,
              const std::function<bool(const Figure&)>& holds) {
  Search found;
  Time stretch = core::never;
  walk([&](const Figure& figure, Time begin, Time end) {
    if (!holds(figure)) {
      stretch = core::never;
      return;
    }
    if (stretch == core::never) stretch = begin;
    if (end > from && found.first == core::never) found.first = std::max(begin, from);
    // At the last instant of the run the state after it counts.
    if (begin <= at && (at < end || (at == end && end == run.end))) {
      found.held_at = true;
      found.since = stretch;
    }
  });
  return found;
}

/// `by` and `at` both look at that instant: what was so before a fault was noticed, and is not so then, is no success.
template <class Figure>
Sight judge_moment(const RunResult& run, const Expectation& expectation, const std::string& what,
                   const Walk<Figure>& walk, const std::function<bool(const Figure&)>& holds,
                   const std::function<std::string(const Figure&)>& show) {
  const Time limit = Time(expectation.at   ? *expectation.at
                          : expectation.by ? *expectation.by
                                           : run.end.time_since_epoch());
  if (limit > run.end)
    return cannot_tell(fmt::format("the rehearsal ended at {}, before {}", moment(run.end), moment(limit)));
  const Search found = search(run, limit, limit, walk, holds);
  if (found.held_at) {
    return seen(true, found.since == core::at_start ? fmt::format("{} at {}, all along", what, moment(limit))
                                                    : fmt::format("{} since {}", what, moment(found.since)));
  }
  std::string other;
  walk([&](const Figure& figure, Time begin, Time end) {
    if (begin <= limit && (limit < end || end == run.end)) other = show(figure);
  });
  const std::string later =
      found.first == core::never ? "and not later either" : fmt::format("{} only at {}", what, moment(found.first));
  return seen(false, fmt::format("at {}: {}; {}", moment(limit), other, later));
}

// ---- one expectation each

Sight judge_role(const RunResult& run, const Expectation& expectation) {
  const world::GroupIndex group = run.plan->find_group(expectation.role);
  const Walk<State> walk = [&](const auto& visit) { for_each_cluster_state(run, visit); };
  const auto show = [&, group](const State& state) {
    const world::HostIndex owner = state.groups[group].owner;
    return fmt::format("{} on {}", to_text(view_of(state, *run.plan, group)),
                       owner == world::none ? "no node" : run.plan->hosts[owner].name);
  };
  if (expectation.kind == Kind::role_state) {
    return judge_moment<State>(
        run, expectation, expectation.state, walk,
        [&](const State& state) { return matches(view_of(state, *run.plan, group), expectation.state); }, show);
  }
  const world::HostIndex owner = run.plan->find_host(expectation.owner);
  const auto hosted = [&](const State& state) {
    const RoleView view = view_of(state, *run.plan, group);
    return state.groups[group].owner == owner && view != RoleView::absent && view != RoleView::offline;
  };
  return judge_moment<State>(run, expectation, fmt::format("on {}", expectation.owner), walk, hosted, show);
}

bool is_about(const Outage& outage, const Expectation& expectation, const world::Blueprint& plan) {
  if (expectation.service == "workers") return outage.service.kind == Service::Kind::worker;
  return name_of(outage.service, plan) == expectation.service;
}

Sight judge_outage(const RunResult& run, const Expectation& expectation) {
  // Over several workers the longest counts; of one service all its outages add up.
  std::vector<std::pair<std::string, Duration>> totals;
  bool censored = false;
  for (const Outage& outage : run.outages) {
    if (!is_about(outage, expectation, *run.plan)) continue;
    const std::string name = name_of(outage.service, *run.plan);
    if (totals.empty() || totals.back().first != name) totals.emplace_back(name, Duration::zero());
    totals.back().second += outage.length();
    censored = censored || outage.censored;
  }
  const auto longest =
      std::max_element(totals.begin(), totals.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  const Duration total = longest == totals.end() ? Duration::zero() : longest->second;
  const Outcome outcome = judge_bounds(expectation.lengths.at("outage"), total, censored);
  if (outcome == Outcome::unknown) {
    return cannot_tell(fmt::format("still away at the end of the rehearsal, after {}", length(total)));
  }
  if (total == Duration::zero()) return {outcome, "never away"};
  return {outcome, fmt::format("away for {}{}", length(total), censored ? ", and still away at the end" : "")};
}

std::vector<Service> workers_meant(const RunResult& run, const Expectation& expectation) {
  std::vector<Service> workers;
  for (world::WorkerIndex worker = 0; worker < run.plan->workers.size(); ++worker) {
    if (expectation.worker == "all" || run.plan->workers[worker].name == expectation.worker) {
      workers.push_back({Service::Kind::worker, worker});
    }
  }
  return workers;
}

/// How many of these workers are connected, over time.
void for_each_connected(const RunResult& run, const std::vector<Service>& workers,
                        const std::function<void(const std::size_t&, Time, Time)>& visit) {
  State state = run.first;
  ServiceWatch watch(state, *run.plan);
  std::vector<bool> meant(watch.services().size());
  std::size_t connected = 0;
  for (const Service& worker : workers) {
    meant[ServiceWatch::of_worker(worker.worker)] = true;
    connected += watch.up(ServiceWatch::of_worker(worker.worker));
  }
  Time from = core::at_start;
  for (const world::Record& record : run.journal.records) {
    const world::Part part = record.subject.part();
    if (part == world::Part::task || part == world::Part::batch) continue;
    world::apply(state, record, *run.plan);
    watch.applied(record);
    std::size_t now = connected;
    for (const std::size_t service : watch.turned()) {
      if (meant[service]) now = watch.up(service) ? now + 1 : now - 1;
    }
    if (now == connected) continue;
    if (record.at > from) visit(connected, from, record.at);
    from = record.at;
    connected = now;
  }
  visit(connected, from, std::max(run.end, from));
}

Sight judge_workers(const RunResult& run, const Expectation& expectation) {
  const std::vector<Service> workers = workers_meant(run, expectation);
  const Walk<std::size_t> walk = [&](const auto& visit) { for_each_connected(run, workers, visit); };
  if (expectation.kind == Kind::workers_connected) {
    return judge_moment<std::size_t>(
        run, expectation, "connected", walk, [&](std::size_t connected) { return connected == workers.size(); },
        [&](std::size_t connected) { return fmt::format("{} of {} connected", connected, workers.size()); });
  }
  const Time from(*expectation.at);
  if (from > run.end) return cannot_tell(fmt::format("the rehearsal ended at {}", moment(run.end)));
  const Search found = search<std::size_t>(run, from, from, walk, [](std::size_t connected) { return connected > 0; });
  return seen(found.first == core::never, found.first == core::never
                                              ? "nobody connected"
                                              : fmt::format("a worker was connected at {}", moment(found.first)));
}

/// The first instant at which a second partition formed the cluster while an active member of the first still ran.
Time second_partition(const RunResult& run) {
  Time first = core::never;
  replay_cluster(run, [&](const world::Record& record, const State& state) {
    if (first != core::never || record.kind != world::RecordKind::cluster_formed) return;
    for (std::size_t node = 0; node < run.plan->node_count; ++node) {
      const world::HostState& host = state.hosts[node];
      const bool member = (state.cluster.members >> node & 1) != 0;
      if (member && host.powered && host.service == world::ClusterService::up) first = record.at;
    }
  });
  return first;
}

Time first_with_two_masters(const RunResult& run) {
  Time bad = core::never;
  for_each_cluster_state(run, [&](const State& state, Time begin, Time end) {
    if ((end > begin || end == run.end) && bad == core::never && two_masters(state, *run.plan)) bad = begin;
  });
  return bad;
}

Sight judge_condition(const RunResult& run, const Expectation& expectation) {
  const bool masters = expectation.condition == "two masters" || expectation.condition == "one master process";
  const Time bad = masters ? first_with_two_masters(run) : second_partition(run);
  if (bad == core::never)
    return seen(true, masters ? "never two master processes" : "never a second partition with quorum");
  return seen(false, fmt::format("{} at {}", masters ? "two master processes" : "a second partition formed the cluster",
                                 moment(bad)));
}

Sight judge_finding(const RunResult& run, const Expectation& expectation) {
  const auto text = observe(run, expectation.condition);
  return seen(text.has_value(), text.value_or("nothing of the kind was observed"));
}

Sight judge_outcome(const RunResult& run, const Expectation& expectation) {
  const FarmFigures figures = farm_figures(run);
  const std::string_view word = to_text(outcome_of(figures));
  std::string reason = fmt::format("{}: a service was out for up to {}", word, length(figures.longest_out()));
  if (figures.lost > 0) reason += fmt::format(", {} lost", figures.lost);
  if (figures.doubled > 0) reason += fmt::format(", {} doubled", figures.doubled);
  if (figures.unfinished > 0) reason += fmt::format(", {} unfinished", figures.unfinished);
  return seen(word == expectation.outcome, std::move(reason));
}

/// What a handshake met, or would have met, on every worker meant.
Sight judge_handshake(const RunResult& run, const Expectation& expectation) {
  using world::RecordKind;
  const bool refused = expectation.kind == Kind::handshake, lurks = expectation.kind == Kind::lurking;
  const RecordKind wanted = refused ? RecordKind::handshake_refused
                            : lurks ? RecordKind::defect_lurks
                                    : RecordKind::second_connection_refused;
  const std::string what = refused ? "refused so" : lurks ? "lurking" : "refused a second connection so";
  const auto outcome = handshake_outcome_from(expectation.outcome);
  std::vector<bool> missing(run.plan->workers.size());
  std::size_t count = 0;
  for (const Service& worker : workers_meant(run, expectation)) {
    missing[worker.worker] = true;
    ++count;
  }
  Time last = core::at_start;
  for (const world::Record& record : run.journal.records) {
    const bool silent = refused && record.kind == RecordKind::worker_call_failed;  // no handshake came about
    if ((record.kind != wanted && !silent) || !missing[record.subject.index()]) continue;
    if (!outcome || world::met_by(record) != outcome) continue;
    missing[record.subject.index()] = false;
    --count;
    last = record.at;
  }
  if (count > 0) return seen(false, fmt::format("{} worker(s) were never {}", count, what));
  return seen(true, fmt::format("{} by {}", what, moment(last)));
}

}  // namespace

std::vector<Sight> look(const RunResult& run) {
  std::vector<Sight> sights;
  for (const Expectation& expectation : run.scenario.expectations) {
    switch (expectation.kind) {
      case Kind::role_owner:
      case Kind::role_state: sights.push_back(judge_role(run, expectation)); break;
      case Kind::outage: sights.push_back(judge_outage(run, expectation)); break;
      case Kind::workers_connected:
      case Kind::workers_disconnected: sights.push_back(judge_workers(run, expectation)); break;
      case Kind::executions: sights.push_back(judge_executions(run, expectation)); break;
      case Kind::batch_done: sights.push_back(judge_batch(run, expectation)); break;
      case Kind::always:
      case Kind::never: sights.push_back(judge_condition(run, expectation)); break;
      case Kind::work: sights.push_back(judge_work(run, expectation)); break;
      case Kind::finding: sights.push_back(judge_finding(run, expectation)); break;
      case Kind::farm_outcome: sights.push_back(judge_outcome(run, expectation)); break;
      case Kind::lurking:
      case Kind::second_refused:
      case Kind::handshake: sights.push_back(judge_handshake(run, expectation)); break;
    }
  }
  return sights;
}

}  // namespace rehearse::sim

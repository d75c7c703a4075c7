#include "sim/scenario/expectations.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <functional>

#include "sim/scenario/checks/observation.hpp"
#include "sim/scenario/handshake_names.hpp"
#include "sim/scenario/replay.hpp"

namespace rehearse::sim {
namespace {

using core::Time;
using world::Process;
using world::ResourceStatus;
using world::State;
using Kind = Expectation::Kind;

std::string moment(Time time) {
  return model::to_text(std::chrono::round<std::chrono::milliseconds>(time.time_since_epoch()));
}
std::string length(Duration length) {
  return model::to_text(std::chrono::round<std::chrono::milliseconds>(length));
}

Sight seen(bool met, std::string reason) {
  return {met ? Outcome::passed : Outcome::failed, std::move(reason)};
}
Sight cannot_tell(std::string reason) {
  return {Outcome::unknown, std::move(reason)};
}

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

Search search(const RunResult& run, Time from, Time at, const std::function<bool(const State&)>& holds) {
  Search found;
  Time stretch = core::never;
  for_each_state(run, [&](const State& state, Time begin, Time end) {
    if (!holds(state)) {
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
Sight judge_moment(const RunResult& run, const Expectation& expectation, const std::string& what,
                   const std::function<bool(const State&)>& holds,
                   const std::function<std::string(const State&)>& instead) {
  const Time limit = Time(expectation.at   ? *expectation.at
                          : expectation.by ? *expectation.by
                                           : run.end.time_since_epoch());
  if (limit > run.end)
    return cannot_tell(fmt::format("the rehearsal ended at {}, before {}", moment(run.end), moment(limit)));
  const Search found = search(run, limit, limit, holds);
  if (found.held_at) {
    return seen(true, found.since == core::at_start ? fmt::format("{} at {}, all along", what, moment(limit))
                                                    : fmt::format("{} since {}", what, moment(found.since)));
  }
  std::string other;
  for_each_state(run, [&](const State& state, Time begin, Time end) {
    if (begin <= limit && (limit < end || end == run.end)) other = instead(state);
  });
  const std::string later =
      found.first == core::never ? "and not later either" : fmt::format("{} only at {}", what, moment(found.first));
  return seen(false, fmt::format("at {}: {}; {}", moment(limit), other, later));
}

// ---- one expectation each

Sight judge_role(const RunResult& run, const Expectation& expectation) {
  const world::GroupIndex group = run.plan->find_group(expectation.role);
  const auto show = [&, group](const State& state) {
    const world::HostIndex owner = state.groups[group].owner;
    return fmt::format("{} on {}", to_text(view_of(state, *run.plan, group)),
                       owner == world::none ? "no node" : run.plan->hosts[owner].name);
  };
  if (expectation.kind == Kind::role_state) {
    return judge_moment(
        run, expectation, expectation.state,
        [&](const State& state) { return matches(view_of(state, *run.plan, group), expectation.state); }, show);
  }
  const world::HostIndex owner = run.plan->find_host(expectation.owner);
  const auto hosted = [&](const State& state) {
    const RoleView view = view_of(state, *run.plan, group);
    return state.groups[group].owner == owner && view != RoleView::absent && view != RoleView::offline;
  };
  return judge_moment(run, expectation, fmt::format("on {}", expectation.owner), hosted, show);
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
  const Duration limit = expectation.max.value_or(Duration::zero());
  if (total > limit)
    return seen(false, fmt::format("away for {}{}", length(total), censored ? ", and still away at the end" : ""));
  if (censored) return cannot_tell(fmt::format("still away at the end of the rehearsal, after {}", length(total)));
  return seen(true, total == Duration::zero() ? "never away" : fmt::format("away for {}", length(total)));
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

Sight judge_workers(const RunResult& run, const Expectation& expectation) {
  const std::vector<Service> workers = workers_meant(run, expectation);
  const auto connected = [&](const State& state) {
    return static_cast<std::size_t>(std::count_if(
        workers.begin(), workers.end(), [&](const Service& worker) { return is_up(worker, state, *run.plan); }));
  };
  const auto show = [&](const State& state) {
    return fmt::format("{} of {} connected", connected(state), workers.size());
  };
  if (expectation.kind == Kind::workers_connected) {
    return judge_moment(
        run, expectation, "connected", [&](const State& state) { return connected(state) == workers.size(); }, show);
  }
  const Time from(*expectation.at);
  if (from > run.end) return cannot_tell(fmt::format("the rehearsal ended at {}", moment(run.end)));
  const Search found = search(run, from, from, [&](const State& state) { return connected(state) > 0; });
  return seen(found.first == core::never, found.first == core::never
                                              ? "nobody connected"
                                              : fmt::format("a worker was connected at {}", moment(found.first)));
}

std::int64_t count_of(const TaskCounts& tasks, const std::string& name) {
  const auto number = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
  if (name == "lost") return number(tasks.lost());
  if (name == "doubled") return number(tasks.doubled());
  if (name == "succeeded") return number(tasks.succeeded);
  if (name == "ended_without_success") return number(tasks.ended_without_success);
  if (name == "never_submitted") return number(tasks.never_submitted);
  if (name == "overlapped") return number(tasks.overlapped);
  if (name == "repeated") return number(tasks.repeated);
  if (name == "refused_success") return number(tasks.refused_success);
  if (name == "stamped") return number(tasks.stamped);
  return number(tasks.unfinished);
}

Sight judge_executions(const RunResult& run, const Expectation& expectation) {
  // What still runs, and what a submitter still means to submit, may yet be lost, doubled or succeed.
  const std::uint64_t told = run.tasks.submitted + run.tasks.never_submitted;
  const std::uint64_t coming = run.tasks.planned > told ? run.tasks.planned - told : 0;
  const auto open = static_cast<std::int64_t>(run.tasks.unfinished + coming);
  Outcome worst = Outcome::passed;
  std::string reason;
  for (const auto& [name, wanted] : expectation.counts) {
    const std::int64_t found = count_of(run.tasks, name);
    reason += fmt::format("{}{} {}", reason.empty() ? "" : ", ", found, name);
    const bool final_count = open == 0 || name == "unfinished";
    const bool out_of_reach = found > wanted || found + open < wanted;
    if (final_count ? found != wanted : out_of_reach)
      worst = Outcome::failed;
    else if (!final_count && worst == Outcome::passed)
      worst = Outcome::unknown;
  }
  if (worst == Outcome::unknown) reason += fmt::format("; {} still outstanding at the end of the rehearsal", open);
  return {worst, reason};
}

Sight judge_batch(const RunResult& run, const Expectation& expectation) {
  std::optional<Sight> worst;
  for (const BatchDay& day : run.batches) {
    const Time limit = expectation.by ? Time(*expectation.by) : day.deadline;
    if (day.name != expectation.batch || day.due > limit || limit == core::never) continue;
    std::string reason = day.done == core::never ? "not done" : fmt::format("done at {}", moment(day.done));
    reason += fmt::format(", {} of {} succeeded", day.succeeded, day.executions);
    const bool met = day.done <= limit && day.succeeded == day.executions;
    Sight sight = seen(met, reason);
    if (!met && day.done == core::never && run.end < limit) {
      sight = cannot_tell(fmt::format("{} when the rehearsal ended at {}", reason, moment(run.end)));
    }
    const bool worse = !worst || worst->outcome == Outcome::passed || sight.outcome == Outcome::failed;
    if (worse) worst = std::move(sight);
  }
  return worst.value_or(cannot_tell("the batch was not due in the time rehearsed"));
}

/// The first instant at which a second partition formed the cluster while an active member of the first still ran.
Time second_partition(const RunResult& run) {
  State state = run.first;
  for (const world::Record& record : run.journal.records) {
    if (record.kind == world::RecordKind::cluster_formed) {
      for (std::size_t node = 0; node < run.plan->node_count; ++node) {
        const world::HostState& host = state.hosts[node];
        const bool member = (state.cluster.members >> node & 1) != 0;
        if (member && host.powered && host.service == world::ClusterService::up) return record.at;
      }
    }
    world::apply(state, record, *run.plan);
  }
  return core::never;
}

Time first_with_two_masters(const RunResult& run) {
  Time bad = core::never;
  for_each_state(run, [&](const State& state, Time begin, Time end) {
    if ((end > begin || end == run.end) && bad == core::never && two_masters(state)) bad = begin;
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

Sight judge_handshake(const RunResult& run, const Expectation& expectation) {
  const auto outcome = handshake_outcome_from(expectation.outcome);
  std::vector<Service> missing = workers_meant(run, expectation);
  Time last = core::at_start;
  for (const world::Record& record : run.journal.records) {
    if (record.kind != world::RecordKind::handshake_refused) continue;
    if (!outcome || static_cast<model::HandshakeOutcome>(record.value) != *outcome) continue;
    if (std::erase(missing, Service{Service::Kind::worker, record.subject.index()}) > 0) last = record.at;
  }
  return seen(missing.empty(), missing.empty() ? fmt::format("refused so by {}", moment(last))
                                               : fmt::format("{} worker(s) were never refused so", missing.size()));
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
      case Kind::handshake: sights.push_back(judge_handshake(run, expectation)); break;
    }
  }
  return sights;
}

}  // namespace rehearse::sim

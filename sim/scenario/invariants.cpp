#include "sim/scenario/invariants.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <deque>
#include <map>
#include <stdexcept>

namespace rehearse::sim {
namespace {

using world::Record;
using world::RecordKind;
using world::ResourceStatus;
using world::State;

class Checker {
 public:
  explicit Checker(const RunResult& run) : run_(run), state_(run.first) {}

  void check() {
    for (const Record& record : run_.journal.records) {
      before(record);
      world::apply(state_, record, *run_.plan);
      ++number_;
    }
    check_tasks();
    if (state_ != run_.last) fail("the journal leads to another state than the run ended in");
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw std::logic_error(fmt::format("invariant broken at record {} (seed {}): {}", run_.journal.first + number_,
                                       run_.scenario.seed, what));
  }
  std::string name(const Record& record) const { return run_.plan->name_of(record.subject); }

  void before(const Record& record) {
    if (record.at < now_) fail("time goes back");
    if (record.at > now_) check_tasks();
    now_ = record.at;
    if (record.cause >= run_.journal.first + number_) fail("a record is caused by a later one");
    switch (record.kind) {
      case RecordKind::resource_online_pending:
      case RecordKind::resource_online: return check_providers(record);
      case RecordKind::owner_changed: return check_owner(record);
      case RecordKind::restart_scheduled: return check_restarts(record);
      default: return;
    }
  }

  void check_providers(const Record& record) const {
    const world::ResourceState& resource = state_.resources[record.subject.index()];
    for (world::ResourceIndex provider = 0; provider < state_.resources.size() && provider < 64; ++provider) {
      const bool needed = (resource.providers >> provider & 1) != 0;
      if (needed && state_.resources[provider].status != ResourceStatus::online) {
        fail(name(record) + " comes online without " + run_.plan->resources[provider].name);
      }
    }
    if (!state_.groups[run_.plan->resources[record.subject.index()].group].wanted) {
      fail(name(record) + " comes online although its role is not wanted");
    }
  }

  void check_owner(const Record& record) const {
    const world::HostState& host = state_.hosts[record.object];
    const bool member = (state_.cluster.members >> record.object & 1) != 0;
    if (!member || !host.powered || host.service != world::ClusterService::up) {
      fail(name(record) + " goes to a node that is no active member");
    }
  }

  void check_restarts(const Record& record) {
    std::deque<core::Time>& times = restarts_[record.subject.index()];
    const auto& parameters = run_.plan->parameters();
    while (!times.empty() && times.front() <= record.at - parameters.length(model::Setting::restart_period))
      times.pop_front();
    times.push_back(record.at);
    if (static_cast<std::int64_t>(times.size()) > parameters[model::Setting::restart_threshold]) {
      fail(name(record) + " is restarted more often than its threshold allows");
    }
  }

  /// Between instants every task is in exactly one place, and workers hold what their slots show.
  void check_tasks() const {
    std::size_t ready = 0;
    for (const world::TaskState& task : state_.tasks) ready += task.row.status == model::TaskStatus::ready;
    if (ready != state_.ready_count)
      fail(fmt::format("{} tasks are ready, the queue counts {}", ready, state_.ready_count));
    std::uint32_t created = 0;
    for (const world::BatchState& batch : state_.batches) created += batch.created;
    if (created != state_.tasks.size()) fail("tasks were lost or made up");
    const std::uint32_t slots = run_.plan->slots_per_worker;
    for (std::size_t worker = 0; worker < state_.workers.size(); ++worker) {
      std::int32_t held = 0;
      for (std::uint32_t slot = 0; slot < slots; ++slot) {
        held += state_.runs[worker * slots + slot].phase != world::RunState::Phase::empty;
      }
      if (held != state_.workers[worker].held)
        fail(run_.plan->workers[worker].name + " holds another number of tasks than its slots show");
    }
  }

  const RunResult& run_;
  State state_;
  core::Time now_ = core::at_start;
  world::RecordId number_ = 0;
  std::map<std::uint32_t, std::deque<core::Time>> restarts_;
};

}  // namespace

void check_invariants(const RunResult& run) {
  Checker(run).check();
}

}  // namespace rehearse::sim

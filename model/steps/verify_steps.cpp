#include "model/steps/verify_steps.hpp"

#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <utility>

#include "model/steps/failure.hpp"
#include "model/steps/fci_steps.hpp"
#include "model/steps/master_resource.hpp"
#include "model/steps/small_step.hpp"
#include "model/steps/waiting.hpp"

namespace rehearse::steps {
namespace {

constexpr Duration asking_interval = std::chrono::seconds(10);
constexpr Duration time_to_reconnect = std::chrono::minutes(10);
constexpr Duration time_to_replicate = std::chrono::minutes(25);  // between DNS servers, and the clients' own cache

struct FailoverTest {
  std::string role;
  std::string node;
  std::vector<std::string> workers;
  Duration within;
};

// `baseline` is taken after the move, by the same clock that stamps heartbeats, so no two clocks are ever compared.
Awaitable<bool> heard_since(Platform platform, std::string worker, Date& baseline, bool& has_baseline) {
  const Date last = co_await platform.catalog.worker_last_online(std::move(worker));
  if (!has_baseline) {
    baseline = last;
    has_baseline = true;
    co_return false;
  }
  co_return last > baseline;
}

Awaitable<void> wait_for_worker(Platform platform, const FailoverTest& test, std::string worker) {
  Date baseline;
  bool has_baseline = false;
  std::string what = fmt::format("a heartbeat of {} with {} on {}", worker, test.role, test.node);
  Condition heard = [&] { return heard_since(platform, worker, baseline, has_baseline); };
  co_await wait_until(platform.clock, asking_interval, test.within, std::move(what), std::move(heard));
}

}  // namespace

Duration time_to_be_heard(const model::Design& design, const std::vector<std::string>& addresses, bool registers_all,
                          std::optional<Duration> record_ttl) {
  if (addresses.size() < 2 || registers_all) return time_to_reconnect;
  const Duration ttl = record_ttl.value_or(design.parameters.length(model::Setting::record_ttl));
  return time_to_reconnect + time_to_replicate + ttl;
}

StepPtr verify_failover(std::string role, std::string node, std::vector<std::string> workers, Duration within) {
  StepInfo info{.name = "verify_failover",
                .section = "use",
                .hosts = {node},
                .needs = "a deployment that works where it is now; a short outage is allowed",
                .changes = fmt::format("{} owns {} and every worker reaches the Scale Out Master", node, role),
                .deadline = std::chrono::hours(1) + within};
  return make_step(
      std::move(info), FailoverTest{std::move(role), std::move(node), std::move(workers), within},
      [](Platform&, const FailoverTest&) -> Awaitable<bool> { co_return false; },
      [](Platform& platform, const FailoverTest& test) -> Awaitable<void> {
        co_await platform.cluster.move_role(test.role, test.node, time_to_change_state);
      },
      [](Platform& platform, const FailoverTest& test) -> Awaitable<void> {
        const std::string owner = co_await platform.cluster.role_owner(test.role);
        if (owner != test.node) {
          throw Failure(FailureCode::conflict,
                        fmt::format("{} was moved to {}, but {} owns it", test.role, test.node, owner), "verify",
                        test.node);
        }
        HostAction wait = [&platform, &test](std::string worker) {
          return wait_for_worker(platform, test, std::move(worker));
        };
        co_await for_all(test.workers, std::move(wait));
      });
}

std::vector<StepPtr> verification_steps(const model::Design& design) {
  std::vector<StepPtr> steps;
  const auto go_round = [&](const std::string& role, const model::RoleSettings& settings, Duration within) {
    std::vector<std::string> round = owners_of(design, settings);
    std::rotate(round.begin(), round.begin() + 1, round.end());
    for (const std::string& node : round) steps.push_back(verify_failover(role, node, design.worker_names(), within));
  };
  const model::FailoverClusterInstance& fci = design.fci;
  const bool by_setup = fci.addresses.size() > 1;  // Setup registers them all (W 6.1)
  model::RoleSettings movable = fci.role;
  if (fci.availability_group) {
    // A planned failover goes to a replica of synchronous commit only (W 10).
    movable.possible_owners.clear();
    for (const model::AvailabilityGroup::Replica& replica : fci.availability_group->replicas) {
      if (replica.commit == model::CommitMode::synchronous) movable.possible_owners.push_back(replica.node);
    }
  }
  go_round(fci.role_name(), movable,
           time_to_be_heard(design, fci.addresses, fci.register_all_ips.value_or(by_setup), fci.record_ttl));
  if (design.scale_out.role) {
    const model::MasterRole& own = *design.scale_out.role;
    go_round(own.name, own.settings,
             time_to_be_heard(design, own.addresses, own.register_all_ips.value_or(false), own.record_ttl));
  }
  return steps;
}

}  // namespace rehearse::steps

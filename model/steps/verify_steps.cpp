#include "model/steps/verify_steps.hpp"

#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>

#include <utility>

#include "model/steps/failure.hpp"
#include "model/steps/master_resource.hpp"
#include "model/steps/small_step.hpp"
#include "model/steps/waiting.hpp"

namespace rehearse::steps {
namespace {

constexpr Duration asking_interval = std::chrono::seconds(10);
constexpr Duration time_to_be_heard = std::chrono::minutes(10);

struct FailoverTest {
  std::string role;
  std::string node;
  std::vector<std::string> workers;
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
  co_await wait_until(platform.clock, asking_interval, time_to_be_heard, std::move(what), std::move(heard));
}

}  // namespace

StepPtr verify_failover(std::string role, std::string node, std::vector<std::string> workers) {
  StepInfo info{.name = "verify_failover",
                .section = "use",
                .hosts = {node},
                .needs = "a deployment that works where it is now; a short outage is allowed",
                .changes = fmt::format("{} owns {} and every worker reaches the Scale Out Master", node, role),
                .deadline = std::chrono::hours(1)};
  return make_step(
      std::move(info), FailoverTest{std::move(role), std::move(node), std::move(workers)},
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
  std::vector<std::string> roles = {design.fci.role_name()};
  if (design.master_role_name() != roles.front()) roles.push_back(design.master_role_name());
  std::vector<std::string> round;
  for (std::size_t i = 1; i < design.cluster.nodes.size(); ++i) round.push_back(design.cluster.nodes[i].name);
  round.push_back(design.cluster.nodes.front().name);

  std::vector<StepPtr> steps;
  for (const std::string& role : roles) {
    for (const std::string& node : round) steps.push_back(verify_failover(role, node, design.worker_names()));
  }
  return steps;
}

}  // namespace rehearse::steps

#include "tests/bench/node_loss_inputs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>
#include <vector>

#include "sim/world/world.hpp"

namespace rehearse::sim {
namespace {

using model::Setting;
using model::Timing;
using world::Engine;
using world::Event;
using world::HostIndex;
using world::ResourceIndex;
using world::ResourceKind;
using world::ResourcePlan;

constexpr HostIndex survivor = 1, lost = 0;

/// Far more than a worker needs until the master is there.
constexpr std::uint64_t handshakes = 200;

struct Kind {
  const char* name;
  Timing online;
};

Kind kind_of(ResourceKind kind) {
  switch (kind) {
    case ResourceKind::disk: return {"disk", Timing::disk_online_unplanned};
    case ResourceKind::address: return {"address", Timing::address_online};
    case ResourceKind::name: return {"name", Timing::name_online};
    case ResourceKind::sql_server: return {"sql_server", Timing::sql_start_after_crash};
    case ResourceKind::sql_agent: return {"agent", Timing::agent_start};
    case ResourceKind::generic_service: return {"master", Timing::service_start};
    case ResourceKind::availability_group: break;
  }
  throw std::logic_error("the reference design has no availability group");
}

std::string in_quotes(const std::string& word) {
  return '"' + word + '"';
}

std::string rhythm(const Engine& engine, Event event, std::uint32_t component, std::uint32_t ordinal = 0) {
  const world::Rhythm& beats = engine.rhythm(event, component, ordinal);
  if (!beats.beats()) throw std::logic_error("something that should beat does not");
  return fmt::format("[{}, {}]", beats.anchor.time_since_epoch().count(), beats.period.count());
}

std::string shared_inputs(const Engine& engine, const Scenario& scenario) {
  const world::Blueprint& plan = engine.plan();
  std::vector<std::string> needs, polls;
  for (ResourceIndex index = 0; index < plan.resources.size(); ++index) {
    const ResourcePlan& resource = plan.resources[index];
    const std::string name = in_quotes(kind_of(resource.kind).name);
    std::vector<std::string> providers;
    world::for_each_bit(engine.state().resources[index].needs.mentioned(), [&](std::uint32_t place) {
      const ResourceIndex provider = plan.groups[resource.group].first + place;
      providers.push_back(in_quotes(kind_of(plan.resources[provider].kind).name));
    });
    needs.push_back(fmt::format("{}: [{}]", name, fmt::join(providers, ", ")));
    polls.push_back(
        fmt::format("{}: [{}, {}]", name, resource.policy.looks_alive.count(), resource.policy.is_alive.count()));
  }
  const Duration tcp_timeout = engine.length(Setting::tcp_connect_timeout);
  const Duration silence_limit =
      engine.count(Setting::same_subnet_threshold) * engine.length(Setting::same_subnet_delay);
  return fmt::format(
      R"({{"loss": {}, "until": {}, "silence_limit": {}, "arbitration_delay": {}, "tcp_timeout": {}, )"
      R"("syn_at": [{}, {}, {}], "name_lifetime": {}, "master_retry": {}, "diagnostics": {}, )"
      R"("master_work": [{}, {}, {}], "needs": {{{}}}, "polls": {{{}}}}})"
      "\n",
      scenario.timeline.at(0).at.value().count(), scenario.duration.value().count(), silence_limit.count(),
      engine.length(Setting::witness_arbitration_delay).count(), tcp_timeout.count(),
      engine.length(Setting::syn_retry_first).count(), engine.length(Setting::syn_retry_second).count(),
      tcp_timeout.count(), (plan.groups[plan.sql_group].record_ttl + engine.length(Setting::name_cache)).count(),
      engine.length(Setting::master_retry).count(), engine.rhythm(Event::diagnostics, 0).period.count(),
      engine.rhythm(Event::master_heartbeat, lost).period.count(), engine.rhythm(Event::sweep, lost).period.count(),
      engine.rhythm(Event::cleanup, lost).period.count(), fmt::join(needs, ", "), fmt::join(polls, ", "));
}

/// Of a replication that has begun. Each draw under the number that the world will ask for (sim/world/apply*.cpp).
std::string drawn_inputs(const Engine& engine) {
  const world::Blueprint& plan = engine.plan();
  const world::State& state = engine.state();
  const world::PartId node = world::host_id(survivor);
  const std::uint64_t regroups = state.hosts[survivor].regroups;
  std::vector<std::string> online, workers;
  for (ResourceIndex index = 0; index < plan.resources.size(); ++index) {
    const Kind kind = kind_of(plan.resources[index].kind);
    const Duration length = engine.take(kind.online, world::resource_id(index), state.resources[index].onlines + 1);
    const bool limited = plan.resources[index].kind != ResourceKind::sql_server;
    if (limited && length >= plan.resources[index].policy.pending_timeout)
      throw std::runtime_error(fmt::format("{} would not come online in time", kind.name));
    online.push_back(fmt::format("{}: {}", in_quotes(kind.name), length.count()));
  }
  for (world::WorkerIndex worker = 0; worker < plan.workers.size(); ++worker) {
    std::vector<std::int64_t> lengths;
    for (std::uint64_t number = 1; number <= handshakes; ++number) {
      const std::uint64_t attempt = state.workers[worker].attempts + number;
      lengths.push_back(engine.take(Timing::tls_handshake, world::worker_id(worker), attempt).count());
    }
    workers.push_back(fmt::format(R"({{"agent": {}, "poll": {}, "handshakes": [{}]}})",
                                  rhythm(engine, Event::agent_beat, worker), rhythm(engine, Event::poll, worker),
                                  fmt::join(lengths, ", ")));
  }
  const std::uint64_t recovery = state.resources[plan.sql_resource].onlines + 1;
  const Duration recovers = engine.take(Timing::ssisdb_recovery_after_crash, world::instance_id, recovery) +
                            engine.take(Timing::ssisdb_undo, world::instance_id, recovery);
  const std::vector<std::string> of_sql1 = {rhythm(engine, Event::heartbeat, lost, survivor),
                                            rhythm(engine, Event::silence, lost, survivor),
                                            rhythm(engine, Event::master_heartbeat, lost),
                                            rhythm(engine, Event::sweep, lost), rhythm(engine, Event::cleanup, lost)};
  std::vector<std::string> of_the_role = {rhythm(engine, Event::diagnostics, 0)};
  for (ResourceIndex index = 0; index < plan.resources.size(); ++index) {
    of_the_role.push_back(rhythm(engine, Event::looks_alive, index));
    of_the_role.push_back(rhythm(engine, Event::is_alive, index));
  }
  return fmt::format(
      R"({{"heartbeat": {}, "check": {}, "witness_poll": {}, "regroup": {}, "arbitration": {}, "online": {{{}}}, )"
      R"("recovery": {}, "workers": [{}], "beats": {{"of_sql1": [{}], "of_the_role": [{}]}}}})"
      "\n",
      rhythm(engine, Event::heartbeat, survivor, lost), rhythm(engine, Event::silence, survivor, lost),
      rhythm(engine, Event::witness_poll, 0), engine.take(Timing::regroup, node, regroups).count(),
      engine.take(Timing::witness_challenger_arbitration, node, regroups + 1).count(), fmt::join(online, ", "),
      recovers.count(), fmt::join(workers, ", "), fmt::join(of_sql1, ", "), fmt::join(of_the_role, ", "));
}

}  // namespace

std::string node_loss_inputs(const Prepared& prepared, const Scenario& scenario, std::uint64_t seed,
                             std::uint64_t count) {
  std::string lines = shared_inputs(prepared.world.engine(), scenario);
  for (std::uint64_t number = 0; number < count; ++number) {
    world::World world = prepared.world;
    world.engine().set_pace(world::Pace::drawn);
    world.begin({seed, number});
    lines += drawn_inputs(world.engine());
  }
  return lines;
}

}  // namespace rehearse::sim

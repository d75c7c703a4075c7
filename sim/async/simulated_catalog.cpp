// SSISDB, on whichever node its instance runs. What is a matter of the instance answers as soon as SQL Server runs,
// what is a matter of SSISDB only when that has recovered.
#include <algorithm>

#include "sim/async/simulated_call.hpp"
#include "sim/world/installation.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/sql_server.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::sim {
namespace {

namespace catalog = steps::catalog;
using model::Timing;
using steps::Answer;
using steps::FailureCode;
using world::Condition;
using world::none;

constexpr Duration time_for_restart = std::chrono::minutes(15);

struct OfCatalog {
  Turn turn;
  world::World& world = turn.world;
  const world::State& state = world.state();
  const world::Blueprint& plan = world.plan();

  Progress pause() const { return pause_for(turn, Timing::small_change, world::instance_id); }
  world::Installation install() const { return world::Installation(world); }

  // ---- the catalog as a whole
  Progress operator()(const catalog::Exists&) const {
    require_instance();
    return Answer(state.instance.ssisdb_exists);
  }
  Progress operator()(const catalog::Create&) const {
    require_instance();
    require(!state.instance.ssisdb_exists, FailureCode::conflict, "Database 'SSISDB' already exists");
    if (turn.stage == 0) return pause();
    world.sql().create_catalog(turn.cause);
    return Answer();
  }
  Progress operator()(const catalog::ScaleOutEnabled&) const {
    require_catalog();
    return Answer(state.instance.scale_out_enabled);
  }
  Progress operator()(const catalog::EnableScaleOut&) const {
    require_catalog();
    const world::HostIndex owner = state.instance.node;
    require(state.hosts[owner].master != world::Process::absent, FailureCode::refused,
            "27261: the Scale Out Master is not installed on " + plan.hosts[owner].name +
                ", which owns the SQL Server instance");
    if (turn.stage == 0) return pause();
    install().enable_scale_out(turn.cause);
    return Answer();
  }

  // ---- the instance
  Progress operator()(const catalog::LogLoginEnabled&) const {
    if (stopped_in_mixed_mode()) return Answer(false);
    require_instance();
    return Answer(state.instance.log_login);
  }
  // Mixed mode takes effect when SQL Server starts; afterwards whoever asked waits for SSISDB to recover. Found stopped
  // with mixed mode set, it only has to start.
  Progress operator()(const catalog::EnableLogLogin&) const {
    const auto settled = [&] {
      return pause_until(turn, Condition::Kind::role_settled, plan.sql_group, time_for_restart);
    };
    switch (turn.stage) {
      case 0:
        if (!stopped_in_mixed_mode()) require_instance();
        return pause();
      case 1:
        if (stopped_in_mixed_mode()) return settled();
        require_instance();
        install().enable_log_login(turn.cause);
        world.roles().want_resource(plan.sql_resource, false, turn.cause);
        return settled();
      case 2: world.roles().want_resource(plan.sql_resource, true, turn.cause); return settled();
      case 3:
        require(state.resources[plan.sql_resource].status == world::ResourceStatus::online,
                turn.met ? FailureCode::refused : FailureCode::timed_out, "SQL Server is not online after its restart");
        if (!state.instance.ssisdb_exists) return Answer();
        return pause_until(turn, Condition::Kind::ssisdb_open, none, time_for_restart);
      default: require_catalog(); return Answer();
    }
  }
  Progress operator()(const catalog::StartupProcedureSet&) const {
    require_instance();
    return Answer(state.instance.startup_procedure);
  }
  Progress operator()(const catalog::SetStartupProcedure&) const {
    require_instance();
    if (turn.stage == 0) return pause();
    install().set_startup_procedure(turn.cause);
    return Answer();
  }

  // ---- accounts and the master's address
  Progress operator()(const catalog::IsAdmin& r) const {
    require_catalog();
    return Answer(is_admin(plan.find_text(r.account)));
  }
  Progress operator()(const catalog::AddAdmin& r) const {
    require_catalog();
    const world::TextIndex account = known_text(world, r.account);
    if (turn.stage == 0) return pause();
    if (!is_admin(account)) install().add_admin(account, turn.cause);
    return Answer();
  }
  Progress operator()(const catalog::MasterAddress&) const {
    require_catalog();
    return Answer(text_of(world, state.instance.master_address));
  }
  Progress operator()(const catalog::UpdateMasterAddress& r) const {
    require_catalog();
    const world::TextIndex url = known_text(world, r.url);
    if (turn.stage == 0) return pause();
    install().update_master_address(url, turn.cause);
    return Answer();
  }

  // ---- what master and workers have written
  Progress operator()(const catalog::MasterLastOnline&) const {
    require_catalog();
    return Answer(date_of(world.masters().last_online()));
  }
  Progress operator()(const catalog::WorkerEnabled& r) const {
    require_catalog();
    const world::WorkerIndex worker = plan.find_worker(r.worker);
    return Answer(worker != none && world.workers().registered(worker) && world.workers().enabled(worker));
  }
  Progress operator()(const catalog::EnableWorker& r) const {
    require_catalog();
    const world::WorkerIndex worker = plan.find_worker(r.worker);
    require(worker != none && world.workers().registered(worker), FailureCode::not_found,
            "27243: no worker agent " + r.worker + " has registered");
    if (turn.stage == 0) return pause();
    world.workers().enable(worker, turn.cause);
    return Answer();
  }
  Progress operator()(const catalog::WorkerLastOnline& r) const {
    require_catalog();
    const world::WorkerIndex worker = plan.find_worker(r.worker);
    return Answer(date_of(worker == none ? core::never : world.workers().last_online(worker)));
  }

 private:
  /// It takes no SQL login now: whoever set the mode was interrupted, or somebody took it offline later.
  bool stopped_in_mixed_mode() const {
    return state.instance.log_login && state.resources[plan.sql_resource].status == world::ResourceStatus::offline;
  }
  void require_instance() const {
    const world::ResourceIndex name = plan.groups[plan.sql_group].name_resource;
    const bool named = state.resources[name].status == world::ResourceStatus::online;
    const bool answers =
        named && state.instance.sql == world::Process::running && is_reachable(world, state.instance.node);
    require(answers, FailureCode::unreachable,
            "A network-related error occurred while establishing a connection to " + plan.design().fci.server_name());
  }
  void require_catalog() const {
    require_instance();
    require(state.instance.ssisdb_exists, FailureCode::not_found, "Cannot open database 'SSISDB': it does not exist");
    require(world.sql().open(), FailureCode::unreachable, "Database 'SSISDB' is being recovered");
  }
  bool is_admin(world::TextIndex account) const {
    return std::find(state.admins.begin(), state.admins.end(), account) != state.admins.end();
  }
  Date date_of(world::Time time) const { return time == core::never ? Date() : plan.date_at(time); }
};

}  // namespace

Progress take_turn(const steps::CatalogRequest& request, Turn turn) {
  return std::visit(OfCatalog{turn}, request);
}

}  // namespace rehearse::sim

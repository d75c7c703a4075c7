// Runs that a test tells act by act: a deployed world of some nodes on one network, whose records are a RunResult.
#pragma once

#include <functional>
#include <memory>

#include "sim/scenario/run_result.hpp"
#include "sim/world/world.hpp"

namespace rehearse::sim {

/// The shipped reference design with nodes N1 to Nn, a file share witness or none.
model::Design design_of(int nodes, bool with_witness = true);

/// A further role of one generic service.
model::Role service_role(const std::string& name, model::RoleSettings settings = {});

class Story {
 public:
  explicit Story(const model::Design& design);

  /// The world goes on to this time, then the act is done. Times must not fall.
  void at(Duration time, const std::function<void(world::World&)>& act);
  void until(Duration time);

  world::HostIndex node(std::string_view name) const { return plan_->find_host(name); }
  world::GroupIndex role(std::string_view name) const { return plan_->find_group(name); }

  /// Everything told so far.
  RunResult result() const;

 private:
  std::shared_ptr<const world::Blueprint> plan_;
  world::World world_;
  world::Journal journal_;
  world::State first_;
};

}  // namespace rehearse::sim

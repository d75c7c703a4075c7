// A plan performed on the far side by processes that may be killed: what outlives each of them, and how it goes on.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "model/steps/plan.hpp"
#include "real_backend/applying.hpp"
#include "tests/agreement/designs.hpp"
#include "tests/far_side/world.hpp"

namespace rehearse::agreement {

/// What outlives the process that performs a plan: its machines and its journal.
struct Left {
  far_side::FarWorld world;
  std::string journal;
};

/// What a life is told of while it lasts.
struct Witness {
  std::function<void(const Left&)> written;             // after each write of the journal
  std::function<void(const Left&)> answered = nullptr;  // after each script of a step, before its answer is heard
};

class Lives {
 public:
  static constexpr auto all = static_cast<std::size_t>(-1);

  /// Of the deployment, or of an operation; planned on these machines.
  Lives(Deployable the_deployable, const far_side::FarWorld& world, std::string operation = {},
        steps::OperationArguments arguments = {});

  /// Performs the plan from there, up to and with that step. `left` is kept up to date at every write of the journal.
  real::Applied apply(Left& left, std::size_t last_step, const Witness& witness) const;
  /// The same in a process of its own, which is killed after so many writes. What it left.
  Left apply_and_kill(Left left, std::size_t writes) const;
  /// The same, killed after so many scripts of steps.
  Left apply_and_kill_within(Left left, std::size_t scripts) const;

  const Deployable deployable;
  const steps::Plan plan;
  std::string only;  // ApplyOptions::only of every life

 private:
  Left killed(Left left, const std::function<Witness(std::function<void(const Left&)> die)>& when) const;

  std::vector<steps::StepPtr> steps_;
  real::TestFolder folder_;
};

/// Why it did not come to its end.
std::string account_of(const real::Applied& applied);

}  // namespace rehearse::agreement

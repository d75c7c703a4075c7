// A list of steps performed in a world: the steps, the coroutine that performs them, and notes of when each began,
// ended and how. Scenarios, deployments and forks are made of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/steps/perform.hpp"
#include "sim/async/driver.hpp"

namespace rehearse::sim {

/// What became of one step.
struct StepNote {
  std::string name;     // "install_fci"
  std::string title;    // "install_fci on SQL1"
  std::string section;  // of the article
  std::size_t act = 0;  // its number among the driver's acts
  world::Time from{}, to{};
  bool ended = false;
  steps::StepOutcome outcome;  // when ended
};

class StepProcedure final : private steps::Observer {
 public:
  /// Performed in order, up to the first failure.
  explicit StepProcedure(std::vector<steps::StepPtr> steps);
  StepProcedure(const StepProcedure&) = delete;
  StepProcedure& operator=(const StepProcedure&) = delete;

  /// Begins at the world's present time, once. Both must outlive the driver.
  void start(Driver& driver);
  /// On another platform than the driver's own: one that stands before it and fails calls, for instance.
  void start(Driver& driver, steps::Platform platform);

  const std::vector<StepNote>& notes() const { return notes_; }
  const std::vector<steps::StepPtr>& steps() const { return steps_; }
  bool ended() const { return ended_; }
  /// Every step is done or was satisfied already.
  bool succeeded() const;
  /// Null: none, so far.
  const steps::Failure* failure() const;

 private:
  void step_began(const steps::Step& step) override;
  void step_ended(const steps::Step& step, const steps::StepOutcome& outcome) override;
  steps::Awaitable<void> run(steps::Platform platform);

  std::vector<steps::StepPtr> steps_;
  Driver* driver_ = nullptr;
  std::vector<StepNote> notes_;
  bool ended_ = false;
};

}  // namespace rehearse::sim

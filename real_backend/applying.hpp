// Performs a plan on a platform: checks first that reality still is what the plan was made for, then performs step by
// step with a journal, and can be taken up again after whatever ended it. It asks nobody whether the platform is real.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "model/steps/perform.hpp"
#include "model/steps/plan.hpp"
#include "real_backend/journal.hpp"

namespace rehearse::real {

/// Told as things happen; must not throw.
class ApplyProgress {
 public:
  virtual ~ApplyProgress() = default;
  virtual void looking_at_reality() = 0;
  virtual void step_began(std::size_t index) = 0;
  virtual void step_ended(std::size_t index, const steps::StepOutcome& outcome) = 0;
  /// Not performed this time: the journal has it as done, or it is not of the node asked for.
  virtual void step_skipped(std::size_t index, const std::string& why) = 0;
};

struct ApplyOptions {
  std::string until;           // title or name of the last step to perform; empty: all
  std::string only;            // a node: steps that act on others alone are left out; empty: all
  const bool* stop = nullptr;  // when it turns true, no further step is begun; outlives the call
};

struct Applied {
  enum class Kind : unsigned char {
    done,       // every step that was asked for
    stopped,    // before the end, on request
    deviates,   // reality is not what the plan expects: nothing was done
    unknown,    // whether it is cannot be told, because somebody does not answer: nothing was done
    failed,     // a step failed
    cancelled,  // the step under way was given up on request
  };
  Kind kind = Kind::done;
  std::vector<std::string> deviations;
  std::vector<std::string> silent;        // of Kind::unknown: machines that do not answer
  std::vector<std::string> unanswered;    // of Kind::unknown: questions that nobody answered, with what came instead
  std::optional<steps::Failure> failure;  // of the step that failed or was given up
  std::size_t performed = 0, found_done = 0, skipped = 0;
  std::size_t next = 0;  // index of the first step that is not done; the number of steps: none
};

/// Why the options cannot be meant, with a remedy; empty: they can.
std::string problem_of(const steps::Plan& plan, const ApplyOptions& options);

/// With `only`: which step that would be performed may need what an earlier one does that would be left out, with a
/// remedy; empty: none. Done steps are no matter.
std::string missing_before(const steps::Plan& plan, const std::vector<bool>& done, const ApplyOptions& options);

/// Performs what the journal does not have as done. The steps must be those of the plan (steps_of), in its order.
/// Failures of the journal pass through: nothing is done that cannot be written down. The step under way when the
/// caller is cancelled ends as `cancelled` and says whether it took effect.
steps::Awaitable<Applied> apply_plan(steps::Platform platform, const model::Design& design, const steps::Plan& plan,
                                     const std::vector<steps::StepPtr>& steps, Journal& journal,
                                     ApplyProgress& progress, ApplyOptions options);

/// What the journal says of each of the plan's steps: is it done?
std::vector<bool> done_steps(const steps::Plan& plan, const JournalContent& journal);

}  // namespace rehearse::real

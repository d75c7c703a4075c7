// A step: one thing of the article, done once, written against the ports. A step is idempotent (satisfied() says
// whether there is anything to do, asking only), takes time, randomness and state from ports alone, and never catches:
// perform() (perform.hpp) gives it its deadline and deals with what fails.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/steps/awaitable.hpp"
#include "model/steps/platform.hpp"

namespace rehearse::steps {

/// What a step says about itself, for plans and journals.
struct StepInfo {
  std::string name;                // "install_fci"
  std::string section;             // of the article: "2"; "use", "operation" for what comes after it
  std::vector<std::string> hosts;  // where it acts; empty: on the cluster or the catalog as a whole
  std::string needs;               // what must hold before, as a sentence
  std::string changes;             // what holds afterwards, as a sentence
  Duration deadline = std::chrono::hours(1);
};

class Step {
 public:
  explicit Step(StepInfo info) : info_(std::move(info)) {}
  virtual ~Step() = default;
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;

  const StepInfo& info() const { return info_; }
  const std::string& name() const { return info_.name; }

  /// Does what the step wants hold already? Queries only.
  virtual Awaitable<bool> satisfied(Platform& platform) const = 0;

  /// Makes it hold. What an interrupted apply left behind is picked up, not done twice.
  virtual Awaitable<void> apply(Platform& platform) const = 0;

  /// Throws Failure when apply() reported success and it does not hold all the same. By default: satisfied() must say
  /// yes.
  virtual Awaitable<void> verify(Platform& platform) const;

 private:
  StepInfo info_;
};

using StepPtr = std::unique_ptr<const Step>;

/// "install_fci on SQL1", "configure_quorum".
std::string title_of(const Step& step);

/// Moves the steps of `more` to the end of `steps`.
void append(std::vector<StepPtr>& steps, std::vector<StepPtr> more);

}  // namespace rehearse::steps

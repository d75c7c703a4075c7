// perform() runs every step, on every platform: it asks whether there is anything to do, applies, verifies, keeps the
// deadline, turns cancellation and failures into an outcome, and tells an observer. Steps never catch; this is where
// failures end.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "model/steps/failure.hpp"
#include "model/steps/step.hpp"

namespace rehearse::steps {

struct StepOutcome {
  enum class Kind : unsigned char { already_satisfied, done, failed };
  Kind kind = Kind::done;
  std::optional<Failure> failure;  // when failed
};
std::string_view to_text(StepOutcome::Kind kind);

/// Told as things happen; must not throw.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void step_began(const Step& step) = 0;
  virtual void step_ended(const Step& step, const StepOutcome& outcome) = 0;
};

struct PerformOptions {
  Observer* observer = nullptr;  // outlives the call
};

/// Performs one step within its deadline.
///
/// A failure `indeterminate` or `timed_out` means that the change may have happened: satisfied() is asked again (for at
/// most a minute) and the step is done if it says yes; nothing is ever repeated blindly. When the caller is cancelled,
/// the outcome is failed with code `cancelled`, and its message says whether the step had taken effect. Exceptions
/// other than Failure and cancellation are broken invariants and pass through.
Awaitable<StepOutcome> perform(const Step& step, Platform platform, PerformOptions options);

/// What perform_all did, as far as it came.
struct Performance {
  struct Entry {
    std::size_t step;  // index into the steps given
    StepOutcome outcome;
  };
  std::vector<Entry> entries;  // all of them, or up to and with the first that failed

  bool succeeded() const;
  const Failure* failure() const;  // null: none
};

/// In order, up to the first failure. The steps must outlive the call.
Awaitable<Performance> perform_all(const std::vector<StepPtr>& steps, Platform platform, PerformOptions options);

/// For people: how far it came, what failed, and that performing again goes on from there.
std::string to_text(const Performance& performance, const std::vector<StepPtr>& steps);

}  // namespace rehearse::steps

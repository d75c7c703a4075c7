// A plan: the steps that bring a platform from what was observed to what a design states, with what each would change,
// how long it takes and what is out of service meanwhile, according to a simulation that began with the observation. A
// plan is made once, read by people, and performed later, if reality still is what it was made for.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/steps/observation.hpp"
#include "model/steps/operations.hpp"

namespace rehearse::steps {

/// A fact that a step changes.
struct ExpectedFact {
  enum class Kind : unsigned char {
    known,              // the answer after the step
    known_after_apply,  // it holds what only reality can make: a thumbprint, an AgentId
    gone,               // the question no longer arises
  };
  AnyRequest question;
  Kind kind = Kind::known;
  std::optional<Fact> fact;  // of Kind::known
};

struct OutOfService {
  std::string service;  // "ssisdb", "worker WRK1"
  Duration usual{}, at_p95{};
};

struct PlannedStep {
  enum class Kind : unsigned char {
    needed,
    already,  // what it wants holds
    fails,    // it would fail; what comes after it is not known
  };
  std::string name, title, section, needs, changes;
  std::vector<std::string> hosts;
  Kind kind = Kind::needed;
  std::string failure;                       // of Kind::fails: why
  Duration usual{}, at_p95{};                // with all durations at their medians, and at their 95th percentiles
  std::vector<AnyRequest> calls;             // the changes it makes, in their order
  std::vector<OutOfService> out_of_service;  // outages that begin during the step
  std::vector<ExpectedFact> after;           // where the observation after it differs from the one before
};
std::string_view to_text(PlannedStep::Kind kind);

struct Plan {
  std::string design_file;  // as given
  std::string design_name;
  std::string design_fingerprint;  // design_fingerprint()
  Date made{};
  std::string operation;  // empty: the deployment
  OperationArguments arguments;
  Observation observed;
  std::vector<PlannedStep> steps;
  std::vector<std::string> caveats;  // what of reality the simulation could not take over, a sentence each

  /// Every step can be performed, as far as the simulation can tell.
  bool complete() const;
  std::size_t needed() const;
  /// The sum over its needed steps.
  Duration usual() const;
  Duration at_p95() const;
};

/// The steps that a plan is about: of its operation, or of the deployment. The operation must have no problem
/// (problem_of_operation).
std::vector<StepPtr> steps_of(const model::Design& design, const std::string& operation,
                              const OperationArguments& arguments);

/// SHA-256 over the design's file and what was read from the files that it names, 64 lower-case hex digits.
std::string design_fingerprint(const model::Design& design, const std::string& text);

/// What an observation should be when these steps have been performed (one flag a step, missing ones are not).
struct Expectation {
  Observation known;
  std::vector<AnyRequest> known_after_apply;  // may have any answer
};
Expectation expected_after(const Plan& plan, const std::vector<bool>& done);

/// Where `present` is not what the plan expects after the steps that are done: sentences as in `differences`. Empty:
/// the plan may go on. Facts that the plan cannot know match anything. A step that was begun and is not done may be
/// half done: the facts that its calls may alter match anything, too. One flag a step, missing ones are not.
std::vector<std::string> deviations(const Plan& plan, const std::vector<bool>& done, const std::vector<bool>& begun,
                                    const Observation& present);

}  // namespace rehearse::steps

#include "cli/apply_progress.hpp"

#include <fmt/format.h>

#include <iostream>

#include "cli/plan_account.hpp"

namespace rehearse::cli {

void PlainProgress::looking_at_reality() {
  if (!quiet_) std::cout << "looking whether the machines still are as the plan expects" << std::endl;
}

void PlainProgress::step_began(std::size_t index) {
  began_ = std::chrono::steady_clock::now();
  step_under_way_ = true;
  if (quiet_) return;
  const steps::PlannedStep& step = plan_.steps[index];
  std::cout << fmt::format("[{}/{}] {}: {}", index + 1, plan_.steps.size(), step.title,
                           step.kind == steps::PlannedStep::Kind::needed ? lengths(step.usual, step.at_p95)
                                                                         : std::string("should be there already"))
            << std::endl;
}

void PlainProgress::step_ended(std::size_t, const steps::StepOutcome& outcome) {
  step_under_way_ = false;
  if (quiet_) return;
  const auto length = std::chrono::steady_clock::now() - began_;
  std::cout << fmt::format("      {} after {}", to_text(outcome.kind),
                           model::to_text(Duration(std::chrono::round<std::chrono::seconds>(length))))
            << std::endl;
}

void PlainProgress::step_skipped(std::size_t index, const std::string& why) {
  if (quiet_) return;
  std::cout << fmt::format("[{}/{}] {}: left out, {}", index + 1, plan_.steps.size(), plan_.steps[index].title, why)
            << std::endl;
}

}  // namespace rehearse::cli

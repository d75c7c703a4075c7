// What `rehearse apply` says while it performs a plan: plain lines, because that takes minutes and goes into logs.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "model/steps/plan.hpp"
#include "real_backend/applying.hpp"

namespace rehearse::cli {

class PlainProgress final : public real::ApplyProgress {
 public:
  /// The plan outlives it. Quiet: it says nothing.
  PlainProgress(const steps::Plan& plan, bool quiet) : plan_(plan), quiet_(quiet) {}

  void looking_at_reality() override;
  void step_began(std::size_t index) override;
  void step_ended(std::size_t index, const steps::StepOutcome& outcome) override;
  void step_skipped(std::size_t index, const std::string& why) override;

  bool step_under_way() const { return step_under_way_; }

 private:
  const steps::Plan& plan_;
  bool quiet_;
  std::chrono::steady_clock::time_point began_;
  bool step_under_way_ = false;
};

}  // namespace rehearse::cli

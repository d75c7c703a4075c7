// Plan files: what can be read is written again as what it was.
#include "fuzzing.hpp"
#include "model/steps/plan_file.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rehearse;
  const steps::PlanResult result = steps::read_plan(fuzz::text_of(data, size), "f");
  fuzz::require_told(result.plan.has_value(), result.diagnostics);
  if (!result.plan) return 0;
  const std::string written = steps::plan_text(*result.plan);
  const steps::PlanResult again = steps::read_plan(written, "f");
  fuzz::require(again.plan.has_value(), "what was written can be read");
  fuzz::require(steps::plan_text(*again.plan) == written, "what was written reads as what it was");
  return 0;
}

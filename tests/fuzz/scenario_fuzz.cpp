// Scenario files, with the designs of the design fuzzer's seeds beside them.
#include "fuzzing.hpp"
#include "sim/scenario/scenario_reader.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rehearse;
  const sim::ScenarioResult result = sim::read_scenario(fuzz::text_of(data, size), "folder/f", REHEARSE_FUZZ_DESIGNS);
  fuzz::require_told(result.scenario.has_value(), result.diagnostics);
  return 0;
}

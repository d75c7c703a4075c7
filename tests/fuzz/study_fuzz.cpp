// Study files, with the scenarios of the scenario fuzzer's seeds beside them. Durations and numbers of replications
// are only read.
#include "fuzzing.hpp"
#include "sim/study/study_reader.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rehearse;
  const sim::StudyResult result =
      sim::read_study(fuzz::text_of(data, size), "folder/f", REHEARSE_FUZZ_SCENARIOS, sim::StudyOverrides());
  fuzz::require_told(result.study.has_value(), result.diagnostics);
  if (!result.study) return 0;
  fuzz::require(!result.study->points.empty() && !result.study->measures.empty(), "a study has points and measures");
  fuzz::require(result.study->identity.size() == 64, "a study has an identity");
  return 0;
}

// Design files, and the design rules over those that can be read. Artefacts that they name are looked for in a folder
// that is not there.
#include "fuzzing.hpp"
#include "model/rules/check.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rehearse;
  model::rules::CheckOptions options;
  options.date = *model::parse_date("2027-01-01T00:00:00Z");
  const model::rules::CheckResult result =
      model::rules::check(fuzz::text_of(data, size), "f", "/no/such/folder", options);
  fuzz::require_told(result.readable(), result.diagnostics);
  return 0;
}

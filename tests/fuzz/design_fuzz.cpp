// Design files. Artefacts that they name are looked for in a folder that is not there.
#include "fuzzing.hpp"
#include "model/design_reader.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rehearse;
  const model::DesignResult result = model::read_design(fuzz::text_of(data, size), "f", "/no/such/folder");
  fuzz::require_told(result.design.has_value(), result.diagnostics);
  return 0;
}

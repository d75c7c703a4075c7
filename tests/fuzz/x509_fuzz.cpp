// Certificate files, DER and PEM.
#include "fuzzing.hpp"
#include "model/artefacts/x509.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rehearse;
  const model::X509Result result = model::read_x509(fuzz::text_of(data, size));
  fuzz::require(result.facts.has_value() == result.problem.empty(), "facts or a problem");
  fuzz::require(result.problem.empty() == result.remedy.empty(), "every problem has a remedy");
  if (result.facts) fuzz::require(result.facts->thumbprint.size() == 40, "a thumbprint has 40 digits");
  return 0;
}

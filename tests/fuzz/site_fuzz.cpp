// Site files.
#include "fuzzing.hpp"
#include "real_backend/site.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rehearse;
  const real::SiteResult result = real::read_site(std::string(fuzz::text_of(data, size)), "folder/f");
  fuzz::require_told(result.site.has_value(), result.diagnostics);
  return 0;
}

// What the fuzzers share. libFuzzer (clang) feeds LLVMFuzzerTestOneInput with bytes that it invents from the seeds; a
// crash, a sanitizer's report, a hang or a broken promise is a finding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "model/diagnostic.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace rehearse::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Ends the program when a promise of the code under test is broken.
inline void require(bool kept, const char* promise) {
  if (kept) return;
  std::fprintf(stderr, "broken: %s\n", promise);
  std::abort();
}

/// What every reader promises: a result or an error, and every diagnostic says what to do.
inline void require_told(bool has_result, const std::vector<model::Diagnostic>& diagnostics) {
  require(has_result != model::has_errors(diagnostics), "a reader gives its result exactly when it tells no error");
  for (const model::Diagnostic& diagnostic : diagnostics) {
    require(!diagnostic.what.empty(), "a diagnostic says what is wrong");
    require(diagnostic.place.line >= 0 && diagnostic.place.column >= 0, "a diagnostic has a place");
    require(!model::to_text(diagnostic).empty(), "a diagnostic has a text");
  }
}

}  // namespace rehearse::fuzz

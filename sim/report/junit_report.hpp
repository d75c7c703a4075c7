// Finished runs for CI: the JUnit XML that build servers show. A scenario is a test suite, an expectation a test case.
// A verdict "failed" is a failure, "unknown" an error of type "unknown": CI must not take it for a pass. Safety
// observations, which fail a run without any expectation, are one more failing test case. Times are virtual seconds.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/run_result.hpp"

namespace rehearse::sim {

void write_junit(std::ostream& out, const std::vector<RunResult>& results);

/// Text as XML 1.0 allows it in attribute values and between tags: markup escaped, line breaks and tabs as references,
/// and what XML has no place for (control characters, bytes that are not UTF-8) as U+FFFD.
std::string xml_text(std::string_view text);

}  // namespace rehearse::sim

// What `rehearse check` found, as an HTML report: every finding beside the lines of the design that it is about.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "model/rules/check.hpp"

namespace rehearse::sim::html {

/// A design as it was checked, with its text.
struct CheckedDesign {
  const model::rules::CheckResult* result = nullptr;
  std::string text;
};

/// Throws std::logic_error where missing_libraries() is not empty.
void write_check_page(std::ostream& out, const std::vector<CheckedDesign>& designs,
                      const model::rules::CheckOptions& options);

}  // namespace rehearse::sim::html

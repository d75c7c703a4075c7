// A plan as a file, `plan.json`: readable by people, and by `rehearse apply`. Secrets are not in it: no step has one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/diagnostic.hpp"
#include "model/steps/plan.hpp"

namespace rehearse::steps {

/// JSON, indented, with a line end.
std::string plan_text(const Plan& plan);

struct PlanResult {
  std::optional<Plan> plan;  // only when no diagnostic is an error
  std::vector<model::Diagnostic> diagnostics;
};

/// `file` is what diagnostics call the file. A plan whose observation was edited no longer has the fingerprint that it
/// states, and is refused.
PlanResult read_plan(std::string_view text, const std::string& file);
PlanResult read_plan_file(const std::string& path);

}  // namespace rehearse::steps

// Answer lines from machines. The first line of the input is the request, as JSON; the rest is the answer.
#include <string>

#include "fuzzing.hpp"
#include "model/json_tree.hpp"
#include "model/steps/call_json.hpp"
#include "real_backend/powershell/primitives.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rehearse;
  const std::string_view text = fuzz::text_of(data, size);
  const std::size_t end = text.find('\n');
  if (end == text.npos) return 0;
  std::vector<model::Diagnostic> diagnostics;
  const auto document = model::parse_json(text.substr(0, end), "f", diagnostics);
  if (!document) return 0;
  const auto request = steps::read_request(model::Value(*document, document->root, "", diagnostics));
  if (!request) {
    fuzz::require(model::has_errors(diagnostics), "a request that cannot be read is told");
    return 0;
  }
  const bool is_for_a_script = !std::holds_alternative<steps::ClockRequest>(*request) &&
                               !std::holds_alternative<steps::OperatorRequest>(*request);
  if (!is_for_a_script) return 0;
  try {
    const steps::Answer answer = real::read_answer(*request, std::string(text.substr(end + 1)));
    fuzz::require(!steps::to_text(answer).empty(), "an answer has a text");
  } catch (const steps::Failure& failure) {
    fuzz::require(!failure.message().empty(), "a failure says why");
  }
  return 0;
}

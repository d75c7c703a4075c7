// Saved results of runs, and the answers that `rehearse explain` gives from them.
#include <sstream>
#include <string>

#include "fuzzing.hpp"
#include "sim/answers/answers.hpp"
#include "sim/answers/answers_text.hpp"
#include "sim/answers/saved_result.hpp"

namespace rehearse::fuzz {
namespace {

void answer_all(const sim::SavedRun& run) {
  std::ostringstream text;
  sim::write_summary(text, run, {});
  sim::write_summary_json(text, run);
  sim::write_parameters(text, run, {});
  sim::write_parameters_json(text, run);
  sim::questions_of(run);
  for (const std::string& service : sim::services_of(run)) {
    const auto answer = sim::why_away(run, service, std::nullopt, std::nullopt);
    require(answer.has_value(), "services of a run can be asked for");
    sim::write_why_away(text, run, *answer, {});
    sim::write_why_away_json(text, run, *answer);
  }
  for (const std::string& part : sim::parts_of(run)) {
    const auto answers = sim::why_not(run, part);
    require(!answers.empty(), "parts of a run can be asked for");
    sim::write_why_not(text, run, answers, {});
    sim::write_why_not_json(text, run, answers);
  }
}

}  // namespace
}  // namespace rehearse::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rehearse;
  const sim::SavedResultReading reading = sim::read_saved_result(std::string(fuzz::text_of(data, size)), "f");
  fuzz::require_told(reading.result.has_value(), reading.diagnostics);
  if (!reading.result) return 0;
  for (const sim::SavedRun& run : reading.result->runs) fuzz::answer_all(run);
  return 0;
}

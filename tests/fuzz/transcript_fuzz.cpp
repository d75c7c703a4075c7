// Transcripts: what can be read is written again as what it was.
#include "fuzzing.hpp"
#include "model/steps/adapters/transcript_file.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rehearse;
  const steps::TranscriptResult result = steps::read_transcript(fuzz::text_of(data, size), "f");
  fuzz::require_told(result.transcript.has_value(), result.diagnostics);
  if (!result.transcript) return 0;
  const steps::TranscriptResult again = steps::read_transcript(steps::transcript_text(*result.transcript), "f");
  fuzz::require(again.transcript.has_value(), "what was written can be read");
  fuzz::require(*again.transcript == *result.transcript, "what was written reads as what it was");
  return 0;
}

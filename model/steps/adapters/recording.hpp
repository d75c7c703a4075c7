// Writes down every call that passes through to another platform.
#pragma once

#include <functional>
#include <string>

#include "model/steps/adapters/any_port.hpp"
#include "model/steps/adapters/transcript.hpp"

namespace rehearse::steps {

/// Receives the lines of a transcript's file (transcript_file.hpp) as they come to be, after the header. When it throws
/// as a call begins, the call fails with `refused` and nothing is asked; when it throws as a call has answered, the
/// call fails with `indeterminate`. A call that failed anyway keeps its own failure.
using TranscriptLines = std::function<void(const std::string& line)>;

class Recording final : public AnyPort {
 public:
  /// Appends to `transcript`; both outlive the recorder.
  Recording(Platform recorded, Transcript& transcript);
  /// Hands each line to `lines` as well, before a call is passed on and before its answer is.
  Recording(Platform recorded, Transcript& transcript, TranscriptLines lines);

  Awaitable<Answer> call(AnyRequest request) override;

 private:
  std::size_t begin(const AnyRequest& request);
  void end(std::size_t index, const CallOutcome& outcome);

  Platform recorded_;
  Transcript& transcript_;
  TranscriptLines lines_;
};

}  // namespace rehearse::steps

// Writes down every call that passes through to another platform.
#pragma once

#include "model/steps/adapters/any_port.hpp"
#include "model/steps/adapters/transcript.hpp"

namespace rehearse::steps {

class Recording final : public AnyPort {
 public:
  /// Appends to `transcript`; both outlive the recorder.
  Recording(Platform recorded, Transcript& transcript);

  Awaitable<Answer> call(AnyRequest request) override;

 private:
  Platform recorded_;
  Transcript& transcript_;
};

}  // namespace rehearse::steps

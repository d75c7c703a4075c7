// A platform behind one function: every request of every port arrives at call(). Adapters are written this way, and so
// is any platform that would only dispatch.
#pragma once

#include <memory>

#include "model/steps/platform.hpp"

namespace rehearse::steps {

class AnyPort {
 public:
  AnyPort();
  virtual ~AnyPort();
  AnyPort(const AnyPort&) = delete;
  AnyPort& operator=(const AnyPort&) = delete;

  virtual Awaitable<Answer> call(AnyRequest request) = 0;

  /// Ports that lead here; valid as long as this object.
  Platform platform();

 private:
  struct Ports;
  std::unique_ptr<Ports> ports_;
};

/// Hands the request to the port of `platform` that it belongs to.
Awaitable<Answer> forward(Platform platform, AnyRequest request);

}  // namespace rehearse::steps

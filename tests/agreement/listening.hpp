// Hears which kinds of requests pass through to another platform.
#pragma once

#include <set>
#include <string>

#include "model/steps/adapters/any_port.hpp"

namespace rehearse::agreement {

class Listening final : public steps::AnyPort {
 public:
  /// Adds to `asked`, which outlives it, the names of requests: "Cluster.MoveRole".
  Listening(steps::Platform to, std::set<std::string>& asked);

  steps::Awaitable<steps::Answer> call(steps::AnyRequest request) override;

 private:
  steps::Platform to_;
  std::set<std::string>& asked_;
};

}  // namespace rehearse::agreement

// Fails one call: what tests enumerate over every call of a procedure to show that it can be interrupted anywhere.
#pragma once

#include <cstddef>

#include "model/steps/adapters/any_port.hpp"

namespace rehearse::steps {

enum class FaultKind : unsigned char {
  before,       // unreachable; it did not happen
  answer_lost,  // it happened; the answer is an indeterminate failure
  hang,         // never answers; ends when its caller is cancelled
  garbage,      // it happened; the answer is of a type that makes no sense
};

class Faulty final : public AnyPort {
 public:
  /// Fails the `index`-th call, counted from 0 over all ports; all others pass.
  Faulty(Platform inner, std::size_t index, FaultKind kind);

  Awaitable<Answer> call(AnyRequest request) override;

  std::size_t calls() const { return calls_; }

 private:
  Platform inner_;
  std::size_t index_;
  FaultKind kind_;
  std::size_t calls_ = 0;
};

}  // namespace rehearse::steps

// Steps from three small functions: what the step families are made of. Their files write coroutines, so they include
// <boost/asio/awaitable.hpp> first; this header needs it complete.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include "model/steps/step.hpp"

namespace rehearse::steps {

/// A small step from three functions over its own arguments. The functions are free functions or lambdas without
/// captures (a coroutine lambda's captures would die before the coroutine does); the arguments live in the step.
template <class Arguments>
class SmallStep final : public Step {
 public:
  using Asks = Awaitable<bool> (*)(Platform&, const Arguments&);
  using Acts = Awaitable<void> (*)(Platform&, const Arguments&);

  SmallStep(StepInfo info, Arguments arguments, Asks asks, Acts acts, Acts verifies)
      : Step(std::move(info)), arguments_(std::move(arguments)), satisfied_(asks), apply_(acts), verify_(verifies) {}

  Awaitable<bool> satisfied(Platform& platform) const override { return satisfied_(platform, arguments_); }
  Awaitable<void> apply(Platform& platform) const override { return apply_(platform, arguments_); }
  Awaitable<void> verify(Platform& platform) const override {
    return verify_ ? verify_(platform, arguments_) : Step::verify(platform);
  }

 private:
  Arguments arguments_;
  Asks satisfied_;
  Acts apply_;
  Acts verify_;  // null: the default
};

template <class Arguments>
StepPtr make_step(StepInfo info, Arguments arguments,
                  std::type_identity_t<typename SmallStep<Arguments>::Asks> satisfied,
                  std::type_identity_t<typename SmallStep<Arguments>::Acts> apply,
                  std::type_identity_t<typename SmallStep<Arguments>::Acts> verify = nullptr) {
  return std::make_unique<SmallStep<Arguments>>(std::move(info), std::move(arguments), satisfied, apply, verify);
}

}  // namespace rehearse::steps

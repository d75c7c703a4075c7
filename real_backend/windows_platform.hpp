// The real platform: every request becomes a PowerShell script on the machine that it concerns (powershell/
// primitives.hpp), or is answered here (clock), or is handed to whoever answers for the steps (operator). What its
// answers mean is said beside each request; steps cannot tell it from the simulated platform.
#pragma once

#include "model/design.hpp"
#include "model/steps/adapters/any_port.hpp"
#include "real_backend/primitive_runner.hpp"
#include "real_backend/site.hpp"
#include "real_backend/transport/transport.hpp"

namespace rehearse::real {

class WindowsPlatform final : public steps::AnyPort {
 public:
  /// All of them outlive the platform. Calls may overlap, on one thread.
  WindowsPlatform(Transport& transport, steps::Operator& person, const model::Design& design, const Site& site,
                  PrimitiveRunner::Options options = {});

  steps::Awaitable<steps::Answer> call(steps::AnyRequest request) override;

 private:
  steps::Awaitable<steps::Answer> perform(steps::AnyRequest request);

  steps::Operator& person_;
  Surroundings around_;
  PrimitiveRunner runner_;
};

}  // namespace rehearse::real

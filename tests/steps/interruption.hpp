// Cuts a procedure off at one call after the other, and performs it again: it must come to the end that it comes to
// when nobody disturbs it.
#pragma once

#include <functional>
#include <vector>

#include "model/steps/adapters/faulty.hpp"
#include "model/steps/perform.hpp"
#include "small_farm.hpp"

namespace rehearse::steps {

/// A procedure to interrupt, and the farm that it starts from.
struct Procedure {
  model::Design design;
  std::vector<StepPtr> prepare;
  std::vector<StepPtr> steps;
  std::function<void(FarmState&)> arrange = [](FarmState&) {};  // after `prepare`
};

Performance perform_on(SmallFarm& farm, Platform platform, const std::vector<StepPtr>& steps);

struct Interrupted {
  Performance first;
  FarmState end;
  std::size_t calls = 0;  // of the interrupted part
};

Interrupted interrupt(const Procedure& procedure, std::size_t at, FaultKind kind);

/// `at_least`: so many calls must there be to cut.
void interrupt_everywhere(const Procedure& procedure, FaultKind kind, std::size_t at_least);

}  // namespace rehearse::steps

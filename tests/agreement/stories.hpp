// What is done to a deployment after it is built, and what happens to its machines meanwhile: for tests that let it
// happen on both platforms.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/steps/operations.hpp"
#include "tests/agreement/both_farms.hpp"

namespace rehearse::agreement {

/// An operation, or something that happens to the machines.
struct Act {
  std::string operation;
  steps::OperationArguments arguments;
  std::function<void(BothFarms&)> happens;
  bool does_it_again = false;  // performed again it does it again, as its cmdlet does
};

struct Story {
  std::string name;
  std::vector<Act> acts;
};

std::vector<Story> stories();

}  // namespace rehearse::agreement

// The steps behind a plan's words.
#include "model/steps/deployment.hpp"
#include "model/steps/plan.hpp"

namespace rehearse::steps {

std::vector<StepPtr> steps_of(const model::Design& design, const std::string& operation,
                              const OperationArguments& arguments) {
  return operation.empty() ? deployment_steps(design) : operation_steps(design, operation, arguments);
}

}  // namespace rehearse::steps

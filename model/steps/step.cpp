#include "model/steps/step.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/asio/awaitable.hpp>

#include <iterator>

#include "model/steps/failure.hpp"

namespace rehearse::steps {

Awaitable<void> Step::verify(Platform& platform) const {
  const bool holds = co_await satisfied(platform);
  if (!holds) throw Failure(FailureCode::conflict, "every call succeeded, yet this does not hold: " + info_.changes);
}

std::string title_of(const Step& step) {
  const StepInfo& info = step.info();
  return info.hosts.empty() ? info.name : fmt::format("{} on {}", info.name, fmt::join(info.hosts, ", "));
}

void append(std::vector<StepPtr>& steps, std::vector<StepPtr> more) {
  steps.insert(steps.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace rehearse::steps

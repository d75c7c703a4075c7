// What steps came to, as perform.hpp declares it; the performing itself is in perform.cpp.
#include <fmt/format.h>

#include <stdexcept>

#include "model/steps/perform.hpp"

namespace rehearse::steps {

std::string_view to_text(StepOutcome::Kind kind) {
  switch (kind) {
    case StepOutcome::Kind::already_satisfied: return "already satisfied";
    case StepOutcome::Kind::done: return "done";
    case StepOutcome::Kind::failed: return "failed";
  }
  throw std::logic_error("an outcome outside the list");
}

bool Performance::succeeded() const {
  return failure() == nullptr;
}

const Failure* Performance::failure() const {
  if (entries.empty() || !entries.back().outcome.failure) return nullptr;
  return &*entries.back().outcome.failure;
}

std::string to_text(const Performance& performance, const std::vector<StepPtr>& steps) {
  std::size_t done = 0, already = 0;
  for (const Performance::Entry& entry : performance.entries) {
    done += entry.outcome.kind == StepOutcome::Kind::done;
    already += entry.outcome.kind == StepOutcome::Kind::already_satisfied;
  }
  std::string text =
      fmt::format("{} of {} steps: {} done, {} already satisfied", done + already, steps.size(), done, already);
  if (const Failure* failure = performance.failure()) {
    text += fmt::format("\nfailed: {}\nperforming the steps again goes on from there", failure->what());
  }
  return text;
}

}  // namespace rehearse::steps

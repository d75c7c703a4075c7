#include "sim/async/procedure.hpp"

#include <boost/asio/awaitable.hpp>

#include <stdexcept>
#include <utility>

namespace rehearse::sim {

StepProcedure::StepProcedure(std::vector<steps::StepPtr> steps) : steps_(std::move(steps)) {}

void StepProcedure::start(Driver& driver) {
  start(driver, driver.platform());
}

void StepProcedure::start(Driver& driver, steps::Platform platform) {
  if (driver_ != nullptr) throw std::logic_error("a procedure is started once");
  driver_ = &driver;
  driver.start([this, platform] { return run(platform); });
}

steps::Awaitable<void> StepProcedure::run(steps::Platform platform) {
  steps::PerformOptions options;
  options.observer = this;
  co_await perform_all(steps_, platform, options);
  ended_ = true;
}

void StepProcedure::step_began(const steps::Step& step) {
  StepNote note;
  note.name = step.name();
  note.title = title_of(step);
  note.section = step.info().section;
  note.act = driver_->begin_act(note.title);
  note.from = note.to = driver_->acts()[note.act].from;
  notes_.push_back(std::move(note));
}

void StepProcedure::step_ended(const steps::Step&, const steps::StepOutcome& outcome) {
  StepNote& note = notes_.back();
  driver_->end_act(note.act);
  note.to = driver_->acts()[note.act].to;
  note.ended = true;
  note.outcome = outcome;
}

const steps::Failure* StepProcedure::failure() const {
  if (notes_.empty() || !notes_.back().outcome.failure) return nullptr;
  return &*notes_.back().outcome.failure;
}

bool StepProcedure::succeeded() const {
  return ended_ && failure() == nullptr;
}

}  // namespace rehearse::sim

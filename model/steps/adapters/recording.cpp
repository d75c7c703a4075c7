#include "model/steps/adapters/recording.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <exception>
#include <utility>

#include "model/steps/adapters/transcript_file.hpp"

namespace rehearse::steps {

Recording::Recording(Platform recorded, Transcript& transcript) : Recording(recorded, transcript, {}) {}

Recording::Recording(Platform recorded, Transcript& transcript, TranscriptLines lines)
    : recorded_(recorded), transcript_(transcript), lines_(std::move(lines)) {}

std::size_t Recording::begin(const AnyRequest& request) {
  const std::size_t index = transcript_.begin(request);
  if (!lines_) return index;
  try {
    lines_(begin_line(index, request));
    return index;
  } catch (const std::exception& error) {
    const Failure failure(FailureCode::refused,
                          std::string("nothing was asked, because the transcript cannot be written: ") + error.what());
    transcript_.end(index, failure);
    throw failure;
  }
}

void Recording::end(std::size_t index, const CallOutcome& outcome) {
  transcript_.end(index, outcome);
  if (!lines_) return;
  try {
    lines_(end_line(index, outcome));
  } catch (const std::exception& error) {
    if (!std::holds_alternative<Answer>(outcome)) return;
    throw Failure(FailureCode::indeterminate,
                  std::string("the answer has come, but the transcript cannot be written: ") + error.what());
  }
}

Awaitable<Answer> Recording::call(AnyRequest request) {
  const std::size_t index = begin(request);
  CallOutcome outcome;
  std::exception_ptr thrown;
  try {
    outcome = co_await forward(recorded_, std::move(request));
  } catch (const Failure& failure) {
    outcome = failure;
    thrown = std::current_exception();
  } catch (const boost::system::system_error&) {
    outcome = Abandoned{};
    thrown = std::current_exception();
  }
  end(index, outcome);
  if (thrown) std::rethrow_exception(thrown);
  co_return std::get<Answer>(std::move(outcome));
}

}  // namespace rehearse::steps
